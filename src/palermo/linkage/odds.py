"""Log odds and chances."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FORGOTTEN = -9.0  # candidates below this are treated like those that were never compared
MOST = 30.0


def chance(odds: ArrayLike) -> NDArray[np.float64]:
    """The probability that log odds (to base e) stand for."""
    kept = np.clip(np.asarray(odds, float), -MOST, MOST)
    return np.asarray(1.0 / (1.0 + np.exp(-kept)))


def log_odds(probability: float) -> float:
    """The log odds of a probability, of at most a million to one."""
    kept = min(max(probability, 1e-6), 1 - 1e-6)
    return float(np.log(kept / (1 - kept)))

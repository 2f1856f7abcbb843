"""Random streams for bootstraps: one for each replicate, so that neither threads nor order change a result."""

from __future__ import annotations

import numpy as np


def stream(seed: int, number: int) -> np.random.Generator:
    """The generator of replicate `number`: Philox with the seed as key and the number in the counter's high word."""
    return np.random.Generator(np.random.Philox(key=seed % 2**64, counter=[0, 0, 0, number]))

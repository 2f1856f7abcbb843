"""The cell-key method: every person has a key for ever, and the same persons always get the same noise.

After Fraser and Wooton (ABS, 2005) and Thompson, Broadfoot and Elazar (2013). The noise is bounded,
has no bias, and leaves a count of 0 alone. It is no proof: who may ask for many partitions of one group averages the
noise away (Asghar and Kaafar, PETS 2020), which is why it is refused for tools that answer questions.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy.optimize import root

SIZE = 2**32
LEAST_SECRET = 16  # bytes
AVERAGING = (
    "Noise of this kind hides single cells of fixed tables only. Whoever can ask for many partitions of the same "
    "people averages it away: never use it in a tool that answers questions of the public, and publish few tables."
)


class Queryable(ValueError):
    """Refused: the method does not withstand a tool that answers questions."""


def group_key(secret: bytes, group: Sequence[str], persons: int) -> int:
    """The sum of the keys of the persons of a finest group, modulo 2^32; that of a margin is the sum of its groups'."""
    if len(secret) < LEAST_SECRET:
        raise ValueError(f"the secret has fewer than {LEAST_SECRET} bytes")
    name = "\x1f".join(group).encode()
    total = 0
    for number in range(persons):
        told = hmac.digest(secret, name + b"\x1e" + str(number).encode(), hashlib.sha256)
        total += int.from_bytes(told[:4], "big")
    return total % SIZE


def noisy(count: int, key: int, *, most: int, variance: float, answers_questions: bool = False) -> int:
    """The count with the noise that its key has. Raises Queryable."""
    if answers_questions:
        raise Queryable(AVERAGING)
    if count == 0:
        return 0
    moves, chances = chance(min(count, most), most, variance)
    place = int(np.searchsorted(np.cumsum(chances), (key + 0.5) / SIZE))
    return count + int(moves[min(place, len(moves) - 1)])


@lru_cache(maxsize=256)
def chance(down: int, most: int, variance: float) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """The noise of greatest entropy between -down and most with mean 0 and this variance, or the nearest variance."""
    if most < 1 or variance <= 0:
        raise ValueError("noise has a bound of at least 1 and a variance above 0")
    moves = np.arange(-down, most + 1)
    wanted = min(variance, 0.9 * down * most)

    def off(two: np.ndarray) -> list[float]:
        chances = _chances(moves, two)
        return [float(chances @ moves), float(chances @ moves**2) - wanted]

    found = root(off, np.array([0.0, -0.1]))
    if not found.success:
        raise ValueError(f"no noise between -{down} and {most} has a variance of {variance}")
    chances = _chances(moves, found.x)
    return tuple(int(move) for move in moves), tuple(float(one) for one in chances)


def _chances(moves: np.ndarray, two: np.ndarray) -> np.ndarray:
    power = two[0] * moves + two[1] * moves**2
    weights = np.exp(power - power.max())
    return np.asarray(weights / weights.sum())

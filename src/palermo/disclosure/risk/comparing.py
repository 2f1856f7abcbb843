"""What an attacker learns of members beyond what he learns of people who were never in the data.

A release may say much about everybody of a kind; that is what it is for. Only what it says more about those whose
records went into it is a leak. So every attack is made twice, on members and on as many people held out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palermo.disclosure.microdata import Rows

Ids = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]
DENSE = 4  # ids are used as they are while they are at most so many times the rows


@dataclass(frozen=True)
class Excess:
    """Shares of successful attacks on members and on people held out; `error` is the standard error of their
    difference, `tried` how many attacks were made on each side."""

    members: float
    holdout: float
    error: float
    tried: int

    @property
    def excess(self) -> float:
        """How much more often members are hit."""
        return self.members - self.holdout


def excess(members: npt.ArrayLike, holdout: npt.ArrayLike) -> Excess:
    """From one success (or share of successes) a person, members and hold-out being different people."""
    one, other = np.asarray(members, dtype=float), np.asarray(holdout, dtype=float)
    if not one.size or not other.size:
        return Excess(0.0, 0.0, 0.0, 0)
    # Where all or none of a few were hit, the next would not surely be: no variance under that of one in n.
    error = math.sqrt(sum(max(float(side.var()), 1 / side.size) / side.size for side in (one, other)))
    return Excess(float(one.mean()), float(other.mean()), error, min(one.size, other.size))


def together(columns: tuple[int, ...], *files: Rows) -> tuple[tuple[Ids, ...], int]:
    """A number for each row of each file, the same for rows that are equal in these columns; and a bound on them.

    The files must have the same categories (`microdata.aligned`).
    """
    total = sum(one.n for one in files)
    ids, bound = np.zeros(total, dtype=np.int64), 1
    stacked = np.concatenate([one.codes[:, columns] for one in files])
    for place, j in enumerate(columns):
        size = max(files[0].sizes[j], 1)
        if bound > (1 << 62) // size:
            ids, bound = _dense(ids)
        ids = ids * size + stacked[:, place]
        bound *= size
    if bound > DENSE * total + 1024:
        ids, bound = _dense(ids)
    ends = np.cumsum([one.n for one in files])[:-1]
    return tuple(np.split(ids, ends)), bound


def _dense(ids: Ids) -> tuple[Ids, int]:
    known, places = np.unique(ids, return_inverse=True)
    return places.astype(np.int64).reshape(-1), len(known)


def equal_sizes(members: Rows, holdout: Rows, rng: np.random.Generator) -> tuple[Rows, Rows]:
    """Both drawn down to the size of the smaller: what is unique in a file depends on how many are in it."""
    n = min(members.n, holdout.n)
    if n == 0:
        raise ValueError("the attacks need at least one member and one person held out")
    return drawn(members, n, rng), drawn(holdout, n, rng)


def drawn(rows: Rows, most: int, rng: np.random.Generator) -> Rows:
    """At most so many rows, by chance and without repetition."""
    return rows if rows.n <= most else rows.take(np.sort(rng.choice(rows.n, most, replace=False)))

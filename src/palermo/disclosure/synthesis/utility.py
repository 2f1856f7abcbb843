"""What an analyst loses: error by length of combination, lost and fabricated combinations, k-marginals.

A combination of length L is a choice of L columns and of one value in each; MISSING is a value like any
other.

- `error`: the mean of |released - real| / real over the real combinations of at least 10 people; one that is
not in the release counts 1.
- `lost`: the share of those combinations that are not in the release.
- `fabricated`: the share of the combinations in the release that nobody in the data has.
- `k_marginal`: 1000 (1 - mean total variation distance) over all tables of L columns (NIST, SDNist).

All of it is computed from real records: for reviewers, and to be published only in so far as it is rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from palermo.disclosure.microdata import MISSING, Rows, aligned

LEAST = 10
LENGTHS = (1, 2, 3)
DENSE = 8  # a table of more cells than this times the rows is counted by sorting
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Loss:
    """What is lost in combinations of one length. `counted`: how many real combinations of at least 10 there
    are."""

    length: int
    error: float
    lost: float
    fabricated: float
    k_marginal: float
    counted: int
    released: int
    tables: int


@dataclass(frozen=True)
class Utility:
    """A release beside the data it was made from, and the same data with every column shuffled on its own:
    what remains when all structure is lost. A release should lie between that and the data."""

    release: tuple[Loss, ...]
    shuffled: tuple[Loss, ...]

    def of(self, length: int) -> Loss:
        """The release's loss in combinations of that length."""
        return next(one for one in self.release if one.length == length)

    @property
    def better_than_shuffled(self) -> bool:
        """Whether it keeps more of every table of two or more columns than no structure at all."""
        return all(
            ours.k_marginal > theirs.k_marginal
            for ours, theirs in zip(self.release, self.shuffled, strict=True)
            if ours.length > 1
        )


def compare(
    real: Rows, released: Rows, *, rng: np.random.Generator, lengths: Sequence[int] = LENGTHS
) -> Utility:
    """A release and the shuffled data, each against the real rows."""
    return Utility(losses(real, released, lengths), losses(real, shuffled(real, rng), lengths))


def losses(real: Rows, released: Rows, lengths: Sequence[int] = LENGTHS) -> tuple[Loss, ...]:
    """What is lost, for each length of combination. ValueError where the columns differ or a file is
    empty."""
    if not real.n or not released.n:
        raise ValueError("both files need rows")
    one, two = _occurring(*aligned(real, released))
    return tuple(_loss(one, two, length) for length in lengths if length <= real.d)


def shuffled(rows: Rows, rng: np.random.Generator) -> Rows:
    """Every column in an order of its own: each keeps its counts, nothing is left between them."""
    codes = np.column_stack([rng.permutation(rows.codes[:, j]) for j in range(rows.d)])
    return Rows(rows.columns, codes, rows.categories)


def _occurring(*files: Rows) -> list[tuple[list[Ints], list[int]]]:
    """The columns' codes counted anew, 0 for MISSING, so that only values which occur take up room; and how
    many."""
    maps, sizes = [], []
    for j in range(files[0].d):
        seen = np.zeros(files[0].sizes[j], dtype=bool)
        for one in files:
            seen[one.codes[:, j]] = True
        if MISSING in files[0].categories[j]:
            seen[files[0].categories[j].index(MISSING)] = False
        maps.append(np.where(seen, np.cumsum(seen), 0))
        sizes.append(int(seen.sum()) + 1)
    return [([maps[j][one.codes[:, j]] for j in range(one.d)], sizes) for one in files]


def _loss(real: tuple[list[Ints], list[int]], released: tuple[list[Ints], list[int]], length: int) -> Loss:
    columns, sizes = real
    n, m = len(columns[0]), len(released[0][0])
    error = lost = counted = fabricated = combos = tables = 0.0
    apart = 0.0
    for chosen in combinations(range(len(sizes)), length):
        ours, theirs, recorded = _counts([columns, released[0]], [sizes[j] for j in chosen], chosen)
        apart += 0.5 * float(np.abs(ours / n - theirs / m).sum())
        tables += 1
        ours, theirs = ours[recorded], theirs[recorded]
        often = ours >= LEAST
        counted += int(often.sum())
        lost += int((often & (theirs == 0)).sum())
        error += float((np.abs(theirs - ours)[often] / ours[often]).sum())
        there = theirs > 0
        combos += int(there.sum())
        fabricated += int((there & (ours == 0)).sum())
    share = max(counted, 1)
    return Loss(
        length, error / share, lost / share, fabricated / max(combos, 1), 1000 * (1 - apart / tables),
        int(counted), int(combos), int(tables),
    )  # fmt: skip


def _counts(files: list[list[Ints]], sizes: list[int], chosen: tuple[int, ...]) -> tuple[Ints, Ints, Flags]:
    """The two tables over the chosen columns, cell beside cell, and which cells hold recorded values alone;
    of a large table only cells that somebody is in."""
    cells = int(np.prod(sizes, dtype=float))
    ids = []
    for columns in files:
        at = columns[chosen[0]].astype(np.int64, copy=True)
        for j, size in zip(chosen[1:], sizes[1:], strict=True):
            at *= size
            at += columns[j]
        ids.append(at)
    known = np.arange(cells) if cells <= DENSE * (len(ids[0]) + len(ids[1])) else None
    if known is None:
        known, places = np.unique(np.concatenate(ids), return_inverse=True)
        ids = [places[: len(ids[0])], places[len(ids[0]) :]]
    recorded = np.all([part > 0 for part in np.unravel_index(known, sizes)], axis=0)
    ours, theirs = (np.bincount(one, minlength=len(known)) for one in ids)
    return ours, theirs, recorded

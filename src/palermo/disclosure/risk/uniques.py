"""How exposed are people by their keys alone? k, l and t of groups, and special uniques.

These describe the records before any release, and any file that is made of records. They prove nothing about
privacy (a file may have k = 11 and still tell members from others), but they say who would be found first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
import numpy.typing as npt

from palermo.disclosure.microdata import Rows
from palermo.disclosure.risk.comparing import Ids, together

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Exposure:
    """Groups of people with equal keys: the size of the smallest (`k`), how many people are alone and in groups
    smaller than the threshold, and for the sensitive column the least number of different values in a group
    (`l`) and the largest distance between a group's shares and everybody's (`t`, half the sum of absolute
    differences)."""

    keys: tuple[str, ...]
    sensitive: str | None
    groups: int
    k: int
    alone: int
    below: int
    l: int | None  # noqa: E741 - its name in the literature
    t: float | None
    threshold: int = 10


def exposure(
    rows: Rows, keys: Sequence[str], sensitive: str | None = None, *, threshold: int = 10
) -> Exposure:
    """k-anonymity (Sweeney 2002), distinct l-diversity (Machanavajjhala and others 2007) and t-closeness (Li and
    others 2007, equal distance between categories) of these keys. A value that is not recorded is a value."""
    if not rows.n:
        return Exposure(tuple(keys), sensitive, 0, 0, 0, 0, None, None, threshold)
    (ids,), _bound = together(tuple(rows.columns.index(name) for name in keys), rows)
    _known, places, sizes = np.unique(ids, return_inverse=True, return_counts=True)
    sized = sizes[places.reshape(-1)]
    diverse, close = None, None
    if sensitive is not None:
        diverse, close = _sensitive(rows, places.reshape(-1), sizes, rows.columns.index(sensitive))
    return Exposure(
        tuple(keys), sensitive, len(sizes), int(sizes.min()), int((sized == 1).sum()),
        int((sized < threshold).sum()), diverse, close, threshold,
    )  # fmt: skip


def _sensitive(rows: Rows, places: Ids, sizes: Ids, column: int) -> tuple[int, float]:
    """l and t, from the cells (group, value) that occur; a value that a group lacks counts its whole share."""
    codes, values = rows.codes[:, column], rows.sizes[column]
    overall = np.bincount(codes, minlength=values) / rows.n
    cells, counts = np.unique(places.astype(np.int64) * values + codes, return_counts=True)
    group, value = cells // values, cells % values
    apart = np.abs(counts / sizes[group] - overall[value]) - overall[value]
    distances = (np.bincount(group, weights=apart, minlength=len(sizes)) + 1) / 2
    return int(np.bincount(group, minlength=len(sizes)).min()), float(distances.max())


@dataclass(frozen=True, eq=False)
class SpecialUniques:
    """For each row: how many least sets of columns make it unique by the number of columns in them
    (`counts[i, s - 1]`), and its score; the higher, the more people who know little would recognise it."""

    counts: npt.NDArray[np.int32]
    scores: npt.NDArray[np.float64]
    most_columns: int

    @property
    def people(self) -> tuple[int, ...]:
        """How many rows some least set of one, two, ... columns makes unique."""
        return tuple(int((self.counts[:, s] > 0).sum()) for s in range(self.most_columns))


def special_uniques(rows: Rows, *, most_columns: int = 3) -> SpecialUniques:
    """Minimal sample uniques: sets of columns that make a row unique while no smaller set within them does.

    Scored as in SUDA (Elliot and others 1998): a least set of s of d columns adds the product of (d - i) for
    i = s .. m - 1, divided by the same for all m columns (m = `most_columns`), so that few columns weigh more.
    Work: every set of up to m columns once (20 columns, m = 3: 1,350 countings).
    """
    m = min(most_columns, rows.d)
    counts = np.zeros((rows.n, m), dtype=np.int32)
    smaller: dict[tuple[int, ...], Flags] = {}
    for s in range(1, m + 1):
        found: dict[tuple[int, ...], Flags] = {}
        for columns, alone in _alone(rows, s):
            within = [smaller[part] for part in combinations(columns, s - 1)] if s > 1 else []
            counts[:, s - 1] += alone & ~np.logical_or.reduce(within) if within else alone
            if s < m:
                found[columns] = alone
        smaller = found
    weights = np.array([_product(rows.d, s, m) for s in range(1, m + 1)], dtype=float)
    return SpecialUniques(counts, counts @ (weights / max(weights[0] * rows.d, 1.0)), m)


def _alone(rows: Rows, s: int) -> Iterator[tuple[tuple[int, ...], Flags]]:
    for columns in combinations(range(rows.d), s):
        (ids,), bound = together(columns, rows)
        yield columns, np.bincount(ids, minlength=bound)[ids] == 1


def _product(d: int, s: int, m: int) -> int:
    """(d - s)(d - s - 1) ... (d - m + 1)."""
    return factorial(d - s) // factorial(d - m)

"""Which pairs of columns give people away: for the map of risk."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from palermo.disclosure.microdata import Rows
from palermo.disclosure.risk.comparing import Excess, excess, together


@dataclass(frozen=True)
class PairRisk:
    """Two columns: how many of the people are the only ones with their two values, and how often such a pair of
    values stands in the release, for members and for people held out."""

    first: str
    second: str
    alone: int
    people: int
    found: Excess


def by_pair(release: Rows, members: Rows, holdout: Rows) -> tuple[PairRisk, ...]:
    """Every pair of columns. The files must have the same categories, members and hold-out be equally many."""
    told = []
    for i, j in combinations(range(release.d), 2):
        (out, ours, theirs), bound = together((i, j), release, members, holdout)
        there = np.bincount(out, minlength=bound) > 0
        single = [ids[np.bincount(ids, minlength=bound)[ids] == 1] for ids in (ours, theirs)]
        found = excess(there[single[0]], there[single[1]])
        told.append(PairRisk(release.columns[i], release.columns[j], len(single[0]), members.n, found))
    return tuple(told)

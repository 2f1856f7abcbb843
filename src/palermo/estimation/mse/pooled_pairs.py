"""Which pairs of lists depend on each other in the pooled model: one choice, and how far the data leave it open.

A pair that the data can neither show nor rule out (BIC near 0) moves every stratum the same way, so that a range which
takes the chosen pairs as given misses the total far more often than it says. So the range is mixed over the sets of
pairs in Occam's window (Madigan and Raftery 1994, JASA 89:1535-1546), each by its weight exp(-BIC / 2) (Raftery 1995,
Sociological Methodology 25:111-163), where the likelihood is that of counts with all effects of strata integrated out.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from palermo.estimation.mse.glm import Numbers

Pair = tuple[int, int]
Pairs = tuple[Pair, ...]
WINDOW = 20.0  # a set this many times less likely than the best is left out
MOST = 40  # sets looked at in the window


@dataclass(frozen=True)
class Weighed:
    """Sets of pairs, best first, and the weight of each; together 1."""

    sets: tuple[Pairs, ...]
    weights: Numbers


def weighed(lists: int, first: Pairs, people: float, score: Callable[[Pairs], float]) -> Weighed:
    """The sets of pairs in the window that are reached from `first` by adding or dropping one pair at a time.

    `score` gives the log-likelihood of a set, minus infinity where it has no estimate. All pairs at once is left out:
    with three lists nothing would be left to tell the people never seen.
    """
    price = math.log(people) / 2
    every = list(combinations(range(lists), 2)) if lists > 2 else []
    found: dict[Pairs, float] = {}
    ahead = [first]
    while ahead and len(found) < MOST:
        here = ahead.pop(0)
        if here in found:
            continue
        found[here] = score(here) - price * len(here)
        if found[here] < max(found.values()) - math.log(WINDOW):
            continue
        near = [tuple(sorted(set(here) ^ {pair})) for pair in every]
        ahead += [one for one in near if one not in found and len(one) < len(every)]
    top = max(found.values())
    if not math.isfinite(top):
        return Weighed((first,), np.ones(1))
    kept = sorted((one for one in found if found[one] >= top - math.log(WINDOW)), key=lambda one: -found[one])
    weights = np.exp(np.array([found[one] for one in kept]) - top)
    return Weighed(tuple(kept), weights / weights.sum())

"""How probable it is that two filters are of one person, learnt from the lists themselves: no labels, no names.

Every record's best partner in another list is either the same person or the best of the strangers. What the best of
the strangers looks like can be seen twice: in records whose best partner is clearly too unlike, and in the SECOND
partner of records whose first is clearly right, since there all others are strangers. A mixture of the two (matches,
strangers) over the score is fitted by EM, with a ratio that never falls as the score rises and a share of matches of
its own for every pair of lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palermo.linkage.private.comparing import Nearest

CROWDING = 0.75  # how much of each side's crowd is taken off the likeness (measured: 0.5 to 0.75 are alike)
BINS, TOP_BINS, ROUNDS = 80, 20, 40
FIRST_SHARE = 0.07  # of the best partners that EM begins with as matches
SURE = 0.9  # probability from which a record's second partner is taken for a stranger
NEVER = -20.0  # log odds
FEW = 300  # best partners below which nothing can be learnt
Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of records of two lists (or within one): places, score, and whether both are the other's best partner."""

    left: Longs
    right: Longs
    score: Floats
    mutual: npt.NDArray[np.bool_]
    second: Floats  # for each pair, the score of the chooser's second partner, as if the first were not there


@dataclass(frozen=True, slots=True)
class Chances:
    """From scores to log odds: ratio is the log likelihood of a match over that of a stranger, at rising scores."""

    scores: Floats
    ratio: Floats
    shares: Mapping[int, float]  # of matches, by group

    def odds(self, group: int, found: Candidates) -> Floats:
        """Log odds that each pair is one person."""
        share = self.shares.get(group, 0.0)
        prior = np.log(share / (1 - share)) if 0 < share < 1 else NEVER
        return np.asarray(np.interp(found.score, self.scores, self.ratio) + prior, np.float64)


def candidates(rows: Nearest, columns: Nearest, *, same: bool = False) -> Candidates:
    """Each record's best partner, from both sides, each pair once; the score is likeness less the crowd around both."""
    forth = _chosen(rows, columns)
    back = _chosen(columns, rows)
    left = np.concatenate([forth[0], back[1]])
    right = np.concatenate([forth[1], back[0]])
    score, second = (np.concatenate([one, other]) for one, other in zip(forth[2:], back[2:], strict=True))
    if same:
        left, right = np.minimum(left, right), np.maximum(left, right)
    code = left * max(len(columns.place), 1) + right
    _unique, first, times = np.unique(code, return_index=True, return_counts=True)
    times = times // 2 if same else times  # within one list both sides are the same choices
    return Candidates(left[first], right[first], score[first], times > 1, second[first])


def _chosen(own: Nearest, others: Nearest) -> tuple[Longs, Longs, Floats, Floats]:
    """(record, its best partner, score, score of its second) for every record that has a partner."""
    if not own.place.size or not others.place.size:
        none = np.zeros(0)
        return none.astype(np.int64), none.astype(np.int64), none, none
    who = np.nonzero(own.place[:, 0] >= 0)[0]
    best, next_best = own.place[who, 0].astype(np.int64), own.place[who, 1].astype(np.int64)
    crowd = others.crowd().astype(np.float64)
    score = own.likeness[who, 0] - CROWDING * (own.crowd()[who] + crowd[best])
    second = own.likeness[who, 1] - CROWDING * (own.crowd(2)[who] + crowd[next_best])
    return who.astype(np.int64), best, score, np.where(next_best >= 0, second, np.nan)


def learn(found: Mapping[int, Candidates]) -> Chances:
    """The mixture over all groups (pairs of lists) at once. With too few pairs nothing is a match."""
    every = np.concatenate([one.score for one in found.values()] or [np.zeros(0)])
    if len(every) < FEW:
        return Chances(np.array([0.0]), np.array([0.0]), {})
    edges = np.unique(
        np.quantile(every, [*np.linspace(0, 1, BINS)[1:-1], *np.linspace(0.98, 0.9995, TOP_BINS)])
    )
    size = len(edges) + 1
    at = {key: np.searchsorted(edges, one.score).astype(np.int64) for key, one in found.items()}
    behind = {key: _behind(edges, one.second) for key, one in found.items()}
    top = np.searchsorted(edges, np.quantile(every, 1 - FIRST_SHARE))
    chance = {key: np.where(bins >= top, 0.95, 0.05) for key, bins in at.items()}
    ratio = np.ones(size)
    for _round in range(ROUNDS):
        ratio = _ratio(at, behind, chance, size)
        for key, bins in at.items():
            share = float(np.clip(chance[key].mean(), 1e-5, 0.95)) if len(bins) else 0.0
            chance[key] = share * ratio[bins] / (share * ratio[bins] + 1 - share)
    shares = {key: float(np.clip(one.mean(), 1e-5, 0.95)) for key, one in chance.items() if len(one)}
    bins = np.searchsorted(edges, every)
    count = np.bincount(bins, minlength=size)
    middle = np.bincount(bins, every, size)[count > 0] / count[count > 0]
    return Chances(middle, np.log(ratio[count > 0]), shares)


def _behind(edges: Floats, second: Floats) -> Longs:
    """The bin of each second partner; -1 where there is none."""
    return np.where(np.isnan(second), -1, np.searchsorted(edges, np.nan_to_num(second))).astype(np.int64)


def _ratio(
    at: Mapping[int, Longs],
    behind: Mapping[int, Longs],
    chance: Mapping[int, Floats],
    size: int,
) -> Floats:
    """Likelihood of a score among matches over that among strangers, made to rise (isotonic regression)."""
    from scipy.optimize import isotonic_regression

    matches, strangers = np.full(size, 0.05), np.full(size, 0.5)
    for key, bins in at.items():
        matches += np.bincount(bins, chance[key], size)
        strangers += np.bincount(bins, 1 - chance[key], size)
        seen = (behind[key] >= 0) & (chance[key] > SURE)
        strangers += np.bincount(behind[key][seen], minlength=size)
    weight = matches + strangers
    plain = np.log(matches / matches.sum()) - np.log(strangers / strangers.sum())
    return np.exp(np.asarray(isotonic_regression(plain, weights=weight).x))

"""The best of all models without fitting them all, in loops that can be compiled (see kernels.py).

Leaps and bounds (Furnival and Wilson, Technometrics 16, 1974) for hierarchical log-linear models. At a node the terms
in T are taken, those outside U are given up, the rest is open; every model below the node lies between T and U, so
that its criterion is at least

    penalty x (parameters of T) - 2 x (log-likelihood of U).

Where that is no better than the best model known, all of them are passed over. U itself is a model, and is fitted
only when a term was given up. The answer is that of fitting every model. Terms whose loss costs most come first: to
give one up then ends a branch at once.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from palermo.estimation.mse.kernels import (
    CONVERGED,
    DIVERGES,
    Floats,
    Ints,
    copy,
    independence_start,
    superset_sums,
)
from palermo.estimation.mse.walking import Bits, Room, ascend, is_blind, room_for_fits

SLACK = 1e-6  # by which the likelihood of a model without a maximum may still rise
BETTER = 1e-9  # a criterion must be lower by this; among equals the first counts
ONE: Any = np.int64(1)
MOST_CANDIDATES = 62  # sets of candidates are bits of one number


class Search(NamedTuple):
    """The data, the candidates (terms and, as bits by candidate, their parts that are candidates), room for fits.

    `order` lists candidates by importance, `places` is its inverse: sets within the search are bits by place.
    """

    k: int
    observed: Floats
    candidates: Ints
    faces: Ints
    order: Ints
    places: Ints
    work: Room
    terms: Ints
    alpha: Floats
    value: Floats
    gone: Bits
    ceiling: float


class Path(NamedTuple):
    """From the root of the search: next place, T, U, log-likelihood of U, its parameters by term."""

    at: Ints
    taken: Ints
    open: Ints
    height: Floats
    values: Floats


class Found(NamedTuple):
    """Models met within the window of the best: sets of candidates, criterion, N; `many[0]` of them."""

    chosen: Ints
    criterion: Floats
    totals: Floats
    many: Ints


def search_room(k: int, observed: Floats, candidates: Ints, faces: Ints) -> Search:
    """Everything a search needs, candidates in their own order."""
    many = len(candidates)
    places = np.arange(many)
    return Search(
        k, observed, candidates, faces, places.copy(), places, room_for_fits(k, k + 1 + many),
        np.zeros(k + 1 + many, np.int64), np.zeros(k + 1 + many), np.zeros(1 << k), np.zeros(1 << k, np.bool_),
        saturated(observed, k, np.zeros(1 << k)),
    )  # fmt: skip


def saturated(observed: Floats, k: int, counts: Floats) -> float:
    """The log-likelihood that no model exceeds: every history fitted as it was counted."""
    copy(observed, counts)
    counts[0] = 0.0
    for j in range(k):
        for w in range(1 << k):
            if not w >> j & 1:
                counts[w] -= counts[w | 1 << j]
    height = 0.0
    for w in range(1, 1 << k):
        if counts[w] > 0.0:
            height += counts[w] * math.log(counts[w]) - counts[w]
    return height


def room_for(many: int) -> Found:
    """Room for so many models near the best."""
    return Found(np.zeros(many, np.int64), np.zeros(many), np.zeros(many), np.zeros(1, np.int64))


def size_of(chosen: int) -> int:
    """How many bits are set."""
    size = 0
    while chosen:
        size += 1
        chosen &= chosen - 1
    return size


def fill(search: Search, chosen: int) -> int:
    """The constant, the lists and the chosen candidates into `terms`. Gives how many."""
    search.terms[0] = 0
    for j in range(search.k):
        search.terms[j + 1] = 1 << j
    p = search.k + 1
    for i in range(len(search.order)):
        if chosen >> i & 1:
            search.terms[p] = search.candidates[search.order[i]]
            p += 1
    return p


def fitted(search: Search, chosen: int, values: Floats) -> tuple[bool, int, float]:
    """Fit a set of candidates from `values` (by term, NaN where unknown), which take the answer.

    Gives (has an estimate, parameters, log-likelihood or a bound on it).
    """
    p = fill(search, chosen)
    k, observed, terms, alpha = search.k, search.observed, search.terms, search.alpha
    if math.isnan(values[0]):
        independence_start(k, observed, terms, p, alpha)
    else:
        for i in range(p):
            known = values[terms[i]]
            alpha[i] = known if -math.inf < known < math.inf else 0.0
    blind = is_blind(k, observed, terms, p, search.value, search.gone)
    status, height = ascend(k, observed, terms, p, 1 if blind else 0, alpha, search.work)
    if status == DIVERGES:
        return False, p, height + SLACK
    if status != CONVERGED:
        return False, p, search.ceiling + SLACK
    for i in range(p):
        values[terms[i]] = alpha[i]
    return not blind, p, height


def without(search: Search, chosen: int, i: int) -> int:
    """The set without the candidate at place i and without all that stand on it."""
    left = chosen & ~(ONE << i)
    for j in range(i + 1, len(search.order)):
        if left >> j & 1:
            need, c = search.faces[search.order[j]], 0
            while need:
                if need & 1 and not left >> search.places[c] & 1:
                    left &= ~(ONE << j)
                    break
                need >>= 1
                c += 1
    return int(left)


def arrange(search: Search) -> None:
    """Order the candidates: small terms first, then those whose loss lowers the likelihood most."""
    many = len(search.order)
    everything = (ONE << many) - 1
    root, values, weight = np.full(1 << search.k, math.nan), np.zeros(1 << search.k), np.zeros(many)
    fitted(search, everything, root)
    for i in range(many):
        copy(root, values)
        _usable, _p, height = fitted(search, without(search, everything, i), values)
        weight[i] = 1e12 * size_of(search.candidates[i]) + min(height, 1e11)
    for i in range(many):  # by insertion: few candidates, and a library's sort takes a compiler seconds
        at = i
        while at > 0 and weight[search.order[at - 1]] > weight[i]:
            search.order[at] = search.order[at - 1]
            at -= 1
        search.order[at] = i
    for i in range(many):
        search.places[search.order[i]] = i


def moved(chosen: int, to: Ints) -> int:
    """A set of bits with bit i at to[i]."""
    held = ONE - 1
    for i in range(len(to)):
        if chosen >> i & 1:
            held |= ONE << to[i]
    return int(held)


def weigh(
    search: Search, chosen: int, values: Floats, penalty: float, window: float, best: float, found: Found
) -> tuple[float, float]:
    """Fit a set and note it where it is near the best so far. Gives (the best criterion now, log-likelihood)."""
    usable, p, height = fitted(search, chosen, values)
    criterion, at = penalty * p - 2.0 * height, found.many[0]
    if not usable or criterion >= best + (window or -BETTER):
        return best, height
    if window == 0.0:
        at = 0
    if at < len(found.chosen):
        found.chosen[at] = moved(chosen, search.order)
        found.criterion[at], found.totals[at] = criterion, search.observed[0] + math.exp(search.alpha[0])
        found.many[0] = at + 1
    return min(best, criterion), height


def best_models(
    k: int, observed: Floats, candidates: Ints, faces: Ints, penalty: float, hints: Ints, window: float,
    most_fits: int, found: Found,
) -> tuple[float, int, bool]:  # fmt: skip
    """The model with the least penalty x parameters - 2 log L into `found`: (criterion, fits made, proved).

    With a `window` all models whose criterion is less than that above the best are found too, as far as there is room
    (and some that were near an earlier best; `hints` may come twice). `hints` are sets of candidates likely to be
    good, tried first. The criterion is infinite where no model has an estimate. After `most_fits` fits the search ends
    unproved.
    """
    search, many = search_room(k, observed, candidates, faces), len(candidates)
    arrange(search)
    path = Path(
        np.zeros(many + 2, np.int64), np.zeros(many + 2, np.int64), np.zeros(many + 2, np.int64),
        np.zeros(many + 2), np.full((many + 2, 1 << k), math.nan),
    )  # fmt: skip
    best, fits, depth, fresh = math.inf, many + 1 + len(hints), 0, True
    for h in range(len(hints)):
        path.values[0, 0] = math.nan
        best, _height = weigh(
            search, moved(hints[h], search.places), path.values[0], penalty, window, best, found
        )
    path.values[0, 0] = math.nan
    path.open[0] = (ONE << many) - 1
    while depth >= 0 and fits < most_fits:
        if fresh:
            fits += 1
            best, path.height[depth] = weigh(
                search, path.open[depth], path.values[depth], penalty, window, best, found
            )
        fresh = step_down(search, path, depth, penalty, best + (window or -BETTER))
        depth += 1 if fresh else -1
    return best, fits, depth < 0


def step_down(search: Search, path: Path, depth: int, penalty: float, limit: float) -> bool:
    """Give up the next open candidate in a new node; this node goes on with it taken. False where nothing is left."""
    many, i = len(search.order), path.at[depth]
    while i < many and not path.open[depth] >> i & 1:
        i += 1
    floor = penalty * (search.k + 1 + size_of(path.taken[depth])) - 2.0 * path.height[depth]
    if i == many or floor >= limit:
        return False
    path.at[depth + 1] = i + 1
    path.taken[depth + 1] = path.taken[depth]
    path.open[depth + 1] = without(search, path.open[depth], i)
    copy(path.values[depth], path.values[depth + 1])
    path.taken[depth] |= ONE << i
    path.at[depth] = i + 1
    return True


def best_block(
    k: int, tables: Floats, candidates: Ints, faces: Ints, penalty: float, hints: Ints, most_fits: int,
    totals: Floats, chosen: Ints, status: Ints,
) -> None:  # fmt: skip
    """The best model of every table of a block; a `penalty` of 0 is the logarithm of the people seen (BIC)."""
    observed, found = np.zeros(1 << k), room_for(1)
    for b in range(len(tables)):
        copy(tables[b], observed)
        superset_sums(observed, k)
        each = penalty if penalty > 0.0 else math.log(observed[0])
        best, _fits, _proved = best_models(k, observed, candidates, faces, each, hints, 0.0, most_fits, found)
        usable = best < math.inf
        status[b] = 0 if usable else 1
        totals[b] = found.totals[0] if usable else math.nan
        chosen[b, 0] = found.chosen[0]

"""Going downhill from a model by adding or removing one term at a time, in loops that can be compiled (see kernels.py).

For any number of lists. Moves are tried in the order of what they promise (additions by how badly their margin fits),
and the first that lowers the criterion is taken; a descent ends where none of all moves does.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from palermo.estimation.mse.kernels import (
    CONVERGED,
    Floats,
    Ints,
    copy,
    independence_start,
    superset_sums,
)
from palermo.estimation.mse.walking import Bits, Room, ascend, is_blind, room_for_fits

BETTER = 1e-9
PATIENCE = (
    0.25  # removals are tried before additions that promise less than this share of the price of a term
)
Places = npt.NDArray[np.int64]


class Slope(NamedTuple):
    """The data, the candidates with the places of their parts (-1: a single list), and room.

    `held` is the model, `values` its parameters by term, `margins` what it expects; `trial` is for a neighbour.
    """

    k: int
    observed: Floats
    candidates: Ints
    parts: Places
    held: Bits
    values: Floats
    margins: Floats
    trial: Floats
    terms: Ints
    alpha: Floats
    work: Room
    value: Floats
    gone: Bits
    keys: Floats


def slope(k: int, observed: Floats, candidates: Ints, parts: Places) -> Slope:
    """Room for descents."""
    many, size = len(candidates), 1 << k
    most = k + 1 + many
    return Slope(
        k, observed, candidates, parts, np.zeros(many, np.bool_), np.zeros(size), np.zeros(size), np.zeros(size),
        np.zeros(most, np.int64), np.zeros(most), room_for_fits(k, most), np.zeros(size), np.zeros(size, np.bool_),
        np.zeros(many),
    )  # fmt: skip


def fit_held(at: Slope, values: Floats, fresh: bool) -> tuple[bool, int, float]:
    """Fit the model held, from `values` unless fresh; they take the answer. (has an estimate, parameters, log L)."""
    at.terms[0] = 0
    for j in range(at.k):
        at.terms[j + 1] = 1 << j
    p = at.k + 1
    for c in range(len(at.held)):
        if at.held[c]:
            at.terms[p] = at.candidates[c]
            p += 1
    if fresh:
        independence_start(at.k, at.observed, at.terms, p, at.alpha)
    else:
        for i in range(p):
            known = values[at.terms[i]]
            at.alpha[i] = known if known > -math.inf else 0.0
    if is_blind(at.k, at.observed, at.terms, p, at.value, at.gone):
        return False, p, -math.inf
    status, height = ascend(at.k, at.observed, at.terms, p, 0, at.alpha, at.work)
    if status != CONVERGED:
        return False, p, -math.inf
    for w in range(len(values)):
        values[w] = 0.0
    for i in range(p):
        values[at.terms[i]] = at.alpha[i]
    return True, p, height


def may_move(at: Slope, c: int) -> bool:
    """Can candidate c come in (all its parts are there) or go out (nothing stands on it)?"""
    free = True
    if not at.held[c]:
        for part in at.parts[c]:
            free = free and (part < 0 or at.held[part])
        return free
    for d in range(len(at.held)):
        if at.held[d]:
            for part in at.parts[d]:
                free = free and part != c
    return free


def promise(at: Slope, penalty: float) -> None:
    """The order in which moves are tried, least first; infinite for what cannot move."""
    for c in range(len(at.held)):
        at.keys[c] = math.inf
        if may_move(at, c):
            at.keys[c] = -PATIENCE * penalty
            if not at.held[c]:
                expected = at.margins[at.candidates[c]]
                away = at.observed[at.candidates[c]] - expected
                at.keys[c] = -away * away / max(expected, 0.1)


def next_move(at: Slope) -> int:
    """The most promising move not tried yet, or -1."""
    best = -1
    for c in range(len(at.keys)):
        if at.keys[c] < math.inf and (best < 0 or at.keys[c] < at.keys[best]):
            best = c
    return best


def land(at: Slope) -> tuple[bool, int, float, int]:
    """Fit the start; where it has no estimate its terms go, the last first, until it has one. Adds the fits made."""
    usable, p, height = fit_held(at, at.values, True)
    fits, c = 1, len(at.held) - 1
    while not usable and c >= 0:
        if at.held[c]:
            at.held[c] = False
            usable, p, height = fit_held(at, at.values, True)
            fits += 1
        c -= 1
    return usable, p, height, fits


def descend(at: Slope, penalty: float, most_fits: int) -> tuple[float, float, int]:
    """From the model held to the end of the way down: (criterion, N, fits made). Infinite without any estimate."""
    usable, p, height, fits = land(at)
    if not usable:
        return math.inf, math.nan, fits
    best, total = penalty * p - 2.0 * height, at.observed[0] + math.exp(at.values[0])
    going = True
    while going:
        copy(at.work.sums, at.margins)
        promise(at, penalty)
        going, c = False, next_move(at)
        while c >= 0 and fits < most_fits and not going:
            at.keys[c] = math.inf
            at.held[c] = not at.held[c]
            copy(at.values, at.trial)
            usable, p, height = fit_held(at, at.trial, False)
            fits += 1
            if usable and penalty * p - 2.0 * height < best - BETTER:
                best, total = penalty * p - 2.0 * height, at.observed[0] + math.exp(at.trial[0])
                copy(at.trial, at.values)
                going = True
            else:
                at.held[c] = not at.held[c]
                c = next_move(at)
    return best, total, fits


def descend_all(
    k: int, observed: Floats, candidates: Ints, parts: Places, penalty: float, most_fits: int, starts: Bits,
    ends: Bits, criteria: Floats, totals: Floats, fits: Ints,
) -> None:  # fmt: skip
    """A descent from every start, into `ends`."""
    at = slope(k, observed, candidates, parts)
    for s in range(len(starts)):
        for c in range(len(candidates)):
            at.held[c] = starts[s, c]
        criteria[s], totals[s], fits[s] = descend(at, penalty, most_fits)
        for c in range(len(candidates)):
            ends[s, c] = at.held[c]


def descend_block(
    k: int, tables: Floats, candidates: Ints, parts: Places, penalty: float, most_fits: int, starts: Bits,
    totals: Floats, chosen: Ints, status: Ints,
) -> None:  # fmt: skip
    """For every table of a block the best end of the descents from all starts; a `penalty` of 0 is log n (BIC)."""
    observed, many = np.zeros(1 << k), len(starts)
    criteria, found, fits = np.zeros(many), np.zeros(many), np.zeros(many, np.int64)
    ends = np.zeros((many, len(candidates)), np.bool_)
    for b in range(len(tables)):
        copy(tables[b], observed)
        superset_sums(observed, k)
        each = penalty if penalty > 0.0 else math.log(observed[0])
        descend_all(k, observed, candidates, parts, each, most_fits, starts, ends, criteria, found, fits)
        best = 0
        for s in range(many):
            if criteria[s] < criteria[best] - BETTER:
                best = s
        usable = criteria[best] < math.inf
        status[b], totals[b] = (0, found[best]) if usable else (1, math.nan)
        for word in range(chosen.shape[1]):
            chosen[b, word] = 0
        for c in range(len(candidates)):
            if usable and ends[best, c]:
                chosen[b, c // 62] |= 1 << (c % 62)

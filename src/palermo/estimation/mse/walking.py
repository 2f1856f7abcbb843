"""Fitting all models of a list in the order of their tree, in loops that can be compiled (see kernels.py).

Models are compact numbers (enumerate.py), each after its parent. A fit starts where the parent's ended, with the new
term's own margin already met; that takes four to six Newton steps in place of eight to ten.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from palermo.estimation.mse.kernels import (
    CONVERGED,
    DIVERGES,
    FAR,
    FLAT,
    LONGEST,
    MOST_STEPS,
    PIVOT,
    SINGULAR,
    STUCK,
    Floats,
    Ints,
    copy,
    independence_start,
    superset_sums,
)

Models = npt.NDArray[np.uint64]
Bits = npt.NDArray[np.bool_]
# Beside the statuses of kernels.newton: the unseen is not identified; no maximum because the parent has none.
BLIND, INHERITED = 4, 5
NEAR = 1e-6  # decrement at which one more step is enough for a comparison: its error is of the square of that


class Room(NamedTuple):
    """For fits: margins S, information matrix, step, and of the finite terms their places and themselves."""

    sums: Floats
    information: Floats
    step: Floats
    free: Ints
    kept: Ints


def room_for_fits(k: int, most: int) -> Room:
    """Room for fits of k lists with up to `most` terms."""
    return Room(
        np.zeros(1 << k),
        np.zeros((most, most)),
        np.zeros(most),
        np.zeros(most, np.int64),
        np.zeros(most, np.int64),
    )


def margins_at(k: int, observed: Floats, terms: Ints, p: int, alpha: Floats, work: Room) -> float:
    """As kernels.expect; mu_0 is exp(alpha_0) and is not kept."""
    v, linear = work.sums, 0.0
    for w in range(1 << k):
        v[w] = 1.0
    for i in range(p):
        if alpha[i] == -math.inf:
            v[terms[i]] = 0.0
        else:
            v[terms[i]] = math.exp(min(alpha[i], 700.0))
            linear += alpha[i] * observed[terms[i]]
    products(v, k)
    v[0] = 0.0
    sums(v, k)
    return float(linear - v[0])


def products(v: Floats, k: int) -> None:
    """kernels.subset_products, the two lowest lists in one pass."""
    for w in range(0, 1 << k, 4):
        one, two = v[w] * v[w + 1], v[w] * v[w + 2]
        v[w + 3] *= one * v[w + 2]
        v[w + 1], v[w + 2] = one, two
    for j in range(2, k):
        half = 1 << j
        for start in range(0, 1 << k, 2 * half):
            for w in range(start, start + half):
                v[w + half] *= v[w]


def sums(v: Floats, k: int) -> None:
    """kernels.superset_sums, the two lowest lists in one pass."""
    for w in range(0, 1 << k, 4):
        one, two = v[w + 1] + v[w + 3], v[w + 2] + v[w + 3]
        v[w] += v[w + 1] + two
        v[w + 1], v[w + 2] = one, two
    for j in range(2, k):
        half = 1 << j
        for start in range(0, 1 << k, 2 * half):
            for w in range(start, start + half):
                v[w] += v[w + half]


def newton_step(observed: Floats, many: int, work: Room) -> float:
    """The step into `work.step` by an LDL' row by row; gives the decrement, or -1 for a singular information.

    `information` takes L below its diagonal and 1/D on it.
    """
    info, step, kept, sums = work.information, work.step, work.kept, work.sums
    decrement = 0.0
    for a in range(many):
        t = kept[a]
        for b in range(a):
            rest = sums[t | kept[b]]
            for c in range(b):
                rest -= info[a, c] * info[b, c]
            info[a, b] = rest
        whole = sums[t]
        pivot, rest = whole, observed[t] - whole
        for c in range(a):
            part = info[a, c] * info[c, c]
            pivot -= info[a, c] * part
            rest -= part * step[c]
            info[a, c] = part
        if not pivot > PIVOT * whole:
            return -1.0
        info[a, a] = 1.0 / pivot
        step[a] = rest
        decrement += rest * rest / pivot
    for a in range(many):
        step[a] *= info[a, a]
    for a in range(many - 1, 0, -1):
        for c in range(a):
            step[c] -= info[a, c] * step[a]
    return decrement


def furthest(step: Floats, many: int) -> float:
    """The largest move of a parameter."""
    far = 0.0
    for a in range(many):
        far = max(far, abs(step[a]))
    return far


def free_terms(observed: Floats, terms: Ints, p: int, first: int, alpha: Floats, work: Room) -> int:
    """Terms with an empty margin go to minus infinity; the others, from `first`, are noted in `work`."""
    many = 0
    for i in range(p):
        if observed[terms[i]] <= 0:
            alpha[i] = -math.inf
        elif i >= first:
            work.free[many], work.kept[many] = i, terms[i]
            many += 1
    return many


def move(alpha: Floats, work: Room, many: int, share: float) -> None:
    """Take the step, shortened as a whole."""
    for a in range(many):
        work.step[a] *= share
        alpha[work.free[a]] += work.step[a]


def ascend(
    k: int, observed: Floats, terms: Ints, p: int, first: int, alpha: Floats, work: Room
) -> tuple[int, float]:
    """Maximum likelihood as kernels.newton, for comparing models: it stops at NEAR and adds the last step unseen.

    `first` = 1 holds the constant still: in a model that cannot tell the unseen apart its value is free, and the
    likelihood reaches the same maximum without it. Gives (status, log-likelihood without the sum of log N_w!).
    """
    many = free_terms(observed, terms, p, first, alpha, work)
    value, scale = -math.inf, 1.0
    for _ in range(MOST_STEPS):
        now = margins_at(k, observed, terms, p, alpha, work)
        if not now >= value - 1e-10 * (1.0 + abs(value)):
            scale *= 0.5
            if scale < 1e-6:
                return STUCK, value
            for a in range(many):
                alpha[work.free[a]] -= (
                    scale * work.step[a]
                )  # from a whole step to half of it, to a quarter, ...
            continue
        value, scale = now, 1.0
        decrement = newton_step(observed, many, work)
        if decrement < 0.0:
            return SINGULAR, value
        far = furthest(work.step, many)
        if far > FAR and decrement < FLAT:
            return DIVERGES, value
        move(alpha, work, many, min(1.0, LONGEST / max(far, 1e-300)))
        if decrement < NEAR and far < FAR:
            return CONVERGED, value + 0.5 * decrement
    return STUCK, value


def spread(number: np.uint64, k: int, higher: Ints, terms: Ints, upto: Models) -> int:
    """The terms of a compact model: 0, single lists, then `higher` in its order; `upto[p]` is the model of the first
    p of them. Gives how many."""
    terms[0] = 0
    held = np.uint64(1)
    for j in range(k):
        terms[j + 1] = 1 << j
        held |= np.uint64(1) << np.uint64(1 << j)
    p = k + 1
    upto[p] = held
    for term in higher:
        if number >> np.uint64(term) & np.uint64(1):
            terms[p] = term
            held |= np.uint64(1) << np.uint64(term)
            p += 1
            upto[p] = held
    return p


def is_blind(k: int, observed: Floats, terms: Ints, p: int, value: Floats, gone: Bits) -> bool:
    """Not identifiable: e(w) = sum of (-1)^|t| over kept t in w is 0 in every kept history (see existence.py)."""
    for w in range(1 << k):
        value[w], gone[w] = 0.0, False
    for i in range(p):
        value[terms[i]] = 1.0
    if lacks_pair(k, observed, value):
        return False
    for i in range(p):
        gone[terms[i]] = observed[terms[i]] <= 0
        value[terms[i]] = 0.0 if gone[terms[i]] else sign(terms[i])
    for j in range(k):
        for w in range(1 << k):
            if w >> j & 1:
                value[w] += value[w ^ (1 << j)]
                gone[w] |= gone[w ^ (1 << j)]
    blind = True
    for w in range(1, 1 << k):
        blind = blind and (value[w] == 0.0 or gone[w])
    return blind


def lacks_pair(k: int, observed: Floats, held: Floats) -> bool:
    """Is a pair of lists that saw people no term? Then e = 1 - 2 there, and the model is identifiable."""
    for a in range(k):
        for b in range(a):
            if held[1 << a | 1 << b] == 0.0 and observed[1 << a] > 0 and observed[1 << b] > 0:
                return True
    return False


def sign(term: int) -> float:
    """(-1)^|t|."""
    found = 1.0
    while term:
        found = -found
        term &= term - 1
    return found


def start(
    k: int, observed: Floats, terms: Ints, p: int, alpha: Floats, alphas: Floats, margins: Floats, known: Models,
    upto: Models,
) -> None:  # fmt: skip
    """From the nearest ancestor that was fitted; a term that is new alone starts at the ratio of its margins."""
    above = p - 1
    while above > k and known[above] != upto[above]:
        above -= 1
    if above <= k:
        independence_start(k, observed, terms, p, alpha)
        return
    for i in range(p):
        alpha[i] = alphas[above, i] if i < above else 0.0
    t = terms[p - 1]
    if above == p - 1 and observed[t] > 0 and margins[above, t] > 0:
        alpha[p - 1] = math.log(observed[t] / margins[above, t])


def walk(
    k: int, table: Floats, models: Models, higher: Ints, totals: Floats, likelihoods: Floats, status: Ints
) -> None:
    """N, log-likelihood (without the sum of log N_w!) and status of every model; best in the order of enumerate.py.

    A model whose ancestors are not in the list, or failed, starts from independence: so a list may be cut at fixed
    places and its pieces fitted at the same time.
    """
    most = k + 1 + len(higher)
    work = room_for_fits(k, most)
    terms, alpha = np.zeros(most, np.int64), np.zeros(most)
    alphas, margins = np.zeros((most + 1, most)), np.zeros((most + 1, 1 << k))
    known, upto = np.zeros(most + 1, np.uint64), np.zeros(most + 1, np.uint64)
    failed = np.zeros(most + 1, np.uint64)
    value, gone = np.zeros(1 << k), np.zeros(1 << k, np.bool_)
    observed = np.zeros(1 << k)
    copy(table, observed)
    superset_sums(observed, k)
    for m in range(len(models)):
        p = spread(models[m], k, higher, terms, upto)
        totals[m], likelihoods[m], status[m] = math.nan, math.nan, BLIND
        if is_blind(k, observed, terms, p, value, gone):
            continue
        if p > k + 1 and failed[p - 1] == upto[p - 1] and observed[terms[p - 1]] > 0:
            failed[p], status[m] = models[m], INHERITED  # a certificate of the parent is one of the child
            continue
        start(k, observed, terms, p, alpha, alphas, margins, known, upto)
        status[m], likelihoods[m] = ascend(k, observed, terms, p, 0, alpha, work)
        if status[m] == DIVERGES or status[m] == SINGULAR:
            failed[p] = models[m]
        if status[m] != CONVERGED:
            continue
        totals[m] = observed[0] + math.exp(alpha[0])
        copy(alpha, alphas[p])
        copy(work.sums, margins[p])
        known[p] = models[m]

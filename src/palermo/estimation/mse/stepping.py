"""The stepwise choice of a model, in loops that can be compiled (see kernels.py).

From main effects, the absent interaction with the smallest p-value enters, while that is below the threshold and the
larger model has an estimate (Chan, Silverman and Vincent 2021, section 2.4).
"""

from __future__ import annotations

import math

import numpy as np

from palermo.estimation.mse.kernels import (
    CONVERGED,
    Floats,
    Ints,
    Work,
    climb,
    copy,
    independence_start,
    log_mass,
    log_tail,
    superset_sums,
    workspace,
)

TIE = 1e-9  # p-values closer than this (relative) are equal, and the first candidate counts
WORD = 62  # candidates told by one whole number


def next_candidate(
    observed: Floats, sums: Floats, candidates: Ints, closed: Ints, log_threshold: float
) -> tuple[int, float]:
    """The place of the open candidate with the smallest p-value below the threshold (-1: none), and log p.

    p = min{P(X <= n*), P(X >= n*)}, X ~ Poisson(S). A tail is at least its first term: most need no sum.
    """
    best, place = log_threshold, -1
    for c in range(len(candidates)):
        if closed[c]:
            continue
        x, mean = observed[candidates[c]], sums[candidates[c]]
        if mean > 0.0 and log_mass(x, mean) >= best - TIE:
            continue
        tail = log_tail(x, mean)
        if tail < best - TIE:
            best, place = tail, c
    return place, best


def close(closed: Ints, taken: Ints, candidates: Ints) -> None:
    """Closed are candidates that are in, and higher interactions one of whose parts is not in."""
    for c in range(len(candidates)):
        term, closed[c] = candidates[c], taken[c]
        rest = term & (term - 1)
        if rest & (rest - 1) == 0:
            continue  # a pair: its parts are always in
        inside, size = 0, 0
        for j in range(62):
            size += (term >> j) & 1
        for other in range(len(candidates)):
            part = term ^ candidates[other]
            if taken[other] and part & (part - 1) == 0 and part & term == part and part:
                inside += 1
        if inside < size:
            closed[c] = 1


def enlarge(
    term: int, p: int, k: int, observed: Floats, sums: Floats, terms: Ints, alpha: Floats, work: Work
) -> int:
    """Put the term in place p and fit from where the smaller model stands, its own margin already met."""
    terms[p] = term
    alpha[p] = 0.0
    if observed[term] > 0 and sums[term] > 0:
        alpha[p] = math.log(observed[term] / sums[term])
    return climb(k, observed, terms, p + 1, alpha, False, work)[0]


def keep(work: Work, alpha: Floats, sums: Floats, mu: Floats, safe: Floats) -> None:
    """Put by the fit of the model so far."""
    copy(work.sums, sums)
    copy(work.mu, mu)
    copy(alpha, safe)


def stepwise(
    k: int, observed: Floats, candidates: Ints, log_threshold: float,
    terms: Ints, alpha: Floats, taken: Ints, work: Work,
) -> tuple[int, int, int]:  # fmt: skip
    """Choose among the candidates. Gives (status of main effects, number of terms, candidates refused on the way).

    `observed` are margins. Afterwards `terms`, in the order in which they came in, `alpha` and `work` hold the chosen
    model's fit, and `taken` tells of each candidate whether it is in. A candidate without an estimate is passed over
    at this step only: every step tests all again.
    """
    p, refused = k + 1, 0
    terms[0] = 0
    for j in range(k):
        terms[j + 1] = 1 << j
    for c in range(len(candidates)):
        taken[c] = 0
    independence_start(k, observed, terms, p, alpha)
    status, _ = climb(k, observed, terms, p, alpha, False, work)
    if status != CONVERGED:
        return status, p, refused
    sums, mu, safe = np.empty(1 << k), np.empty(1 << k), np.empty(len(alpha))
    closed = np.empty(len(candidates), np.int64)
    keep(work, alpha, sums, mu, safe)
    close(closed, taken, candidates)
    while True:
        c, _ = next_candidate(observed, sums, candidates, closed, log_threshold)
        if c < 0:
            break
        if enlarge(candidates[c], p, k, observed, sums, terms, alpha, work) == CONVERGED:
            p += 1
            taken[c] = 1
            close(closed, taken, candidates)
            keep(work, alpha, sums, mu, safe)
        else:
            refused += 1
            closed[c] = 1
            copy(safe, alpha)
    copy(sums, work.sums)
    copy(mu, work.mu)
    return CONVERGED, p, refused


def margins(k: int, tables: Ints, b: int, observed: Floats) -> None:
    """The margins n* of table b."""
    for w in range(1 << k):
        observed[w] = tables[b, w]
    superset_sums(observed, k)


def stepwise_block(
    k: int, tables: Ints, candidates: Ints, log_threshold: float, totals: Floats, chosen: Ints, status: Ints
) -> None:
    """The choice for every table of a block: N (NaN without an estimate), the candidates taken, the status."""
    most = k + 1 + len(candidates)
    work = workspace(k, most)
    terms, alpha = np.zeros(most, np.int64), np.zeros(most)
    taken, observed = np.zeros(len(candidates), np.int64), np.zeros(1 << k)
    for b in range(len(tables)):
        margins(k, tables, b, observed)
        status[b], _, _ = stepwise(k, observed, candidates, log_threshold, terms, alpha, taken, work)
        totals[b] = observed[0] + work.mu[0] if status[b] == CONVERGED else math.nan
        for c in range(len(candidates)):
            if taken[c]:
                chosen[b, c // WORD] |= 1 << (c % WORD)


def fixed_block(k: int, tables: Ints, model: Ints, totals: Floats, status: Ints) -> None:
    """One model, whatever the table: N (NaN without an estimate) and the status of every table of a block."""
    work = workspace(k, len(model))
    alpha, observed = np.zeros(len(model)), np.zeros(1 << k)
    for b in range(len(tables)):
        margins(k, tables, b, observed)
        independence_start(k, observed, model, len(model), alpha)
        status[b], _ = climb(k, observed, model, len(model), alpha, False, work)
        totals[b] = observed[0] + work.mu[0] if status[b] == CONVERGED else math.nan

"""The arithmetic of Poisson log-linear models on capture histories, in loops that can be compiled.

Everything here is plain Python on numpy arrays and runs as it stands; `palermo/compiling.py` gives the same functions
compiled by numba. So there is one definition, and a process that wants a single estimate need not load a compiler.

Notation: a history w is a bit mask, mu_w its expected count, log mu_w = sum of alpha_t over the terms t of the model
with t a subset of w. The likelihood needs only the margins n*_t = sum of N_w over w containing t (w not empty).
With S_t = the same margin of mu, the gradient is n*_t - S_t and the Hessian -S_{t or u}: no design matrix.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CONVERGED, SINGULAR, DIVERGES, STUCK = 0, 1, 2, 3
ENOUGH = 1e-10  # Newton decrement at which one more step ends the search
FLAT = 1e-8  # a decrement below this with a step beyond FAR: the likelihood rises for ever in that direction
FAR = 0.02
PIVOT = 1e-11  # of its diagonal: the information matrix is singular
LONGEST = 4.0  # no parameter moves further in one step
MOST_STEPS = 200


class Work(NamedTuple):
    """Room for one fit: mu by history, its margins S, information matrix, gradient then step, places of free terms, and
    these terms themselves."""

    mu: Floats
    sums: Floats
    information: Floats
    step: Floats
    free: Ints
    chosen: Ints


def workspace(k: int, most: int) -> Work:
    """Room for fits of k lists with up to `most` terms."""
    return Work(
        np.zeros(1 << k),
        np.zeros(1 << k),
        np.zeros((most, most)),
        np.zeros(most),
        np.zeros(most, np.int64),
        np.zeros(most, np.int64),
    )


def copy(source: Floats, into: Floats) -> None:
    """Every number, one by one: assigning to a slice takes a compiler seconds."""
    for i in range(len(source)):
        into[i] = source[i]


def superset_sums(v: Floats, k: int) -> None:
    """In place: v_t becomes the sum of v_w over all w that contain t. Two lists at a time; an odd one at the end."""
    for j in range(0, k - 1, 2):
        q = 1 << j
        for start in range(0, 1 << k, 4 * q):
            for w in range(start, start + q):
                b, c, d = v[w + q], v[w + 2 * q], v[w + 3 * q]
                v[w] += b + (c + d)
                v[w + q] = b + d
                v[w + 2 * q] = c + d
    if k % 2:
        half = 1 << (k - 1)
        for w in range(half):
            v[w] += v[w + half]


def subset_products(v: Floats, k: int) -> None:
    """In place: v_w becomes the product of v_t over all t within w."""
    for j in range(0, k - 1, 2):
        q = 1 << j
        for start in range(0, 1 << k, 4 * q):
            for w in range(start, start + q):
                a, c = v[w], v[w + 2 * q]
                b = v[w + q] * a
                v[w + q] = b
                v[w + 2 * q] = c * a
                v[w + 3 * q] *= c * b
    if k % 2:
        half = 1 << (k - 1)
        for w in range(half):
            v[w + half] *= v[w]


def expect(k: int, observed: Floats, terms: Ints, p: int, alpha: Floats, whole: bool, work: Work) -> float:
    """mu and its margins S at alpha; gives the log-likelihood without the constant sum of log N_w!.

    mu_w is a product of exp(alpha_t), so that p exponentials do instead of 2^k; a term at minus infinity makes the
    histories that contain it vanish by itself. mu_0 stays in `work.mu[0]`; it is in no margin, unless the `whole`
    population is taken as counted (`observed[0]` is then N, as the profile likelihood wants it).
    """
    linear = 0.0
    for w in range(1 << k):
        work.mu[w] = 1.0
    for i in range(p):
        if alpha[i] == -math.inf:
            work.mu[terms[i]] = 0.0
        else:
            work.mu[terms[i]] = math.exp(min(alpha[i], 700.0))
            linear += alpha[i] * observed[terms[i]]
    subset_products(work.mu, k)
    copy(work.mu, work.sums)
    if not whole:
        work.sums[0] = 0.0
    superset_sums(work.sums, k)
    value: float = linear - work.sums[0]
    return value


def direction(observed: Floats, terms: Ints, many: int, work: Work) -> float:
    """The Newton step into `work.step`; gives the decrement g'H^-1 g, or -1 when the information is singular.

    Elimination of the upper triangle row by row (U'D^-1 U): every inner loop is a row less a multiple of a row.
    """
    info, step, chosen = work.information, work.step, work.chosen
    for i in range(many):
        t = terms[work.free[i]]
        chosen[i] = t
        step[i] = observed[t] - work.sums[t]
    for i in range(many):
        t = chosen[i]
        for c in range(i, many):
            info[i, c] = work.sums[t | chosen[c]]
    decrement = 0.0
    for j in range(many):
        pivot = info[j, j]
        if not pivot > PIVOT * work.sums[chosen[j]]:
            return -1.0
        inverse = 1.0 / pivot
        decrement += step[j] * step[j] * inverse
        for i in range(j + 1, many):
            times = info[j, i] * inverse
            step[i] -= times * step[j]
            for c in range(i, many):
                info[i, c] -= times * info[j, c]
    for j in range(many - 1, -1, -1):
        rest = step[j]
        for c in range(j + 1, many):
            rest -= info[j, c] * step[c]
        step[j] = rest / info[j, j]
    return decrement


def longest(step: Floats, many: int) -> float:
    """The largest move of a parameter; steps beyond LONGEST are shortened as a whole."""
    far = 0.0
    for a in range(many):
        far = max(far, abs(step[a]))
    if far > LONGEST:
        for a in range(many):
            step[a] *= LONGEST / far
    return far


def free_terms(observed: Floats, terms: Ints, p: int, alpha: Floats, free: Ints) -> int:
    """The places of terms with a margin above 0 into `free`; the others go to minus infinity. Gives how many."""
    many = 0
    for i in range(p):
        if observed[terms[i]] > 0:
            free[many] = i
            many += 1
        else:
            alpha[i] = -math.inf
    return many


def climb(
    k: int, observed: Floats, terms: Ints, p: int, alpha: Floats, whole: bool, work: Work
) -> tuple[int, float]:
    """Maximum likelihood of the first p `terms` from the start in `alpha`, in place; gives (status, log-likelihood).

    Terms whose margin is 0 go to minus infinity (extended maximum likelihood: Fienberg and Rinaldo 2012); they stay
    terms of the model. Where no maximum exists a facet's cells fall by a factor e at each step for ever: the decrement
    vanishes while a parameter still moves by about 1. With whole counts a true maximum keeps at least about one person
    off every facet, so that its last steps are tiny. Afterwards `work` holds mu and S at the maximum.
    """
    many = free_terms(observed, terms, p, alpha, work.free)
    value, scale = -math.inf, 1.0
    for _ in range(MOST_STEPS):
        now = expect(k, observed, terms, p, alpha, whole, work)
        if not now >= value - 1e-10 * (1.0 + abs(value)):
            scale *= 0.5
            if scale < 1e-6:
                return STUCK, value
            for a in range(many):
                alpha[work.free[a]] -= scale * work.step[a]
            continue
        value, scale = now, 1.0
        decrement = direction(observed, terms, many, work)
        if decrement < 0.0:
            return SINGULAR, value
        if longest(work.step, many) > FAR and decrement < FLAT:
            return DIVERGES, value
        for a in range(many):
            alpha[work.free[a]] += work.step[a]
        if decrement < ENOUGH:
            return CONVERGED, expect(k, observed, terms, p, alpha, whole, work)
    return STUCK, value


def newton(k: int, observed: Floats, terms: Ints, p: int, alpha: Floats, work: Work) -> tuple[int, float]:
    """`climb` where nobody knows how many were not seen: the ordinary fit."""
    return climb(k, observed, terms, p, alpha, False, work)


def independent_total(k: int, observed: Floats) -> float:
    """N under independent lists: the root of prod(1 - n_j/N) = 1 - n/N, by Newton in s = 1/N from the right.

    Without any overlap there is no root and the answer is a large number; with a list that saw everyone it is about n.
    """
    n = observed[0]
    least, most = 1e-6 / n, (1.0 - 1e-9) / n
    s = 0.9999 / n
    for _ in range(60):
        value, slope = math.log(1.0 - n * s), -n / (1.0 - n * s)
        for j in range(k):
            share = observed[1 << j]
            value -= math.log(1.0 - share * s) if share < n else math.log(1.0 - n * s)
            slope += share / (1.0 - share * s)
        if slope >= 0.0:  # left of the summit: the root, if any, is to the right
            s = 0.5 * (s + most)
            continue
        better = min(max(s - value / slope, least), most)
        if abs(better - s) <= 1e-14 * s:
            break
        s = better
    total: float = 1.0 / s
    return total


def independence_start(k: int, observed: Floats, terms: Ints, p: int, alpha: Floats) -> None:
    """alpha of the first p terms under independent lists: the constant and the lists by formula, others 0."""
    total = independent_total(k, observed)
    constant = math.log(total)
    for j in range(k):
        if observed[1 << j] > 0:
            constant += math.log(max(1.0 - observed[1 << j] / total, 1e-9))
    for i in range(p):
        share = observed[terms[i]] / total
        alpha[i] = 0.0
        if terms[i] == 0:
            alpha[i] = constant
        elif terms[i] & (terms[i] - 1) == 0 and share > 0.0:
            alpha[i] = math.log(share / max(1.0 - share, 1e-9))


def fit_from_independence(
    k: int, observed: Floats, terms: Ints, p: int, alpha: Floats, work: Work
) -> tuple[int, float]:
    """`newton` from the start that needs nothing."""
    independence_start(k, observed, terms, p, alpha)
    return newton(k, observed, terms, p, alpha, work)


def log_tail(x: float, mean: float) -> float:
    """log min{P(X <= x), P(X >= x)} for X ~ Poisson(mean), from the term at x outwards, so that nothing underflows."""
    if mean <= 0.0:
        return 0.0 if x <= 0.0 else -math.inf
    at = log_mass(x, mean)
    term, total = 1.0, 1.0
    if x < mean:
        i = x
        while i > 0.0 and term > 1e-17 * total:
            term *= i / mean
            total += term
            i -= 1.0
    else:
        i = x + 1.0
        while term > 1e-17 * total:
            term *= mean / i
            total += term
            i += 1.0
    one = at + math.log(total)
    other = 1.0 - math.exp(one) + math.exp(at)  # the tail on the far side, which also holds x
    return one if math.exp(one) <= other else math.log(other)


def log_mass(x: float, mean: float) -> float:
    """log P(X = x) for X ~ Poisson(mean > 0)."""
    return x * math.log(mean) - mean - math.lgamma(x + 1.0)

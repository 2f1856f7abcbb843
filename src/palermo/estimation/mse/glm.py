"""Poisson regression with a design matrix, for models that are not hierarchical in the lists.

The mean of cell c is mu_c = exp(x_c . b); Newton's method with halved steps. A Gaussian prior on coefficients (its
precision) makes the same code a penalised fit; cells known only as an interval enter by EM. Whether a finite maximum
exists is decided exactly, from the cells that are empty (Haberman 1974; Fienberg and Rinaldo 2012, theorem 2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Intervals = Mapping[int, tuple[int, int]]

MOST_STEPS = 100
MOST_ROUNDS = 500  # of EM over suppressed cells
ENOUGH = 1e-12  # Newton decrement at which to stop
FARTHEST = 700.0  # exp() of more overflows


@dataclass(frozen=True)
class Fit:
    """A fitted model. `covariance` is the inverse of the (penalised) information; `counts` are the cells as used:
    suppressed ones at their expectation. `loglik` includes the factorials, as R's does."""

    coef: Numbers
    covariance: Numbers
    fitted: Numbers
    counts: Numbers
    loglik: float
    deviance: float
    converged: bool


def fit_poisson(
    design: Numbers,
    counts: Numbers,
    *,
    precision: Numbers | None = None,
    offset: Numbers | None = None,
    intervals: Intervals | None = None,
    start: Numbers | None = None,
) -> Fit:
    """The maximum of the (penalised) likelihood; `precision` is the diagonal of the prior's inverse variance."""
    used = counts.astype(float).copy()
    shift = np.zeros(len(used)) if offset is None else offset
    prior = np.zeros(design.shape[1]) if precision is None else precision
    hidden = intervals or {}
    for row, (low, high) in hidden.items():
        used[row] = (low + high) / 2
    coef, covariance, fitted, converged = _newton(design, used, shift, prior, start)
    for _round in range(MOST_ROUNDS if hidden else 0):
        before = used.copy()
        for row, ends in hidden.items():
            used[row] = expected_between(float(fitted[row]), *ends)
        coef, covariance, fitted, converged = _newton(design, used, shift, prior, coef)
        if np.abs(used - before).max() < 1e-9 * max(1.0, used.max()):
            break
    return Fit(
        coef,
        covariance,
        fitted,
        used,
        log_likelihood(used, fitted, hidden),
        deviance(used, fitted),
        converged,
    )


def _newton(
    design: Numbers, counts: Numbers, shift: Numbers, prior: Numbers, start: Numbers | None
) -> tuple[Numbers, Numbers, Numbers, bool]:
    scale = np.abs(design).max(axis=0)
    scale[scale == 0] = 1.0
    x, weight = design / scale, prior / scale**2
    coef = _first(x, counts, shift, weight) if start is None else start * scale
    value = _value(x, counts, shift, weight, coef)
    converged = False
    for _step in range(MOST_STEPS):
        mean = _mean(x @ coef + shift)
        gradient = x.T @ (counts - mean) - weight * coef
        move = _solve((x * mean[:, None]).T @ x + np.diag(weight), gradient)
        if float(gradient @ move) < ENOUGH:
            converged = True
            coef = (
                coef + move
            )  # the decrement bounds the likelihood; this step makes the coefficients as exact
            break
        length = 1.0
        while length > 1e-8:
            tried = coef + length * move
            new = _value(x, counts, shift, weight, tried)
            if new >= value - 1e-10 * abs(value):
                break
            length /= 2
        coef, value = tried, new
    mean = _mean(x @ coef + shift)
    information = (x * mean[:, None]).T @ x + np.diag(weight)
    covariance = _solve(information, np.eye(len(coef))) / np.outer(scale, scale)
    return coef / scale, covariance, mean, converged


def _first(x: Numbers, counts: Numbers, shift: Numbers, weight: Numbers) -> Numbers:
    """One weighted least-squares step from the counts themselves: near enough for Newton to take over."""
    mean = counts + 0.1
    target = np.log(mean) - shift + (counts - mean) / mean
    found: Numbers = _solve((x * mean[:, None]).T @ x + np.diag(weight), x.T @ (mean * target))
    return found


def _solve(matrix: Numbers, right: Numbers) -> Numbers:
    try:
        found: Numbers = np.linalg.solve(matrix, right).astype(float)
    except np.linalg.LinAlgError:
        found = np.linalg.pinv(matrix, hermitian=True) @ right
    return found


def _mean(eta: Numbers) -> Numbers:
    return np.exp(np.clip(eta, -FARTHEST, FARTHEST))


def _value(x: Numbers, counts: Numbers, shift: Numbers, weight: Numbers, coef: Numbers) -> float:
    eta = np.clip(x @ coef + shift, -FARTHEST, FARTHEST)
    return float(counts @ eta - np.exp(eta).sum() - weight @ coef**2 / 2)


def deviance(counts: Numbers, fitted: Numbers) -> float:
    """Twice the distance of the fit from the saturated model."""
    some = counts > 0
    return float(2 * (counts[some] @ np.log(counts[some] / fitted[some]) - (counts - fitted).sum()))


def log_likelihood(counts: Numbers, fitted: Numbers, hidden: Intervals) -> float:
    from scipy.special import gammaln, logsumexp

    shown = np.ones(len(counts), dtype=bool)
    shown[list(hidden)] = False
    logs = np.log(np.maximum(fitted, 1e-300))
    total = (counts * logs - fitted - gammaln(counts + 1))[shown].sum()
    for row, (low, high) in hidden.items():
        values = np.arange(low, high + 1)
        total += logsumexp(values * logs[row] - gammaln(values + 1)) - fitted[row]
    return float(total)


def expected_between(mean: float, low: int, high: int) -> float:
    """The expectation of a Poisson count known to lie between two ends, both included."""
    from scipy.special import gammaln

    values = np.arange(low, high + 1)
    logs = values * np.log(max(mean, 1e-300)) - gammaln(values + 1)
    weights = np.exp(logs - logs.max())
    return float(weights @ values / weights.sum())


def has_maximum(design: Numbers, counts: Numbers) -> bool:
    """Whether the likelihood has one finite maximum, from all cells."""
    return bounded(design[counts > 0], lambda: design[counts == 0])


def bounded(full: Numbers, empty_cells: Callable[[], Numbers]) -> bool:
    """Whether the likelihood has one finite maximum, from the rows of the design of the cells with people; those of the
    empty ones are asked for only where they are needed.

    It has none exactly when some direction d has x_c . d = 0 in every cell with people and x_c . d <= 0 (not all 0)
    in the empty ones: along it the likelihood rises for ever. If x_c . d = 0 everywhere the maximum is not unique.
    """
    scale = 1 / np.maximum(np.abs(full).max(axis=0), 1e-6)
    full = full * scale
    sizes, vectors = np.linalg.eigh(full.T @ full)
    free = vectors[:, sizes < 1e-11 * max(1.0, sizes.max(initial=0.0))]
    if not free.shape[1]:
        return True
    empty = np.unique((empty_cells() * scale @ free).round(12), axis=0)
    if not len(empty) or np.linalg.matrix_rank(empty, tol=1e-9) < free.shape[1]:
        return False
    from scipy.optimize import linprog

    found = linprog(
        empty.sum(axis=0),
        A_ub=np.vstack([empty, -empty]),
        b_ub=np.concatenate([np.zeros(len(empty)), np.ones(len(empty))]),
        bounds=[(None, None)] * free.shape[1],
        method="highs",
    )
    return found.status == 0 and float(found.fun or 0.0) > -1e-7

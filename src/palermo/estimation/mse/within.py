"""Poisson regression in which every stratum has a size of its own, which is profiled out.

log mu_c = theta_{s(c)} + x_c . b. Given b, theta_s = log n_s - log sum_c exp(x_c . b), so that Newton's method has only
the coefficients b to find, however many strata there are (the profile likelihood is that of multinomials).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from palermo.estimation.mse.glm import (
    ENOUGH,
    FARTHEST,
    MOST_ROUNDS,
    MOST_STEPS,
    Fit,
    Intervals,
    Numbers,
    deviance,
    expected_between,
    log_likelihood,
)

Index = npt.NDArray[np.int64]


def fit_within(
    design: Numbers,
    counts: Numbers,
    owner: Index,
    *,
    intervals: Intervals | None = None,
    start: Numbers | None = None,
) -> tuple[Fit, Numbers]:
    """The fit (its coefficients are b alone, its covariance theirs) and theta of each stratum.

    `owner` says to which stratum (0, 1, ... without gaps, ascending) each cell belongs; each must hold somebody.
    """
    used = counts.astype(float).copy()
    hidden = intervals or {}
    for row, (low, high) in hidden.items():
        used[row] = (low + high) / 2
    coef = np.zeros(design.shape[1]) if start is None else start
    coef, covariance, fitted, theta, converged = _newton(design, used, owner, coef)
    for _round in range(MOST_ROUNDS if hidden else 0):
        before = used.copy()
        for row, ends in hidden.items():
            used[row] = expected_between(float(fitted[row]), *ends)
        coef, covariance, fitted, theta, converged = _newton(design, used, owner, coef)
        if np.abs(used - before).max() < 1e-9 * max(1.0, used.max()):
            break
    loglik = log_likelihood(used, fitted, hidden)
    return Fit(coef, covariance, fitted, used, loglik, deviance(used, fitted), converged), theta


def _newton(
    design: Numbers, counts: Numbers, owner: Index, coef: Numbers
) -> tuple[Numbers, Numbers, Numbers, Numbers, bool]:
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    people = np.add.reduceat(counts, starts)
    fitted, theta, value = _profile(design, counts, coef, owner, starts, people)
    converged = False
    for _step in range(MOST_STEPS):
        gradient = design.T @ (counts - fitted)
        move = _solve(_information(design, fitted, starts, people), gradient)
        if float(gradient @ move) < ENOUGH:
            converged = True
            coef = coef + move
            fitted, theta, value = _profile(design, counts, coef, owner, starts, people)
            break
        length = 1.0
        while True:
            tried = _profile(design, counts, coef + length * move, owner, starts, people)
            if tried[2] >= value - 1e-10 * abs(value) or length < 1e-8:
                break
            length /= 2
        coef, (fitted, theta, value) = coef + length * move, tried
    covariance = _solve(_information(design, fitted, starts, people), np.eye(len(coef)))
    return coef, covariance, fitted, theta, converged


def _profile(
    design: Numbers, counts: Numbers, coef: Numbers, owner: Index, starts: Index, people: Numbers
) -> tuple[Numbers, Numbers, float]:
    eta = design @ coef
    most = np.maximum.reduceat(eta, starts)
    raised = np.exp(np.maximum(eta - most[owner], -FARTHEST))
    total = np.add.reduceat(raised, starts)
    theta = np.log(people) - most - np.log(total)
    return raised * (people / total)[owner], theta, float(counts @ (eta + theta[owner]))


def _information(design: Numbers, fitted: Numbers, starts: Index, people: Numbers) -> Numbers:
    """sum_c mu_c x x' less, for each stratum, n_s times the product of its mean x."""
    weighted = design * fitted[:, None]
    sums = np.add.reduceat(weighted, starts, axis=0)
    found: Numbers = weighted.T @ design - (sums / people[:, None]).T @ sums
    return found


def centred(columns: Numbers, fitted: Numbers, owner: Index) -> Numbers:
    """Columns less their mean in each stratum, weighted by what is fitted: what theta cannot take up."""
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    means = np.add.reduceat(columns * fitted[:, None], starts, axis=0)
    means /= np.add.reduceat(fitted, starts)[:, None]
    found: Numbers = columns - means[owner]
    return found


def _solve(matrix: Numbers, right: Numbers) -> Numbers:
    try:
        found: Numbers = np.linalg.solve(matrix, right).astype(float)
    except np.linalg.LinAlgError:
        found = np.linalg.pinv(matrix, hermitian=True) @ right
    return found

"""Poisson models whose cells depend on which lists saw somebody only through list effects and how many they were.

    log mu_w = b0 + sum_{j in w} lambda_j + F(s) . t,   s = number of lists in w, 1 <= s <= K

Sums over the 2^K cells are elementary symmetric polynomials e_s of a_j = exp(lambda_j): the people seen s times are
expected to be exp(b0 + F(s) t) e_s(a), those of them on list j exp(...) a_j e_{s-1}(a without j), and so on. Newton's
method therefore costs K^4 operations a step whatever the number of cells: sixteen lists take milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from palermo.estimation.mse.glm import ENOUGH, FARTHEST, MOST_STEPS, Fit, Numbers

NOTHING = np.zeros(0)


@dataclass(frozen=True)
class _Moments:
    """Expected totals: of all cells, by list, by function of s, and their information matrix."""

    total: float
    first: Numbers
    second: Numbers


def fit_symmetric(bits: Numbers, counts: Numbers, shape: Numbers, timed: bool) -> Fit:
    """The maximum of the likelihood. `bits` and `counts` hold the cells with people only; row s of `shape` is F(s),
    row 0 for nobody. Coefficients: b0, one effect for each list (`timed`) or one for all, t.

    `fitted` and `counts` of the answer are those of the cells given; deviance and likelihood those of all cells.
    """
    k = bits.shape[1]
    seen = bits.sum(axis=1).astype(int)
    design = np.column_stack([np.ones(len(counts)), bits, shape[seen]])
    join = np.zeros((design.shape[1], design.shape[1] if timed else design.shape[1] - k + 1))
    join[:, :] = np.eye(design.shape[1])[:, : join.shape[1]]
    if not timed:
        join[:] = 0.0
        join[0, 0] = 1.0
        join[1 : k + 1, 1] = 1.0
        join[k + 1 :, 2:] = np.eye(shape.shape[1])
    have = join.T @ (design.T @ counts)
    coef = np.zeros(join.shape[1])
    coef[0] = np.log(3 * counts.sum())
    odds = np.log(np.maximum(bits.T @ counts, 0.5) / (3 * counts.sum()))
    coef[1 : 1 + (k if timed else 1)] = odds if timed else odds.mean()
    now = _moments(join @ coef, k, shape)
    converged = False
    for _step in range(MOST_STEPS):
        gradient = have - join.T @ now.first
        move = _solve(join.T @ now.second @ join, gradient)
        if float(gradient @ move) < ENOUGH:
            converged = True
            coef = (
                coef + move
            )  # the decrement bounds the likelihood; this step makes the coefficients as exact
            now = _moments(join @ coef, k, shape)
            break
        value, length = float(have @ coef) - now.total, 1.0
        while True:
            tried = coef + length * move
            now = _moments(join @ tried, k, shape)
            if float(have @ tried) - now.total >= value - 1e-10 * abs(value) or length < 1e-8:
                break
            length /= 2
        coef = tried
    covariance = _solve(join.T @ now.second @ join, np.eye(len(coef)))
    return _told(design, join @ coef, coef, covariance, counts, now.total, converged)


def _told(
    design: Numbers, full: Numbers, coef: Numbers, covariance: Numbers, counts: Numbers, total: float, converged: bool
) -> Fit:  # fmt: skip
    from scipy.special import gammaln

    eta = design @ full
    loglik = float(counts @ eta - total - gammaln(counts + 1).sum())
    gap = float(2 * (counts @ (np.log(counts) - eta) - counts.sum() + total))
    return Fit(coef, covariance, np.exp(np.minimum(eta, FARTHEST)), counts, loglik, gap, converged)


def _moments(full: Numbers, k: int, shape: Numbers) -> _Moments:
    """The expected totals and their second moments at these coefficients."""
    a = np.exp(np.clip(full[1 : k + 1], -FARTHEST, 40.0))
    weight = np.exp(np.clip(full[0] + shape @ full[k + 1 :], -FARTHEST, FARTHEST))
    weight[0] = 0.0
    i, j = np.triu_indices(k, 1)
    none = np.ones((1, k), dtype=bool)
    single = ~np.eye(k, dtype=bool)
    double = single[i] & single[j]
    polynomials = _polynomials(a, np.concatenate([none, single, double]))
    by_size = weight * polynomials[0]
    of_list = np.zeros((k, k + 1))
    of_list[:, 1:] = a[:, None] * polynomials[1 : k + 1, :-1] * weight[1:]
    of_pair = (a[i] * a[j])[:, None] * polynomials[k + 1 :, :-2] * weight[2:]
    both = np.diag(of_list.sum(axis=1))
    both[i, j] = both[j, i] = of_pair.sum(axis=1)
    first = np.concatenate([[by_size.sum()], of_list.sum(axis=1), by_size @ shape])
    second = np.zeros((len(first), len(first)))
    second[0], second[:, 0] = first, first
    second[1 : k + 1, 1 : k + 1] = both
    second[1 : k + 1, k + 1 :] = of_list @ shape
    second[k + 1 :, 1 : k + 1] = second[1 : k + 1, k + 1 :].T
    second[k + 1 :, k + 1 :] = (shape * by_size[:, None]).T @ shape
    return _Moments(float(by_size.sum()), first, second)


def _polynomials(a: Numbers, kept: Numbers) -> Numbers:
    """Row r: e_0, ..., e_K of the a_j that row r of `kept` keeps, by multiplying out prod (1 + a_j z)."""
    found = np.zeros((len(kept), len(a) + 1))
    found[:, 0] = 1.0
    for j, one in enumerate(a):
        found[:, 1:] += (one * kept[:, j])[:, None] * found[:, :-1].copy()
    return found


def _solve(matrix: Numbers, right: Numbers) -> Numbers:
    """The solution after scaling to a unit diagonal: 2^16 and 1 may stand in one matrix."""
    scale = 1 / np.sqrt(np.maximum(np.diag(matrix), 1e-300))
    scaled = matrix * np.outer(scale, scale)
    put = right * (scale if right.ndim == 1 else scale[:, None])
    try:
        found: Numbers = np.linalg.solve(scaled, put).astype(float)
    except np.linalg.LinAlgError:
        found = np.linalg.pinv(scaled, hermitian=True) @ put
    return found * (scale if right.ndim == 1 else scale[:, None])

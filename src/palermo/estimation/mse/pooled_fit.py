"""The pooled model at one tau, fitted: Newton's method over all strata at once, and the tau that the data like best.

See `pooling` for the model. The information is an arrow: a block for each stratum, and what all strata share.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from palermo.estimation.mse.glm import ENOUGH, Numbers
from palermo.estimation.mse.pooled_pairs import Pair
from palermo.estimation.mse.strata import StratifiedTable

SMALLEST, LARGEST = 0.01, 3.0


@dataclass(frozen=True)
class Pooled:
    """A fitted model at one tau. Blocks by stratum hold theta_s and u_s1..u_sK; `shared` holds lambda and beta."""

    tau: float
    block: Numbers  # strata x (1 + K)
    shared: Numbers
    inner: Numbers  # inverse of the strata's blocks of the information
    cross: Numbers  # strata x (1 + K) x shared
    outer: Numbers  # inverse of the Schur complement
    expected: Numbers
    marginal: float
    penalised: float
    converged: bool


class PooledProblem:
    """Counts of live strata and the two designs: own effects X = [1, bits], shared ones Z = [bits, pairs]."""

    def __init__(self, data: StratifiedTable, counts: Numbers, pairs: Sequence[Pair]) -> None:
        masks = np.arange(1 << data.k)
        bits = ((masks[:, None] >> np.arange(data.k)) & 1).astype(float)
        self.live = np.flatnonzero(counts.sum(axis=1) > 0)
        self.counts = counts[self.live]
        self.valid = data.possible[self.live].astype(float)
        self.pairs = tuple(pairs)
        kept = []
        for i, j in pairs:
            both = bits[:, i] * bits[:, j]
            if (self.counts @ both).sum() > 0:
                kept.append(both)
            else:  # nobody on both: the effect is minus infinity and its cells are gone
                self.valid *= 1 - both
        self.own = np.column_stack([np.ones(len(masks)), bits])
        self.common = np.column_stack([bits, *kept])
        self.lists = data.k
        self.own_pairs = _products(self.own, self.own)
        self.cross_pairs = _products(self.own, self.common)


def _products(one: Numbers, other: Numbers) -> Numbers:
    """By history, every column of the one times every column of the other: sums over histories become one product."""
    found: Numbers = (one[:, :, None] * other[:, None, :]).reshape(len(one), -1)
    return found


def fit(problem: PooledProblem, tau: float, start: Pooled | None = None) -> Pooled:
    """Newton's method over all strata at once; the information is an arrow, solved through its Schur complement."""
    size, width = len(problem.live), 1 + problem.lists
    prior = np.concatenate([[0.0], np.full(problem.lists, tau**-2)])
    block, shared = _start(problem) if start is None else (start.block, start.shared)
    value = _value(problem, block, shared, prior)
    converged = False
    for _step in range(60):
        mean = _mean(problem, block, shared)
        inner, cross, outer = _information(problem, mean, prior)
        left = problem.counts * problem.valid - mean
        g_own = left @ problem.own - prior * block
        g_common = left.sum(axis=0) @ problem.common
        step = (inner @ g_own[:, :, None])[:, :, 0]
        move = outer @ (g_common - (cross * step[:, :, None]).sum(axis=(0, 1)))
        moves = (inner @ (g_own - cross @ move)[:, :, None])[:, :, 0]
        if float((g_own * moves).sum() + g_common @ move) < ENOUGH * max(1.0, size):
            converged = True
            break
        length = 1.0
        while length > 1e-8:
            new = _value(problem, block + length * moves, shared + length * move, prior)
            if new >= value - 1e-10 * abs(value):
                break
            length /= 2
        block, shared, value = block + length * moves, shared + length * move, new
    mean = _mean(problem, block, shared)
    inner, cross, outer = _information(problem, mean, prior)
    size_of = -np.linalg.slogdet(inner)[1].sum() - np.linalg.slogdet(outer)[1]
    marginal = value - size_of / 2 - size * (width - 1) * math.log(tau)
    return Pooled(tau, block, shared, inner, cross, outer, mean, float(marginal), float(value), converged)


def _start(problem: PooledProblem) -> tuple[Numbers, Numbers]:
    """Each list sees a quarter; the size of each stratum follows."""
    lists = problem.lists
    totals = (problem.counts.sum(axis=0) @ problem.own)[1:]
    odds = np.log(np.maximum(totals, 0.5) / (4 * problem.counts.sum()))
    shared = np.zeros(problem.common.shape[1])
    shared[:lists] = odds
    scale = (problem.valid * np.exp(problem.common @ shared)).sum(axis=1)
    block = np.zeros((len(problem.live), 1 + lists))
    block[:, 0] = np.log(problem.counts.sum(axis=1) / scale)
    return block, shared


def _eta(problem: PooledProblem, block: Numbers, shared: Numbers) -> Numbers:
    found: Numbers = np.clip(block @ problem.own.T + problem.common @ shared, -700, 700)
    return found


def _mean(problem: PooledProblem, block: Numbers, shared: Numbers) -> Numbers:
    found: Numbers = problem.valid * np.exp(_eta(problem, block, shared))
    return found


def _value(problem: PooledProblem, block: Numbers, shared: Numbers, prior: Numbers) -> float:
    eta = _eta(problem, block, shared)
    inside = (problem.valid * (problem.counts * eta - np.exp(eta))).sum()
    return float(inside - (prior * block**2).sum() / 2)


def _information(problem: PooledProblem, mean: Numbers, prior: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    own, common = problem.own, problem.common
    strata, width = mean.shape[0], own.shape[1]
    within = (mean @ problem.own_pairs).reshape(strata, width, width)
    inner: Numbers = np.linalg.inv(within + np.diag(prior)).astype(float)
    cross = (mean @ problem.cross_pairs).reshape(strata, width, -1)
    schur = (common * mean.sum(axis=0)[:, None]).T @ common
    schur -= (cross.transpose(0, 2, 1) @ inner @ cross).sum(axis=0)
    return inner, cross, np.linalg.pinv(schur, hermitian=True)


def best(problem: PooledProblem) -> Pooled:
    """The fit at the tau of greatest marginal likelihood (golden section on log tau)."""
    low, high = math.log(SMALLEST), math.log(LARGEST)
    ratio = (math.sqrt(5) - 1) / 2
    inner = [high - ratio * (high - low), low + ratio * (high - low)]
    fits = [fit(problem, math.exp(inner[0]))]
    fits.append(fit(problem, math.exp(inner[1]), fits[0]))
    while high - low > 0.02:
        if fits[0].marginal >= fits[1].marginal:
            high, inner[1], fits[1] = inner[1], inner[0], fits[0]
            inner[0] = high - ratio * (high - low)
            fits[0] = fit(problem, math.exp(inner[0]), fits[1])
        else:
            low, inner[0], fits[0] = inner[0], inner[1], fits[1]
            inner[1] = low + ratio * (high - low)
            fits[1] = fit(problem, math.exp(inner[1]), fits[0])
    return max(fits, key=lambda one: one.marginal)


def integrated(found: Pooled) -> float:
    """The log-likelihood with each stratum's own effects integrated out (Laplace), shared ones at their best."""
    own = float(np.linalg.slogdet(found.inner)[1].sum()) / 2
    strata, width = found.block.shape
    return float(found.penalised + own - strata * (width - 1) * math.log(found.tau))

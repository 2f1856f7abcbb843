"""Partial pooling: list effects differ between strata as much as the data say, no more.

    log mu_{s,w} = theta_s + sum_{j in w} (lambda_j + u_sj) + sum_{i,j in w} beta_ij,     u_sj ~ N(0, tau^2)

With tau = 0 all strata share their list effects, with tau large each stratum stands alone. tau is where the marginal
likelihood (Laplace; flat in theta, lambda, beta) is greatest; the interval mixes over tau. Small strata borrow from
large ones, so that a stratum with three people has an estimate and a wide range. Breslow and Clayton (1993), JASA 88:9.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse.crossed import read, written
from palermo.estimation.mse.glm import ENOUGH, Numbers, expected_between
from palermo.estimation.mse.pooled_pairs import Pair, Pairs, weighed
from palermo.estimation.mse.replicates import stream
from palermo.estimation.mse.strata import StratifiedTable
from palermo.estimation.mse.totals import summed
from palermo.estimation.problems import BadOptions
from palermo.estimation.results import Caution, Level, Result
from palermo.saying import phrase

DRAWS = 4000
SMALLEST, LARGEST = 0.01, 3.0
GRID = 15
ASSUMPTIONS = (
    phrase(
        "How easily each list sees people varies between strata like draws from one normal distribution (of logs)."
    ),
    phrase(
        "Lists depend on each other only through the pairs in the model, in the same way in every stratum."
    ),
)


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


class _Problem:
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


def fit(problem: _Problem, tau: float, start: Pooled | None = None) -> Pooled:
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


def _start(problem: _Problem) -> tuple[Numbers, Numbers]:
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


def _eta(problem: _Problem, block: Numbers, shared: Numbers) -> Numbers:
    found: Numbers = np.clip(block @ problem.own.T + problem.common @ shared, -700, 700)
    return found


def _mean(problem: _Problem, block: Numbers, shared: Numbers) -> Numbers:
    found: Numbers = problem.valid * np.exp(_eta(problem, block, shared))
    return found


def _value(problem: _Problem, block: Numbers, shared: Numbers, prior: Numbers) -> float:
    eta = _eta(problem, block, shared)
    inside = (problem.valid * (problem.counts * eta - np.exp(eta))).sum()
    return float(inside - (prior * block**2).sum() / 2)


def _information(problem: _Problem, mean: Numbers, prior: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    own, common = problem.own, problem.common
    strata, width = mean.shape[0], own.shape[1]
    within = (mean @ problem.own_pairs).reshape(strata, width, width)
    inner: Numbers = np.linalg.inv(within + np.diag(prior)).astype(float)
    cross = (mean @ problem.cross_pairs).reshape(strata, width, -1)
    schur = (common * mean.sum(axis=0)[:, None]).T @ common
    schur -= (cross.transpose(0, 2, 1) @ inner @ cross).sum(axis=0)
    return inner, cross, np.linalg.pinv(schur, hermitian=True)


def best(problem: _Problem) -> Pooled:
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


def estimate(data: StratifiedTable, options: Options, *, progress: Progress | None = None) -> Result:
    """The total over strata with pooled list effects.

    `more["pairs"]`: "bic" (default: pairs enter one by one while twice the gain in penalised likelihood exceeds log n)
    or a list of pairs such as ["A*B"]; `options.bootstrap` is the number of draws (default 4,000).
    """
    wanted = options.more.get("pairs", "bic")
    counts = _shown(data, data.completed())
    pairs = choose(data, counts) if wanted == "bic" else _read(data, wanted)
    found, problem = _settled(data, counts, pairs)
    if progress:
        progress(0.3, "the strata are fitted")
    number = DRAWS if options.bootstrap is None else options.bootstrap
    models = [(problem, found)]
    weights = np.ones(1)
    if wanted == "bic" and found.converged:
        models, weights = _mixed(data, problem, found, pairs)
    if progress:
        progress(0.6, "pairs of lists are weighed")
    observed = np.zeros(len(data.keys))
    observed[problem.live] = problem.counts.sum(axis=1)
    values = np.zeros(len(data.keys))
    unseen = [np.exp(one.block[:, 0]) for _problem, one in models]
    values[problem.live] = observed[problem.live] + weights @ np.array(unseen)
    cautions = []
    draws = None
    if not found.converged:
        values[problem.live] = np.nan
        cautions.append(
            Caution("no_mle", Level.HARD, phrase("The pooled model did not settle on these strata."))
        )
    elif number:
        draws = _mixture(models, weights, observed, number, options.seed)
    best = models[int(np.argmax(weights))]
    return summed(
        data, observed, values, draws, method="pooled", options=options, kind="credible",
        settings={"how": "pooled", "pairs": wanted if wanted == "bic" else list(wanted), "bootstrap": number},
        assumptions=ASSUMPTIONS,
        diagnostics={
            "tau": best[1].tau, "marginal": best[1].marginal, "shared": _named(data, best[1]),
            "models": [
                {"model": _written(data, one.pairs), "weight": float(weight)}
                for (one, _fit), weight in zip(models, weights, strict=True)
            ],
        },
        cautions=cautions, model=_written(data, best[0].pairs),
    )  # fmt: skip


def _written(data: StratifiedTable, pairs: Sequence[Pair]) -> str:
    return ", ".join(written(data, pair) for pair in pairs)


def _mixed(
    data: StratifiedTable, problem: _Problem, found: Pooled, pairs: Sequence[Pair]
) -> tuple[list[tuple[_Problem, Pooled]], Numbers]:
    """The sets of pairs that the data leave open, each fitted to the same counts, and their weights."""
    counts = np.zeros(data.counts.shape)
    counts[problem.live] = problem.counts
    fitted: dict[Pairs, tuple[_Problem, Pooled]] = {}

    def score(one: Pairs) -> float:
        own = _Problem(data, counts, one)
        fitted[one] = own, best(own)
        return integrated(fitted[one][1]) if fitted[one][1].converged else -math.inf

    open_sets = weighed(data.k, tuple(sorted(pairs)), float(counts.sum()), score)
    return [fitted[one] for one in open_sets.sets], open_sets.weights


def integrated(found: Pooled) -> float:
    """The log-likelihood with each stratum's own effects integrated out (Laplace), shared ones at their best."""
    own = float(np.linalg.slogdet(found.inner)[1].sum()) / 2
    strata, width = found.block.shape
    return float(found.penalised + own - strata * (width - 1) * math.log(found.tau))


def _mixture(
    models: Sequence[tuple[_Problem, Pooled]], weights: Numbers, observed: Numbers, number: int, seed: int
) -> Numbers:
    """Draws of N by stratum, from each set of pairs as many as it weighs."""
    share = stream(seed, 0).multinomial(number, weights)
    parts = [
        _draws(problem, observed, int(many), seed, place)
        for place, ((problem, _fit), many) in enumerate(zip(models, share, strict=True), 1)
        if many
    ]
    found: Numbers = np.concatenate(parts)
    return found


def _read(data: StratifiedTable, wanted: Sequence[str]) -> list[Pair]:
    found = []
    for text in wanted:
        term = read(data, text)
        if len(term) != 2 or term[-1] < 0:
            raise BadOptions(phrase('"{text}" is not a pair of lists', text=text))
        found.append((term[0], term[1]))
    return found


def choose(data: StratifiedTable, counts: Numbers) -> list[Pair]:
    """Pairs that pay: forward, each by twice its gain in penalised log-likelihood at the current tau."""
    pairs: list[Pair] = []
    if data.k < 3:
        return pairs
    current = best(_Problem(data, counts, pairs))
    price = math.log(counts.sum()) / 2
    while True:
        rest = [pair for pair in combinations(range(data.k), 2) if pair not in pairs]
        tried = [(fit(_Problem(data, counts, [*pairs, pair]), current.tau), pair) for pair in rest]
        able = [(one.penalised, pair) for one, pair in tried if one.converged]
        if not able or max(able)[0] - current.penalised < price or len(pairs) >= len(rest) + len(pairs) - 1:
            return pairs
        pairs.append(max(able)[1])
        current = best(_Problem(data, counts, pairs))


def _shown(data: StratifiedTable, counts: Numbers) -> Numbers:
    """Suppressed cells in the middle of their interval, to begin with."""
    found = counts.copy()
    for (s, mask), (low, high) in data.suppressed.items():
        found[s, mask] += (low + high) / 2 - low
    return found


def _settled(data: StratifiedTable, counts: Numbers, pairs: Sequence[Pair]) -> tuple[Pooled, _Problem]:
    """The fit, with people who lack a value and suppressed cells brought to their expectation by EM."""
    problem = _Problem(data, counts, pairs)
    found = best(problem)
    for _round in range(100 if data.partial or data.suppressed else 0):
        expected = np.zeros(counts.shape)
        expected[problem.live] = found.expected
        new = data.completed(expected)
        for (s, mask), ends in data.suppressed.items():
            new[s, mask] += expected_between(float(expected[s, mask]), *ends) - ends[0]
        if np.abs(new - counts).max() < 1e-5:
            break
        counts = new
        problem = _Problem(data, counts, pairs)
        found = fit(problem, found.tau, found)
    return found, problem


def _draws(problem: _Problem, observed: Numbers, number: int, seed: int, place: int) -> Numbers:
    """Draws of N by stratum: tau from its marginal likelihood (flat in tau), effects from their normal approximation,
    the unseen from their Poisson."""
    taus = np.linspace(SMALLEST, LARGEST, 4 * GRID) ** 2 / LARGEST
    fits: list[Pooled] = []
    for tau in taus:  # each from the one before, which stands next to it
        fits.append(fit(problem, float(tau), fits[-1] if fits and fits[-1].converged else None))
    logs = np.array([one.marginal if one.converged else -np.inf for one in fits])
    weights = np.exp(logs - logs.max()) * np.gradient(taus)
    generator = stream(seed, place)
    share = generator.multinomial(number, weights / weights.sum())
    parts = [_from(one, int(many), generator) for one, many in zip(fits, share, strict=True) if many]
    unseen = generator.poisson(np.exp(np.clip(np.concatenate(parts), -700, 40)))
    found = np.tile(observed, (number, 1))
    found[:, problem.live] += unseen
    return found


def _from(one: Pooled, number: int, generator: np.random.Generator) -> Numbers:
    """Draws of theta by stratum: the shared effects first, then each stratum's own given them."""
    root = np.linalg.cholesky(one.outer + 1e-12 * np.eye(len(one.shared)))
    shift = generator.standard_normal((number, len(one.shared))) @ root.T
    follow = np.einsum("sb,sbg->sg", one.inner[:, 0, :], one.cross)
    spread = np.sqrt(one.inner[:, 0, 0])
    own = generator.standard_normal((number, len(spread))) * spread
    found: Numbers = one.block[:, 0] - shift @ follow.T + own
    return found


def _named(data: StratifiedTable, found: Pooled) -> dict[str, float]:
    return {one: float(found.shared[j]) for j, one in enumerate(data.lists)}

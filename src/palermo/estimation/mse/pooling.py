"""Partial pooling: list effects differ between strata as much as the data say, no more.

    log mu_{s,w} = theta_s + sum_{j in w} (lambda_j + u_sj) + sum_{i,j in w} beta_ij,     u_sj ~ N(0, tau^2)

With tau = 0 all strata share their list effects, with tau large each stratum stands alone. tau is where the marginal
likelihood (Laplace; flat in theta, lambda, beta) is greatest; the interval mixes over tau. Small strata borrow from
large ones, so that a stratum with three people has an estimate and a wide range. Breslow and Clayton (1993), JASA 88:9.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse.crossed import read, written
from palermo.estimation.mse.glm import Numbers, expected_between
from palermo.estimation.mse.pooled_fit import LARGEST, SMALLEST, Pooled, PooledProblem, best, fit, integrated
from palermo.estimation.mse.pooled_pairs import Pair, Pairs, weighed
from palermo.estimation.mse.replicates import stream
from palermo.estimation.mse.strata import StratifiedTable
from palermo.estimation.mse.totals import summed
from palermo.estimation.problems import BadOptions
from palermo.estimation.results import Caution, Level, Result
from palermo.saying import phrase

DRAWS = 4000
GRID = 15
ASSUMPTIONS = (
    phrase(
        "How easily each list sees people varies between strata like draws from one normal distribution (of logs)."
    ),
    phrase(
        "Lists depend on each other only through the pairs in the model, in the same way in every stratum."
    ),
)


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
    data: StratifiedTable, problem: PooledProblem, found: Pooled, pairs: Sequence[Pair]
) -> tuple[list[tuple[PooledProblem, Pooled]], Numbers]:
    """The sets of pairs that the data leave open, each fitted to the same counts, and their weights."""
    counts = np.zeros(data.counts.shape)
    counts[problem.live] = problem.counts
    fitted: dict[Pairs, tuple[PooledProblem, Pooled]] = {}

    def score(one: Pairs) -> float:
        own = PooledProblem(data, counts, one)
        fitted[one] = own, best(own)
        return integrated(fitted[one][1]) if fitted[one][1].converged else -math.inf

    open_sets = weighed(data.k, tuple(sorted(pairs)), float(counts.sum()), score)
    return [fitted[one] for one in open_sets.sets], open_sets.weights


def _mixture(
    models: Sequence[tuple[PooledProblem, Pooled]],
    weights: Numbers,
    observed: Numbers,
    number: int,
    seed: int,
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
    current = best(PooledProblem(data, counts, pairs))
    price = math.log(counts.sum()) / 2
    while True:
        rest = [pair for pair in combinations(range(data.k), 2) if pair not in pairs]
        tried = [(fit(PooledProblem(data, counts, [*pairs, pair]), current.tau), pair) for pair in rest]
        able = [(one.penalised, pair) for one, pair in tried if one.converged]
        if not able or max(able)[0] - current.penalised < price or len(pairs) >= len(rest) + len(pairs) - 1:
            return pairs
        pairs.append(max(able)[1])
        current = best(PooledProblem(data, counts, pairs))


def _shown(data: StratifiedTable, counts: Numbers) -> Numbers:
    """Suppressed cells in the middle of their interval, to begin with."""
    found = counts.copy()
    for (s, mask), (low, high) in data.suppressed.items():
        found[s, mask] += (low + high) / 2 - low
    return found


def _settled(data: StratifiedTable, counts: Numbers, pairs: Sequence[Pair]) -> tuple[Pooled, PooledProblem]:
    """The fit, with people who lack a value and suppressed cells brought to their expectation by EM."""
    problem = PooledProblem(data, counts, pairs)
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
        problem = PooledProblem(data, counts, pairs)
        found = fit(problem, found.tau, found)
    return found, problem


def _draws(problem: PooledProblem, observed: Numbers, number: int, seed: int, place: int) -> Numbers:
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

"""Averaging over all hierarchical log-linear models without a chain.

What R's conting samples by reversible jumps (Overstall and King 2014, Journal of Statistical Software 58/7) is here
enumerated: every model that keeps all lists has its marginal likelihood by Laplace's approximation around its mode.
Models are drawn by these weights, parameters from multivariate t around the modes, and the draws are reweighted to the
exact posterior (importance sampling in two rounds: the Laplace approximation is a proposal, not the answer).

Priors as in conting: terms coded +1 and -1, beta ~ Normal(0, sigma^2), sigma^2 ~ inverse gamma(0.0005, 0.0005) ("sbh",
Sabanes Bove and Held 2011) or 1 ("uip", the unit information prior of Ntzoufras, Dellaportas and Forster 2003); flat
for the constant; all models alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse import enumerate as enumerated
from palermo.estimation.mse import models
from palermo.estimation.mse.posterior import about_suppressed, in_own_order, weighted_quantiles
from palermo.estimation.mse.table import CaptureTable
from palermo.estimation.problems import BadOptions
from palermo.estimation.results import Caution, Interval, Level, Result
from palermo.saying import phrase, together

Floats = npt.NDArray[np.float64]
SPREAD = 1e-3  # a and b: twice shape and rate of the inverse gamma
DRAWS = 20_000  # of a first round, by Laplace; twice as many follow, by what the first round found
MOST_UNSEEN = 1e15
LEAST_DRAWS = 1_000
FEW, TOO_FEW = 2_000.0, 200.0  # draws worth that many independent ones: said, refused
TOP = 10
CHUNK = 512  # models in one piece of work
UNSTEADY = 1.5
APART = 2.0


@dataclass(frozen=True)
class Averaged:
    """Draws of the people never seen, their weights, which model each is from, and the models' own figures."""

    unseen: Floats
    weights: Floats
    which: npt.NDArray[np.int64]
    models: enumerated.Models
    laplace: Floats

    @property
    def effective(self) -> float:
        return float(self.weights.sum() ** 2 / (self.weights**2).sum())

    def shares(self) -> Floats:
        """Posterior weight of each model."""
        found = np.bincount(self.which, weights=self.weights, minlength=len(self.models))
        return np.asarray(found / found.sum(), dtype=np.float64)


def estimate(table: CaptureTable, options: Options, *, progress: Progress | None = None) -> Result:
    """Posterior median and credible interval over all hierarchical models up to `options.order`.

    `options.more`: "prior" ("sbh" or "uip"), "draws". Raises BadOptions for more than six lists, six beyond
    pairs, fewer than three, or nonsense.
    """
    if table.k < 3:
        raise BadOptions(
            phrase("averaging over hierarchical models needs at least 3 lists; this table has {k}", k=table.k)
        )
    prior, draws = _options(options)
    order = enumerated.highest_order(table.k, options.order)
    own, lists = in_own_order(table)
    found = averaged(own, order, prior, draws, options, progress)
    if progress:
        progress(0.9, "sensitivity to the prior")
    other = averaged(own, order, "uip" if prior == "sbh" else "sbh", LEAST_DRAWS * 4, options)
    edge = (1 - options.level) / 2
    shares = (edge, 0.5, 1 - edge)
    ends = [table.n + one for one in weighted_quantiles(found.unseen, found.weights, shares)]
    turned = [table.n + one for one in weighted_quantiles(other.unseen, other.weights, shares)]
    top = _top(found, lists)
    return Result(
        method="hierarchical", family="mse", value=ends[1], n_observed=table.n, model=top[0]["model"],
        interval=Interval(ends[0], ends[2], options.level, "credible", error=_errors(table.n, found, edge)),
        data_hash=table.hash, seed=options.seed,
        settings={"order": order, "prior": prior, "draws": draws, "level": options.level},
        assumptions=(

            phrase(
                "One of the hierarchical models averaged describes how the lists depend on each other, and the "
                "people never seen follow it."
            ),
        ),
        diagnostics={
            "models": len(found.models), "top_models": top, "effective_draws": found.effective,
            "sensitivity_to_prior": {
                prior: {"median": ends[1], "lower": ends[0], "upper": ends[2]},
                "uip" if prior == "sbh" else "sbh": {"median": turned[1], "lower": turned[0], "upper": turned[2]},
            },
        },
        cautions=table.cautions + tuple(_cautions(table, found, top, ends[1], turned[1])),
    )  # fmt: skip


def averaged(
    table: CaptureTable,
    order: int,
    prior: str,
    draws: int,
    options: Options,
    progress: Progress | None = None,
) -> Averaged:
    """All models by Laplace, then weighted draws around the modes of those drawn."""
    from palermo.estimation.mse import hierarchical_kernel as kernel

    counts = table.counts.astype(np.float64)
    margins = counts.copy()
    kernel.transform(margins)
    every, free, begin = enumerated.hierarchical(table.k, order), prior == "sbh", _start(table)
    laplace = np.empty(len(every))

    def some(first: int) -> None:
        piece = slice(first, first + CHUNK)
        kernel.modes(counts, margins, every[piece], begin, free, SPREAD, SPREAD, laplace[piece])
        if progress:
            progress(0.6 * min(first + CHUNK, len(every)) / len(every), "models")

    with ThreadPoolExecutor(max(options.threads, 1)) as pool:
        list(pool.map(some, range(0, len(every), CHUNK)))
    laplace = np.where(np.isnan(laplace), -np.inf, laplace)
    chance = np.exp(laplace - laplace.max())
    chance /= chance.sum()
    proposal = Proposal(counts, margins, every, begin, free, laplace)
    first = proposal.drawn(chance, draws, options.seed, 0)
    return proposal.drawn((chance + first.shares()) / 2, 2 * draws, options.seed, 1)


@dataclass(frozen=True)
class Proposal:
    """What draws and weighs: models by a chance for each, then parameters around the mode of each."""

    counts: Floats
    margins: Floats
    every: enumerated.Models
    begin: Floats
    free: bool
    laplace: Floats

    def drawn(self, chance: Floats, draws: int, seed: int, number: int) -> Averaged:
        from palermo.estimation.mse import hierarchical_kernel as kernel

        random = np.random.Generator(np.random.Philox(key=[seed & (1 << 64) - 1, number]))
        which = _spread(chance, draws, random)
        edges = np.flatnonzero(np.diff(which, prepend=-1))
        eta, weights = np.empty(draws), np.empty(draws)
        for first, last in zip(edges, [*edges[1:], draws], strict=True):
            one, many = int(which[first]), int(last - first)
            numbers = np.empty((many, int(self.every[one]).bit_count() + 2))
            numbers[:, 0] = (np.arange(many) + random.random()) / many
            numbers[:, 1] = random.random(many)
            numbers[:, 2:] = random.standard_normal((many, numbers.shape[1] - 2))
            wide = random.random(many) < kernel.WIDE[2]
            freedom = np.where(wide, kernel.WIDE[0], kernel.NARROW[0])
            scales = np.where(wide, kernel.WIDE[1], kernel.NARROW[1]) * np.sqrt(
                freedom / random.chisquare(freedom)
            )
            kernel.weigh(
                self.counts, self.margins, self.every[one], self.begin, self.free, SPREAD, SPREAD, numbers, scales,
                eta[first:last], weights[first:last],
            )  # fmt: skip
            weights[first:last] -= math.log(chance[one])
        weights = np.exp(weights - weights.max())
        unseen = random.poisson(np.exp(np.minimum(eta, math.log(MOST_UNSEEN)))).astype(np.float64)
        return Averaged(unseen, weights / weights.sum(), which, self.every, self.laplace)


def _spread(chance: Floats, draws: int, random: np.random.Generator) -> npt.NDArray[np.int64]:
    """Systematic sampling: each model gets its share of the draws, up to one more or less; in order of the models."""
    places = (np.arange(draws) + random.random()) / draws
    return np.minimum(np.searchsorted(np.cumsum(chance), places), len(chance) - 1).astype(np.int64)


def _start(table: CaptureTable) -> Floats:
    """Independent lists and four times the people seen: beta by term, then log sigma^2."""
    shares = table.totals / (4.0 * table.n)
    begin = np.zeros((1 << table.k) + 1)
    begin[0] = math.log(4 * table.n) + float(np.log(shares * (1 - shares)).sum()) / 2
    for j, share in enumerate(shares):
        begin[1 << j] = math.log((1 - share) / share) / 2
    return begin


def _options(options: Options) -> tuple[str, int]:
    prior, draws = str(options.more.get("prior", "sbh")), int(options.more.get("draws", DRAWS))
    if prior not in ("sbh", "uip"):
        raise BadOptions(phrase('the prior is "sbh" or "uip", not "{prior}"', prior=prior))
    if draws < LEAST_DRAWS:
        raise BadOptions(
            phrase(
                "at least {least_draws} draws are needed; {draws} were asked for",
                least_draws=LEAST_DRAWS,
                draws=draws,
            )
        )
    return prior, draws


def _top(found: Averaged, lists: list[int]) -> list[dict[str, Any]]:
    shares = found.shares()
    best = np.argsort(-shares, kind="stable")[:TOP]
    return [
        {"model": _named(int(found.models[one]), lists), "weight": float(shares[one])}
        for one in best
        if shares[one] > 0
    ]


def _named(number: int, lists: list[int]) -> str:
    """A model in the table's own order of lists, by the numbers that its reader gave them."""
    k = len(lists)
    chosen = [term for term in range(1 << k) if number >> term & 1]
    return models.text(
        models.closure((models.term_of(lists[j] for j in models.members(t)) for t in chosen), k)
    )


def _errors(n: int, found: Averaged, edge: float) -> tuple[float, float]:
    """Monte Carlo standard errors of the ends, from quantiles one standard error of the share away."""
    ends = []
    for share in (edge, 1 - edge):
        step = math.sqrt(share * (1 - share) / max(found.effective, 4.0))
        low, high = weighted_quantiles(
            found.unseen, found.weights, (max(share - step, 0.0), min(share + step, 1.0))
        )
        ends.append((high - low) / 2)
    return ends[0], ends[1]


def _cautions(
    table: CaptureTable, found: Averaged, top: list[dict[str, Any]], median: float, turned: float
) -> Iterator[Caution]:
    if not found.effective >= FEW:
        hard = not found.effective >= TOO_FEW
        yield Caution(
            "uneven_draws", Level.HARD if hard else Level.CARE,
            together(
                phrase("{draws} draws are worth only {worth:,.0f} independent ones: they miss the posterior.",
                    draws=len(found.weights), worth=found.effective),
                *([phrase("No figure may be taken from them.")] if hard else []),
                phrase("Raise the number of draws."),
            ),
            {"effective_draws": found.effective},
        )  # fmt: skip
    low, high = sorted((median, turned))
    if high > UNSTEADY * low:
        yield Caution(
            "prior_sensitive", Level.CARE,
            phrase(
                "The answer depends on the prior of the interactions: {median:,.0f} with this one, {other:,.0f} "
                "with the other. Show it beside other methods.",
                median=median, other=turned,
            ), {"median": median, "other": turned},
        )  # fmt: skip
    numbers = [one for one in _by_model(table.n, found) if one[1] >= 0.05]
    if numbers and max(one[0] for one in numbers) > APART * min(one[0] for one in numbers):
        yield Caution(
            "two_answers", Level.CARE,
            phrase(
                "Models that each have at least a twentieth of the probability give from {low:,.0f} to "
                "{high:,.0f} people: the median is only where they balance.",
                low=min(one[0] for one in numbers), high=max(one[0] for one in numbers),
            ), {"models": len(numbers), "best": top[0]["model"]},
        )  # fmt: skip
    yield from about_suppressed(table)


def _by_model(n: int, found: Averaged) -> Iterator[tuple[float, float]]:
    """Median and weight of each model that was drawn and weighs anything."""
    shares = found.shares()
    for one in np.flatnonzero(shares > 0.01):
        mine = found.which == one
        (median,) = weighted_quantiles(found.unseen[mine], found.weights[mine], (0.5,))
        yield n + median, float(shares[one])

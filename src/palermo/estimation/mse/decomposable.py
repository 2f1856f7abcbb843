"""Averaging over all decomposable graphs: the posterior of N without sampling (Madigan and York 1997, Biometrika 84).

With a Dirichlet prior of delta for each of the 2^K cells, a margin over the lists A has the likelihood
    log M(A) = sum over its cells c of [lgamma(n_c + d) - lgamma(d)] + lgamma(2^K delta) - lgamma(N + 2^K delta),
    d = delta 2^(K-|A|),
and a graph the product of its cliques' over its separators'. Only the cell of nobody, n_0 + d, moves with the number
unseen: one vector a margin, then one product of matrices (graphs x margins) x (margins x grid). Times N!/n_0! and
the prior 1/N. What R's `dga` does for 3 to 5 lists, here for 3 to 6, with a grid that ends where nothing is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse import graphs
from palermo.estimation.mse.posterior import Grid, about_suppressed
from palermo.estimation.mse.table import CaptureTable
from palermo.estimation.problems import BadOptions
from palermo.estimation.results import Caution, Interval, Level, Result
from palermo.saying import phrase

Floats = npt.NDArray[np.float64]
TOP = 10  # graphs named in the diagnostics
FORGOTTEN = 28.0  # a graph this far (log) under the best on a coarse grid is left out: 18,154 e^-28 is 1e-8
STRIDE = 8  # every eighth point makes the coarse grid
EMPTY = 60.0  # a stretch this far under the best is left out: e^-60 is 1e-26
BLOCK = 4_000_000  # numbers in one block of graphs x grid: 32 MB
TAIL = 1e-6  # posterior mass that may lie beyond the end of the grid
FARTHEST = 1e12
UNSTEADY = 1.5  # medians under different priors that differ by more than this factor are said


@dataclass(frozen=True)
class Averaged:
    """The posterior over a grid of unseen people, and the weight of each graph (all of them, in `graphs` order)."""

    grid: Grid
    mass: Floats
    weights: Floats
    tail: float

    def quantile(self, share: float, n: int) -> float:
        return n + self.grid.quantile(self.mass, share)


def estimate(table: CaptureTable, options: Options, *, progress: Progress | None = None) -> Result:
    """Posterior median and credible interval of the number of people.

    `options.more`: "delta" (prior weight of a cell, 2^-K by default), "saturated" (True lets the graph in which all
    lists depend on all others take part), "grid" ({"start", "stop", "points"} of unseen people, evenly spaced and
    rounded, in place of the one that extends itself). Raises BadOptions for fewer than 3 or more than 6 lists.
    """
    if not 3 <= table.k <= graphs.MOST_LISTS:
        raise BadOptions(
            phrase(
                "decomposable graphs need 3 to {most_lists} lists; this table has {k}",
                most_lists=graphs.MOST_LISTS,
                k=table.k,
            )
        )
    delta, saturated, asked = _options(table, options)
    found = averaged(table, delta, saturated=saturated, asked=asked)
    if progress:
        progress(0.5, "sensitivity to the prior")
    others = {
        name: found if one == delta else averaged(table, one, saturated=saturated, asked=asked)
        for name, one in (("2^-K", 2.0**-table.k), ("1/2", 0.5), ("1", 1.0))
    }
    edge = (1 - options.level) / 2
    ends: list[float] = [found.quantile(share, table.n) for share in (edge, 0.5, 1 - edge)]
    sensitivity = {name: _told(one, table.n, edge) for name, one in others.items()}
    top = _top(found, table.k)
    cautions = table.cautions + tuple(_cautions(table, found, sensitivity, asked=bool(asked)))
    endless = any(one.code == "posterior_without_end" for one in cautions)
    return Result(
        method="decomposable", family="mse", n_observed=table.n, model=str(top[0]["graph"]),
        value=None if endless else ends[1],
        interval=None if endless else Interval(ends[0], ends[2], options.level, "credible"),
        data_hash=table.hash, seed=options.seed,
        settings={
            "delta": delta, "saturated": saturated, "prior": "1/N", "level": options.level,
            "grid": dict(asked) if asked else {
                "points": len(found.grid.points), "last": float(found.grid.points[-1]), "tail_at_most": TAIL},
        },
        assumptions=(

            phrase(
                "How the lists depend on each other is one of the patterns averaged, and the people never seen "
                "follow it."
            ),
        ),
        diagnostics={
            "graphs": len(found.weights), "top_graphs": top, "tail_mass": found.tail,
            "sensitivity_to_delta": sensitivity,
        },
        cautions=cautions,
    )  # fmt: skip


def averaged(
    table: CaptureTable, delta: float, *, saturated: bool = False, asked: Mapping[str, Any] | None = None
) -> Averaged:
    """The posterior on the grid asked for, or on one that is extended until less than 1e-6 lies beyond its end."""
    weights = graphs.decomposable(table.k)
    weights = weights if saturated else weights[:-1]
    margins = _margins(table, delta)
    if asked:
        grid = Grid.even(float(asked["start"]), float(asked["stop"]), int(asked["points"]))
        density, log_graphs = _integrate(weights, margins, grid)
        return _normalised(grid, density, log_graphs, tail=float("nan"))
    grid = Grid.growing(table.n, 30.0 * table.n)
    while True:
        density, log_graphs = _integrate(weights, margins, grid)
        tail = grid.tail(density)
        if tail < TAIL or grid.points[-1] >= FARTHEST:
            return _normalised(grid, density, log_graphs, tail)
        grid = Grid.growing(table.n, min(float(grid.points[-1]) * 100, FARTHEST))


def _normalised(grid: Grid, density: Floats, log_graphs: Floats, tail: float) -> Averaged:
    mass = np.exp(density - density.max()) * grid.widths
    shares = np.exp(log_graphs - log_graphs.max())
    return Averaged(grid, mass / mass.sum(), shares / shares.sum(), tail)


def _margins(table: CaptureTable, delta: float) -> Callable[[Floats], tuple[Floats, Floats]]:
    """What gives, for numbers unseen x, log M(A) of all margins A (2^K x points), and log N!/(x! N)."""
    from scipy.special import gammaln

    size, n = len(table.counts), table.n
    masks = np.arange(size)
    whole = size * delta
    fixed, least = np.zeros(size), np.zeros(size)
    for lists in range(1, size):
        cells = np.bincount(masks & lists, weights=table.counts, minlength=size)[masks & ~lists == 0]
        d = whole / len(cells)
        fixed[lists] = gammaln(cells[1:] + d).sum() - len(cells) * gammaln(d) + gammaln(whole)
        least[lists] = cells[0] + d
    distinct, which = np.unique(least, return_inverse=True)

    def at(x: Floats) -> tuple[Floats, Floats]:
        moving = log_ratio(x, distinct)[which] - log_ratio(x, np.array([n + whole]))
        moving[0] = 0.0
        return fixed[:, None] + moving, log_ratio(x, np.array([n + 1.0]))[0] - np.log(n + x)

    return at


def log_ratio(x: Floats, steps: Floats) -> Floats:
    """lgamma(x + a) - lgamma(x + 1) for each step a (rows) and each x (columns), exact where lgamma itself is not.

    From 100,000 on Stirling's series of both, taken together, so that nothing large cancels.
    """
    from scipy.special import gammaln

    near = x < 1e5
    found = np.empty((len(steps), len(x)))
    small, large, a = x[near], x[~near] + 1.0, steps[:, None]
    found[:, near] = gammaln(small + a) - gammaln(small + 1)
    moved = large + (a - 1)
    found[:, ~near] = (
        (moved - 0.5) * np.log1p((a - 1) / large)
        + (a - 1) * (np.log(large) - 1)
        + (1 / moved - 1 / large) / 12
    )
    return found


def _integrate(
    weights: graphs.Weights, margins: Callable[[Floats], tuple[Floats, Floats]], grid: Grid
) -> tuple[Floats, Floats]:
    """Log of the density at each point (summed over graphs), and log of each graph's share (summed over points).

    Graphs and stretches of the grid that a coarse look shows to weigh nothing are left out of the fine one.
    """
    log_margins, log_prior = margins(grid.points)
    coarse = np.unique(np.append(np.arange(0, len(grid.points), STRIDE), len(grid.points) - 1))
    look = weights @ log_margins[:, coarse] + log_prior[coarse]
    heights, best = look.max(axis=1), float(look.max())
    near = np.flatnonzero(look.max(axis=0) > best - EMPTY)
    inside = slice(coarse[max(near[0] - 1, 0)], coarse[min(near[-1] + 1, len(coarse) - 1)] + 1)
    kept = np.flatnonzero(heights > best - FORGOTTEN)
    log_graphs = heights - 700.0
    log_prior, log_margins, widths = log_prior[inside] - best, log_margins[:, inside], grid.widths[inside]
    density = np.zeros(len(grid.points))
    rows = max(BLOCK // len(log_prior), 1)
    for start in range(0, len(kept), rows):
        chosen = kept[start : start + rows]
        scores = weights[chosen].astype(np.float64) @ log_margins + log_prior
        np.maximum(scores, -80.0, out=scores)  # what is smaller only costs time
        np.exp(scores, out=scores)
        density[inside] += scores.sum(axis=0)
        log_graphs[chosen] = best + np.log(scores @ widths)
    with np.errstate(divide="ignore"):
        return np.log(density) + best, log_graphs


def _options(table: CaptureTable, options: Options) -> tuple[float, bool, Mapping[str, Any] | None]:
    delta = float(options.more.get("delta", 2.0**-table.k))
    if not 0 < delta < 1e6:
        raise BadOptions(
            phrase("delta, the prior weight of a cell, is a positive number, not {delta:g}", delta=delta)
        )
    asked = options.more.get("grid")
    if asked is not None:
        try:
            fine = (
                0 <= float(asked["start"]) < float(asked["stop"]) <= FARTHEST
                and 2 <= int(asked["points"]) <= 10**6
            )
        except (KeyError, TypeError, ValueError):
            fine = False
        if not fine:
            raise BadOptions(phrase("a grid of unseen people has a start, a stop and a number of points"))
    return delta, bool(options.more.get("saturated", False)), asked


def _top(found: Averaged, k: int) -> list[dict[str, Any]]:
    every = graphs.decomposable(k)
    best = np.argsort(-found.weights, kind="stable")[:TOP]
    return [{"graph": graphs.named(every[one]), "weight": float(found.weights[one])} for one in best]


def _told(found: Averaged, n: int, edge: float) -> dict[str, float]:
    return {
        "median": found.quantile(0.5, n), "lower": found.quantile(edge, n), "upper": found.quantile(1 - edge, n),
        "weight_of_best_graph": float(found.weights.max()),
    }  # fmt: skip


def _cautions(
    table: CaptureTable, found: Averaged, sensitivity: Mapping[str, Mapping[str, float]], *, asked: bool
) -> Iterator[Caution]:
    if not asked and not found.tail < TAIL:
        yield Caution(
            "posterior_without_end", Level.HARD,
            phrase(
                "However large a number of people is tried, the lists and this prior do not rule out a larger "
                "one: there is no estimate. Choose a smaller delta, or leave the saturated graph out."
            ), {"tail": found.tail},
        )  # fmt: skip
    medians = [one["median"] for one in sensitivity.values()]
    if max(medians) > UNSTEADY * min(medians):
        yield Caution(
            "prior_sensitive", Level.CARE,
            phrase(
                "The answer depends on a prior that nobody can know: the median goes from {low:,.0f} to "
                "{high:,.0f} as the prior weight of a cell goes from 1 to 2^-K. Show it beside other methods.",
                low=min(medians), high=max(medians),
            ),
            {name: one["median"] for name, one in sensitivity.items()},
        )  # fmt: skip
    lower, upper = found.quantile(0.025, 0), found.quantile(0.975, 0)
    gap = _emptiest(found, lower, upper)
    if gap is not None:
        yield Caution(
            "two_answers", Level.CARE,
            phrase(
                "The probability lies in separate heaps, with little near {people:,.0f} people: different "
                "patterns of dependence give different answers, and the median is only where they balance.",
                people=table.n + gap,
            ), {"valley": gap},
        )  # fmt: skip
    yield from about_suppressed(table)


def _emptiest(found: Averaged, lower: float, upper: float) -> float | None:
    """A number unseen between two heaps: density of log n_0 under a fifth of the lower of the peaks beside it."""
    x = found.grid.points
    inside = (x >= max(lower, 1)) & (x <= upper)
    if inside.sum() < 5:
        return None
    height = (found.mass / found.grid.widths * np.maximum(x, 1))[inside]
    left, right = np.maximum.accumulate(height), np.maximum.accumulate(height[::-1])[::-1]
    depth = height / np.minimum(left, right)
    deepest = int(depth.argmin())
    return float(x[inside][deepest]) if depth[deepest] < 0.2 else None

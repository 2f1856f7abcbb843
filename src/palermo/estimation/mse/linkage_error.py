"""Errors of record linkage carried into N.

Links that were missed make the overlap look smaller and N larger; false links the other way. For two lists with known
rates the overlap is corrected (Ding and Fienberg 1994, Survey Methodology 20:149-158). For any number of lists the
estimate is repeated over draws of who is whom from the linkage step and mixed, so that its range holds both the doubt
within a linkage and the doubt between linkages (as in multiple imputation; Rubin 1987, chapter 3).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.estimation.estimators import Estimator, Options, Progress
from palermo.estimation.mse.glm import Numbers
from palermo.estimation.mse.replicates import stream
from palermo.estimation.mse.table import CaptureTable
from palermo.estimation.problems import BadInput, BadOptions, Problem
from palermo.estimation.results import Caution, Interval, Level, Result
from palermo.saying import phrase, phrases

REPLICATES = 2000
MOST_LOST = 0.05
FEW_DRAWS = 20
EACH = 2000  # replicates of each draw where none are asked for: their ranges are mixed, which evens them out
RESAMPLED = ("main", "stepwise", "bic", "downhill")
POINTS = 400  # of each draw's distribution in the mixture


def corrected(
    first: float, second: float, both: float, match_rate: float, false_rate: float
) -> tuple[float, float]:
    """N and the true overlap m of two lists: a true match is found with chance a, somebody of the second list who is
    not on the first is linked falsely with chance b, so that E[linked] = a m + b (n2 - m):
    m = (linked - b n2) / (a - b), N = n1 n2 / m."""
    true = (both - false_rate * second) / (match_rate - false_rate)
    return (first * second / true if true > 0 else math.inf), true


def ding_fienberg(table: CaptureTable, options: Options, *, progress: Progress | None = None) -> Result:
    """N of two lists whose links err. `more`: "match_rate", "false_match_rate" (0 by default), "reviewed": how many
    true matches and non-matches were reviewed to find these rates (their doubt enters the interval)."""
    a, b = float(options.more.get("match_rate", 1.0)), float(options.more.get("false_match_rate", 0.0))
    if table.k != 2:
        raise BadOptions(phrase("this correction takes two lists; with more, estimate over draws of links"))
    if not 0 <= b < a <= 1:
        raise BadOptions(phrase("0 <= false_match_rate < match_rate <= 1 must hold"))
    reviewed = options.more.get("reviewed")
    first, second = (float(one) for one in table.totals)
    both = float(table.counts[3])
    value, true = corrected(first, second, both, a, b)
    cautions = list(table.cautions)
    interval = None
    answer: float | None = value
    people = first + second - true
    if not math.isfinite(value) or true > min(first, second):
        answer = None
        cautions.append(Caution(
            "no_mle", Level.HARD,
            phrase("With these rates of linkage error the links found cannot be: no true link would be left. "
                "Check the rates.")
            if true <= 0
            else phrase("With these rates of linkage error the links found cannot be: more people would be on both "
                        "lists than on one. Check the rates."),
            {"true_matches": true},
        ))  # fmt: skip
    else:
        replicates = REPLICATES if options.bootstrap is None else options.bootstrap
        if replicates:
            interval = _drawn(value, first, second, (a, b), reviewed, replicates, options)
    if reviewed is None and (a < 1 or b > 0):
        cautions.append(Caution(
            "rates_taken_as_known", Level.CARE,
            phrase(
                "The rates of linkage error are taken as exact. Say how many pairs were reviewed to find them, "
                "and their doubt enters the range."
            ),
        ))  # fmt: skip
    if progress:
        progress(1.0, "linkage errors are corrected")
    return Result(
        method="linkage_corrected", family="mse", value=answer, interval=interval, n_observed=table.n,
        data_hash=table.hash, seed=options.seed,
        settings={"match_rate": a, "false_match_rate": b, "reviewed": list(reviewed or []), "level": options.level,
                  "bootstrap": interval.replicates if interval else 0},
        assumptions=(

            phrase("The two lists see people independently of each other."),
            phrase(
                "Every true match is missed with the same chance, and everybody else falsely linked with the same "
                "chance."
            ),
        ),
        diagnostics={
            "linked": both, "true_matches": true, "people_observed": people if true > 0 else None,
            "without_correction": first * second / both if both else None,
        },
        cautions=tuple(cautions),
    )  # fmt: skip


def _drawn(
    value: float, first: float, second: float, rates: tuple[float, float], reviewed: Any, replicates: int,
    options: Options,
) -> Interval:  # fmt: skip
    """Parametric bootstrap: people fall on the lists, links err, and the reviews that gave the rates are repeated."""
    generator = stream(options.seed, 0)
    size = round(value)
    p1, p2 = first / value, second / value
    cells = generator.multinomial(
        size, [p1 * p2, p1 * (1 - p2), (1 - p1) * p2, (1 - p1) * (1 - p2)], replicates
    )
    true, only2 = cells[:, 0], cells[:, 2]
    linked = generator.binomial(true, rates[0]) + generator.binomial(only2, rates[1])
    a, b = np.full(replicates, rates[0]), np.full(replicates, rates[1])
    if reviewed is not None:
        a = generator.binomial(int(reviewed[0]), rates[0], replicates) / int(reviewed[0])
        b = generator.binomial(int(reviewed[1]), rates[1], replicates) / int(reviewed[1])
    n1, n2 = true + cells[:, 1], true + only2
    with np.errstate(divide="ignore", invalid="ignore"):
        m = (linked - b * n2) / (a - b)
        found = np.where((m > 0) & (a > b), n1 * n2 / m, np.nan)
    good = np.isfinite(found)
    low, high = np.quantile(found[good], [(1 - options.level) / 2, (1 + options.level) / 2])
    return Interval(float(low), float(high), options.level, "percentile", replicates, float(1 - good.mean()))


@dataclass(frozen=True, eq=False)
class LinkDraws:
    """One capture table for each draw of who is whom, with weights that add to 1."""

    tables: tuple[CaptureTable, ...]
    weights: Numbers

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists, the same in every draw."""
        return self.tables[0].lists

    @property
    def k(self) -> int:
        """How many lists."""
        return self.tables[0].k

    def typical(self) -> CaptureTable:
        """The draw in the middle by how many persons it counts: what checks of a single table are made on."""
        order = sorted(range(len(self.tables)), key=lambda i: (self.tables[i].n, self.tables[i].hash))
        return self.tables[order[len(order) // 2]]

    @staticmethod
    def from_tables(tables: Sequence[CaptureTable], weights: Sequence[float] | None = None) -> LinkDraws:
        """Raises BadInput without tables, with different lists, or with weights that are negative or all 0."""
        given = np.ones(len(tables)) if weights is None else np.asarray(weights, dtype=float)
        problems = []
        if not tables:
            problems.append(Problem("empty", phrase("there are no draws of links")))
        elif any(table.lists != tables[0].lists for table in tables):
            problems.append(Problem("lists", phrase("all draws must have the same lists")))
        if len(given) != len(tables) or (given < 0).any() or not np.isfinite(given).all() or given.sum() <= 0:
            problems.append(
                Problem("weights", phrase("one weight a draw is needed, none negative, not all 0"))
            )
        if problems:
            raise BadInput(problems)
        return LinkDraws(tuple(tables), given / given.sum())

    @staticmethod
    def from_entities(
        lists: Sequence[str],
        list_of: npt.ArrayLike,
        entities: npt.ArrayLike,
        weights: Sequence[float] | None = None,
    ) -> LinkDraws:
        """From records: `list_of` says on which list (0, 1, ...) each record stands, `entities` (draws x records) which
        person each record belongs to in each draw."""
        where, who = np.asarray(list_of), np.atleast_2d(np.asarray(entities))
        if who.shape[1:] != where.shape or (where < 0).any() or (where >= len(lists)).any():
            raise BadInput(
                [Problem("shape", phrase("each draw names a person for each record, each record a list"))]
            )
        tables = []
        for row in who:
            _names, person = np.unique(row, return_inverse=True)
            history = np.zeros(person.max() + 1, dtype=np.int64)
            np.bitwise_or.at(history, person, 1 << where.astype(np.int64))
            tables.append(CaptureTable.from_histories(lists, history.tolist()))
        return LinkDraws.from_tables(tables, weights)


def over_draws(
    draws: LinkDraws, estimator: Estimator, options: Options, *, progress: Progress | None = None
) -> Result:
    """The estimator on each draw of links; the mean of the estimates, and a range that mixes the draws' ranges."""
    results = []
    each = (
        replace(options, bootstrap=EACH)
        if options.bootstrap is None and estimator.name in RESAMPLED
        else options
    )
    for number, table in enumerate(draws.tables):
        results.append(estimator.estimate(table, each))
        if progress:
            progress((number + 1) / len(draws.tables), "the draws of links are estimated")
    able = np.array([one.estimate is not None for one in results])
    lost = float(draws.weights[~able].sum())
    observed = round(float(draws.weights @ [table.n for table in draws.tables]))
    cautions = _shared(results)
    value = interval = None
    said: dict[str, Any] = {}
    if able.any():
        weights = draws.weights[able] / draws.weights[able].sum()
        kept = [one for one in results if one.estimate is not None]
        values = np.array([float(one.estimate or 0.0) for one in kept])
        value = float(weights @ values)
        interval = _mixture(kept, weights, options.level, lost)
        said = _parts(kept, values, weights)
    if lost > MOST_LOST or value is None:
        cautions.append(Caution(
            "lost_replicates", Level.HARD,
            phrase("{share:.0%} of the draws of links gave no estimate.", share=lost), {"lost": lost},
        ))  # fmt: skip
    if len(results) < FEW_DRAWS:
        cautions.append(Caution(
            "few_draws", Level.CARE,
            phrases(
                "Only {n} draw of links; with {wanted} or more the doubt between them is known better.",
                "Only {n} draws of links; with {wanted} or more the doubt between them is known better.",
                len(results), wanted=FEW_DRAWS,
            ),
            {"draws": len(results)},
        ))  # fmt: skip
    return Result(
        method=estimator.name, family="mse", value=value, interval=interval, n_observed=observed,
        data_hash=_hash(draws), seed=options.seed,
        settings={"draws": len(results), "level": options.level, "order": options.order, "p": options.p,
                  "bootstrap": each.bootstrap},
        assumptions=(*results[0].assumptions, phrase("The draws of links say truly how sure the linkage is.")),
        diagnostics={**said, "models": sorted({one.model for one in results if one.model})[:20]},
        cautions=tuple(cautions),
    )  # fmt: skip


def _hash(draws: LinkDraws) -> str:
    import hashlib

    lines = sorted(
        f"{table.hash}:{weight:.12g}" for table, weight in zip(draws.tables, draws.weights, strict=True)
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _shared(results: Sequence[Result]) -> list[Caution]:
    """Cautions of single draws, once each; a hard one of few draws weighs as care, since those draws are left out."""
    first: dict[str, Caution] = {}
    count: dict[str, int] = {}
    for result in results:
        for one in result.cautions:
            first.setdefault(one.code, one)
            count[one.code] = count.get(one.code, 0) + 1
    return [
        Caution(
            code, Level.CARE if one.level is Level.HARD and count[code] < len(results) else one.level,
            one.message
            if count[code] == len(results)
            else phrase("In {some} of {draws} draws: {told}", some=count[code], draws=len(results), told=one.message),
            one.values,
        )
        for code, one in first.items()
    ]  # fmt: skip


def unseen_sides(result: Result) -> tuple[float, float, float]:
    """The log of the unseen and its standard deviation below and above, as the draw's own interval has them."""
    unseen = max(float(result.estimate or 0) - result.n_observed, 1e-9)
    if result.interval is None:
        return math.log(unseen), 0.0, 0.0
    z = NormalDist().inv_cdf((1 + result.interval.level) / 2)
    low = max(result.interval.lower - result.n_observed, 1e-3 * unseen)
    below = max(math.log(unseen / low), 0.0) / z
    if math.isinf(result.interval.upper):
        return math.log(unseen), below, math.inf
    high = max(result.interval.upper - result.n_observed, unseen)
    return math.log(unseen), below, math.log(high / unseen) / z


def _mixture(results: Sequence[Result], weights: Numbers, level: float, lost: float) -> Interval:
    """Quantiles of the mixture of the draws' split log-normal distributions: within plus between, no randomness."""
    normal = NormalDist()
    steps = np.array([normal.inv_cdf((point + 0.5) / POINTS) for point in range(POINTS)])
    points, mass = [], []
    for one, weight in zip(results, weights, strict=True):
        centre, below, above = unseen_sides(one)
        spread = np.where(steps < 0, below, above)
        with np.errstate(over="ignore", invalid="ignore"):
            points.append(one.n_observed + np.exp(centre + np.where(spread > 0, steps * spread, 0.0)))
        mass.append(np.full(POINTS, weight / POINTS))
    values, shares = np.concatenate(points), np.concatenate(mass)
    order = np.argsort(values)
    share = np.cumsum(shares[order]) - shares[order] / 2
    low, high = (
        float(values[order][min(int(np.searchsorted(share, tail)), len(share) - 1)])
        for tail in ((1 - level) / 2, (1 + level) / 2)
    )
    return Interval(low, high, level, "mixture", len(results), lost)


def _parts(results: Sequence[Result], values: Numbers, weights: Numbers) -> dict[str, Any]:
    """Variance of the log of the unseen within and between draws (Rubin), and the share that linkage is to blame."""
    sides = [unseen_sides(one) for one in results]
    centres = np.array([one[0] for one in sides])
    within = float(weights @ [((below + above) / 2) ** 2 if math.isfinite(above) else below**2
                              for _centre, below, above in sides])  # fmt: skip
    between = float(weights @ (centres - weights @ centres) ** 2)
    effective = 1 / float((weights**2).sum())
    between *= effective / (effective - 1) if effective > 1 else 1.0
    total = within + (1 + 1 / effective) * between
    return {
        "within": within, "between": between, "linkage_share": (total - within) / total if total else 0.0,
        "least": float(values.min()), "most": float(values.max()),
    }  # fmt: skip

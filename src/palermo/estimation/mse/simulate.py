"""Coverage at the user's own table: if the fitted model were the truth, how often would the range hold it?

Tables are drawn from the fitted model (N people by multinomial, those unseen dropped), the whole choice and its
interval are repeated on each, and the ranges that hold N are counted. An answer to Whitehead et al. (Journal of Human
Trafficking 7 (2021) 1-13), who showed that a chosen model promises too much: here the choice is inside.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from palermo.estimation.estimators import Options, Progress, mse
from palermo.estimation.mse import fitting, intervals, models, replicates
from palermo.estimation.mse.designs import design, populations
from palermo.estimation.mse.profile import profile
from palermo.estimation.mse.refitting import allowed, completed, fitting_method, selector, through
from palermo.estimation.mse.replicates import Floats, Selector
from palermo.estimation.mse.stepwise import Stepwise, choose
from palermo.estimation.mse.table import CaptureTable, Counts
from palermo.estimation.problems import EstimationError
from palermo.estimation.results import Caution, Interval, Level, Result, finite
from palermo.saying import phrase

__all__ = ["Answer", "Coverage", "coverage", "design", "intervals_of", "truth"]

RUNS = 300
REPLICATES = 400
LEAST = 0.9  # of ranges at 95 % that should hold the truth
MOST_REFUSED = 0.1
SEEDS = 2**62
BEYOND = 1e12  # people: from hardly any overlap; nothing to simulate


@dataclass(frozen=True)
class Answer:
    """What one simulated table gave: an estimate and a range, or neither (refused)."""

    value: float | None
    lower: float | None = None
    upper: float | None = None

    def holds(self, people: float) -> bool:
        return self.lower is not None and self.upper is not None and self.lower <= people <= self.upper


@dataclass(frozen=True)
class Coverage:
    """How the method does where the truth is `people`: `share` of the ranges that hold it among the tables that have
    one (`error`: its Monte Carlo standard error), `refused` the share that has none, relative root mean square error
    and bias (of the median) of the estimate, and the median of upper over lower end."""

    people: int
    runs: int
    replicates: int
    share: float | None
    error: float
    refused: float
    relative_rmse: float | None
    bias: float | None
    width: float | None
    cautions: tuple[Caution, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "people": self.people, "runs": self.runs, "replicates": self.replicates, "share": self.share,
            "error": self.error, "refused": self.refused, "relative_rmse": finite(self.relative_rmse),
            "bias": finite(self.bias), "width": finite(self.width),
            "cautions": [one.as_json() for one in self.cautions],
        }  # fmt: skip

    @staticmethod
    def from_json(found: Mapping[str, Any]) -> Coverage:
        """What `as_json` wrote."""
        said = tuple(Caution.from_json(one) for one in found["cautions"])
        numbers = {
            key: None if found[key] is None else float(found[key])
            for key in ("share", "relative_rmse", "bias", "width")
        }
        return Coverage(
            people=found["people"], runs=found["runs"], replicates=found["replicates"], error=found["error"],
            refused=found["refused"], cautions=said, **numbers,
        )  # fmt: skip


def coverage(
    table: CaptureTable,
    method: str,
    options: Options,
    *,
    runs: int = RUNS,
    bootstrap: int = REPLICATES,
    result: Result | None = None,
    progress: Progress | None = None,
) -> Coverage | None:
    """Coverage of the method's range at the table's own fitted model; None where no model can be fitted.

    Simulated from the model of `result` if that is log-linear, else from the one that stepwise chooses. `bootstrap`
    replicates stand behind each range (methods that need none ignore it). `options.threads` tables at once; the
    answer does not depend on them.
    """
    found = truth(table, options, result)
    if found is None:
        return None
    chances, people = found
    counts = populations(chances, people, runs, options.seed % SEEDS + SEEDS)
    answers = intervals_of(counts, table.lists, method, options, bootstrap=bootstrap, progress=progress)
    return summary(answers, people, bootstrap, options.level)


def truth(table: CaptureTable, options: Options, result: Result | None = None) -> tuple[Floats, int] | None:
    """The chances of every history under the fitted model, and its number of people."""
    whole = completed(table)
    if result is not None and result.model.startswith("["):
        found = fitting.fit(whole, result.model)
    elif table.k > 2:
        found = choose(whole, Stepwise.of(table.k, allowed(options, table.k))).fit
    else:
        found = fitting.fit(whole, models.independence(table.k))
    if found.N is None or not found.N < BEYOND:
        return None
    return found.fitted / found.fitted.sum(), round(found.N)


def summary(answers: Sequence[Answer], people: int, bootstrap: int, level: float) -> Coverage:
    """The answers held against the truth."""
    ranged = [one for one in answers if one.lower is not None and one.upper is not None]
    runs = len(answers)
    refused = 1 - len(ranged) / runs if runs else 1.0
    if not ranged:
        return Coverage(
            people, runs, bootstrap, None, 0.0, refused, None, None, None, _said(None, refused, level)
        )
    share = sum(one.holds(people) for one in ranged) / len(ranged)
    values = np.array([one.value for one in ranged if one.value is not None])
    widths = [(one.upper or 0.0) / max(one.lower or 0.0, 1.0) for one in ranged]
    return Coverage(
        people, runs, bootstrap, share, math.sqrt(max(share * (1 - share), 1e-9) / len(ranged)), refused,
        float(np.sqrt(np.mean((values / people - 1) ** 2))), float(np.median(values) / people - 1),
        float(np.median(widths)), _said(share, refused, level),
    )  # fmt: skip


def _said(share: float | None, refused: float, level: float) -> tuple[Caution, ...]:
    said = []
    if share is not None and share < level - (0.95 - LEAST):
        said.append(
            Caution(
                "range_too_short", Level.CARE,
                phrase(
                    "Tried on made-up tables like this one, where the truth is known, the {level:g%} range held "
                    "it in {held:.0%} of cases only. Read the range as too short.",
                    level=level, held=share,
                ), {"share": share},
            )
        )  # fmt: skip
    if refused > MOST_REFUSED:
        said.append(
            Caution(
                "often_refused", Level.CARE,
                phrase(
                    "On {share:.0%} of made-up tables like this one the method has no answer: that it has one "
                    "here is partly luck.",
                    share=refused,
                ), {"refused": refused},
            )
        )  # fmt: skip
    return tuple(said)


def intervals_of(
    counts: Counts,
    lists: Sequence[str],
    method: str,
    options: Options,
    *,
    bootstrap: int = REPLICATES,
    progress: Progress | None = None,
) -> list[Answer]:
    """Estimate and range for every row of counts, each with random numbers of its own.

    Stepwise: the compiled engine with BCa. Independent lists: profile likelihood. Others through the register.
    """
    name = fitting_method(method, len(lists))
    engine = selector(name, len(lists), options)
    work: Callable[[int], Answer]
    if name == "stepwise" and engine is not None:
        values = through(engine, counts)

        def work(i: int) -> Answer:
            return _chosen(
                CaptureTable(tuple(lists), counts[i]), engine, float(values[i]), options, bootstrap, i
            )
    else:
        one = _independent if name == "main" else _registered

        def work(i: int) -> Answer:
            return one(CaptureTable(tuple(lists), counts[i]), name, options, bootstrap, i)

    answers: list[Answer] = []
    with ThreadPoolExecutor(options.threads, thread_name_prefix="simulated") as pool:
        for answer in (
            pool.map(work, range(len(counts))) if options.threads > 1 else map(work, range(len(counts)))
        ):
            answers.append(answer)
            if progress:
                progress(len(answers) / len(counts), "simulated tables")
    return answers


def _own_seed(options: Options, i: int) -> int:
    """A seed for the replicates of table i."""
    return int(replicates.stream(options.seed % SEEDS + 2 * SEEDS, i).integers(2**63))


def _chosen(
    table: CaptureTable, engine: Selector, value: float, options: Options, bootstrap: int, i: int
) -> Answer:
    if not math.isfinite(value):
        return Answer(None)
    outcomes = replicates.bootstrap(table, engine, bootstrap, seed=_own_seed(options, i))
    if outcomes.lost > intervals.MOST_LOST:
        return Answer(None)
    ends = intervals.bca(value, outcomes, replicates.jackknife(table, engine), options.level)
    return _answer(value, ends.interval)


def _independent(table: CaptureTable, name: str, options: Options, bootstrap: int, i: int) -> Answer:
    found = fitting.fit(table, models.independence(table.k)) if table.n else None
    if found is None or found.N is None:
        return Answer(None)
    return _answer(found.N, profile(found, options.level)[0])


def _registered(table: CaptureTable, name: str, options: Options, bootstrap: int, i: int) -> Answer:
    own = replace(allowed(options, table.k), bootstrap=bootstrap, seed=_own_seed(options, i), threads=1)
    try:
        found = mse(name).estimate(table, own)
    except EstimationError:
        return Answer(None)
    return _answer(found.estimate, found.interval) if found.estimate is not None else Answer(None)


def _answer(value: float, interval: Interval | None) -> Answer:
    return Answer(None) if interval is None else Answer(value, interval.lower, interval.upper)

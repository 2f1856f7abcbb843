"""Two estimators: independent lists, and pairs of lists added one by one while they matter.

Stepwise: from main effects the absent interaction t with the smallest p-value enters, while p < threshold and the
larger model has an estimate; p = min{P(X <= n*_t), P(X >= n*_t)}, X ~ Poisson(fitted margin): one-sided, not doubled.
Chan, Silverman and Vincent, Journal of the American Statistical Association 116 (2021) 1297-1306, section 2.4.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse import fitting, kernels, models, stepping
from palermo.estimation.mse.answers import answer
from palermo.estimation.mse.fitting import Fit
from palermo.estimation.mse.models import Model
from palermo.estimation.mse.replicates import Outcomes, room
from palermo.estimation.mse.table import CaptureTable, Counts
from palermo.estimation.problems import BadOptions
from palermo.estimation.results import Caution, Level, Result
from palermo.saying import phrase

HIDDEN_ROUNDS = 50  # of choosing and expecting suppressed counts in turn


@dataclass(frozen=True)
class Step:
    """An interaction that came in: the people on all its lists, as counted and as expected before, log p, N after."""

    term: int
    observed: float
    expected: float
    log_p: float
    N: float


@dataclass(frozen=True, eq=False)
class Choice:
    """A model chosen step by step, and its fit."""

    fit: Fit
    path: tuple[Step, ...] = ()


def candidates(k: int, order: int) -> tuple[int, ...]:
    """The interactions that may enter: pairs 12, 13, ..., then triples, ... up to `order` lists."""
    return tuple(term for size in range(2, highest(k, order) + 1) for term in models.terms_of_size(size, k))


def highest(k: int, order: int) -> int:
    """The highest interaction that will be tried: all k lists together never can be. Raises BadOptions below 1."""
    if order < 1:
        raise BadOptions(
            phrase("the highest interaction is of 1 list (none) or more; {order} was asked for", order=order)
        )
    return min(order, k - 1)


def log_threshold(p: float) -> float:
    """log p. Raises BadOptions for a threshold that is no probability."""
    if not 0 <= p <= 1:
        raise BadOptions(phrase("the threshold p is a probability from 0 to 1; {p} was given", p=p))
    return math.log(p) if p > 0 else -math.inf


@dataclass(frozen=True)
class Stepwise:
    """The stepwise choice as a `Selector` for replicates."""

    k: int
    terms: tuple[int, ...]
    threshold: float

    @classmethod
    def of(cls, k: int, options: Options) -> Stepwise:
        return cls(k, candidates(k, options.order), log_threshold(options.p))

    @property
    def width(self) -> int:
        return max(1, math.ceil(len(self.terms) / stepping.WORD))

    def block(self, tables: Counts) -> Outcomes:
        from palermo import compiling

        totals, chosen, status = room(len(tables), self.width)
        compiling.of(stepping).stepwise_block(
            self.k, tables, np.array(self.terms, np.int64), self.threshold, totals, chosen, status
        )
        return Outcomes(totals, chosen, status)

    def model(self, chosen: Counts) -> Model:
        words = [int(word) for word in chosen]
        return models.closure(
            (
                term
                for c, term in enumerate(self.terms)
                if words[c // stepping.WORD] >> (c % stepping.WORD) & 1
            ),
            self.k,
        )


@dataclass(frozen=True)
class Fixed:
    """One model, whatever the table, as a `Selector`."""

    k: int
    chosen: Model
    width: int = field(default=1, init=False)

    def block(self, tables: Counts) -> Outcomes:
        from palermo import compiling

        totals, chosen, status = room(len(tables), self.width)
        terms = np.array(models.ordered(self.chosen), np.int64)
        compiling.of(stepping).fixed_block(self.k, tables, terms, totals, status)
        return Outcomes(totals, chosen, status)

    def model(self, chosen: Counts) -> Model:
        return self.chosen


def choose(table: CaptureTable, selector: Stepwise) -> Choice:
    """The model that the stepwise rule chooses for a table, with the way to it."""
    if table.suppressed:
        return _choose_hidden(table, selector)
    terms = _chosen_terms(table.counts, selector)
    found = fitting.fit(table, models.closure(terms, table.k))
    return Choice(found, _path(table, terms) if found.fine else ())


def _chosen_terms(counts: Any, selector: Stepwise) -> list[int]:
    """The interactions in the order in which they came in."""
    k, most = selector.k, selector.k + 1 + len(selector.terms)
    using = fitting.kernels_for(k, stepping)
    terms, alpha = np.zeros(most, np.int64), np.zeros(most)
    taken, work = np.zeros(len(selector.terms), np.int64), kernels.workspace(k, most)
    with np.errstate(all="ignore"):
        _status, p, _refused = using.stepwise(
            k, fitting.margins(counts, k), np.array(selector.terms, np.int64), selector.threshold,
            terms, alpha, taken, work,
        )  # fmt: skip
    return [int(term) for term in terms[k + 1 : p]]


def _choose_hidden(table: CaptureTable, selector: Stepwise) -> Choice:
    """With suppressed counts: choose on the counts expected (to the nearest person), fit by EM, expect again under the
    model chosen, until the choice stays."""
    found = fitting.fit(table, models.independence(table.k))
    terms: list[int] = []
    for _ in range(HIDDEN_ROUNDS):
        if not found.fine:
            break
        again = _chosen_terms(np.rint(found.counts), selector)
        if set(again) == set(terms):
            break
        terms = again
        found = fitting.fit(table, models.closure(terms, table.k))
    return Choice(found, _path(table, terms) if found.fine else ())


def _path(table: CaptureTable, terms: Sequence[int]) -> tuple[Step, ...]:
    """Every step with what spoke for it."""
    steps, before = [], fitting.fit(table, models.independence(table.k))
    for number, term in enumerate(terms):
        observed = float(fitting.margins(before.counts, table.k)[term])
        seen = before.fitted.copy()
        seen[0] = 0.0
        expected = float(fitting.margins(seen, table.k)[term])
        after = fitting.fit(table, models.closure(terms[: number + 1], table.k))
        steps.append(
            Step(term, observed, expected, kernels.log_tail(float(round(observed)), expected), after.N or 0.0)
        )
        before = after
    return tuple(steps)


STEPWISE_BELIEFS = (
    phrase("Pairs whose overlap does not differ noticeably from chance are taken to be independent."),
    phrase(
        "Everybody's chance to be on each list is the same, or what differs leaves no trace in the overlaps."
    ),
    phrase(
        "Nobody enters or leaves the population during the period, and people are matched between "
        "lists without error."
    ),
)
MAIN_BELIEFS = (
    phrase("Being on one list makes being on another neither more nor less likely."),
    *STEPWISE_BELIEFS[1:],
)


def _beliefs(k: int, order: int) -> tuple[str, ...]:
    """What the stepwise choice believes; how many lists may act together is a matter of `order`."""
    words = {
        1: phrase("Lists act alone."),
        2: phrase("Two lists may see the same people more or less often than by chance, but no three lists act "
                  "together beyond what their pairs do."),
    }  # fmt: skip
    more = phrase(
        "Up to {order} lists may act together, but no more beyond what fewer of them do; all {lists} lists never do, "
        "as nothing could show it.", order=order, lists=k,
    )  # fmt: skip
    return words.get(order, more), *STEPWISE_BELIEFS


# Whether lists of the same people know nothing of each other is never in the data of two of them, and seldom true.
INDEPENDENCE = Caution(
    "independence_believed", Level.CARE,
    phrase(
        "The number is right only if no list knows of another and everybody is equally easy to see, which is "
        "seldom so. Use it beside methods that allow lists to depend on each other."
    ),
)  # fmt: skip


def main_effects(table: CaptureTable, options: Options, *, progress: Progress | None = None) -> Result:
    """Independent lists. The interval is the profile likelihood's, as no model was chosen; with `bootstrap` BCa."""
    found = fitting.fit(table, models.independence(table.k))
    result = answer(
        table, options, "main", found, Fixed(table.k, found.model), options.bootstrap or 0,
        beliefs=MAIN_BELIEFS, settings={}, figures={}, chosen=False, progress=progress,
    )  # fmt: skip
    return result if result.value is None else result.with_cautions(INDEPENDENCE)


def estimate(table: CaptureTable, options: Options, *, progress: Progress | None = None) -> Result:
    """Stepwise choice among interactions of up to `options.order` lists with threshold `options.p`, BCa interval."""
    selector = Stepwise.of(table.k, options)
    choice, order = choose(table, selector), highest(table.k, options.order)
    many = replicates_for(table.k) if options.bootstrap is None else options.bootstrap
    return answer(
        table, options, "stepwise", choice.fit, selector, many,
        beliefs=_beliefs(table.k, order), settings={"p": options.p, "order": order},
        figures={"path": [_told(step, table.k) for step in choice.path]}, chosen=True, progress=progress,
    )  # fmt: skip


def replicates_for(k: int) -> int:
    """Replicates when nobody says how many: 10,000 while they take about a second, 1,000 up to twelve lists, else 200:
    with sixteen each choice goes through 65,536 histories some hundred times."""
    if k <= fitting.PLAIN_LISTS:
        return 10_000
    return 1_000 if k <= 12 else 200


def _told(step: Step, k: int) -> dict[str, Any]:
    return {
        "term": models.term_text(step.term, dots=k >= models.DOTS_FROM),
        "observed": step.observed, "expected": step.expected, "p": math.exp(step.log_p), "log_p": step.log_p,
        "estimate": step.N,
    }  # fmt: skip

"""Time-location sampling: people met at venues, at hours drawn by lot, weighted by how likely they were to be met.

The chance of a person is the chance that the event (a venue on a day at an hour) was drawn, times the part of those
present who were asked, times how many of the possible events the person attends. Karon and Wejnert (2012), Journal of
Urban Health 89, 565-586; Sommen and others (2018), Biostatistics 19, 195-210, for the frequency of visits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.judging import judged
from palermo.estimation.problems import BadInput, BadOptions, Problem
from palermo.estimation.rds.checking import texts
from palermo.estimation.rds.intervals import design_effect, effective_people, logit_ends, wilson
from palermo.estimation.rds.sample import Outcome, Whole
from palermo.estimation.rds.weights import Real
from palermo.estimation.results import Caution, Interval, Level, Result
from palermo.saying import phrase, phrases

FEW_EVENTS = 10
UNEVEN = 2.0
BELIEFS = (
    phrase(
        "Everybody of the population goes to one of the venues that could be drawn, at an hour that could be drawn."
    ),
    phrase(
        "Among those present the people asked were taken without choosing, and told truly how often they come."
    ),
)


@dataclass(frozen=True, eq=False)
class VenueSample:
    """People met at events. For each person: the event, how many of the possible events he or she attends, an answer;
    for each event: the chance that it was drawn, people counted there, its stratum."""

    event: Whole
    visits: Real
    outcome: Outcome
    chance: Real
    attendance: Real
    stratum: Whole
    name: str = "outcome"

    @staticmethod
    def from_columns(
        events: Sequence[object],
        visits: Sequence[float],
        answers: Sequence[object],
        chances: dict[str, float],
        attendance: dict[str, float],
        strata: dict[str, str] | None = None,
        name: str = "outcome",
    ) -> VenueSample:
        """One event, number of visits and answer a person; by event: the chance of being drawn (above 0, at most 1),
        people counted (at least those asked), a stratum. Raises BadInput with everything that is wrong."""
        said, replies = texts(events), texts(answers)
        met = {one: said.count(one) for one in sorted(set(said))}
        problems = _people_problems(said, list(visits), replies)
        problems += _event_problems(met, chances, attendance)
        if problems:
            raise BadInput(problems)
        place = {one: i for i, one in enumerate(met)}
        levels = tuple(sorted({one for one in replies if one}))
        groups = {one: (strata or {}).get(one, "") for one in met}
        number = {one: i for i, one in enumerate(sorted(set(groups.values())))}
        return VenueSample(
            event=np.array([place[one] for one in said]), visits=np.array(visits, dtype=np.float64),
            outcome=Outcome(levels, np.array([levels.index(one) if one else -1 for one in replies])),
            chance=np.array([chances[one] for one in met]), attendance=np.array([attendance[one] for one in met]),
            stratum=np.array([number[groups[one]] for one in met]), name=name,
        )  # fmt: skip

    @property
    def n(self) -> int:
        """People asked."""
        return len(self.event)

    @property
    def weights(self) -> Real:
        """1 / (chance of the event x part of those present who were asked x visits), with mean 1."""
        asked = np.bincount(self.event, minlength=len(self.chance))
        raw = (self.attendance / (asked * self.chance))[self.event] / self.visits
        return np.asarray(raw / raw.mean())

    @property
    def hash(self) -> str:
        """SHA-256 of the sample; the same for people in another order."""
        people = sorted(
            zip(self.event.tolist(), self.visits.tolist(), self.outcome.codes.tolist(), strict=True)
        )
        events = list(zip(self.chance.tolist(), self.attendance.tolist(), self.stratum.tolist(), strict=True))
        return hashlib.sha256(repr((self.outcome.levels, people, events)).encode()).hexdigest()


def estimate(data: VenueSample, options: Options, *, progress: Progress | None = None) -> Result:
    """The share of a group (Options.more `value`, the last of the alphabet by default), weighted; its variance from the
    differences between events within strata (linearised, events as drawn with replacement)."""
    levels = data.outcome.levels
    value = str(options.more.get("value", levels[-1]))
    if value not in levels:
        raise BadOptions(
            phrase('nobody answered "{value}"; the answers are {names}', value=value, names=list(levels))
        )
    known = data.outcome.codes >= 0
    weights = data.weights * known
    rows = [_row(data, weights, code, options.level) for code in range(len(levels))]
    said = tuple(_doubts(data, weights, known))
    own = rows[levels.index(value)]
    answer = Result(
        method="time-location", family="rds", value=own["share"],
        interval=Interval(own["lower"], own["upper"], options.level, own["kind"]),
        n_observed=data.n, quantity="share", data_hash=data.hash, seed=options.seed,
        settings={"outcome": data.name, "value": value, "level": options.level},
        assumptions=BELIEFS, cautions=said,
        diagnostics={"shares": rows, "events": len(data.chance), "strata": int(data.stratum.max()) + 1,
                     "unevenness": float((weights**2).sum() * known.sum() / weights.sum() ** 2)},
    )  # fmt: skip
    return judged(answer)


def _row(data: VenueSample, weights: Real, code: int, level: float) -> dict[str, Any]:
    mine = data.outcome.codes == code
    people = int(mine.sum())
    share = float((weights * mine).sum() / weights.sum())
    error = _error(data, weights, mine.astype(np.float64) - share)
    z = NormalDist().inv_cdf(0.5 + level / 2)
    usable = 0 < share < 1 and error > 0
    low, high = (
        logit_ends(share, error, z) if usable else wilson(share, effective_people(weights[weights > 0]), z)
    )
    return {
        "value": data.outcome.levels[code], "people": people, "share": share, "error": error, "lower": low,
        "upper": high, "kind": "logit" if usable else "score",
        "design_effect": design_effect(share, error, int((weights > 0).sum()), None),
    }  # fmt: skip


def _error(data: VenueSample, weights: Real, residual: Real) -> float:
    """Standard error of a weighted share: sum over strata of m/(m-1) times the variance of the events' totals."""
    totals = np.bincount(data.event, weights * residual, minlength=len(data.chance)) / weights.sum()
    variance = 0.0
    for stratum in np.unique(data.stratum):
        mine = totals[data.stratum == stratum]
        if len(mine) > 1:
            variance += float(len(mine) / (len(mine) - 1) * ((mine - mine.mean()) ** 2).sum())
    return float(np.sqrt(variance))


def _doubts(data: VenueSample, weights: Real, known: Any) -> list[Caution]:
    said = []
    events = len(data.chance)
    if events < FEW_EVENTS:
        said.append(
            Caution(
                "few_events", Level.CARE,
                phrases(
                    "Only {n} event was visited; the range is rough.",
                    "Only {n} events were visited; the range is rough.",
                    events,
                ),
                {"events": events},
            )
        )  # fmt: skip
    alone = int((np.bincount(data.stratum) == 1).sum())
    if alone:
        said.append(
            Caution(
                "lonely_strata", Level.CARE,
                phrases(
                    "{n} stratum was visited once only; nothing is known of the differences within, and the range "
                    "is too narrow. Join strata.",
                    "{n} strata were visited once only; nothing is known of the differences within, and the range "
                    "is too narrow. Join strata.",
                    alone,
                ),
                {"strata": alone},
            )
        )  # fmt: skip
    uneven = float((weights**2).sum() * known.sum() / weights.sum() ** 2)
    if uneven > UNEVEN:
        said.append(
            Caution(
                "weights_uneven", Level.CARE,
                phrase(
                    "Weights are so uneven that {people} people say as much as {worth:.0f} of equal weight.",
                    people=known.sum(), worth=known.sum() / uneven,
                ),
                {"design_effect": uneven},
            )
        )  # fmt: skip
    if not known.all():
        said.append(
            Caution(
                "answers_missing",
                Level.NOTE,
                phrases(
                    "{n} person gave no answer and is left out.",
                    "{n} people gave no answer and are left out.",
                    int((~known).sum()),
                ),
            )
        )
    return said


def _people_problems(events: list[str], visits: list[float], answers: list[str]) -> list[Problem]:
    if not events or not len(events) == len(visits) == len(answers):
        return [
            Problem(
                "length", phrase("one event, one number of visits and one answer are needed for each person")
            )
        ]
    found = []
    for row, (event, count) in enumerate(zip(events, visits, strict=True), start=1):
        if not event:
            found.append(Problem("event", phrase("the event is missing"), row, "event"))
        if count is None or not np.isfinite(count) or count <= 0:
            found.append(
                Problem(
                    "visits",
                    phrase("the number of events attended must be above 0"),
                    row,
                    "visits",
                    str(count),
                )
            )
    if not any(answers):
        found.append(Problem("outcome", phrase("nobody answered")))
    return found


def _event_problems(
    met: dict[str, int], chances: dict[str, float], attendance: dict[str, float]
) -> list[Problem]:
    found = []
    for event, asked in met.items():
        if not event:
            continue
        if not 0 < chances.get(event, 0) <= 1:
            found.append(
                Problem(
                    "chance",
                    phrase("the chance of an event lies above 0 and is at most 1"),
                    column="chance",
                    value=event,
                )
            )
        if attendance.get(event, 0) < asked:
            found.append(
                Problem("attendance", phrase("{asked} people were asked but fewer counted", asked=asked),
                        column="attendance", value=event)
            )  # fmt: skip
    return found

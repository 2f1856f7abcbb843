"""Shares of a hidden population from a respondent-driven sample: RDS-I, RDS-II, Gile's successive sampling.

Options.more: `outcome` (the column; may be left out where there is one), `value` (the group; the last of the alphabet
by default), `population` (its size: needed by rds-ss), `uncertainty` ("chain", "tree", "population"), `ends` ("logit",
"percentile"). The headline is the share of one group; diagnostics["shares"] has all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.judging import judged
from palermo.estimation.problems import BadOptions
from palermo.estimation.rds import bootstrap, cautions, diagnostics
from palermo.estimation.rds.intervals import Spread, design_effect, effective_people, spread
from palermo.estimation.rds.options import number
from palermo.estimation.rds.sample import Outcome, RecruitmentSample
from palermo.estimation.rds.shares import (
    moves,
    one_class,
    salganik_heckathorn,
    successive,
    tabulate,
    volz_heckathorn,
)
from palermo.estimation.rds.weights import Real, classes, person_weights
from palermo.estimation.results import Caution, Interval, Level, Result
from palermo.saying import phrase

REPLICATES = 1000
MOST_LOST = 0.05
OTHER_SIZES = (0.5, 1.0, 2.0, 10.0)
SIZE_MATTERS = 0.05
Shares = Callable[[Real, Real], Real]
DRAWS = {"tree": bootstrap.tree, "chain": bootstrap.chain, "population": bootstrap.population}
BELIEFS = (
    phrase(
        "People know each other: whoever may recruit may also be recruited, and the network hangs together."
    ),
    phrase("Recruiters choose among those whom they know without looking at the answer studied."),
    phrase("People tell truly how many members of the population they know."),
)
OWN_BELIEF = {
    "rds-i": phrase(
        "The sample is a small part of the population, and recruitment went on long enough to forget its seeds."
    ),
    "rds-ii": phrase(
        "The sample is a small part of the population; the chance to be recruited grows with the network size."
    ),
    "rds-ss": phrase(
        "The size of the population that was given is right; people with many acquaintances are reached first, "
        "and nobody twice."
    ),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked of the sample: of which outcome, the share of which group, with which population's size."""

    base: bootstrap.Base
    name: str
    code: int
    method: str

    @property
    def value(self) -> str:
        return self.base.outcome.levels[self.code]


def rds_i(data: RecruitmentSample, options: Options, *, progress: Progress | None = None) -> Result:
    """Salganik and Heckathorn's estimator; `smoothed` of other programmes gives the same number (see shares.py)."""
    asked = _question(data, options, "rds-i")
    kinds = asked.base.kinds
    return _answer(asked, options, lambda table, moved: salganik_heckathorn(table, moved, kinds), progress)


def rds_ii(data: RecruitmentSample, options: Options, *, progress: Progress | None = None) -> Result:
    """Volz and Heckathorn's estimator."""
    asked = _question(data, options, "rds-ii")
    kinds = asked.base.kinds
    return _answer(asked, options, lambda table, _moved: volz_heckathorn(table, kinds), progress)


def rds_ss(data: RecruitmentSample, options: Options, *, progress: Progress | None = None) -> Result:
    """Gile's successive sampling estimator, solved and not simulated; solved anew in every replicate."""
    asked = _question(data, options, "rds-ss")
    kinds, size = asked.base.kinds, asked.base.population
    if size is None:
        raise BadOptions(
            phrase(
                "successive sampling needs the size of the population (population=...); rds-size estimates one"
            )
        )
    return _answer(asked, options, lambda table, _moved: successive(table, kinds, size), progress)


def _other_sizes(asked: Question, said: list[Caution]) -> list[dict[str, float]]:
    """The share were the population half, twice or ten times as large: the size is an input, and often a guess."""
    base = asked.base
    size = base.population or 0.0
    table, _moved = tabulate(base.sample, base.outcome, base.kinds)
    listed = [
        {"population": other, "share": float(successive(table, base.kinds, other)[0, asked.code])}
        for other in sorted({max(factor * size, float(base.sample.n)) for factor in OTHER_SIZES})
    ]
    low, high = (end(row["share"] for row in listed) for end in (min, max))
    if high - low > SIZE_MATTERS:
        said.append(
            Caution(
                "population_matters", Level.CARE,
                phrase(
                    "Were the population half or ten times as large, the share would lie between {low:.3f} and "
                    "{high:.3f}: the size given must be well founded.",
                    low=low, high=high,
                ),
                {"lower": low, "upper": high},
            )
        )  # fmt: skip
    return listed


def _question(sample: RecruitmentSample, options: Options, method: str) -> Question:
    name = str(options.more.get("outcome", "")) or (
        next(iter(sample.outcomes)) if len(sample.outcomes) == 1 else ""
    )
    if not name:
        raise BadOptions(
            phrase("say which outcome is asked for: {names}", names=list(sample.outcomes))
            if sample.outcomes
            else phrase("the sample has no outcome to ask for")
        )
    outcome = sample.outcome(name)
    value = str(options.more.get("value", outcome.levels[-1]))
    if value not in outcome.levels:
        raise BadOptions(
            phrase(
                'nobody answered "{value}" to "{name}"; the answers are {names}',
                value=value,
                name=name,
                names=list(outcome.levels),
            )
        )
    size = number(options.more, "population")
    if size is not None and size < sample.n:
        raise BadOptions(
            phrase(
                "the population ({size:g}) must be at least as large as the sample ({n})",
                size=size,
                n=sample.n,
            )
        )
    base = bootstrap.Base(sample, outcome, classes(sample), size)
    return Question(base, name, outcome.levels.index(value), method)


def _answer(asked: Question, options: Options, shares: Shares, progress: Progress | None) -> Result:
    base = asked.base
    point = shares(*tabulate(base.sample, base.outcome, base.kinds))[0]
    said = list(base.sample.cautions)
    if asked.method == "rds-i":
        said += _recruitment_doubts(base)
    told, drawn = _replicates(asked, options, shares, point, progress, said)
    found = diagnostics.all_of(base.sample, base.outcome, asked.code, base.population)
    said += cautions.of_sample(found, base.sample)
    said += cautions.of_outcome(found, base.sample, base.outcome, asked.code)
    said += cautions.of_population(base.sample.n, base.population, asked.method)
    if asked.method == "rds-ss":
        found["by_population"] = _other_sizes(asked, said)
    own = told[asked.code]
    if own is not None and own.leaves:
        said.append(_impossible(own))
    value = float(point[asked.code]) if np.isfinite(point[asked.code]) else None
    answer = Result(
        method=asked.method, family="rds", value=value, interval=own.interval if own and value is not None else None,
        n_observed=base.sample.n, quantity="share", data_hash=base.sample.hash, seed=options.seed,
        settings={"outcome": asked.name, "value": asked.value, "population": base.population, **drawn},
        assumptions=(*BELIEFS, OWN_BELIEF[asked.method]), cautions=tuple(said),
        diagnostics={"shares": _table(asked, point, told), **found},
    )  # fmt: skip
    return judged(answer)


def _replicates(
    asked: Question,
    options: Options,
    shares: Shares,
    point: Real,
    progress: Progress | None,
    said: list[Caution],
) -> tuple[list[Spread | None], dict[str, Any]]:
    """The spread of each share over the replicates, and the settings that made them."""
    base = asked.base
    count = REPLICATES if options.bootstrap is None else options.bootstrap
    usual = "population" if asked.method == "rds-ss" else "chain"
    kind, ends = str(options.more.get("uncertainty", usual)), str(options.more.get("ends", "logit"))
    if kind not in DRAWS:
        raise BadOptions(phrase('uncertainty is one of {names}, not "{kind}"', names=list(DRAWS), kind=kind))
    if kind == "population" and base.population is None:
        raise BadOptions(phrase('uncertainty "population" (Gile) needs the size of the population'))
    used = {"uncertainty": kind, "ends": ends, "bootstrap": count, "level": options.level}
    if count == 0 or not np.isfinite(point).all():
        return [None] * base.g, used
    width = max(base.g * base.kinds.k, 2 * base.sample.n)
    drawn = bootstrap.replicates(
        DRAWS[kind](base), shares, count, options.seed, options.threads, progress, width
    )
    lost = float(1 - np.isfinite(drawn).all(axis=1).mean())
    if lost > MOST_LOST:
        said.append(
            Caution(
                "replicates_lost", Level.HARD,
                phrase(
                    "In {share:.0%} of the replicates a group recruited nobody, so that they have no estimate; "
                    "the rest says too little. Use rds-ii, or join small groups.",
                    share=lost,
                ),
                {"lost": lost},
            )
        )  # fmt: skip
    people = effective_people(person_weights(base.sample, base.population))
    return [spread(float(point[i]), drawn[:, i], options.level, ends, people) for i in range(base.g)], used


def _recruitment_doubts(base: bootstrap.Base) -> list[Caution]:
    moved = moves(base.sample, base.outcome)
    if one_class(moved) and moved.sum(axis=1).all():
        return []
    idle = [base.outcome.levels[i] for i in np.flatnonzero(moved.sum(axis=1) == 0)]
    reason = (
        phrase("Nobody of {groups} recruited anybody", groups=idle)
        if idle
        else phrase("Recruitment does not lead to every group")
    )
    return [
        Caution(
            "groups_not_joined", Level.HARD,
            phrase(
                "{reason}, so that the shares cannot be found from recruitment between groups. Use rds-ii or "
                "rds-ss.",
                reason=reason,
            ),
            {"groups": idle},
        )
    ]  # fmt: skip


def _impossible(own: Spread) -> Caution:
    return Caution(
        "normal_interval_impossible", Level.NOTE,
        phrase(
            "The usual normal interval would run from {low:.3f} to {high:.3f}, outside 0 to 1; the range given "
            "stays within.",
            low=own.normal[0], high=own.normal[1],
        ),
        {"lower": own.normal[0], "upper": own.normal[1]},
    )  # fmt: skip


def _table(asked: Question, point: Real, told: list[Spread | None]) -> list[dict[str, Any]]:
    """All groups: share, standard error, ends, design effect, people."""
    base = asked.base
    outcome: Outcome = base.outcome
    rows = []
    answered = int((outcome.codes >= 0).sum())
    for code, level in enumerate(outcome.levels):
        share, own = float(point[code]), told[code]
        row: dict[str, Any] = {"value": level, "people": int((outcome.codes == code).sum())}
        row["share"] = share if np.isfinite(share) else None
        if own is not None:
            ends: Interval = own.interval
            row |= {"lower": ends.lower, "upper": ends.upper, "error": own.error, "normal": list(own.normal)}
            row["design_effect"] = design_effect(share, own.error, answered, base.population)
        rows.append(row)
    return rows

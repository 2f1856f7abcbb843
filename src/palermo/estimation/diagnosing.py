"""Everything that can be asked of one multiple systems estimate, and the verdict that follows from all of it.

    found = diagnose(table, "stepwise", Options(bootstrap=1000), coverage_runs=300)
    found.result.explain(), found.verdict, [caution.code for caution in found.cautions]

The verdict begins with what the result says of itself (judging.py) and can only get harsher.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from palermo.estimation.estimators import Options, Progress, mse
from palermo.estimation.judging import SEVERITY, verdict
from palermo.estimation.mse.checks import Check, internal_consistency, leave_one_out, merges, trajectory
from palermo.estimation.mse.doubts import (
    OTHERS,
    Other,
    about_linkage,
    about_others,
    about_people,
    about_table,
    about_winners,
    factors,
    other_methods,
)
from palermo.estimation.mse.sensitivity import Reach, curve_as_json, curve_from_json, sensitivity, xi_for
from palermo.estimation.mse.simulate import Coverage, coverage
from palermo.estimation.mse.table import CaptureTable
from palermo.estimation.pictures.curves import Point
from palermo.estimation.results import Caution, Result, Verdict, Word, plain

FAR = 3.0  # and one beyond which no figure stands
USELESS = 0.75  # ranges at 95 % that hold the truth less often than this


@dataclass(frozen=True)
class Diagnosis:
    """A result with all that was asked of it. `result` carries the full verdict and every caution; `cautions` are those
    that the checks added, each typed by its code. `severe` are the codes among them that forbid publication."""

    result: Result
    leave_one_out: Check
    merges: Check
    consistency: Check
    trajectory: Check
    winners: tuple[Mapping[str, Any], ...]
    sensitivity: tuple[Point, ...]
    reach: Reach | None
    coverage: Coverage | None
    others: tuple[Other, ...]
    linkage: Result | None
    cautions: tuple[Caution, ...]
    severe: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """The full verdict."""
        assert self.result.verdict is not None
        return self.result.verdict

    def as_json(self) -> dict[str, Any]:
        return {
            "result": self.result.as_json(), "leave_one_out": self.leave_one_out.as_json(),
            "merges": self.merges.as_json(), "consistency": self.consistency.as_json(),
            "trajectory": self.trajectory.as_json(), "winners": plain(self.winners),
            "sensitivity": curve_as_json(self.sensitivity), "reach": self.reach and self.reach.as_json(),
            "coverage": self.coverage and self.coverage.as_json(),
            "others": [one.as_json() for one in self.others],
            "linkage": self.linkage and self.linkage.as_json(),
            "cautions": [one.as_json() for one in self.cautions], "severe": list(self.severe),
        }  # fmt: skip

    @staticmethod
    def from_json(found: Mapping[str, Any]) -> Diagnosis:
        """The diagnosis that `as_json` wrote."""
        return Diagnosis(
            result=Result.from_json(found["result"]), leave_one_out=Check.from_json(found["leave_one_out"]),
            merges=Check.from_json(found["merges"]), consistency=Check.from_json(found["consistency"]),
            trajectory=Check.from_json(found["trajectory"]), winners=tuple(found["winners"]),
            sensitivity=curve_from_json(found["sensitivity"]),
            reach=Reach.from_json(found["reach"]) if found["reach"] else None,
            coverage=Coverage.from_json(found["coverage"]) if found["coverage"] else None,
            others=tuple(Other.from_json(one) for one in found["others"]),
            linkage=Result.from_json(found["linkage"]) if found["linkage"] else None,
            cautions=tuple(
                Caution.from_json(one)
                for one in found["cautions"]
            ),
            severe=tuple(found["severe"]),
        )  # fmt: skip


def diagnose(
    table: CaptureTable,
    name: str,
    options: Options,
    *,
    threshold: float | None = None,
    coverage_runs: int = 0,
    others: Sequence[str] = OTHERS,
    linkage: Result | None = None,
    result: Result | None = None,
    progress: Progress | None = None,
) -> Diagnosis:
    """Run the method (or take its `result`) and every check of it.

    `threshold` is a number that a decision hangs on; `coverage_runs` simulated tables tell whether the range holds what
    it promises (0: not asked; 300 take seconds); `linkage` is the result of linkage_error.over_draws, whose range
    carries the doubt about who is whom. Raises BadOptions as the method does.
    """
    tell = progress or (lambda share, what: None)
    if result is None:
        result = mse(name).estimate(table, options, progress=lambda share, what: tell(0.4 * share, what))
    value, interval = result.value, result.interval
    tell(0.4, "lists left out and merged")
    left = leave_one_out(table, name, options, value=value, interval=interval)
    joint = merges(table, name, options, value=value, interval=interval)
    tell(0.5, "predictions inside each list")
    inside = internal_consistency(table, name, options, model=result.model)
    tell(0.55, "the estimate as the data grow")
    grown = trajectory(table, name, options, value=value)
    tell(0.6, "other methods")
    second = tuple(other_methods(table, name, options, others))
    tell(0.7, "simulated tables")
    tried = (
        coverage(table, name, options, runs=coverage_runs, result=result,
                 progress=lambda share, what: tell(0.7 + 0.3 * share, what))
        if coverage_runs and value is not None
        else None
    )  # fmt: skip
    winners = tuple(result.diagnostics.get("winners") or ())
    said = [*about_table(table), *about_people(table, result)]
    said += [
        *left.cautions,
        *joint.cautions,
        *inside.cautions,
        *grown.cautions,
        *about_winners(table, winners),
    ]
    said += [
        *about_others(result, second),
        *(tried.cautions if tried else ()),
        *about_linkage(result, linkage),
    ]
    cautions = tuple(said) if value is not None else tuple(about_table(table))
    severe = tuple(dict.fromkeys(_severe(cautions)))
    tell(1.0, "the verdict")
    return Diagnosis(
        result=_judged(result, cautions, severe), leave_one_out=left, merges=joint, consistency=inside,
        trajectory=grown, winners=winners, sensitivity=sensitivity(result),
        reach=None if threshold is None else xi_for(result, threshold), coverage=tried, others=second,
        linkage=linkage, cautions=cautions, severe=severe,
    )  # fmt: skip


def _judged(result: Result, cautions: tuple[Caution, ...], severe: Sequence[str]) -> Result:
    """The result with all cautions and the full verdict, never milder than the one it had."""
    whole = result.with_cautions(*cautions)
    found = verdict(whole)
    if severe and found.word is not Word.NOT:
        found = Verdict(Word.NOT, tuple(one.message for one in cautions if one.code in severe))
    had = result.verdict
    if had and SEVERITY.index(had.word) > SEVERITY.index(found.word):
        found = Verdict(had.word, tuple(dict.fromkeys((*had.reasons, *found.reasons))))
    return replace(whole, verdict=found)


def _severe(cautions: Iterable[Caution]) -> Iterable[str]:
    """Codes of cautions that by their size alone forbid publication."""
    for one in cautions:
        if one.code == "range_too_short" and one.values["share"] < USELESS:
            yield one.code
        if one.code == "methods_disagree" and one.values["factor"] > FAR:
            yield one.code
        if one.code == "one_list_decides" and max(factors(one.values["ratios"])) > FAR:
            yield one.code

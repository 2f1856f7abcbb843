"""Which methods to run on a table, running them, and what a program gets to read about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from palermo.estimating import strata
from palermo.estimating.inputs import Refused
from palermo.estimation import MSE, BadOptions, CaptureTable, Options, Problem, Result
from palermo.estimation.diagnosing import Diagnosis, diagnose
from palermo.estimation.judging import judged
from palermo.estimation.mse.linkage_error import LinkDraws, over_draws
from palermo.estimation.mse.strata import StratifiedTable
from palermo.saying import phrase

ALL = "all"
USUAL = "stepwise"
Step = Callable[[float, str], None]
Data = CaptureTable | StratifiedTable | LinkDraws


@dataclass(frozen=True)
class Run:
    """The results in the order asked for, and the methods of "all" that these lists do not allow, with the reason."""

    results: tuple[Result, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    diagnosis: Diagnosis | None = None

    @property
    def headline(self) -> Result | None:
        """The usual method where it was asked for, otherwise the first."""
        usual = [one for one in self.results if one.method == USUAL]
        return next(iter([*usual, *self.results]), None)


def words(said: Sequence[str]) -> list[str]:
    """Options given several times, or once with commas."""
    return list(dict.fromkeys(one.strip() for word in said for one in word.split(",") if one.strip()))


def names(asked: Sequence[str]) -> tuple[list[str], bool]:
    """Methods by name, each once; and whether all were asked for."""
    said = [name.lower() for name in words(asked)]
    return (list(MSE), True) if ALL in said else (list(dict.fromkeys(said)), False)


def name_problems(asked: Iterable[str]) -> Iterator[Problem]:
    for name in asked:
        if name not in MSE:
            there = [*MSE, ALL]
            yield Problem(
                "options",
                phrase("there is no such method; there are {there}", there=there),
                column="--method",
                value=name,
            )


def lists_problems(asked: Iterable[str], lists: int) -> Iterator[Problem]:
    """The methods that do not take this number of lists."""
    for name in (name for name in asked if name in MSE):
        least, most = MSE[name].least, MSE[name].most
        if not least <= lists <= most:
            told = phrase(
                "this method takes {least} to {most} lists; this table has {lists}",
                least=least,
                most=most,
                lists=lists,
            )
            yield Problem("options", told, column="--method", value=name)


def usual(lists: int) -> list[str]:
    """The method where none is named: stepwise; with two lists only their independence can be supposed."""
    return [USUAL if lists >= MSE[USUAL].least else "main"]


def run(
    table: Data,
    asked: Sequence[str],
    options: Options,
    *,
    lenient: bool = False,
    force: bool = False,
    step: Step | None = None,
) -> Run:
    """Each method on the table, or on each of its strata. With `lenient`, a method that cannot run is left
    out; otherwise Refused is raised, with the reason of each."""
    results: list[Result] = []
    refused: list[Problem] = []
    left_out: list[tuple[str, str]] = []
    for number, name in enumerate(asked):
        try:
            found = _one(table, name, options, _part(step, number, len(asked), name))
        except BadOptions as error:
            if not lenient:
                refused.append(Problem("options", error.message, column="--method", value=name))
            left_out.append((name, error.message))
            continue
        results.append(found.insist() if force else found)
    if refused:
        raise Refused.inside("", refused)
    return Run(tuple(results), tuple(left_out))


def checked(done: Run, table: Data, options: Options, *, step: Step | None = None) -> Run:
    """The run with its headline held against variants of its own table (of draws, the one in the middle), or of the
    table of each stratum; the verdict hears all of it."""
    if isinstance(table, LinkDraws):
        table = table.typical()
    head = done.headline
    if head is None or head.value is None:
        return done
    found: Diagnosis | None = None
    if isinstance(table, CaptureTable):
        found = diagnose(table, head.method, options, result=head, progress=step)
        better = found.result
    else:
        better = strata.checked(table, head, options, step)
    results = tuple(better if one is head else one for one in done.results)
    return replace(done, results=results, diagnosis=found)


def _one(table: Data, name: str, options: Options, step: Step | None) -> Result:
    if isinstance(table, LinkDraws):
        return judged(over_draws(table, MSE[name], options, progress=step))
    if isinstance(table, CaptureTable):
        return MSE[name].estimate(table, options, progress=step)
    from palermo.estimation.mse.stratified import estimate

    more = {"how": "separate", **options.more, "estimator": name}
    return judged(replace(estimate(table, replace(options, more=more), progress=step), method=name))


def _part(step: Step | None, number: int, many: int, name: str) -> Step | None:
    """The progress of one method as a share of all."""
    if step is None:
        return None
    return lambda share, what: step((number + share) / many, f"{name}, {what}" if what else name)


def as_json(done: Run, table: Data) -> dict[str, Any]:
    """One method: its result. Several: a list, and above it the fields of the headline."""
    head = done.headline
    found: dict[str, Any] = head.as_json() if head else {}
    about: dict[str, Any] = {"lists": list(table.lists)}
    if isinstance(table, StratifiedTable):
        about |= {"by": list(table.dimensions), "strata": found.get("diagnostics", {}).get("strata", [])}
    if isinstance(table, LinkDraws):
        share = found.get("diagnostics", {}).get("linkage_share")
        about |= {"draws": len(table.tables), "linkage_share": share}
    if len(done.results) != 1 or done.left_out:
        about["results"] = [one.as_json() for one in done.results]
        about["left_out"] = [{"method": name, "reason": reason} for name, reason in done.left_out]
    if done.diagnosis:
        about["checks"] = checks_as_json(done.diagnosis)
    return found | about


def checks_as_json(found: Diagnosis) -> dict[str, Any]:
    """What the checks found, without the result, which stands above."""
    whole = found.as_json()
    named = ("leave_one_out", "merges", "consistency", "trajectory", "sensitivity", "others", "severe")
    return {name: whole[name] for name in named}

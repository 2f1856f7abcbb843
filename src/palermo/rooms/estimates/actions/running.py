"""Runs: asked for by a person, carried out by the worker, kept to the last digit, repeated to prove it."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from palermo import estimation
from palermo.estimation import BadOptions, CaptureTable, Options, Result
from palermo.estimation.estimators import Progress
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, Refused
from palermo.kernel.jobs import progress
from palermo.kernel.jobs.actions import enqueue
from palermo.kernel.jobs.models import Effect
from palermo.rooms.estimates.actions.studies import draws_of, tables_of
from palermo.rooms.estimates.models import Run, RunState, Study

log = logging.getLogger(__name__)
# Kept in English and translated where it is shown.
FAULT = gettext_noop(
    "The method failed on this table. That is a fault of the program: please report it, without the table."
)
MOST_BOOTSTRAP = 20_000
MOST_WAITING = 3
# What a repetition must have in common with its first, and what says nothing about it.
TOLD = ("estimate", "lower", "upper", "value", "interval", "model", "warnings", "verdict", "diagnostics")


@transaction.atomic
def start_run(*, actor: Viewer, study: Study, methods: Sequence[str], settings: Mapping[str, Any]) -> Run:
    """Run estimators on the table of a study in the background. Raises Invalid, Conflict."""
    require(actor, "estimates.run.make")
    chosen = [name for name in estimation.MSE if name in methods]
    _check(methods, chosen, settings)
    return _enqueued(actor, Run(study=study, methods=chosen, options=dict(settings)))


@transaction.atomic
def repeat_run(*, actor: Viewer, run: Run) -> Run:
    """The same methods with the same settings and seed once more; every digit has to come out again."""
    require(actor, "estimates.run.make")
    if run.state != RunState.DONE:
        raise Conflict(
            _("Only a run that is done can be repeated."), rule="estimates.run.done", state=run.state
        )
    return _enqueued(actor, Run(study=run.study, methods=run.methods, options=run.options, again=run))


@transaction.atomic
def stop_run(*, actor: Viewer, run: Run) -> None:
    """Ask a run to end; it does within a second or two, and keeps nothing."""
    require(actor, "estimates.run.make")
    if not run.open:
        raise Conflict(_("This run has ended already."), rule="estimates.run.open", state=run.state)
    progress.ask_to_stop(run.pk)
    record(actor=actor, action="estimates.run.stop", object_kind="run", object_id=run.pk)


def _check(methods: Sequence[str], chosen: Sequence[str], settings: Mapping[str, Any]) -> None:
    problems = []
    if not chosen or len(chosen) != len(set(methods)):
        problems.append(FieldProblem("methods", _("Choose at least one method."), "methods"))
    if not 2 <= settings["order"] <= 5:
        problems.append(FieldProblem("order", _("From 2 to 5."), "order"))
    if not 0 < settings["p"] < 1:
        problems.append(FieldProblem("p", _("Between 0 and 1."), "p"))
    if not 0 <= settings["bootstrap"] <= MOST_BOOTSTRAP:
        words = _("From 0 to %(most)s.") % {"most": MOST_BOOTSTRAP}
        problems.append(FieldProblem("bootstrap", words, "bootstrap"))
    if problems:
        raise Invalid(_("The run was not started."), problems=problems, rule="estimates.run")


def _enqueued(actor: Viewer, run: Run) -> Run:
    if actor.user_id is None:
        raise Refused(_("A run is started by a person."), rule="estimates.person")
    waiting = Run.objects.filter(asked_by_id=actor.user_id, state=RunState.WAITING).count()
    if waiting >= MOST_WAITING:
        words = _("Three runs of yours are waiting or at work. Wait for one of them, or stop it.")
        raise Conflict(words, rule="estimates.run.many", state="waiting")
    run.asked_by_id = actor.user_id
    run.save()
    progress.begin(run.pk)
    enqueue("estimates.run", run.pk, actor=actor)
    record(
        actor=actor, action="estimates.run.start", object_kind="run", object_id=run.pk,
        detail={"methods": " ".join(run.methods), "repeats": str(run.again_id or "")},
    )  # fmt: skip
    return run


def carry_out(viewer: Viewer, effect: Effect) -> None:
    """The worker's part: every method on every stratum; what comes out is kept with the run."""
    if effect.object_id is None:
        return
    run = Run.objects.select_related("study", "again").filter(pk=effect.object_id).first()
    if run is None or not run.open:
        return
    tables = tables_of(run.study)
    with progress.Teller(run.pk) as teller:
        try:
            teller(0.0)
            results, refused = _all(run, tables, teller)
        except progress.Stopped:
            _end(viewer, run, RunState.STOPPED, {})
            return
    same = None if run.again is None else _told(run.again.results) == _told(results)
    found = {"results": results, "refused": refused, "library": _library(), "same": same}
    _end(viewer, run, RunState.DONE if results else RunState.FAILED, found)


def _all(
    run: Run, tables: Mapping[str, CaptureTable], teller: Callable[[float, str], None]
) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    checks = bool(run.options.get("checks"))
    options = Options(threads=1, **{name: value for name, value in run.options.items() if name != "checks"})
    results: list[dict[str, Any]] = []
    refused: list[dict[str, str]] = []
    parts = [(stratum, name) for stratum in tables for name in run.methods]
    for place, (stratum, name) in enumerate(parts):

        def told(share: float, _doing: str = "", place: int = place, name: str = name) -> None:
            teller((place + min(share, 1)) / len(parts) * 0.99, name)

        told(0.0)
        try:
            drawn = draws_of(run.study, stratum, tables[stratum].lists)
            linkage = _over_links(name, drawn, options) if drawn else None
            results.append(
                {"stratum": stratum, **_one(name, tables[stratum], options, checks, told, linkage)}
            )
        except BadOptions as error:
            refused.append({"stratum": stratum, "method": name, "why": str(error)})
        except progress.Stopped:
            raise
        except Exception:
            # A fault in one method takes nothing from the others; the log has it, counts are never in it.
            log.exception("The method %s failed in run %s", name, run.pk)
            refused.append({"stratum": stratum, "method": name, "why": FAULT})
    return results, refused


def _over_links(name: str, drawn: Sequence[CaptureTable], options: Options) -> Result:
    """The method over every draw of who is whom. Each gets its part of the replicates: their ranges are mixed."""
    from palermo.estimation.mse.linkage_error import LinkDraws, over_draws

    part = None if options.bootstrap is None else options.bootstrap // len(drawn)
    return over_draws(LinkDraws.from_tables(drawn), estimation.mse(name), replace(options, bootstrap=part))


def _one(
    name: str, table: CaptureTable, options: Options, checks: bool, told: Progress, linkage: Result | None
) -> dict[str, Any]:
    """One method's answer; with checks everything that was asked of it, and the verdict that follows from all."""
    over = {} if linkage is None else {"linkage": linkage.as_json()}
    if not checks:
        return {**estimation.mse(name).estimate(table, options, progress=told).as_json(), **over}
    # Only the worker needs it: no process that answers requests loads it when it starts.
    from palermo.estimation.diagnosing import diagnose

    found = diagnose(table, name, options, progress=told, linkage=linkage)
    asked = {key: value for key, value in found.as_json().items() if key != "result"}
    return {**found.result.as_json(), "checks": asked, **over}


def _told(results: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {name: one[name] for name in ("stratum", "method", *TOLD)} | {"warnings": _figures(one["warnings"])}
        for one in results
    ]


def _figures(warnings: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """What a warning rests on; its wording may be bettered between two runs."""
    return [[one["code"], one["level"], one["values"]] for one in warnings]


def _library() -> str:
    from importlib.metadata import version

    return f"palermo {version('palermo')}, numpy {version('numpy')}"


def _end(viewer: Viewer, run: Run, state: RunState, found: Mapping[str, Any]) -> None:
    current = Run.objects.get(pk=run.pk)
    current.change({"state": state, "ended_at": timezone.now(), **found}, expected_version=current.version)
    record(
        actor=viewer, action="estimates.run.end", object_kind="run", object_id=run.pk,
        detail={"state": str(state), "results": len(found.get("results", ()))},
    )  # fmt: skip

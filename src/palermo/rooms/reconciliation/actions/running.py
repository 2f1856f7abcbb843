"""Runs: asked for by the coordinator, carried out by the worker, who alone opens identities, and only in memory."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import OPERATOR, Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict
from palermo.kernel.jobs import progress
from palermo.kernel.jobs.actions import enqueue
from palermo.kernel.jobs.models import Effect
from palermo.linkage.people import PersonList, PersonRecord
from palermo.rooms.reconciliation.actions.counting import histories_of
from palermo.rooms.reconciliation.actions.deciding import merge_settled
from palermo.rooms.reconciliation.actions.keeping import keep_links, keep_pairs
from palermo.rooms.reconciliation.actions.opening import opened_list
from palermo.rooms.reconciliation.actions.registering import links_changed
from palermo.rooms.reconciliation.models import Listed, Project, Run, RunState, Source
from palermo.rooms.reconciliation.queries.reading import review_progress
from palermo.rooms.reconciliation.queries.standing import settled_pairs

log = logging.getLogger(__name__)
FEWEST_LISTS = 1


@transaction.atomic
def start_run(*, actor: Viewer, project: Project) -> Run:
    """Link the lists of a reconciliation in the background. Raises Conflict where it cannot begin.

    Every list needs its legal basis: without one its records are not opened.
    """
    require(actor, "reconciliation.run.make")
    lists = list(Source.objects.filter(project=project))
    if without := [one.name for one in lists if not one.legal_basis]:
        words = _("These lists have no legal basis yet: %(lists)s. Name it, or leave them out.")
        raise Conflict(words % {"lists": ", ".join(without)}, rule="reconciliation.basis", state="undeclared")
    if Listed.objects.filter(source__in=lists).first() is None:
        words = _("No list of this reconciliation has a record yet. Bring the files in first.")
        raise Conflict(words, rule="reconciliation.empty", state="empty")
    if Run.objects.filter(project=project, state=RunState.WAITING).exists():
        words = _("The lists are being linked already. Wait for it, or stop it.")
        raise Conflict(words, rule="reconciliation.run.one", state="waiting")
    made = Run.objects.create(project=project, asked_by_id=actor.user_id)
    progress.begin(made.pk)
    # Without an asker: the worker has the rights of the instance, and the walls open identities to it
    # while a run of these lists waits, and to nobody else.
    enqueue("reconciliation.run", made.pk)
    record(
        actor=actor, action="reconciliation.run.start", object_kind="reconciliation_run", object_id=made.pk,
        detail={"reconciliation": str(project.pk), "lists": len(lists)},
    )  # fmt: skip
    return made


@transaction.atomic
def stop_run(*, actor: Viewer, run: Run) -> None:
    """Ask a run to end; it does within a few seconds, and keeps nothing."""
    require(actor, "reconciliation.run.make")
    if not run.open:
        raise Conflict(_("This run has ended already."), rule="reconciliation.run.open", state=run.state)
    progress.ask_to_stop(run.pk)
    record(actor=actor, action="reconciliation.run.stop", object_kind="reconciliation_run", object_id=run.pk)


def carry_out(viewer: Viewer, effect: Effect) -> None:
    """The worker's part: open, link, keep what came out without any identity."""
    if effect.object_id is None or viewer.kind != OPERATOR:
        return
    run = Run.objects.select_related("project").filter(pk=effect.object_id).first()
    if run is None or not run.open:
        return
    # Only the worker needs it: no process that answers requests loads it when it starts.
    from palermo.linkage import engine

    with progress.Teller(run.pk) as teller:
        try:
            teller(0.0, "open")
            lists = _lists(viewer, run)
            same, different = _decisions(run, lists)
            found = engine.link(
                [one for _source, one in lists], decisions=engine.Decisions(same=same, different=different),
                progress=_part_of(teller),
            )  # fmt: skip
            teller(0.8, "keep")
            with transaction.atomic():
                values = _kept(run, lists, found, teller)
        except progress.Stopped:
            _end(viewer, run, RunState.STOPPED, {})
            return
        except Exception as error:
            # The kind of the error only: its message may hold a name.
            log.error("Linkage %s failed: %s", run.pk, type(error).__name__)
            _end(viewer, run, RunState.FAILED, {"why_failed": type(error).__name__[:40]})
            return
    _end(viewer, run, RunState.DONE, values)
    # What people settled while the lists were being linked was not known to the linkage.
    merge_settled(viewer, run.project)
    links_changed(run.project_id)


def _part_of(teller: progress.Teller) -> Callable[[float, str], None]:
    """The linkage itself is four fifths of a run."""

    def told(share: float, doing: str) -> None:
        teller(0.05 + 0.75 * share, doing)

    return told


Lists = list[tuple[Source, PersonList]]
Key = tuple[str, str]  # name of the list, record
Pairs = tuple[tuple[Key, Key], ...]


def _lists(viewer: Viewer, run: Run) -> Lists:
    found: Lists = []
    for source in Source.objects.filter(project=run.project).exclude(legal_basis="").order_by("name"):
        rows = opened_list(viewer, source)
        record(
            actor=viewer, action="reconciliation.list.open", object_kind="linkage_list", object_id=source.pk,
            purpose="identify", detail={"run": str(run.pk), "records": len(rows)},
        )  # fmt: skip
        if rows:
            found.append((source, PersonList.from_records(source.name, [one for _key, one in rows])))
    return found


def _decisions(run: Run, lists: Lists) -> tuple[Pairs, Pairs]:
    """What people settled, as the engine takes it: pairs of (name of the list, record)."""
    place = {str(key): one.name for _source, one in lists for key in one.columns["record_id"]}
    same: list[tuple[Key, Key]] = []
    different: list[tuple[Key, Key]] = []
    for left, right, verdict in settled_pairs(run.project_id):
        if str(left) not in place or str(right) not in place:
            continue
        pair = ((place[str(left)], str(left)), (place[str(right)], str(right)))
        if verdict == "same":
            same.append(pair)
        elif verdict == "different":
            different.append(pair)
    return tuple(same), tuple(different)


def _kept(run: Run, lists: Lists, found: Any, teller: Any) -> dict[str, Any]:
    """Pairs, links and counts of a linkage into the database; what the run itself keeps."""
    records: list[PersonRecord] = [row for _source, one in lists for row in one.rows()]
    rows = {str(one.pk): one for one in Listed.objects.filter(source__in=[source for source, _one in lists])}
    listed = [rows[one.record_id] for one in records]
    pairs = keep_pairs(run, found, records, listed, lambda share: teller(0.8 + 0.1 * share, "pairs"))
    changed, persons = keep_links(run, found, listed)
    teller(0.95, "histories")
    names = [one.name for _source, one in lists]
    return {
        "lists": [{"id": str(source.pk), "name": one.name, "records": len(one)} for source, one in lists],
        "histories": histories_of(found, listed, names),
        "summary": {
            "records": len(records), "persons": persons, "pairs": pairs, "changed": changed,
            "threshold": float(found.threshold), "years": _years(listed), "reviewed": review_progress(run).share,
            **_quality(found),
        },
        "library": f"palermo.linkage {found.version}",
    }  # fmt: skip


def _years(listed: list[Listed]) -> list[int]:
    """First and last year of recording; empty where no record says when."""
    known = {
        one.recorded_on.year for one in listed if one.recorded_on and 1990 <= one.recorded_on.year <= 2100
    }
    return [min(known), max(known)] if known else []


def _quality(found: Any) -> dict[str, Any]:
    """Expected precision and recall with their intervals, the share of true pairs compared, and the model's notes."""
    told = {name: getattr(found, name) for name in ("precision", "recall")}
    return {
        **{name: [float(one.value), float(one.lower), float(one.upper)] for name, one in told.items()},
        "compared": float(found.compared), "notes": [[code, int(number)] for code, number in found.notes],
    }  # fmt: skip


def _end(viewer: Viewer, run: Run, state: str, values: dict[str, Any]) -> None:
    with transaction.atomic():
        run.change({"state": state, "ended_at": timezone.now(), **values}, expected_version=run.version)
        record(
            actor=viewer, action="reconciliation.run.end", object_kind="reconciliation_run", object_id=run.pk,
            detail={"state": state}, result="done" if state == RunState.DONE else "failed",
        )  # fmt: skip

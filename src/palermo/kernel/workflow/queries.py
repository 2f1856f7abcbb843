"""What can happen now, what happened, and what is due; the walls let through what the viewer holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.workflow.actions import last_doers, may_act
from palermo.kernel.workflow.clocks import levels_of, on_track
from palermo.kernel.workflow.models import Deadline, Reminder, Transition
from palermo.kernel.workflow.rules import is_statement
from palermo.kernel.workflow.statements import STATEMENTS
from palermo.standards.workflows import Event, machine, names

MOST = 100


@dataclass(frozen=True, slots=True)
class Running:
    """One deadline that waits for somebody. label: the event that meets it, in the viewer's language."""

    object_id: UUID
    object_kind: str
    machine: str
    rule: str
    event: str
    label: str
    due_at: datetime
    overdue: bool


@dataclass(frozen=True, slots=True)
class Load:
    """How many deadlines of one kind run, and how many are overdue: all that a coordinator sees."""

    machine: str
    rule: str
    running: int
    overdue: int


def available(viewer: Viewer, obj: Any) -> tuple[Event, ...]:
    """The events that the viewer may let happen to `obj` as it is now; guards are asked when he does."""
    m = machine(obj.machine)
    return tuple(
        event
        for event in m.leaving(obj.state)
        if may_act(viewer, event.actors)
        and on_track(event, obj)
        and not (event.two_person and viewer.user_id in last_doers(obj, m, event))
    )


@dataclass(frozen=True, slots=True)
class Statement:
    """Something the actor must confirm for a guard to let pass: the input to give, and what it says."""

    key: str
    sentence: str


def statements(event: Event, machine_name: str = "") -> tuple[Statement, ...]:
    """What a page asks the actor to confirm before `event`; given to `transition` as `inputs`."""
    found = (STATEMENTS[name] for name in event.guards if is_statement(name, machine_name))
    return tuple(Statement(key, str(sentence)) for key, sentence in found)


def rule_name(rule: str) -> str:
    """What a deadline asks for, in the language of the page: the event that meets it."""
    language = get_language() or "en"
    for name in names():
        for event in machine(name).events:
            for limit in (event.limit, event.after):
                if limit is not None and rule in limit.keys.values():
                    return event.label(language)
    return rule.replace("_", " ")


def history(viewer: Viewer, obj: Any) -> QuerySet[Transition]:
    """The changes of state of an object, newest first, with their actors."""
    rows = Transition.objects.filter(object_id=obj.pk, machine=obj.machine)
    return rows.select_related("actor").order_by("-object_version")


def deadlines_of(viewer: Viewer, obj: Any) -> QuerySet[Deadline]:
    """The running deadlines of an object, the nearest first."""
    return _running().filter(object_id=obj.pk, machine=obj.machine).order_by("due_at")


def _running() -> QuerySet[Deadline]:
    return Deadline.objects.filter(met_at=None, cancelled_at=None, paused_at=None)


def due(
    viewer: Viewer, *, object_kind: str = "", most: int = MOST, now: datetime | None = None
) -> list[Running]:
    """What is due for the viewer: running deadlines of objects he holds that one of his roles can meet.

    Not what the timer will do by itself.
    """
    from palermo.kernel.access.models import Grant

    if not viewer.is_person:
        return []
    now, language = now or timezone.now(), get_language() or "en"
    # Grants show only the viewer's own live ones, so this leaves out what a coordinator merely counts.
    held = Grant.objects.values("object_id")
    rows = _running().filter(fires=False, roles__overlap=sorted(viewer.roles), object_id__in=held)
    if object_kind:
        rows = rows.filter(object_kind=object_kind)
    found = []
    for row in rows.order_by("due_at", "id")[:most]:
        event = next((e for e in machine(row.machine).events if e.code == row.event), None)
        label = event.label(language) if event else row.event
        found.append(
            Running(
                row.object_id,
                row.object_kind,
                row.machine,
                row.rule,
                row.event,
                label,
                row.due_at,
                row.due_at < now,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """One reminder that waits for the viewer: the highest level that a running deadline has reached for him."""

    object_id: UUID
    object_kind: str
    machine: str
    rule: str
    event: str
    label: str
    level: str
    due_at: datetime
    raised_at: datetime


def reminders(viewer: Viewer, *, most: int = MOST, now: datetime | None = None) -> list[Told]:
    """What the viewer is reminded of, of objects he holds: one line for a deadline, the nearest first.

    A reminder is over when its deadline is met, called off, stands still or was moved to later.
    """
    from palermo.kernel.access.models import Grant

    if not viewer.is_person:
        return []
    now, language = now or timezone.now(), get_language() or "en"
    rows = (
        Reminder.objects.filter(
            roles__overlap=sorted(viewer.roles),
            object_id__in=Grant.objects.values("object_id"),
            deadline__met_at=None,
            deadline__cancelled_at=None,
            deadline__paused_at=None,
        )
        .select_related("deadline")
        .order_by("deadline__due_at", "deadline_id", "-raised_at", "-id")
    )
    found: dict[UUID, Told] = {}
    for row in rows[: most * 4]:
        d = row.deadline
        reached = [level.level for level, at in levels_of(d) if at <= now]
        if row.level not in reached:
            continue
        known = found.get(d.pk)
        if known is None or reached.index(row.level) > reached.index(known.level):
            event = next((e for e in machine(d.machine).events if e.code == d.event), None)
            label = event.label(language) if event else d.event
            found[d.pk] = Told(
                d.object_id, d.object_kind, d.machine, d.rule, d.event, label, row.level, d.due_at, row.raised_at
            )  # fmt: skip
    return list(found.values())[:most]


def escalated(viewer: Viewer) -> list[Load]:
    """What has been escalated to the coordinator and still runs, by machine and limit: counts, no objects."""
    rows = (
        Reminder.objects.filter(
            level="coordinator",
            deadline__met_at=None,
            deadline__cancelled_at=None,
            deadline__paused_at=None,
        )
        .values("deadline__machine", "deadline__rule")
        .annotate(n=Count("deadline_id", distinct=True))
        .order_by("deadline__machine", "deadline__rule")
    )
    return [Load(r["deadline__machine"], r["deadline__rule"], r["n"], r["n"]) for r in rows]


def notification(level: str) -> str:
    """The text of a message that leaves the house about a deadline: no name, no case, no kind of case."""
    sentences = {
        "soon": _("Something in palermo is due soon. Sign in to see what."),
        "due": _("Something in palermo is due now. Sign in to see what."),
    }
    return sentences.get(level, _("Something in palermo is overdue. Sign in to see what."))


def load(viewer: Viewer, *, now: datetime | None = None) -> list[Load]:
    """Counts of running and overdue deadlines by machine and limit, of all that the viewer may see or count."""
    now = now or timezone.now()
    rows = (
        _running()
        .filter(fires=False)
        .values("machine", "rule")
        .annotate(n=Count("id"), late=Count("id", filter=Q(due_at__lt=now)))
    )
    return [Load(r["machine"], r["rule"], r["n"], r["late"]) for r in rows.order_by("machine", "rule")]

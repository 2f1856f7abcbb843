"""Deadlines follow the state of their object: entering a state starts its clocks, leaving it stops them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from palermo.kernel.workflow.models import Deadline
from palermo.standards import workdays
from palermo.standards.packs import Pack, pack
from palermo.standards.workflows import SYSTEM, Event, Machine, State, resolve


def on_track(event: Event, obj: Any) -> bool:
    """Whether an event is open for this person: age in doubt counts as a child (CoE Convention art. 10(3))."""
    adult = getattr(obj, "child", None) is False
    return not event.track or (event.track == "adult") == adult


def due_at(key: str, start: datetime, country: Pack) -> datetime:
    """When a limit falls due that starts at `start`, by the working days of the country."""
    limit = resolve(key, country)
    local = start.astimezone(ZoneInfo(country.time_zone))
    return workdays.due(local, limit.amount, limit.unit, country.calendar)


def running(obj: Any, machine: Machine) -> list[Deadline]:
    """The deadlines of the object that are neither met nor cancelled, locked."""
    found = Deadline.objects.select_for_update().filter(
        object_id=obj.pk, machine=machine.name, met_at=None, cancelled_at=None
    )
    return list(found)


def move(obj: Any, machine: Machine, event: Event | None, from_state: str, at: datetime) -> None:
    """Meet, cancel, pause and start deadlines for an object that has just entered its present state.

    event None: the object has only begun.
    """
    to = machine.state(obj.state)
    kept: list[Deadline] = []
    held = running(obj, machine) if event is not None else []
    met = set(event.limit.keys.values()) if event is not None and event.limit else set()
    for deadline in held:
        if deadline.state == from_state and deadline.rule in met:
            deadline.met_at = at
        elif from_state != to.code or to.kind == "end":
            _leave(deadline, to, at)
        if deadline.met_at is None and deadline.cancelled_at is None:
            kept.append(deadline)
    Deadline.objects.bulk_update(held, ["met_at", "cancelled_at", "paused_at", "due_at"])
    if to.kind != "end":
        Deadline.objects.bulk_create(_begin(obj, machine, to, at, {d.rule for d in kept}))


def _leave(deadline: Deadline, to: State, at: datetime) -> None:
    """The object left the state: a state that pauses stops the clocks, coming back lets them go on."""
    if to.pauses:
        deadline.paused_at = deadline.paused_at or at
    elif deadline.state == to.code and deadline.paused_at is not None:
        deadline.due_at += at - deadline.paused_at
        deadline.paused_at = None
    else:
        deadline.cancelled_at = at


def _begin(obj: Any, machine: Machine, state: State, at: datetime, already: Iterable[str]) -> list[Deadline]:
    country = pack(settings.PALERMO_PACK)
    made: dict[str, Deadline] = {}
    for event in machine.leaving(state.code):
        if event.limit is None or not on_track(event, obj):
            continue
        rule = event.limit.key(obj)
        if rule in already or rule in made:
            continue
        made[rule] = Deadline(
            object_id=obj.pk,
            object_kind=obj._meta.model_name,
            machine=machine.name,
            state=state.code,
            rule=rule,
            event=event.code,
            roles=sorted(event.actors - {SYSTEM}),
            organisation_id=getattr(obj, "organisation_id", None),
            started_at=at,
            due_at=due_at(rule, at, country),
        )
    return list(made.values())

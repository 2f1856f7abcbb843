"""Deadlines follow the state of their object: entering a state starts its clocks, leaving it stops them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from palermo.kernel.workflow.clocks import Clock, clocks_of, dates, next_look, on_track, resumed
from palermo.kernel.workflow.models import Deadline
from palermo.standards.workflows import Event, Machine, State

__all__ = ["move", "move_many", "on_track", "reckon", "running"]

CHANGING = ("rule", "event", "state", "roles", "base_at", "due_at", "next_at", "paused_at", "paused_for", "paused_in",
            "met_at", "cancelled_at")  # fmt: skip


def running(obj: Any, machine: Machine) -> list[Deadline]:
    """The deadlines of the object that are neither met nor cancelled, locked, always in the same order."""
    found = Deadline.objects.select_for_update().filter(
        object_id=obj.pk, machine=machine.name, met_at=None, cancelled_at=None
    )
    return list(found.order_by("id"))


def move(
    obj: Any, machine: Machine, event: Event | None, from_state: str, at: datetime, pause_reason: str = ""
) -> None:
    """Meet, cancel, pause, carry on and start deadlines for an object that has just entered its present state.

    event None: the object has only begun. pause_reason: why clocks stand still now; the event where not given.
    """
    held = running(obj, machine) if event is not None else []
    begun = _follow(obj, machine, event, from_state, at, pause_reason, held)
    _write(held)
    Deadline.objects.bulk_create(begun)


def move_many(
    moved: Sequence[tuple[Any, Event | None, str]], machine: Machine, at: datetime, pause_reason: str = ""
) -> None:
    """The same for many objects (object, event or None when it only begins, state before), written together."""
    rows = Deadline.objects.select_for_update().filter(
        object_id__in=[obj.pk for obj, event, _before in moved if event is not None],
        machine=machine.name,
        met_at=None,
        cancelled_at=None,
    )
    held: dict[Any, list[Deadline]] = defaultdict(list)
    for deadline in rows.order_by("id"):
        held[deadline.object_id].append(deadline)
    seen = {d.pk: _values(d) for deadlines in held.values() for d in deadlines}
    begun = [
        made
        for obj, event, before in moved
        for made in _follow(obj, machine, event, before, at, pause_reason, held[obj.pk])
    ]
    _write_many([d for deadlines in held.values() for d in deadlines if _values(d) != seen[d.pk]], seen, at)
    Deadline.objects.bulk_create(begun)


def _values(deadline: Deadline) -> dict[str, Any]:
    return {name: getattr(deadline, name) for name in CHANGING}


def _write_many(changed: list[Deadline], seen: dict[Any, dict[str, Any]], at: datetime) -> None:
    """What was only met, or only called off, in one statement each; the others by their values."""
    rest = []
    only: dict[str, list[Any]] = {"met_at": [], "cancelled_at": []}
    for deadline in changed:
        moved = [name for name, value in _values(deadline).items() if value != seen[deadline.pk][name]]
        if len(moved) == 1 and moved[0] in only:
            only[moved[0]].append(deadline.pk)
        else:
            rest.append(deadline)
    for name, keys in only.items():
        if keys:
            Deadline.objects.filter(pk__in=keys).update(**{name: at})
    if rest:
        _write(rest)


def _follow(
    obj: Any,
    machine: Machine,
    event: Event | None,
    from_state: str,
    at: datetime,
    pause_reason: str,
    held: list[Deadline],
) -> list[Deadline]:
    """Change the deadlines that are held as the move asks for; gives those that begin. Nothing is written here."""
    to = machine.state(obj.state)
    wanted = {} if to.kind == "end" else clocks_of(obj, machine, to.code)
    for deadline in held:
        if event is not None and _meets(deadline, event, from_state):
            deadline.met_at = at
        elif to.kind == "end":
            deadline.cancelled_at = at
        elif from_state != to.code:
            _enter(deadline, to, wanted, at, pause_reason or (event.code if event else ""))
    kept = [d for d in held if d.met_at is None and d.cancelled_at is None]
    _reckon(obj, to, wanted, kept, at)
    return _begin(obj, machine, to, wanted, at, kept)


def reckon(obj: Any, machine: Machine, at: datetime) -> None:
    """Work the running deadlines out again after an attribute changed that they depend on (risk, service date)."""
    to = machine.state(obj.state)
    wanted = {} if to.kind == "end" else clocks_of(obj, machine, to.code)
    held = running(obj, machine)
    _reckon(obj, to, wanted, held, at)
    _write(held)
    kept = [d for d in held if d.cancelled_at is None]
    Deadline.objects.bulk_create(_begin(obj, machine, to, wanted, at, kept))


def _write(changed: list[Deadline]) -> None:
    """What was called off or met is written first: its limit may be that of another one now."""
    over = [d for d in changed if d.met_at is not None or d.cancelled_at is not None]
    Deadline.objects.bulk_update(over, CHANGING)
    Deadline.objects.bulk_update([d for d in changed if d not in over], CHANGING)


def _meets(deadline: Deadline, event: Event, from_state: str) -> bool:
    if deadline.fires:
        return deadline.event == event.code and event.after is not None
    return deadline.state == from_state and bool(event.limit) and deadline.rule in _keys(event)


def _keys(event: Event) -> frozenset[str]:
    return frozenset(event.limit.keys.values()) if event.limit else frozenset()


def _enter(
    deadline: Deadline, to: State, wanted: dict[tuple[str, bool], Clock], at: datetime, why: str
) -> None:
    """The object came into another state: its clock goes on, stands still or is called off."""
    once = to.pauses_once and to.code in deadline.paused_in
    if deadline.state == to.code or (deadline.rule, deadline.fires) in wanted:
        # Back again, or the next state has the same limit (a proposal and its confirmation): it runs on.
        _go_on(deadline, at)
        deadline.state = to.code
    elif to.pauses and not once:
        _stand_still(deadline, to, at, why)
    elif once:
        if deadline.paused_in[-1] != to.code:  # It ran on here before something else stopped it.
            _go_on(deadline, at)
            deadline.paused_in.append(to.code)
    else:
        deadline.cancelled_at = at


def _stand_still(deadline: Deadline, to: State, at: datetime, why: str) -> None:
    if deadline.paused_at is None:
        deadline.paused_at, deadline.paused_for = at, why
        deadline.paused_in = [*deadline.paused_in, to.code]


def _go_on(deadline: Deadline, at: datetime) -> None:
    if deadline.paused_at is not None:
        deadline.due_at = resumed(deadline, at)
        deadline.paused_at, deadline.paused_for = None, ""
        deadline.next_at = next_look(deadline)


def _reckon(
    obj: Any, to: State, wanted: dict[tuple[str, bool], Clock], kept: list[Deadline], at: datetime
) -> None:
    """Move what depends on the object as it is now; call off what no longer holds for it."""
    by_event = {(clock.event.code, clock.fires): clock for clock in wanted.values()}
    for deadline in kept:
        if deadline.state != to.code:
            continue  # It stands still until the object is back.
        clock = wanted.get((deadline.rule, deadline.fires)) or by_event.get((deadline.event, deadline.fires))
        found = dates(clock, obj, deadline.started_at) if clock else None
        if clock is None or found is None:
            deadline.cancelled_at = at
            continue
        deadline.rule, deadline.event, deadline.roles = clock.rule, clock.event.code, sorted(clock.roles)
        if found[1] != deadline.base_at:
            deadline.due_at += found[1] - deadline.base_at
            deadline.base_at = found[1]
            deadline.next_at = next_look(deadline)


def _begin(
    obj: Any,
    machine: Machine,
    state: State,
    wanted: dict[tuple[str, bool], Clock],
    at: datetime,
    kept: Iterable[Deadline],
) -> list[Deadline]:
    already = {(d.rule, d.fires) for d in kept}
    made = []
    for key, clock in wanted.items():
        found = None if key in already else dates(clock, obj, at)
        if found is None:
            continue
        deadline = Deadline(
            object_id=obj.pk,
            object_kind=obj._meta.model_name,
            machine=machine.name,
            state=state.code,
            rule=clock.rule,
            event=clock.event.code,
            fires=clock.fires,
            roles=sorted(clock.roles),
            organisation_id=getattr(obj, "organisation_id", None),
            started_at=found[0],
            base_at=found[1],
            due_at=found[1],
        )
        deadline.next_at = next_look(deadline)
        made.append(deadline)
    return made

"""When a limit of an object falls due, and when somebody is told: dates only, nothing is stored here."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from palermo.kernel.workflow.models import Deadline
from palermo.standards import workdays
from palermo.standards.packs import Level, Pack, pack
from palermo.standards.workflows import PERSON, SYSTEM, Event, LimitRule, Machine, resolve


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that runs in a state: the first event it is for, its limit, and whether the timer fires the event.

    roles: who can let one of its events happen.
    """

    event: Event
    limit: LimitRule
    rule: str
    fires: bool
    roles: frozenset[str]


def country() -> Pack:
    """The country pack of this instance."""
    return pack(settings.PALERMO_PACK)


def on_track(event: Event, obj: Any) -> bool:
    """Whether an event is open for this person: age in doubt counts as a child (CoE Convention art. 10(3))."""
    adult = getattr(obj, "child", None) is False
    return not event.track or (event.track == "adult") == adult


def clocks_of(obj: Any, machine: Machine, state: str) -> dict[tuple[str, bool], Clock]:
    """The clocks that run for the object in that state, one for each limit, and those of the timer apart."""
    found: dict[tuple[str, bool], Clock] = {}
    for event in machine.leaving(state):
        if not on_track(event, obj):
            continue
        for limit, fires in ((event.limit, False), (event.after, True)):
            if limit is not None:
                rule, roles = limit.key(obj), event.actors - {SYSTEM, PERSON}
                known = found.get((rule, fires))
                found[rule, fires] = (
                    replace(known, roles=known.roles | roles)
                    if known
                    else Clock(event, limit, rule, fires, roles)
                )
    return found


def _local(at: datetime, p: Pack) -> datetime:
    return at.astimezone(ZoneInfo(p.time_zone))


def due_at(key: str, start: datetime, p: Pack, times: int = 1) -> datetime:
    """When a limit falls due that starts at `start`, by the working days of the country."""
    limit = resolve(key, p)
    return workdays.due(_local(start, p), limit.amount * times, limit.unit, p.calendar)


def dates(clock: Clock, obj: Any, entered: datetime) -> tuple[datetime, datetime] | None:
    """(when the clock starts, when it is due without pauses); None while what it counts from is not known.

    An object without the attribute at all counts from entering the state.
    """
    limit, p = clock.limit, country()
    if limit.at and getattr(obj, limit.at, None) is not None:
        return entered, getattr(obj, limit.at)
    if limit.before:
        anchor = getattr(obj, limit.before, None)
        return None if anchor is None else (entered, _before(anchor, clock.rule, p))
    start = getattr(obj, limit.start, entered) if limit.start else entered
    return None if start is None else (start, due_at(clock.rule, start, p, limit.times))


def _before(anchor: datetime, key: str, p: Pack) -> datetime:
    limit = resolve(key, p)
    if limit.unit not in ("days", "hours", "minutes"):
        raise ValueError(f"a limit before a date is in days, hours or minutes, not {limit.unit}")
    return _local(anchor, p) - timedelta(**{limit.unit: limit.amount})


def resumed(deadline: Deadline, at: datetime) -> datetime:
    """When a deadline is due that stood still and goes on at `at`, by the unit of its limit."""
    assert deadline.paused_at is not None
    p = country()
    try:
        unit = resolve(deadline.rule, p).unit
    except LookupError:  # A limit that the pack no longer knows: count the time that passed.
        unit = "hours"
    due, paused = _local(deadline.due_at, p), _local(deadline.paused_at, p)
    return workdays.resume(due, paused, _local(at, p), unit, p.calendar)


def levels_of(deadline: Deadline) -> Iterator[tuple[Level, datetime]]:
    """Each level of escalation with the time at which it is reached, in the order of the pack."""
    if deadline.fires:
        return
    p = country()
    span = deadline.base_at - deadline.started_at
    for level in p.levels(deadline.rule):
        if level.limit:
            away = due_at(level.limit, deadline.started_at, p) - deadline.base_at
        else:
            away = span * (level.share - 100) / 100
            most = timedelta(days=level.most_days)
            if most:
                away = max(-most, min(most, away))
        yield level, deadline.due_at + away


def next_look(deadline: Deadline, after: datetime | None = None) -> datetime | None:
    """When the timer must look at the deadline next; `after`: levels up to then are done."""
    if deadline.fires:
        return deadline.due_at
    times = [at for _level, at in levels_of(deadline) if after is None or at > after]
    return min(times, default=None)

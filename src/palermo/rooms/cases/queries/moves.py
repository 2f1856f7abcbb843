"""What can happen to a case now: each event with what it does, what it asks, and why it is not possible."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import can
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.workflow import queries as workflow
from palermo.kernel.workflow.actions import may_act
from palermo.kernel.workflow.rules import is_statement, refusal
from palermo.kernel.workflow.statements import STATEMENTS
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.queries.seen import require_seen
from palermo.standards.codes import codelist
from palermo.standards.workflows import SYSTEM, Event, machine


@dataclass(frozen=True, slots=True)
class Move:
    """One event of the machine. `asks` are inputs of its guards; `why_not` is empty when it is possible."""

    event: str
    label: str
    does: str
    asks: tuple[str, ...]
    reason_required: bool
    why_not: str

    @property
    def possible(self) -> bool:
        return not self.why_not


@dataclass(frozen=True, slots=True)
class Clock:
    """One running deadline of a case, in words."""

    label: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One change of state that has happened."""

    label: str
    at: datetime
    who: str
    reason: str
    to: str


def _language() -> str:
    return get_language() or "en"


def state_choices() -> list[tuple[str, str]]:
    """(state, its name) of the case machine."""
    return [(state.code, state.label(_language())) for state in machine(Case.machine).states.values()]


def pause_reasons() -> list[tuple[str, str]]:
    """(code, name) of why a case can be put on hold."""
    return [
        (code, labels.get(_language()[:2]) or labels["en"])
        for code, labels in machine(Case.machine).pause_reasons.items()
    ]


def state_name(state: str) -> str:
    """The name of a state in the language of the page."""
    return machine(Case.machine).state(state).label(_language())


def moves(viewer: Viewer, case: Case) -> list[Move]:
    """Every event that leaves the present state, possible ones first."""
    require_seen(viewer, case)
    open_to_me = {event.code for event in workflow.available(viewer, case)}
    may_move = can(viewer, "cases.case.move", case.pk)
    found = [
        _move(viewer, case, event, open_to_me, may_move)
        for event in machine(Case.machine).leaving(case.state)
    ]
    return sorted(found, key=lambda move: not move.possible)


def _move(viewer: Viewer, case: Case, event: Event, open_to_me: set[str], may_move: bool) -> Move:
    target = state_name(event.to) if event.to in machine(Case.machine).states else ""
    stays = event.to == case.state
    does = (_("The case stays in “%(state)s”.") if stays else _("The case goes to “%(state)s”.")) % {
        "state": target
    }
    asks = tuple(STATEMENTS[name][0] for name in event.guards if is_statement(name, Case.machine))
    if target and machine(Case.machine).state(event.to).pauses and not stays:
        asks = ("pause_reason", *asks)
    return Move(
        event=event.code,
        label=event.label(_language()),
        does=does,
        asks=asks,
        reason_required=event.reason_required,
        why_not=_why_not(viewer, case, event, may_move and event.code in open_to_me),
    )


def _why_not(viewer: Viewer, case: Case, event: Event, open_to_me: bool) -> str:
    """The first reason why this viewer cannot do it now; what the form itself asks for is no reason."""
    if not may_act(viewer, event.actors):
        roles = codelist("palermo/role")
        names = [roles.label(role, _language()) for role in sorted(event.actors) if role != SYSTEM]
        return _("This is for: %(roles)s.") % {"roles": _(", ").join(names)}
    if not open_to_me:
        return _("A second person must do this: you did the step before.")
    for name in event.guards:
        if not is_statement(name, Case.machine) and (sentence := refusal(name, case, viewer, {})):
            return sentence
    return ""


def deadlines(viewer: Viewer, case: Case) -> list[Clock]:
    """The running deadlines of a case, the nearest first."""
    require_seen(viewer, case)
    events: dict[str, Any] = {event.code: event for event in machine(Case.machine).events}
    return [
        Clock(
            label=events[row.event].label(_language()) if row.event in events else row.event,
            due_at=row.due_at,
        )
        for row in workflow.deadlines_of(viewer, case)
    ]


def steps(viewer: Viewer, case: Case) -> list[Step]:
    """What has happened to the case, newest first."""
    require_seen(viewer, case)
    events = {event.code: event for event in machine(Case.machine).events}
    return [
        Step(
            label=events[row.event].label(_language()) if row.event in events else _("Opened"),
            at=row.at,
            who=str(row.actor) if row.actor else _("The system"),
            reason=row.reason,
            to=state_name(row.to_state),
        )
        for row in workflow.history(viewer, case)
    ]

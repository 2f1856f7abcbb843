"""What a viewer can let happen to an object now, what each move asks for, and why the others are not possible."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.workflow.actions import hindrances, last_doers, may_act
from palermo.kernel.workflow.clocks import on_track
from palermo.kernel.workflow.models import Deadline
from palermo.kernel.workflow.queries import Statement, statements
from palermo.kernel.workflow.rules import is_asked_later
from palermo.standards.codes import codelist
from palermo.standards.workflows import PERSON, PREVIOUS, SAME, SYSTEM, Event, Machine, machine

NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Move:
    """One event that leaves the present state.

    to: the state it leads to, "" when it leads back to the one before. asks: what the actor must confirm, given to
    `transition` as inputs {key: True}. pause_reasons: (code, name) to choose from, given as inputs["pause_reason"].
    due_at: when it is due, if a clock runs. why_not: "" when the viewer can do it once the form is filled in;
    rule: the guard that stands in the way ("role", "two_person", "needs", "after" for what is no guard).
    """

    event: str
    label: str
    to: str
    to_label: str
    asks: tuple[Statement, ...]
    reason_required: bool
    pause_reasons: tuple[tuple[str, str], ...]
    due_at: datetime | None
    note: str
    why_not: str
    rule: str = ""

    @property
    def possible(self) -> bool:
        return not self.why_not


def moves(viewer: Viewer, obj: Any, *, given: Mapping[str, Any] = NOTHING) -> list[Move]:
    """Every move out of the present state that people can make on this track, possible ones first.

    `given`: inputs that are known already, for guards that look at them. The room has asked whether the viewer may
    see the object, and adds its own refusal where its permission is missing.
    """
    m, language = machine(obj.machine), get_language() or "en"
    due = _due(obj, m)
    found = [
        _move(viewer, obj, m, event, given, due, language)
        for event in m.leaving(obj.state)
        if on_track(event, obj) and event.actors - {SYSTEM, PERSON}
    ]
    return sorted(found, key=lambda move: not move.possible)


def _due(obj: Any, m: Machine) -> dict[str, datetime]:
    """When each event is due, by the running clock of its limit."""
    rows = Deadline.objects.filter(
        object_id=obj.pk, machine=m.name, met_at=None, cancelled_at=None, paused_at=None, fires=False
    )
    by_rule = dict(rows.values_list("rule", "due_at"))
    return {
        event.code: by_rule[event.limit.key(obj)]
        for event in m.leaving(obj.state)
        if event.limit is not None and event.limit.key(obj) in by_rule
    }


def _move(
    viewer: Viewer,
    obj: Any,
    m: Machine,
    event: Event,
    given: Mapping[str, Any],
    due: Mapping[str, datetime],
    language: str,
) -> Move:
    to = {SAME: obj.state, PREVIOUS: ""}.get(event.to, event.to)
    pauses = bool(to) and m.state(to).pauses
    rule, sentence = hindrance(viewer, obj, m, event, given)
    return Move(
        event=event.code,
        label=event.label(language),
        to=to,
        to_label=m.state(to).label(language) if to else _("the state before"),
        asks=statements(event, m.name),
        reason_required=event.reason_required,
        pause_reasons=tuple(
            (code, labels.get(language) or labels.get(language[:2]) or labels["en"])
            for code, labels in m.pause_reasons.items()
        )
        if pauses
        else (),
        due_at=due.get(event.code),
        note=event.note,
        why_not=sentence,
        rule=rule,
    )


def hindrance(
    viewer: Viewer, obj: Any, m: Machine, event: Event, given: Mapping[str, Any] = NOTHING
) -> tuple[str, str]:
    """(rule, sentence) of the first reason why the viewer cannot do it now.

    What the form itself asks for is no reason.
    """
    if not may_act(viewer, event.actors):
        roles, language = codelist("palermo/role"), get_language() or "en"
        people = sorted(event.actors - {SYSTEM, PERSON})
        words = _(", ").join(roles.label(role, language) for role in people)
        return "role", _("This is for: %(roles)s.") % {"roles": words}
    if event.two_person and viewer.user_id in last_doers(obj, m, event):
        return "two_person", _("A second person must do this: you did the step before.")
    found = hindrances(viewer, obj, m, event, given)
    return next(((name, words) for name, words in found if not is_asked_later(name, m.name)), ("", ""))

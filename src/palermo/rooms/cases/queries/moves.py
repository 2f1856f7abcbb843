"""What can happen to a case now: each event with what it does, what it asks, and why it is not possible."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import can
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.workflow import moves as engine
from palermo.kernel.workflow import queries as workflow
from palermo.kernel.workflow.queries import rule_name
from palermo.kernel.workflow.rules import is_asked_later, refusal
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.queries.remedies import remedy
from palermo.rooms.cases.queries.seen import require_seen
from palermo.standards.workflows import machine

# Nobody presses it: it happens when the receiver accepts, under “Referrals”.
BY_ITSELF = "transfer"


@dataclass(frozen=True, slots=True)
class Move:
    """One event of the machine. `asks` are inputs of its guards; `why_not` is empty when it is possible.

    due_at: when it is due, if a clock runs. help_label, help_url: the page on which what stands in its way is done.
    first: the one thing that comes next.
    """

    event: str
    label: str
    does: str
    asks: tuple[str, ...]
    reason_required: bool
    why_not: str
    due_at: datetime | None = None
    url: str = ""
    help_label: str = ""
    help_url: str = ""
    first: bool = False

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
    """Every event that people let happen from the present state: what comes next, what is possible, then the rest."""
    require_seen(viewer, case)
    may_move = can(viewer, "cases.case.move", case.pk)
    found = [
        _move(viewer, case, row, may_move) for row in engine.moves(viewer, case) if row.event != BY_ITSELF
    ]
    return _first_marked(sorted(found, key=_rank))


def _rank(move: Move) -> tuple[int, bool, float]:
    """Possible before what one can clear the way for, before what is for others; then by the date."""
    place = 0 if move.possible else 1 if move.help_url else 2
    return place, move.due_at is None, move.due_at.timestamp() if move.due_at else 0.0


def _first_marked(found: list[Move]) -> list[Move]:
    """The list with what comes next marked: what is due soonest of all that the viewer can do or clear the way for.

    A step back or aside needs a reason; it is never what comes next while there is another.
    """
    mine = [move for move in found if move.possible or move.help_url]
    mine.sort(key=lambda move: (move.reason_required, _rank(move)[1:]))
    marked = [replace(move, first=bool(mine) and move is mine[0]) for move in found]
    return sorted(marked, key=lambda move: not move.first)


def _move(viewer: Viewer, case: Case, row: engine.Move, may_move: bool) -> Move:
    stays = row.to == case.state
    does = (_("The case stays in “%(state)s”.") if stays else _("The case goes to “%(state)s”.")) % {
        "state": row.to_label
    }
    asks = tuple(statement.key for statement in row.asks)
    if row.pause_reasons and not stays:
        asks = ("pause_reason", *asks)
    rule, why_not = _hindrance(viewer, case, row)
    if not may_move:
        rule, why_not = "", _("You may read this case. Who works on it moves it on.")
    help_label, help_url = remedy(viewer, case, rule)
    return Move(
        event=row.event,
        label=row.label,
        does=does,
        asks=asks,
        reason_required=row.reason_required,
        why_not=why_not,
        due_at=row.due_at,
        url=reverse("cases:move", args=[case.pk, row.event]),
        help_label=help_label,
        help_url=help_url,
    )


def _hindrance(viewer: Viewer, case: Case, row: engine.Move) -> tuple[str, str]:
    """(rule, sentence): for what somebody else decides also what this viewer can do before."""
    if row.rule not in ("role", "two_person"):
        return row.rule, row.why_not
    who = row.why_not
    if row.rule == "role" and _protects(viewer, case):
        who = _(
            "%(who)s Yours is the child’s own track, under “Child”. The steps of the help stay with a case manager: "
            "who decides on a child’s protection does not sign off the help as well."
        ) % {"who": who}
    event = machine(Case.machine).find(case.state, row.event)
    for name in event.guards if event else ():
        sentence = "" if is_asked_later(name, Case.machine) else refusal(name, case, viewer, {})
        if sentence:
            return name, _("%(who)s Before that: %(what)s") % {"who": who, "what": sentence}
    return row.rule, who


def _protects(viewer: Viewer, case: Case) -> bool:
    """Whether the viewer protects the child whom the case is about, and does not manage cases himself."""
    return case.child is not False and viewer.has("child_protection") and not viewer.has("case_manager")


def deadlines(viewer: Viewer, case: Case) -> list[Clock]:
    """The running deadlines of a case, the nearest first."""
    require_seen(viewer, case)
    events = {event.code: event for event in machine(Case.machine).events}
    return [
        Clock(
            label=events[row.event].label(_language()) if row.event in events else rule_name(row.rule),
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

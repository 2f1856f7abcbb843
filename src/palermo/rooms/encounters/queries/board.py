"""The board of an event: who is where, who is next, children first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.workflow.actions import may_act
from palermo.rooms.encounters.models import Answer, Event, Migrant
from palermo.standards.workflows import SYSTEM, machine

# Where somebody waits for us; in the other states others have taken over, or it is over.
WAITING = ("emergency", "screening", "triaged", "asylum_referred", "assisted", "suspended")


@dataclass(frozen=True, slots=True)
class Line:
    """One person on the board. rank: the place in triage, 0 first; why: the reason for it in words."""

    it: Migrant
    rank: int
    why: str
    state: str
    child: bool


@dataclass(frozen=True, slots=True)
class Board:
    """All persons in triage order, counts by state, who is next, and how many are not to meet a consulate."""

    lines: tuple[Line, ...]
    counts: tuple[tuple[str, str, int], ...]
    next: Line | None
    total: int
    children: int
    children_alone: int
    urgent: int
    no_consulate: int


def rank_of(row: Migrant, with_child: frozenset[str]) -> tuple[int, str]:
    """The place in triage: children alone, a doctor now, violence, indicators, families with children, asylum, others.

    Who has not been seen yet comes before those of whom it is known that nothing presses.
    """
    positive = (Answer.YES, Answer.UNCLEAR)
    if row.child_alone:
        return 0, _("child alone")
    if row.urgent:
        return 1, _("needs a doctor now")
    if row.violence == Answer.YES:
        return 2, _("violence or health")
    if row.trafficking in positive:
        return 3, _("indicators of trafficking")
    if row.child or (row.family_group and row.family_group in with_child):
        return 4, _("child, or family with a child")
    if row.asylum in positive:
        return 5, _("wish for asylum")
    if row.age == "unknown":
        return 6, _("not seen yet")
    return 7, ""


def lines_of(rows: Sequence[Migrant]) -> list[Line]:
    """Persons in triage order: those who wait for us first, then by rank, then by number."""
    names = state_names()
    with_child = frozenset(row.family_group for row in rows if row.family_group and row.child)
    found = []
    for row in rows:
        rank, why = rank_of(row, with_child)
        found.append(Line(row, rank, why, names[row.state], row.child))
    return sorted(found, key=lambda line: (line.it.state not in WAITING, line.rank, line.it.number))


def board(viewer: Viewer, of: Event, *, state: str = "") -> Board:
    """The board of an event, in one query; `state` shows those in one state only."""
    require(viewer, "encounters.event.view", of.pk)
    rows = list(Migrant.objects.filter(event_id=of.pk))
    lines = lines_of(rows)
    by_state = Counter(row.state for row in rows)
    names = state_names()
    early = ("emergency", "screening", "triaged")
    return Board(
        lines=tuple(line for line in lines if not state or line.it.state == state),
        counts=tuple((code, names[code], by_state[code]) for code in names if by_state[code]),
        next=next((line for line in lines if line.it.state in early), None),
        total=len(rows),
        children=sum(row.child for row in rows),
        children_alone=sum(row.child_alone for row in rows),
        urgent=sum(row.urgent for row in rows),
        no_consulate=sum(row.no_consulate for row in rows),
    )


def state_names() -> dict[str, str]:
    """state -> its name in the language of the page, in the order of the machine."""
    language = get_language() or "en"
    return {s.code: s.label(language) for s in machine(Migrant.machine).states.values()}


def steps_of(viewer: Viewer, states: set[str]) -> list[tuple[str, str]]:
    """(event, its name) of every step that the viewer's roles may let happen in one of the states."""
    language = get_language() or "en"
    return [
        (event.code, event.label(language))
        for event in machine(Migrant.machine).events
        if set(event.sources) & states and event.actors - {SYSTEM} and may_act(viewer, event.actors)
    ]

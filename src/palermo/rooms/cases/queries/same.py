"""Whether the person of a case is the same as another: what the pages and their JSON twin show."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import can
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.vault import pairings
from palermo.kernel.vault.models import MatchNotice, PairState, Person
from palermo.kernel.vault.pairings import Pair
from palermo.kernel.vault.queries import notices
from palermo.kernel.vault.scoring import Match
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.queries.seen import require_seen
from palermo.web.room import Due, Sign, Subject

MOST = 20
NOTICES = 10


@dataclass(frozen=True, slots=True)
class Double:
    """A person who may be this one: why, the cases of it that the viewer holds, and where the question stands."""

    match: Match
    cases: tuple[Case, ...]
    state: str

    @property
    def state_said(self) -> str:
        return str(PairState(self.state).label) if self.state else ""


def person_of(viewer: Viewer, case: Case) -> Person | None:
    """The person of a case; None for who holds the case without its person."""
    require_seen(viewer, case)
    return Person.objects.filter(pk=case.person_id).first()


def pairs_of(viewer: Viewer, person: Person) -> list[tuple[Pair, list[Case]]]:
    """Everything that was asked about the person, with the cases of the other one that the viewer holds."""
    found = pairings.pairs_of(viewer, person)
    cases = _cases(viewer, [pair.other.person_id for pair in found])
    return [(pair, cases.get(pair.other.person_id, [])) for pair in found]


def pair_of(viewer: Viewer, pairing_id: UUID) -> tuple[Pair, list[Case], list[Case]]:
    """One pair, with the cases of each of the two that the viewer holds. Raises NotFound."""
    pair = pairings.pair(viewer, pairing_id)
    cases = _cases(viewer, [pair.mine.person_id, pair.other.person_id])
    return pair, cases.get(pair.mine.person_id, []), cases.get(pair.other.person_id, [])


def doubles(viewer: Viewer, found: list[tuple[Match, str]]) -> list[Double]:
    """What the search for doubles found, with the cases that the viewer holds."""
    cases = _cases(viewer, [match.person_id for match, _state in found])
    return [Double(match, tuple(cases.get(match.person_id, ())), state) for match, state in found]


def searches_elsewhere(viewer: Viewer, person: Person) -> list[MatchNotice]:
    """Who elsewhere asked for somebody like this person, newest first."""
    if not can(viewer, "vault.notice.list"):
        return []
    return list(notices(viewer).filter(person=person)[:NOTICES])


def signs_for(viewer: Viewer, about: Subject) -> list[Sign]:
    """On every page of the case: the other codes of the same person, and that somebody waits for an answer."""
    url = reverse("cases:person", args=[about.key])
    others, asked = [], False
    for row in pairings.rows_about(about.person_code).filter(state__in=(PairState.SAME, PairState.PROPOSED)):
        if row.state == PairState.SAME:
            others.append(row.right_code if row.left_code == about.person_code else row.left_code)
        else:
            asked = asked or row.proposed_by_id != viewer.user_id
    found = []
    if others:
        codes = get_text_list(sorted(others), _("and"))
        found.append(Sign(_("The same person as %(codes)s") % {"codes": codes}, url, icon="users"))
    if asked:
        words = _("A colleague asks whether this is the same person as another")
        found.append(Sign(words, url, icon="user-search", level="warn"))
    return found


def due_of_pairs(viewer: Viewer) -> list[Due]:
    """Questions whether two persons are one, that wait for the viewer."""
    if not can(viewer, "vault.same.answer"):
        return []
    return [
        Due(
            title=_("Is %(one)s the same person as %(other)s?")
            % {"one": row.right_code, "other": row.left_code},
            url=reverse("cases:same", args=[row.pk]),
            level="soon",
        )
        for row in pairings.waiting(viewer)[:MOST]
    ]


def _cases(viewer: Viewer, people: list[UUID | None]) -> dict[Any, list[Case]]:
    from palermo.rooms.cases.queries import cases_of_person

    wanted = [person for person in people if person is not None]
    return dict(cases_of_person(viewer, wanted)) if wanted and can(viewer, "cases.case.list") else {}

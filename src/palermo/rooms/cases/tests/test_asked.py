"""Holders see who elsewhere searched for a person like theirs; whoever asked learns nothing."""

from typing import Any

from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.organisations.models import Organisation
from palermo.kernel.vault.blind import Probe
from palermo.kernel.vault.models import MatchNotice
from palermo.kernel.vault.queries import notices, search
from palermo.rooms.cases import queries
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.tests.conftest import FAMILY, GIVEN, PHONE

ASKED = reverse("cases:asked")


def ask(who: Any) -> list[Any]:
    with acting(who.viewer) as viewer:
        return search(viewer, Probe(name=GIVEN, family_name=FAMILY, phone=PHONE))


def test_a_search_elsewhere_is_shown_with_who_asked_and_marked_once(
    people: Any, client_for: Any, case: Case
) -> None:
    with acting(people.case_worker.viewer) as viewer:
        before = [due for due in queries.due_for(viewer) if due.url == ASKED]
    assert ask(people.other_worker) == []
    client = client_for(people.case_worker)
    with acting(people.case_worker.viewer) as viewer:
        assert len([due for due in queries.due_for(viewer) if due.url == ASKED]) == len(before) + 1
        notice = MatchNotice.objects.get()
    page = client.get(ASKED).content.decode()
    assert str(people.other_organisation) in page
    assert case.code in page
    assert not any(word in page for word in (FAMILY, GIVEN, PHONE))
    assert client.post(ASKED, {"notice": notice.pk}).status_code == 302
    with acting(people.case_worker.viewer) as viewer:
        assert not [due for due in queries.due_for(viewer) if due.url == ASKED]
    assert str(notice.pk) not in client.get(ASKED).content.decode()


def test_who_asked_sees_nothing_and_marks_nothing(people: Any, client_for: Any, case: Case) -> None:
    ask(people.other_worker)
    with acting(people.case_worker.viewer):
        notices(people.case_worker.viewer).count()  # Settles what waits.
        notice = MatchNotice.objects.get()
    client = client_for(people.other_worker)
    page = client.get(ASKED).content.decode()
    assert case.code not in page
    assert "Nobody has asked" in page
    assert client.post(ASKED, {"notice": notice.pk}).status_code == 404
    assert client.post(ASKED, {"notice": "x"}).status_code == 404


def test_how_to_reach_them_is_what_they_left(people: Any, client_for: Any, case: Case) -> None:
    ask(people.other_worker)
    client = client_for(people.case_worker)
    assert "They have left no telephone" in client.get(ASKED).content.decode()
    with acting(people.administrator.viewer):
        Organisation.objects.filter(pk=people.other_organisation.pk).update(contact_phone="+999 555 0100")
    assert "+999 555 0100" in client.get(ASKED).content.decode()

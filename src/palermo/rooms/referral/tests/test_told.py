"""What the receiver's case begins with: codes of the frozen packet, shown as told by the sender, decided by nobody."""

from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.errors import Conflict
from palermo.rooms.cases import actions as cases
from palermo.rooms.cases import queries
from palermo.rooms.cases.models import Case
from palermo.rooms.identification import actions as identification
from palermo.rooms.identification.models import Identification
from palermo.rooms.referral.models import Packet, Receiving, Referral

from .conftest import NEEDS, agree_to, brought, drafted, open_case, step


def own_case(people: Any, row: Referral) -> Case:
    """The receiver's own case of an accepted referral."""
    with acting(people.other_worker.viewer):
        return Case.objects.select_related("told_by").get(pk=Receiving.objects.get(pk=row.pk).case_id)


def accepted(people: Any, row: Referral) -> Case:
    for event in ("acknowledge", "accept"):
        row = step(people.other_worker, row, event)
    return own_case(people, row)


def test_the_case_begins_with_what_was_frozen_and_not_with_what_changed_since(
    people: Any, about: Any
) -> None:
    agree_to(people, about, "needs", "exploitation")
    row = step(people.case_worker, drafted(people, about, "exploitation"), "send")
    with acting(people.case_worker.viewer):
        packet = Packet.objects.get(referral_id=row.pk)
        assert (packet.crime, packet.child) == ("tip", False)
        Case.objects.filter(pk=about.key).update(crime="som", status="smuggled_migrant", child=True)
    case = accepted(people, row)
    assert (case.crime, case.child, case.told_by_id) == ("tip", False, people.organisation.pk)
    assert case.crime_said == f"Trafficking in persons (told by {people.organisation}, not decided here)"
    assert (
        case.status_said
        == f"Presumed victim of trafficking (told by {people.organisation}, not decided here)"
    )


def test_nobodys_legal_status_begins_with_what_was_told(people: Any, about: Any) -> None:
    agree_to(people, about, "needs", "exploitation")
    case = accepted(people, step(people.case_worker, drafted(people, about, "exploitation"), "send"))
    with acting(people.other_worker.viewer):
        assert not Identification.objects.filter(case_id=case.pk).exists()


def test_what_was_not_told_is_said_to_be_not_told(people: Any, about: Any, agreed: Any) -> None:
    case = own_case(people, brought(people, about, "accepted"))
    assert (case.crime, case.status, case.child) == ("neither_yet", "not_recorded", False)
    assert case.crime_said == case.status_said == f"Not told by {people.organisation}"


def test_a_child_is_a_child_in_the_receivers_case(people: Any) -> None:
    about = open_case(people, child=True)
    agree_to(people, about, "needs", "location")
    row = drafted(people, about)
    with acting(people.case_worker.viewer):
        # The age was settled after the draft: what counts is what was known when it was sent.
        assert Case.objects.get(pk=about.key).child is True
    assert accepted(people, step(people.case_worker, row, "send")).child is True


def test_a_packet_of_before_is_read_as_it_was(people: Any, about: Any) -> None:
    agree_to(people, about, "needs", "exploitation")
    row = step(people.case_worker, drafted(people, about, "exploitation"), "send")
    with acting(people.case_worker.viewer), connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('referral_take(uuid)'::regprocedure)")
        body = cursor.fetchone()[0]
    assert "k.format > 1" in body
    assert "c.crime" in body
    assert accepted(people, row).crime == "tip"


def test_the_page_says_who_told_it(people: Any, about: Any, client_for: Any) -> None:
    agree_to(people, about, "needs", "exploitation")
    case = accepted(people, step(people.case_worker, drafted(people, about, "exploitation"), "send"))
    page = client_for(people.other_worker).get(reverse("cases:case", args=[case.pk])).content.decode()
    assert page.count("not decided here") == 2


def test_the_form_ticks_what_the_person_agreed_to_and_tells_it_without_a_word(
    people: Any, about: Any, client_for: Any
) -> None:
    client, url = client_for(people.case_worker), reverse("referral:draft", args=[about.key])
    assert client.get(url).context["form"]["crime"].value() is False
    agree_to(people, about, "needs", "exploitation")
    assert client.get(url).context["form"]["crime"].value() is True
    sent = {"target": f"{people.other_organisation.pk}:", "kind": "shelter", "needs": NEEDS, "crime": "on"}
    client.post(url, sent)
    with acting(people.case_worker.viewer):
        row = Referral.objects.get()
        assert row.sending.categories == ["needs", "exploitation"]
    page = client.get(reverse("referral:referral", args=[row.pk])).content.decode()
    assert "What the case is about, no more." in page
    assert accepted(people, step(people.case_worker, row, "send")).crime == "tip"


def test_an_own_screening_replaces_what_was_told(people: Any, about: Any) -> None:
    agree_to(people, about, "needs", "exploitation")
    case = accepted(people, step(people.case_worker, drafted(people, about, "exploitation"), "send"))
    with acting(people.other_worker.viewer) as viewer:
        own = identification.start_screening(actor=viewer, event="Our own conversation")
        identification.save_answers(
            actor=viewer,
            screening=own,
            section="recruitment",
            answers={"start.threats": "yes"},
            expected_version=1,
        )
        identification.decide(
            actor=viewer,
            screening=own,
            suggestion=identification.compute_suggestion(actor=viewer, screening=own),
            outcome="tip_and_som",
            reason="Told the same to us.",
            expected_version=own.version,
        )
        now = queries.case(viewer, case.pk)
        cases.take_over(
            actor=viewer,
            case=now,
            screening_id=own.pk,
            fields=["crime"],
            expected_version=now.version,
            expected_facts=now.facts.version,
        )
        now = queries.case(viewer, case.pk)
    assert (now.told_by_id, now.crime_said) == (None, "Trafficking and smuggling")


def test_a_case_that_is_about_nothing_yet_tells_nothing_by_a_tick(people: Any) -> None:
    about = open_case(people, crime="neither_yet")
    agree_to(people, about, "needs", "exploitation")
    with pytest.raises(Conflict, match="leave out"):
        step(people.case_worker, drafted(people, about, "exploitation"), "send")

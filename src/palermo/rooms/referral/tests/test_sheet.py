"""The packet on paper; what is still needed; and what waits until a child has a guardian."""

from typing import Any

import pytest
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict
from palermo.kernel.exports.documents.as_pdf import unavailable
from palermo.rooms.referral import actions, queries
from palermo.rooms.referral.models import Receiving
from palermo.rooms.services.models import Need

from .conftest import FAMILY, NEEDS, agree_to, brought, drafted, open_case, step


def url(row: Any) -> str:
    return reverse("referral:sheet", args=[row.pk])


def test_the_sheet_speaks_its_readers_language_and_shows_a_code(
    people: Any, about: Any, client_for: Any
) -> None:
    agree_to(people, about, "needs", "health", "identity")
    row = drafted(
        people, about, "health", "identity", texts={"needs": NEEDS, "health": "Insulin twice a day."}
    )
    step(people.case_worker, row, "send")
    worker, receiver = client_for(people.case_worker), client_for(people.other_worker)
    for client, words in ((worker, "The person agreed that this is told"),):
        page = client.get(url(row) + "?language=en").content.decode()
        assert words in page
        assert NEEDS in page
        assert "Insulin" in page
        assert about.person_code in page
        assert FAMILY not in page
    assert '<article class="sheet" lang="ar"' in worker.get(url(row) + "?language=ar").content.decode()
    assert receiver.get(url(row)).status_code == 404
    step(people.other_worker, row, "acknowledge")
    assert receiver.get(url(row)).status_code == 404
    step(people.other_worker, row, "accept")
    page = receiver.get(url(row)).content.decode()
    assert NEEDS in page
    assert FAMILY not in page
    step(people.case_worker, row, "recall", ending="safety")
    assert receiver.get(url(row)).status_code == 404


@pytest.mark.parametrize("format", ["docx", "pdf"])
def test_the_sheet_leaves_as_a_file_on_record(people: Any, about: Any, client_for: Any, format: str) -> None:
    agree_to(people, about)
    row = brought(people, about, "accepted")
    answer = client_for(people.other_worker).get(url(row) + f"?format={format}")
    if format == "pdf" and unavailable():
        assert answer.status_code == 409
        return
    assert answer.status_code == 200
    assert FAMILY.encode() not in answer.content
    with acting(people.other_worker.viewer):
        own = Receiving.objects.get(pk=row.pk).case_id
        entry = Entry.objects.filter(action="exports.file.hand_out").latest("at")
    # On the trail of the receiver's own case, not on the sender's.
    assert (entry.object_id, entry.detail["format"]) == (own, format)


def test_a_draft_has_no_sheet(people: Any, about: Any, client_for: Any) -> None:
    agree_to(people, about)
    assert client_for(people.case_worker).get(url(drafted(people, about))).status_code == 404


def needs(person: Any) -> dict[str, tuple[str, str]]:
    with acting(person.viewer):
        return {row.kind: (row.state, row.unmet_reason) for row in Need.objects.all()}


def test_what_is_still_needed_stands_on_the_receivers_case_once(people: Any, about: Any) -> None:
    agree_to(people, about)
    row = brought(people, about, "in_service")
    step(people.other_worker, row, "feedback", progress="going_on", still_needed=["medical"])
    step(people.other_worker, row, "feedback", progress="going_on", still_needed=["medical", "legal_aid"])
    assert needs(people.other_worker) == {"medical": ("open", ""), "legal_aid": ("open", "")}
    assert needs(people.case_worker) == {}
    step(people.other_worker, row, "complete", outcome="partly", still_needed=["medical"])
    assert needs(people.other_worker)["medical"] == ("open", "")


def test_help_that_could_not_be_given_leaves_an_unmet_need_that_is_counted(people: Any, about: Any) -> None:
    agree_to(people, about)
    row = brought(people, about, "accepted")
    step(people.other_worker, row, "unable", outcome="no_means", still_needed=["shelter"])
    assert needs(people.other_worker) == {"shelter": ("unmet", "refused")}


def test_before_a_guardian_only_what_safety_needs_is_told(people: Any) -> None:
    about = open_case(people, child=True)
    begin_child_file(people, about)
    agree_to(people, about, "needs", "health", "exploitation")
    told = {"needs": NEEDS, "exploitation": "Sold in the street."}
    more = drafted(people, about, "exploitation", texts=told)
    with pytest.raises(Conflict, match="no guardian yet"):
        step(people.case_worker, more, "send")
    safe = drafted(people, about, "health", kind="medical", texts={"needs": NEEDS, "health": "Fever."})
    assert step(people.case_worker, safe, "send").state == "sent"


def test_before_a_guardian_the_case_is_not_handed_over(people: Any) -> None:
    from palermo.rooms.referral.actions.rules import guardian_first

    about = open_case(people, child=True)
    begin_child_file(people, about)
    agree_to(people, about, "needs", "identity", purpose="transfer")
    row = drafted(people, about, "identity", transfer=True)
    with acting(people.case_worker.viewer) as viewer:
        assert "not handed over" in guardian_first(queries.referral(viewer, row.pk), viewer, {})
        with pytest.raises(Conflict):
            actions.move(actor=viewer, row=row, event="send", expected_version=row.version)


def begin_child_file(people: Any, about: Any) -> None:
    """The file of a child, in its first state: nobody answers for the child yet."""
    from palermo.rooms.children import actions as children

    with acting(people.case_worker.viewer) as viewer:
        children.begin_child(actor=viewer, about=about, situation="unaccompanied", age="under_18")

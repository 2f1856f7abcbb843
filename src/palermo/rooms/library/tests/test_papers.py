"""Write, file, review, find, withdraw: through the actions, the pages and past them."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, DomainError, Invalid, Refused
from palermo.papers import starter
from palermo.rooms.library import actions, queries
from palermo.rooms.library.models import Item, ItemFile, Passage
from palermo.rooms.library.queries import offered
from palermo.rooms.library.tests.conftest import (
    SENTENCE,
    brought,
    drafted,
    published,
    told,
    with_file,
    worked,
)

pytestmark = pytest.mark.django_db


def ids(query: str = "", viewer: Viewer | None = None, **wanted: str) -> list[str]:
    with acting(viewer or Viewer.anonymous()) as asker:
        return [hit.item.palermo_id for hit in queries.search(asker, query, wanted=wanted).hits]


def test_what_we_ship_comes_in_and_is_read_by_everybody() -> None:
    values = starter()
    assert brought(*values).added == len(values) >= 20
    assert brought(*values).unchanged == len(values)
    assert all(not one.get("verified_in_primary_source") for one in values)
    assert all(set(one["summaries"]) == {"en", "fr", "ar"} for one in values)
    assert ids("E/2002/68/Add.1") == ["ohchr-principles-2002"]
    assert ids("delphi")[0] == "ilo-operational-indicators-2009"
    assert ids("استضعاف")[0].startswith("unodc-")
    page = Client().get(reverse("library:item", args=["unodc-model-law-tip-2009"]))
    assert b"Not yet checked" in page.content
    again = Client().get(reverse("library:json", args=["unodc-model-law-tip-2009"])).json()
    assert brought(again).unchanged == 1


def test_nothing_is_half_written_and_problems_name_line_and_field() -> None:
    assert brought(told(), told("paper-2"), dry_run=True).added == 2
    assert ids() == []
    bad = brought(told("paper-3"), told("paper-4", kind="poem", isbn="978-1-4028-9462-8"))
    assert sorted((one.line, one.field) for one in bad.problems) == [(3, "isbn"), (3, "kind")]
    assert ids() == []


def test_a_paper_is_written_filed_reviewed_found_by_a_word_of_its_text(people: Any) -> None:
    item = drafted(people.editor)
    file = with_file(people.editor, item)
    worked()
    assert ids("pelican") == []
    with acting(people.editor.viewer) as viewer:
        actions.submit(actor=viewer, item=item, expected_version=item.version)
        with pytest.raises(Refused):
            actions.publish(actor=viewer, item=item, expected_version=item.version)
    with acting(people.coordinator.viewer) as viewer:
        actions.publish(actor=viewer, item=item, expected_version=item.version)
    assert ids("pelican") == ["paper-1"]
    assert ids("pelican", kind="issue_paper") == ["paper-1"]
    assert ids("pelican", kind="manual") == []
    page = Client().get(reverse("library:public"), {"q": "pelican"}).content.decode()
    assert "<mark>pelicans</mark>" in page
    answer = Client().get(reverse("library:file", args=["paper-1", file.pk]))
    assert b"".join(answer.streaming_content).decode() == SENTENCE
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_second_person_publishes_and_who_gave_a_file_is_none(people: Any) -> None:
    item = drafted(people.editor)
    with_file(people.coordinator, item)
    with acting(people.editor.viewer) as viewer:
        actions.submit(actor=viewer, item=item, expected_version=item.version)
    for who in (people.editor, people.coordinator):
        with acting(who.viewer) as viewer:
            with pytest.raises(Refused):
                actions.publish(actor=viewer, item=item, expected_version=item.version)
            with pytest.raises(DatabaseError), transaction.atomic():
                Item.objects.filter(pk=item.pk).update(state="published", reviewed_by_id=viewer.user_id)


def test_others_see_no_draft_and_no_file_of_it(people: Any) -> None:
    item = drafted(people.editor)
    file = with_file(people.editor, item)
    worked()
    for viewer in (people.case_worker.viewer, people.analyst.viewer, Viewer.anonymous()):
        with acting(viewer):
            assert not Item.objects.exists()
            assert not ItemFile.objects.exists()
            assert not Passage.objects.exists()
    assert Client().get(reverse("library:file", args=["paper-1", file.pk])).status_code == 404


def test_a_published_file_stays_as_it_is(people: Any) -> None:
    item = drafted(people.editor)
    file = with_file(people.editor, item)
    published(people.editor, people.coordinator, item)
    for who in (people.editor, people.coordinator):
        with acting(who.viewer) as viewer:
            with pytest.raises(DatabaseError), transaction.atomic():
                ItemFile.objects.filter(pk=file.pk).delete()
            with pytest.raises(Conflict):
                actions.remove_file(actor=viewer, item=item, file=file, expected_version=item.version)
    with acting(Viewer.operator()), pytest.raises(DatabaseError), transaction.atomic():
        ItemFile.objects.filter(pk=file.pk).update(content=b"other")


def test_for_signed_in_colleagues_alone(people: Any, client_for: Any) -> None:
    item = drafted(people.editor, access="signed_in")
    file = with_file(people.editor, item)
    worked()
    published(people.editor, people.coordinator, item)
    assert ids("pelican") == []
    assert ids() == []
    assert ids("pelican", people.case_worker.viewer) == ["paper-1"]
    with acting(Viewer.anonymous()) as viewer:
        assert list(offered.documents(viewer)) == []
        assert not Item.objects.exists()
    for name, args in (("item", ["paper-1"]), ("json", ["paper-1"]), ("file", ["paper-1", file.pk])):
        assert Client().get(reverse(f"library:{name}", args=args)).status_code == 404
        assert client_for(people.case_worker).get(reverse(f"library:{name}", args=args)).status_code == 200


def test_withdrawn_says_why_and_a_paper_can_be_taken_back_to_revise(people: Any) -> None:
    brought(told(), told("paper-2"))
    with acting(people.editor.viewer) as viewer:
        one, two = (Item.objects.get(palermo_id=key) for key in ("paper-1", "paper-2"))
        with pytest.raises(Invalid):
            actions.withdraw(actor=viewer, item=one, why=" ", expected_version=one.version)
        actions.withdraw(actor=viewer, item=one, why="Replaced.", expected_version=one.version)
        actions.revise(actor=viewer, item=two, expected_version=two.version)
        actions.write_item(
            actor=viewer, values=told("paper-2", year=2021), item=two, expected_version=two.version
        )
    gone = Client().get(reverse("library:item", args=["paper-1"]))
    assert gone.status_code == 410
    assert b"Replaced." in gone.content
    assert ids() == []
    published(people.editor, people.coordinator, two)
    assert ids("", year="2021") == ["paper-2"]
    assert brought(told()).problems


def test_an_unreadable_file_says_so(people: Any) -> None:
    item = drafted(people.editor)
    with_file(people.editor, item, "   .   ", "empty.txt")
    worked()
    with acting(people.editor.viewer):
        assert ItemFile.objects.get().reading == "unreadable"
        assert not Passage.objects.exists()


@pytest.mark.parametrize("content", [b"MZ\x90\x00\x03", b"\x89PNG\r\n\x1a\nxx", b"%PDF-1.7 broken", b""])
def test_what_is_no_paper_is_not_taken(people: Any, content: bytes) -> None:
    import io

    item = drafted(people.editor)
    with acting(people.editor.viewer) as viewer, pytest.raises(Invalid):
        actions.add_file(
            actor=viewer,
            item=item,
            language="en",
            name="x.pdf",
            content=io.BytesIO(content),
            expected_version=1,
        )


def test_nobody_else_writes(people: Any) -> None:
    for who in (people.case_worker, people.analyst, people.administrator):
        with acting(who.viewer) as viewer, pytest.raises(DomainError):
            actions.write_item(actor=viewer, values={**told(), "status": "draft"})

"""Bring in, find, review, withdraw, merge, redact: through the pages and past them."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from palermo.judgments.starter import starter
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Refused
from palermo.rooms.caselaw import actions, queries
from palermo.rooms.caselaw.models import Case
from palermo.rooms.caselaw.tests.conftest import brought, told

pytestmark = pytest.mark.django_db


def ids(query: str = "", **wanted: str) -> list[str]:
    with acting(Viewer.anonymous()) as viewer:
        return [hit.case.palermo_id for hit in queries.search(viewer, query, wanted=wanted).hits]


def test_twice_is_once_and_nothing_is_half_written() -> None:
    assert brought(told(), told("two-2"), dry_run=True).added == 2
    assert ids() == []
    assert brought(told(), told("two-2")).added == 2
    assert brought(told(), told("two-2")).unchanged == 2
    assert brought(told(title="Changed"), told("two-2")).updated == 1
    bad = brought(told("three-3"), told("four-4", country="ZZZ"))
    assert [(one.row, one.column) for one in bad.problems] == [(2, "country")]
    assert sorted(ids()) == ["one-1", "two-2"]
    assert brought(told(status="draft")).problems


def test_what_we_ship_comes_in_and_is_read_by_everybody() -> None:
    rows = starter()
    assert brought(*rows).added == len(rows)
    page = Client().get(reverse("caselaw:case", args=["siliadin-v-france"]))
    assert b"73316/01" in page.content
    assert b"Not yet checked" in page.content
    found = Client().get(reverse("caselaw:json", args=["siliadin-v-france"])).json()
    assert brought(found).unchanged == 1
    assert ids("ECLI:CE:ECHR:2010:0107JUD002596504") == ["rantsev-v-cyprus-and-russia"]
    assert "chowdury-v-greece" in ids("strawberry")
    assert Client().get(reverse("caselaw:public"), {"q": "servitude", "country": "FRA"}).status_code == 200
    assert b"<entry>" in Client().get(reverse("caselaw:feed")).content


@pytest.mark.parametrize(
    ("language", "title", "asked"),
    [("en", "State v. Tolliverman", "Toliverman"), ("ru", "Государство против Берегонов", "Береганов"),
     ("ar", "الدولة ضد الكوثراني", "الكوثرانى"), ("zh", "国家诉 欧阳明月", "欧阳明日")],
)  # fmt: skip
def test_a_name_is_found_though_it_is_written_otherwise(language: str, title: str, asked: str) -> None:
    brought(told(language=language, title=title), told("other-1", title="Something else"))
    assert ids(asked) == ["one-1"]


def test_words_are_found_in_their_language_and_concepts_by_any_name() -> None:
    coded = [{"kind": "act", "concept": "recruitment"}]
    brought(
        told("fr-1", language="fr", facts="Les travailleuses étaient enfermées."), told("zh-1", language="zh", facts="护照被扣押。"),  # noqa: E501
        told("act-1", facts="Nothing of that word.", codings=coded), told("es-1", language="es", facts="Los trabajadores huyeron."),  # noqa: E501
    )  # fmt: skip
    assert ids("travailleuse") == ["fr-1"]
    assert ids("护照") == ["zh-1"]
    assert ids("التجنيد") == ["act-1"]
    assert ids("trabajador") == ["es-1"]
    assert ids("", act="recruitment") == ["act-1"]
    assert ids("%") == []


def test_facets_count_the_whole_result() -> None:
    brought(*(told(f"c-{n}", country="FRA" if n % 3 else "DEU") for n in range(60)))
    with acting(Viewer.anonymous()) as viewer:
        found = queries.search(viewer, "farm")
    assert found.total == 60
    assert len(found.hits) == 20
    assert [(code, n) for code, _label, n in found.facets["country"]] == [("FRA", 40), ("DEU", 20)]


def drafted(someone: Any) -> Case:
    with acting(someone.viewer) as viewer:
        actions.bring_in(actor=viewer, values=[told(status="draft")])
        case = Case.objects.get(palermo_id="one-1")
        return actions.submit(actor=viewer, case=case, expected_version=case.version)


def test_a_second_person_publishes_and_nobody_else(people: Any) -> None:
    case = drafted(people.editor)
    assert Client().get(reverse("caselaw:case", args=["one-1"])).status_code == 404
    with acting(people.editor.viewer) as viewer:
        with pytest.raises(Refused):
            actions.publish(actor=viewer, case=case, expected_version=case.version)
        with pytest.raises(DatabaseError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(state="published", reviewed_by_id=viewer.user_id)
    with acting(people.coordinator.viewer) as viewer:
        actions.publish(actor=viewer, case=case, expected_version=case.version)
    assert ids() == ["one-1"]
    for who in (people.editor, people.coordinator):
        with acting(who.viewer), pytest.raises(DatabaseError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(record={})


def test_others_see_no_draft(people: Any) -> None:
    drafted(people.editor)
    for viewer in (people.case_worker.viewer, people.analyst.viewer, Viewer.anonymous()):
        with acting(viewer):
            assert not Case.objects.exists()
            with pytest.raises(DatabaseError), transaction.atomic():
                Case.objects.create(palermo_id="x-1", record={}, language="en", country="FRA", title="x")
    assert ids("farm") == []


def test_withdrawn_says_why_and_merged_leads_on(people: Any) -> None:
    brought(told(), told("two-2"), told("three-3"))
    with acting(people.editor.viewer) as viewer:
        one, two, three = (Case.objects.get(palermo_id=key) for key in ("one-1", "two-2", "three-3"))
        actions.withdraw(actor=viewer, case=one, why="The wrong court.", expected_version=one.version)
        actions.merge(actor=viewer, case=two, into=three, why="The same case.", expected_version=two.version)
    gone = Client().get(reverse("caselaw:case", args=["one-1"]))
    assert gone.status_code == 410
    assert b"The wrong court." in gone.content
    moved = Client().get(reverse("caselaw:case", args=["two-2"]))
    assert (moved.status_code, moved.url) == (301, reverse("caselaw:case", args=["three-3"]))
    assert ids() == ["three-3"]
    assert brought(told()).problems


def everything() -> str:
    """All that the database holds of cases, index and all, and the audit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(c::text, ' ') FROM caselaw_case c")
        return str(cursor.fetchone()[0]).casefold()


def test_a_marked_name_is_in_no_page_export_or_index(people: Any) -> None:
    name = "Zorvath Quillmanek"
    brought(
        told(title=f"State v. {name}", facts=f"{name} left.", redact=[name]),
        told("two-2", facts=f"{name} stayed."),
    )
    with acting(people.editor.viewer) as viewer:
        assert Case.objects.filter(body__icontains="quillmanek").count() == 1
        late = Case.objects.get(palermo_id="two-2")
        actions.redact(actor=viewer, case=late, names=(name,), expected_version=late.version)
        assert "quillmanek" not in everything()
    assert brought(told("two-2", facts=f"{name} stayed.")).problems
    for address in ("case", "json"):
        for key in ("one-1", "two-2"):
            assert (
                b"quillmanek" not in Client().get(reverse(f"caselaw:{address}", args=[key])).content.lower()
            )
    for address in ("public", "feed"):
        assert b"quillmanek" not in Client().get(reverse(f"caselaw:{address}")).content.lower()
    assert ids("Quillmanek") == []


def test_the_steps_of_a_draft_through_the_pages(people: Any, client_for: Any) -> None:
    with acting(people.editor.viewer) as viewer:
        actions.bring_in(actor=viewer, values=[told(status="draft")])
        case = Case.objects.get(palermo_id="one-1")
    writer, reader = client_for(people.editor), client_for(people.coordinator)
    assert b"Brackwater" in writer.get(reverse("caselaw:list")).content
    assert writer.get(reverse("caselaw:draft", args=[case.pk])).status_code == 200
    address = reverse("caselaw:step", args=[case.pk])
    assert writer.post(address, {"step": "submit", "version": 1}).status_code == 302
    assert writer.post(address, {"step": "publish", "version": 2}).status_code == 403
    assert reader.post(address, {"step": "publish", "version": 2}).status_code == 302
    assert ids() == ["one-1"]

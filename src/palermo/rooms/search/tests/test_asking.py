"""One query to every room: concepts cross languages, references stand first, what is not public is not found."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.search.queries import Found, search

pytestmark = pytest.mark.django_db
CROSSING = [
    ("استغلال حالة استضعاف", "c-en"), ("злоупотребление уязвимостью положения", "c-en"),
    ("late reporting", "c-fr"),
    ("债务质役", "c-es"), ("confiscation of passports", "c-ar"), ("expert testimony", "c-ru"),
    ("écoutes téléphoniques", "c-zh"),
]  # fmt: skip


def asked(query: str, **more: Any) -> Found:
    with acting(Viewer.anonymous()) as viewer:
        return search(viewer, query, **more)


@pytest.mark.parametrize(("query", "right"), CROSSING)
def test_a_concept_is_found_in_every_language(cases: None, query: str, right: str) -> None:
    hits = asked(query, room="caselaw").hits
    assert hits[0].document.key == right
    assert "concept" in hits[0].why


def test_a_concept_taken_out_is_not_searched_along(cases: None) -> None:
    found = asked("late reporting")
    assert [chip.code for chip in found.chips] == ["late_reporting"]
    without = asked("late reporting", without=("late_reporting",))
    assert without.chips == ()
    assert "c-fr" not in [hit.document.key for hit in without.hits if "concept" in hit.why]
    assert asked("late reporting", exact=True).total == 0


def test_a_reference_stands_before_everything(cases: None) -> None:
    assert asked("ECLI:FR:CC:2020:12.34").hits[0].document.key == "c-ecli"
    first = asked("TIP 3(b)").hits[0]
    assert (first.room, first.document.key) == ("thesaurus", "consent")


def test_a_draft_is_found_by_nobody_and_counts_nowhere(cases: None) -> None:
    found = asked("position of vulnerability")
    assert "c-draft" not in [hit.document.key for hit in found.hits]
    assert dict(found.rooms)["caselaw"] == 1


def test_languages_and_rooms_narrow_and_are_counted_over_all(cases: None) -> None:
    found = asked("plainte tardive", lang="fr")
    assert {hit.document.language for hit in found.hits} == {"fr"}
    assert sum(n for _room, n in asked("plainte tardive", room="thesaurus").rooms) == sum(
        n for _room, n in asked("plainte tardive").rooms
    )


def test_the_same_question_has_the_same_order(cases: None) -> None:
    assert asked("recruitment of workers") == asked("recruitment of workers")


def test_the_page_answers_and_escapes(cases: None) -> None:
    page = Client().get(reverse("search:page"), {"q": "<b>position of vulnerability</b>"})
    assert page.status_code == 200
    body = page.content.decode()
    assert "<b>position" not in body
    assert "/caselaw/public/c-en/" in body or reverse("caselaw:case", args=["c-en"]) in body


def test_the_empty_page_asks_nothing(cases: None) -> None:
    page = Client().get(reverse("search:page"))
    assert page.status_code == 200
    assert page.context["found"].total == 0

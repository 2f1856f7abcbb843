"""The public pages of the thesaurus, and its files."""

import csv
import io
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.caselaw import actions
from palermo.standards.thesaurus import concepts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Pages are tested without the built front end."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def body(name: str, *args: str, **headers: str) -> str:
    answer = Client(headers=headers).get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_tree_leads_to_every_concept() -> None:
    text = body("thesaurus:tree")
    assert all(reverse("thesaurus:concept", args=[code]) in text for code in concepts())


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_concept_has_a_page_in_every_language(language: str) -> None:
    for code, one in list(concepts().items())[::7]:
        text = body("thesaurus:concept", code, accept_language=language)
        assert all(label.partition("'")[0] in text for label in one.labels.values())


def test_a_page_shows_definitions_and_what_rooms_keep() -> None:
    told = {
        "palermo_id": "t-1", "title": "State v. Ashmere", "language": "en", "country": "FRA", "facts": "It was so.",
        "status": "published", "codings": [{"kind": "issue", "concept": "consent", "standing": "found_proved"}],
    }  # fmt: skip
    draft = {**told, "palermo_id": "t-2", "title": "State v. Pennrose", "status": "draft"}
    with acting(Viewer.operator()) as viewer:
        assert actions.bring_in(actor=viewer, values=[told, draft]).problems == ()
    text = body("thesaurus:concept", "consent")
    assert "shall be irrelevant" in text
    assert reverse("caselaw:case", args=["t-1"]) in text
    assert "Pennrose" not in text
    assert reverse("treaties:sheet", args=["TIP"]) in text


def test_there_is_no_page_of_what_is_no_concept() -> None:
    assert Client().get(reverse("thesaurus:concept", args=["nothing"])).status_code == 404


def test_the_files_hold_every_concept() -> None:
    turtle = body("thesaurus:ttl")
    assert len(re.findall(r"a skos:Concept ;", turtle)) == len(concepts())
    assert turtle.count("skos:prefLabel") == 6 * len(concepts())
    assert set(re.findall(r"skos:broader <urn:palermo:thesaurus:(\w+)>", turtle)) <= set(concepts())
    rows = list(csv.DictReader(io.StringIO(body("thesaurus:csv").lstrip("\ufeff"))))
    assert [row["code"] for row in rows] == list(concepts())
    assert all(row["note_en"] and row["note_fr"] and row["note_ar"] for row in rows)

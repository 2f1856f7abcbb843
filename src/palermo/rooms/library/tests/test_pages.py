"""The pages of the desk: write, file, review; and what a reader takes away."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.rooms.library.models import Item, ItemFile
from palermo.rooms.library.tests.conftest import SENTENCE, brought, drafted, told, with_file, worked

pytestmark = pytest.mark.django_db
GIVEN = {
    "palermo_id": "on-harbours", "kind": "manual", "language": "fr", "title_fr": "Des ports",
    "summary_ar": "عن الموانئ",
    "bodies": "Office; Desk", "year": "2019", "concepts": ["consent", "evidence"], "access": "public",
    "languages": "fr, ar",
    "link": "https://example.org/ports", "isbn": "9780306406157",
}  # fmt: skip


def test_from_the_empty_page_to_the_reader(people: Any, client_for: Any) -> None:
    writer, reader = client_for(people.editor), client_for(people.coordinator)
    assert b"Nothing waits here" in writer.get(reverse("library:list")).content
    made = writer.post(reverse("library:new"), GIVEN)
    assert made.status_code == 302, made.content.decode()
    with acting(people.editor.viewer):
        item = Item.objects.get()
    assert item.record["languages"] == ["fr", "ar"]
    file = SimpleUploadedFile("../../Étude.txt", SENTENCE.encode())
    way = reverse("library:add-file", args=[item.pk])
    assert writer.post(way, {"language": "en", "file": file, "version": 1}).status_code == 302
    worked()
    page = reader.get(reverse("library:draft", args=[item.pk])).content.decode()
    assert "Étude.txt" in page
    assert "Its text is searched" in page
    step = reverse("library:step", args=[item.pk])
    assert writer.post(step, {"step": "submit", "version": 2}).status_code == 302
    assert writer.post(step, {"step": "publish", "version": 3}).status_code == 403
    assert reader.post(step, {"step": "publish", "version": 3}).status_code == 302
    shown = Client().get(reverse("library:item", args=["on-harbours"])).content.decode()
    assert "Des ports" in shown
    assert "عن الموانئ" in shown
    bib = Client().get(reverse("library:bibtex", args=["on-harbours"])).content.decode()
    assert "@techreport{on-harbours," in bib
    assert "https://example.org/ports" in bib
    assert Client().get(reverse("library:ris", args=["on-harbours"])).content.startswith(b"TY  - RPRT")
    assert reader.post(step, {"step": "withdraw", "why": "Old.", "version": 4}).status_code == 302
    assert Client().get(reverse("library:item", args=["on-harbours"])).status_code == 410


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"title_fr": ""}, "title_en"), ({"isbn": "123"}, "isbn"), ({"palermo_id": "A B"}, "palermo_id"),
     ({"doi": "x"}, "doi"),
     ({"link": "javascript:alert(1)"}, "link"), ({"languages": "Français"}, "languages"),
     ({"palermo_id": "authorities"}, "palermo_id")],
)  # fmt: skip
def test_what_is_wrong_stands_beside_its_field(
    people: Any, client_for: Any, changed: dict[str, str], field: str
) -> None:
    answer = client_for(people.editor).post(reverse("library:new"), {**GIVEN, **changed})
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in answer.content.decode()
    with acting(people.editor.viewer):
        assert not Item.objects.exists()


def test_edited_with_the_languages_that_the_form_does_not_know(people: Any, client_for: Any) -> None:
    item = drafted(people.editor, titles={"en": "A title", "pt": "Um título"})
    writer = client_for(people.editor)
    page = writer.get(reverse("library:edit", args=[item.pk])).content.decode()
    assert "A title" in page
    given = {k: v for k, v in GIVEN.items() if k != "palermo_id"} | {"version": 1}
    assert writer.post(reverse("library:edit", args=[item.pk]), given).status_code == 302
    assert writer.post(reverse("library:edit", args=[item.pk]), given).status_code == 412
    with acting(people.editor.viewer):
        item = Item.objects.get()
    assert item.record["titles"] == {"pt": "Um título", "fr": "Des ports"}
    assert item.palermo_id == "paper-1"


def test_a_refused_file_says_why_and_one_is_removed(people: Any, client_for: Any) -> None:
    item = drafted(people.editor)
    writer = client_for(people.editor)
    way = reverse("library:add-file", args=[item.pk])
    bad = writer.post(
        way, {"language": "en", "version": 1, "file": SimpleUploadedFile("a.pdf", b"MZ\x90\x00")}
    )
    assert bad.status_code == 422
    assert "Only PDF, Word" in bad.content.decode()
    file = with_file(people.editor, item)
    away = reverse("library:remove-file", args=[item.pk, file.pk])
    assert writer.post(away, {"version": item.version}).status_code == 302
    with acting(people.editor.viewer):
        assert not ItemFile.objects.exists()


def test_the_search_page_narrows_down_and_escapes(people: Any) -> None:
    brought(told(titles={"en": "<b>Bold</b> harbours"}), told("paper-2", kind="manual", year=2011))
    page = Client().get(reverse("library:public"), {"q": "harbours"}).content.decode()
    assert "&lt;b&gt;Bold" in page
    assert "2 papers" in page
    page = Client().get(reverse("library:public"), {"q": "harbours", "kind": "manual"}).content.decode()
    assert "1 paper" in page
    assert "Nothing was found" in Client().get(reverse("library:public"), {"q": "zzzz"}).content.decode()
    for page_number in ("0", "²", "99999999999", "-1"):
        assert Client().get(reverse("library:public"), {"page": page_number}).status_code == 200

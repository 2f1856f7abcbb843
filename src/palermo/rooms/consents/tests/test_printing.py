"""The form on paper: in the person's language, by code, as a file on record."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override

from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import NotFound, Refused, StepUpNeeded
from palermo.kernel.exports.documents.as_pdf import unavailable
from palermo.kernel.exports.documents.handing import hand_out_document, show_document
from palermo.rooms.consents.actions.printing import form_of
from palermo.web.room import Subject

NAME = "Vibbletonova"


def url(about: Subject) -> str:
    return reverse("consents:paper", args=[about.key, "justice"])


@pytest.mark.parametrize(("language", "words"), [("fr", "Ce qui peut être dit"), ("ar", "ما يجوز إبلاغه")])
def test_the_sheet_speaks_the_language_of_the_person_not_of_the_worker(
    people: Any, about: Subject, language: str, words: str
) -> None:
    page = signed_in_client(people.case_worker).get(url(about) + f"?language={language}").content.decode()
    assert '<html lang="en"' in page
    assert f'<article class="sheet" lang="{language}"' in page
    assert words in page
    assert about.person_code in page
    assert NAME not in page


@pytest.mark.parametrize("format", ["docx", "pdf"])
def test_the_file_is_on_record_and_names_nobody(people: Any, about: Subject, format: str) -> None:
    client = signed_in_client(people.case_worker)
    answer = client.get(url(about) + f"?language=ar&format={format}")
    if format == "pdf" and unavailable():
        assert answer.status_code == 409
        return
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="consent.{format}"'
    assert NAME.encode() not in answer.content
    with acting(people.case_worker.viewer):
        entry = Entry.objects.filter(action="exports.file.hand_out").latest("at")
    assert (entry.object_id, entry.detail["what"], entry.detail["format"]) == (about.key, "consent", format)


def test_a_stranger_and_a_wrong_format_get_nothing(people: Any, about: Subject) -> None:
    for query in ("", "?format=pdf", "?format=docx"):
        assert signed_in_client(people.other_worker).get(url(about) + query).status_code == 404
    assert signed_in_client(people.case_worker).get(url(about) + "?format=exe").status_code == 422


def test_a_name_is_on_a_sheet_only_after_a_reveal(people: Any, about: Subject) -> None:
    from dataclasses import replace as changed

    with override("en"):
        given: dict[str, Any] = {
            "permission": "consents.consent.view", "document": form_of(about, "help", "fr"),
            "object_id": about.key, "object_kind": "case", "person_id": about.person_id, "purpose": "proceedings",
        }  # fmt: skip
    with acting(people.case_worker.viewer) as viewer:
        with pytest.raises(Refused, match="only encrypted"):
            hand_out_document(actor=viewer, format="docx", **given)
        assert show_document(actor=viewer, **given).name == "Zarquella Vibbletonova"
        entry = Entry.objects.filter(action="exports.document.show").latest("at")
        assert (entry.purpose, NAME in str(entry.detail)) == ("proceedings", False)
        assert Entry.objects.filter(action="vault.identity.reveal", object_id=about.person_id).exists()
    with acting(changed(people.case_worker.viewer, stepped_up=False)) as viewer, pytest.raises(StepUpNeeded):
        show_document(actor=viewer, **given)
    with acting(people.other_worker.viewer) as viewer, pytest.raises(NotFound):
        show_document(actor=viewer, **given)

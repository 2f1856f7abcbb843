"""The papers of the legal status: in the person's language, by code, on record, for those who hold it."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import NotFound
from palermo.kernel.exports.documents.as_pdf import unavailable
from palermo.rooms.identification import actions
from palermo.rooms.identification.models import Identification
from palermo.rooms.identification.tests.way import CANARY, REASONS, SERVED, Way

DECIDED = {
    "en": "no reasonable grounds",
    "fr": "pas de motifs raisonnables",
    "ar": "لا توجد أسباب معقولة",
}


def negative(way: Way, language: str = "ar") -> tuple[Identification, Any]:
    found = way.move(way.first, way.referred(), "propose_rg_negative", reasons=REASONS)
    told = SERVED | {"language": language, "sentences": ["not_against"]}
    found = way.move(way.second, found, "rg_negative", reasons=REASONS, **told)
    return found, way.ruling(found, "rg_negative")


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_letter_speaks_the_language_of_the_person_without_being_asked(
    way: Way, client_for: Any, language: str
) -> None:
    found, ruling = negative(way, language)
    url = reverse("identification:letter", args=[found.pk, ruling.pk])
    page = client_for(way.worker).get(url).content.decode()
    assert '<html lang="en"' in page
    assert f'<article class="sheet" lang="{language}"' in page
    assert DECIDED[language] in page
    assert REASONS in page
    assert found.person_code in page
    assert CANARY not in page
    other = client_for(way.worker).get(url + "?language=fr").content.decode()
    assert DECIDED["fr"] in other


def test_the_record_of_service_stands_in_the_letter_and_the_last_day_counts_from_it(
    way: Way, client_for: Any
) -> None:
    found, ruling = negative(way, "en")
    url = reverse("identification:letter", args=[found.pk, ruling.pk])
    client = client_for(way.worker)
    assert (
        "within 30 days from the day on which this letter was explained" in client.get(url).content.decode()
    )
    with acting(way.worker.viewer) as viewer:
        now = Identification.objects.get(pk=found.pk)
        actions.serve(
            actor=viewer, found=now, ruling=ruling, language="fr", way="phone", bearer="worker",
            served_at=timezone.now(),
        )  # fmt: skip
    page = client.get(url + "?language=en").content.decode()
    assert "French · With an interpreter on the telephone · The person’s own worker" in page
    assert "Ask by" in page
    assert "within 30 days" not in page
    status = client.get(reverse("identification:status", args=[found.pk])).content.decode()
    assert "With an interpreter on the telephone" in status
    # Explained in French: from now on the letter is in French first.
    assert DECIDED["fr"] in client.get(url).content.decode()


@pytest.mark.parametrize("format", ["docx", "pdf"])
@pytest.mark.parametrize("name", ["letter", "certificate"])
def test_a_paper_leaves_as_a_file_and_that_is_on_record(
    way: Way, client_for: Any, name: str, format: str
) -> None:
    if name == "letter":
        found, ruling = negative(way)
        args = [found.pk, ruling.pk]
    else:
        found = way.recovery()
        args = [found.pk]
    url = reverse(f"identification:{name}", args=args)
    answer = client_for(way.worker).get(f"{url}?format={format}")
    if format == "pdf" and unavailable():
        assert answer.status_code == 409
        return
    assert answer.status_code == 200
    assert CANARY.encode() not in answer.content
    with acting(way.worker.viewer):
        entry = Entry.objects.filter(action="exports.file.hand_out").latest("at")
    assert (entry.object_id, entry.detail["format"]) == (found.pk, format)
    assert client_for(way.people.other_worker).get(f"{url}?format={format}").status_code == 404


def test_a_certificate_says_presumed_then_identified_and_nothing_in_between(
    way: Way, client_for: Any
) -> None:
    found = way.presumed()
    client, url = client_for(way.worker), reverse("identification:certificate", args=[found.pk])
    assert client.get(url).status_code == 409
    way.consent()
    found = way.move(way.first, way.refer(found), "rg_positive", reasons=REASONS)
    page = client.get(url).content.decode()
    assert "presumed victim" in page
    assert "Protected from removal" in client.get(
        reverse("identification:status", args=[found.pk])
    ).content.decode()  # fmt: skip
    found = way.move(way.first, found, "early_request", asked_in_writing=True)
    assert "presumed victim" in client.get(url).content.decode()
    way.move(way.first, found, "cg_positive", reasons=REASONS, options_explained=True)
    page = client.get(url + "?language=fr").content.decode()
    assert "victime présumée" not in page
    assert '<article class="sheet" lang="fr"' in page


def test_a_proposal_is_no_letter(way: Way) -> None:
    found = way.move(way.first, way.referred(), "propose_rg_negative", reasons=REASONS)
    with acting(way.first.viewer) as viewer, pytest.raises(NotFound):
        actions.letter_of(viewer, found, way.ruling(found, "propose_rg_negative"), "en")

"""On paper: the case for a meeting, the plan to sign, the safety plan; as page, PDF and Word, on record, no name."""

import io
import zipfile
from typing import Any

import pytest
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.audit.models import Entry
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.tests import records
from palermo.rooms.cases.tests.conftest import FAMILY, GIVEN, PHONE, REASON
from palermo.rooms.cases.tests.test_move_case import activate, write

PAPERS = ("print", "plan-print", "plan-safety-print")


def url(name: str, case: Case, *more: Any) -> str:
    return reverse(f"cases:{name}", args=[case.pk, *more])


@pytest.fixture
def client(people: Any, client_for: Any) -> Any:
    return client_for(people.case_worker)


def words_of(docx: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(docx)).read("word/document.xml").decode()


def test_the_summary_says_where_the_case_stands_and_what_was_written_last(
    people: Any, client: Any, case: Case
) -> None:
    activate(people, case)
    with acting(people.case_worker.viewer) as viewer:
        wrong = actions.add_note(actor=viewer, case=case, text="The sister rang on Monday.")
        actions.add_note(actor=viewer, case=case, text="The sister rang on Tuesday.", corrects=wrong)
    page = client.get(url("print", case)).content.decode()
    for said in (
        case.code,
        case.person_code,
        REASON,
        "A quiet room.",
        "Ask the shelter for a room.",
        "Tuesday",
    ):
        assert said in page, said
    assert "Monday" not in page, "what was corrected is not told again"


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_sheet_comes_in_each_language_as_page_and_file(
    people: Any, client: Any, case: Case, name: str, language: str
) -> None:
    activate(people, case)
    page = client.get(url(name, case), {"language": language})
    assert page.status_code == 200
    assert f'lang="{language}"' in page.content.decode().split('class="sheet"')[1][:40]
    answer = client.get(url(name, case), {"language": language, "format": "docx"})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    for text in (page.content.decode(), words_of(b"".join(answer))):
        assert not any(secret in text for secret in (FAMILY, GIVEN, PHONE))


def test_a_sheet_as_pdf_or_in_no_format_at_all(people: Any, client: Any, case: Case) -> None:
    activate(people, case)
    answer = client.get(url("plan-print", case), {"format": "pdf"})
    assert b"".join(answer).startswith(b"%PDF")
    assert client.get(url("plan-print", case), {"format": "exe"}).status_code == 422


def test_the_safety_plan_tells_nobody_what_it_is_about(people: Any, client: Any, case: Case) -> None:
    write(people.case_worker, case, records.safe)
    answer = client.get(url("plan-safety-print", case), {"format": "docx"})
    sheet = words_of(b"".join(answer))
    assert records.ITEM.text in sheet
    assert "safety" not in answer.headers["Content-Disposition"]
    for word in (case.code, case.person_code, str(people.organisation), "traffick", "palermo"):
        assert word not in sheet, word


def test_before_there_is_anything_to_print_one_is_led_to_the_plan(client: Any, case: Case) -> None:
    for name in PAPERS[1:]:
        assert client.get(url(name, case)).url == url("plan", case)


def test_what_was_printed_is_in_the_trail_in_words(people: Any, client: Any, case: Case) -> None:
    activate(people, case)
    client.get(url("print", case))
    b"".join(client.get(url("plan-print", case), {"format": "docx"}))
    with acting(people.case_worker.viewer) as viewer:
        did = [deed.did for deed in queries.deeds(viewer, queries.case(viewer, case.pk))]
        assert Entry.objects.filter(object_id=case.pk, action="exports.document.show").count() == 1
    assert "opened the summary of the case to print" in did
    assert "took the plan away as a file" in did


def test_who_only_reads_the_case_prints_no_words_of_its_notes(
    people: Any, client_for: Any, case: Case
) -> None:
    with acting(people.case_worker.viewer) as viewer:
        actions.add_note(actor=viewer, case=case, text="The sister rang.")
    assert client_for(people.other_worker).get(url("print", case)).status_code == 404


def test_older_safety_plans_stay_readable(people: Any, client: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        records.safe(viewer, case)
        newer = actions.SafetyItem("calls", "call", "police", "Ring the second bell.")
        actions.revise_safety(actor=viewer, case=case, items=[newer], expected_number=1)
    old = client.get(url("plan-safety-version", case, 1)).content.decode()
    assert records.ITEM.text in old
    assert "Ring the second bell." not in old
    assert url("plan-safety-version", case, 2) in old
    assert client.get(url("plan-safety-version", case, 3)).status_code == 404

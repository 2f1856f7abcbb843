"""The report as files, the answers as data."""

import io
from typing import Any

import docx
import pytest

from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.errors import Conflict
from palermo.kernel.exports.documents.as_pdf import unavailable
from palermo.rooms.assessments import actions, queries
from palermo.rooms.assessments.tests.conftest import answer, fresh


@pytest.fixture
def shown(db: None, people: Any) -> Any:
    return people, actions.demo_assessments(cast=people)


def words_of(content: bytes) -> str:
    book = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in book.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in book.paragraphs), *cells])


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_report_as_a_word_file_in_three_languages(shown: Any, language: str) -> None:
    people, made = shown
    with acting(people.analyst.viewer) as viewer:
        file = actions.export_report(actor=viewer, assessment=fresh(made), format="docx", language=language)
        measure = queries.toolkit_of(made).measures["A1.1"].said(language)
    told = words_of(file.content)
    assert measure in told
    assert "Prosecution service" in told
    assert made.toolkit_sha256 in told


def test_what_nobody_answered_is_no_gap_and_nothing_is_summed(shown: Any) -> None:
    people, made = shown
    with acting(people.coordinator.viewer):
        told = queries.report(fresh(made), "en")
    gaps, unknown = {row[3] for row in told.gaps}, {row[3] for row in told.unknown}
    assert gaps <= {"Not met", "No", "1 / 4"}
    assert "Not met" in gaps
    assert {"Not answered", "Not agreed"} <= unknown
    assert not {"Not answered", "Not agreed"} & gaps
    cells = [cell for section in told.sections for row in section.rows for cell in row.answered]
    assert {cell.code for cell in cells if cell.value == ""} == {"·"}
    assert not {cell.level for cell in cells if cell.value in ("", None, "not_known", "not_applicable")} - {
        ""
    }


@pytest.mark.skipif(bool(unavailable()), reason="no pango on this machine")
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_report_as_pdf(shown: Any, language: str) -> None:
    people, made = shown
    with acting(people.analyst.viewer) as viewer:
        file = actions.export_report(actor=viewer, assessment=fresh(made), format="pdf", language=language)
    assert file.content.startswith(b"%PDF-")
    assert file.name == "assessment.pdf"


def test_there_is_no_report_while_the_assessors_answer(begun: Any) -> None:
    with acting(begun.people.coordinator.viewer) as viewer, pytest.raises(Conflict):
        actions.export_report(actor=viewer, assessment=fresh(begun.assessment), format="docx", language="en")


def test_exported_answers_are_those_that_one_may_see(begun: Any) -> None:
    cast, made = begun.people, begun.assessment
    answer(cast.analyst, made, A1_1__law="met")
    answer(cast.prosecutor, made, A1_1__law="not_met")
    told = {
        who: signed_in_client(getattr(cast, who)).get(f"/assessments/{made.pk}/answers/json/").json()["answers"]
        for who in ("analyst", "prosecutor", "coordinator")
    }  # fmt: skip
    assert [(one["by"], one["value"]) for one in told["analyst"]] == [("1", "met")]
    assert [(one["by"], one["value"]) for one in told["prosecutor"]] == [("2", "not_met")]
    assert told["coordinator"] == []


def test_a_formula_in_an_answer_is_text_in_the_csv(begun: Any) -> None:
    cast, made = begun.people, begun.assessment
    with acting(cast.analyst.viewer) as viewer:
        given = {("C2.4", ""): actions.Given("=HYPERLINK(1)")}
        actions.save_answers(actor=viewer, assessment=fresh(made), given=given)
    told = (
        signed_in_client(cast.analyst).get(f"/assessments/{made.pk}/answers/csv/").content.decode("utf-8-sig")
    )
    assert "'=HYPERLINK(1)" in told

"""The form goes out, is filled, comes back: what it says is kept, and nothing that cannot be read."""

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import docx
import pytest

from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Invalid
from palermo.rooms.assessments import actions, queries
from palermo.rooms.assessments.tests.conftest import VALUES, answer, fresh, hand_in

ARABIC = "المادة ١٧ من قانون الهجرة\nسطر ثانٍ"


def form_of(who: Any, made: Any, language: str = "en") -> bytes:
    with acting(who.viewer) as viewer:
        of = fresh(made)
        told = actions.export_form(
            actor=viewer, assessment=of, assessor=queries.member(viewer, of), language=language
        )
    return told.content


def table_of(book: Any, code: str) -> Any:
    return next(one for one in book.tables if one.rows[0].cells[0].text == code)


def filled(content: bytes, code: str, line: int, column: int, text: str) -> bytes:
    """The form with one cell written, as somebody does in a word processor."""
    book = docx.Document(io.BytesIO(content))
    table_of(book, code).rows[line].cells[column].text = text
    return saved(book)


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def take(who: Any, content: bytes, made: Any, *, dry_run: bool = False) -> actions.Taken:
    with acting(who.viewer) as viewer:
        return actions.import_form(actor=viewer, content=content, assessment=fresh(made), dry_run=dry_run)


def kept(who: Any, made: Any) -> dict[tuple[str, str], tuple[str, str, list[str]]]:
    with acting(who.viewer) as viewer:
        return {
            cell: (a.value, a.narrative, a.evidence) for cell, a in queries.own(viewer, fresh(made)).items()
        }


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_out_filled_and_in_again(begun: Any, language: str) -> None:
    who, made = begun.people.analyst, begun.assessment
    content = form_of(who, made, language)
    content = filled(content, "A1.1", 1, 2, "x")
    content = filled(content, "A1.1", 1, 6, ARABIC)
    content = filled(content, "A1.1", 1, 7, "https://example.org/law\nGazette 17")
    content = filled(content, "A1.6", 1, 3, "☒")
    content = filled(content, "B1.4", 1, 5, " X ")
    content = filled(content, "C2.3", 1, 1, "١٢٫٥")
    content = filled(content, "C2.4", 1, 1, ARABIC)
    looked = take(who, content, made, dry_run=True)
    assert kept(who, made) == {}
    assert looked.unreadable == ()
    assert [one.measure for one in looked.changes] == ["A1.1", "A1.6", "B1.4", "C2.3", "C2.4"]
    done = take(who, content, made)
    assert len(done.changes) == 5
    assert kept(who, made) == {
        ("A1.1", "law"): ("partly", ARABIC, ["https://example.org/law", "Gazette 17"]),
        ("A1.6", ""): ("no", "", []), ("B1.4", ""): ("4", "", []), ("C2.3", ""): ("12.5", "", []),
        ("C2.4", ""): (ARABIC, "", []),
    }  # fmt: skip
    assert take(who, content, made).changes == ()
    assert take(who, form_of(who, made, language), made).changes == ()


def test_what_is_empty_in_the_form_leaves_what_was_answered(begun: Any) -> None:
    who, made = begun.people.analyst, begun.assessment
    empty = form_of(who, made)
    answer(who, made, A1_1__law="met")
    assert take(who, empty, made).changes == ()
    assert kept(who, made)["A1.1", "law"][0] == "met"


def test_every_place_that_cannot_be_read_is_named_and_nothing_is_kept(begun: Any) -> None:
    who, made = begun.people.analyst, begun.assessment
    content = form_of(who, made)
    content = filled(content, "A1.1", 1, 1, "x")
    content = filled(filled(content, "A1.2", 2, 1, "x"), "A1.2", 2, 3, "x")
    content = filled(content, "A1.3", 1, 1, "perhaps")
    content = filled(content, "C2.3", 1, 1, "about ten")
    book = docx.Document(io.BytesIO(content))
    gone = table_of(book, "A1.4")._tbl
    gone.getparent().remove(gone)
    told = take(who, saved(book), made)
    assert [one.split(":")[0] for one in told.unreadable] == [
        "A1.2 Practice",
        "A1.3 Law",
        "A1.4",
        "C2.3 Answer",
    ]
    assert kept(who, made) == {}


def refusal(who: Any, content: bytes, made: Any) -> str:
    with pytest.raises(Invalid) as told:
        take(who, content, made)
    (problem,) = told.value.problems
    return problem.rule


def changed(content: bytes, old: str, new: str) -> bytes:
    """The form with another word in the line that says what it is."""
    book = docx.Document(io.BytesIO(content))
    line = next(one for one in book.paragraphs if "palermo-assessment-form" in one.text)
    assert old in line.text
    line.runs[0].text = line.text.replace(old, new)
    return saved(book)


def test_a_form_that_does_not_belong_here_is_refused(begun: Any) -> None:
    cast, made = begun.people, begun.assessment
    content = form_of(cast.analyst, made)
    with acting(cast.coordinator.viewer) as viewer:
        chosen = [str(cast.analyst.pk), str(cast.prosecutor.pk)]
        other = actions.open_assessment(
            actor=viewer, values={**VALUES, "title": "Other", "assessors": chosen}
        )
    assert refusal(cast.analyst, content, other) == "assessment"
    assert refusal(cast.prosecutor, content, made) == "assessor"
    assert refusal(cast.analyst, changed(content, "som-justice 1", "nrm 1"), made) == "toolkit"
    assert refusal(cast.analyst, changed(content, "som-justice 1", "som-justice 2"), made) == "version"
    assert refusal(cast.analyst, changed(content, "palermo-assessment-form-1", "my-form"), made) == "key"
    assert refusal(cast.analyst, b"PK nothing", made) == "docx"
    hand_in(cast.analyst, made)
    assert refusal(cast.analyst, content, made) == "state"


def test_the_operator_takes_an_empty_form_in_for_a_named_assessor(begun: Any) -> None:
    made = begun.assessment
    with acting(Viewer.operator()) as viewer:
        of = queries.assessment(viewer, made.pk)
        content = actions.export_form(actor=viewer, assessment=of, assessor=None, language="en").content
        content = filled(content, "A1.1", 1, 1, "x")
        with pytest.raises(Invalid):
            actions.import_form(actor=viewer, content=content)
        told = actions.import_form(actor=viewer, content=content, assessor_name="prosecutor")
    assert told.assessor == 2
    assert kept(begun.people.prosecutor, made)["A1.1", "law"][0] == "met"
    assert kept(begun.people.analyst, made) == {}


def test_on_the_page_first_what_would_change_and_then_the_change(begun: Any) -> None:
    who, where = begun.people.analyst, f"/assessments/{begun.assessment.pk}/"
    client = signed_in_client(who)
    taken = client.get(f"{where}form/")
    assert taken["Content-Disposition"].endswith('assessment-form.docx"')
    content = filled(taken.content, "A1.1", 1, 1, "x")

    def send(go: str) -> Any:
        return client.post(f"{where}take-in/", {"file": named(content), "go": go})

    looked = send("look")
    assert looked.status_code == 200
    assert "A1.1" in looked.content.decode()
    assert kept(who, begun.assessment) == {}
    assert send("keep").status_code == 302
    assert kept(who, begun.assessment)["A1.1", "law"][0] == "met"


def named(content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = "form.docx"
    return file


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not on this machine")
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_form_that_libreoffice_has_saved_reads_the_same(begun: Any, tmp_path: Path, language: str) -> None:
    who, made = begun.people.analyst, begun.assessment
    content = filled(form_of(who, made, language), "A1.1", 1, 2, "x")
    (tmp_path / "form.docx").write_bytes(filled(content, "A1.1", 1, 6, ARABIC))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to",
         "docx:MS Word 2007 XML", "--outdir", str(tmp_path / "out"), str(tmp_path / "form.docx")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    told = take(who, (tmp_path / "out" / "form.docx").read_bytes(), made)
    assert told.unreadable == ()
    assert kept(who, made) == {("A1.1", "law"): ("partly", ARABIC, [])}

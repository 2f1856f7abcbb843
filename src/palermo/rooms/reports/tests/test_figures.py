"""Only released figures enter, and what is withheld stays withheld on the page, in the PDF and in the Word file."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from typing import Any

import docx
import pytest
from django.db import DatabaseError, transaction

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Invalid
from palermo.kernel.exports.documents.as_pdf import unavailable
from palermo.rooms.reports import actions, queries
from palermo.rooms.reports.models import Section
from palermo.rooms.reports.tests.conftest import (
    SECRET,
    begun,
    filled,
    published,
    put,
    released,
    submitted,
)

pytestmark = pytest.mark.django_db


def test_figures_of_a_draft_release_cannot_be_put_in(two_years: Any) -> None:
    waiting = released(two_years.people, 2024, 1, 2, 3, out=False)
    made = begun(two_years.analyst)
    for name in (str(waiting.pk), waiting.title, "PALERMO-XPA-GLOTIP-2024.1"):
        with pytest.raises(Invalid):
            put(two_years.analyst, made, kind="table", source=name, part="who")


def test_the_database_takes_released_figures_alone(two_years: Any) -> None:
    made = begun(two_years.analyst)
    good = {"source": two_years.new.identifier, "part": "who", "kind": "table", "report": made, "place": 90}
    with acting(two_years.analyst.viewer) as viewer:
        right = queries.source(viewer, two_years.new.identifier).sha256
        old = queries.source(viewer, two_years.old.identifier).sha256
        for wrong in (
            {"sha256": old},
            {"sha256": "0" * 64},
            {"source": "PALERMO-XPA-GLOTIP-2024.1", "sha256": right},
        ):
            with pytest.raises(DatabaseError, match="published release"), transaction.atomic():
                Section.objects.create(**{**good, **wrong})
        Section.objects.create(**good, sha256=right)


def test_a_difference_is_told_only_where_both_are_shown(two_years: Any) -> None:
    made = submitted(two_years.analyst, filled(two_years.analyst, two_years.new))
    table = next(block for block in made.content["en"]["blocks"] if block["kind"] == "table")
    assert table["heads"] == ["2025", "2026", "Difference"]
    assert [[text for text, _status in row] for row in table["rows"]] == [
        ["Women", "31", "44", "+13"],
        ["Men", "22", "withheld", "–"],
        ["Girls", "withheld", "12", "–"],
    ]
    assert table["sources"] == [two_years.new.identifier, two_years.old.identifier]


def test_last_year_is_what_was_published_then(two_years: Any) -> None:
    """The release of 2026 says 30 for 2025; the one of 2025 said 31: last year's report is not rewritten."""
    made = submitted(two_years.analyst, filled(two_years.analyst, two_years.new))
    blocks = [block for block in made.content["en"]["blocks"] if block["kind"] == "table"]
    assert blocks[0]["rows"][0][1] == ["31", "shown"]
    assert blocks[-1]["rows"][0][1] == ["30", "shown"], "the trend is of one release"


def test_without_a_release_of_last_year_the_release_tells_both(people: Any) -> None:
    only = released(people, 2026, 44, None, 12)
    made = submitted(people.analyst, filled(people.analyst, only))
    table = next(block for block in made.content["en"]["blocks"] if block["kind"] == "table")
    assert table["heads"] == ["2025", "2026", "Difference"]
    assert table["notes"] == ["Both years are as this release tells them."]
    assert table["sources"] == [only.identifier]


def test_a_report_shows_its_own_year_and_not_the_last_of_the_release(people: Any) -> None:
    later = released(people, 2026, 44, None, 12)
    made = submitted(people.analyst, filled(people.analyst, later, 2025))
    table = next(block for block in made.content["en"]["blocks"] if block["kind"] == "table")
    assert table["heads"] == ["2025"]
    assert table["notes"] == ["No figures of the year before were published in this series."]


def test_a_release_without_the_year_of_the_report_says_so(people: Any) -> None:
    early = released(people, 2026, 44, None, 12)
    made = submitted(people.analyst, filled(people.analyst, early, 2028))
    table = next(block for block in made.content["en"]["blocks"] if block["kind"] == "table")
    assert table["heads"][-2] == "2026"
    assert table["notes"][0] == "This release has no figures of 2028."


def test_a_missing_language_is_told(two_years: Any) -> None:
    made = begun(two_years.analyst)
    put(two_years.analyst, made, kind="text", titles={"en": "Trends"}, texts={"en": "Fewer were found."})
    told = submitted(two_years.analyst, made).content
    assert not any(block["kind"] == "notice" for block in told["en"]["blocks"])
    notices = [block["text"] for block in told["fr"]["blocks"] if block["kind"] == "notice"]
    assert len(notices) == 1
    texts = [(block["text"], block["lang"]) for block in told["fr"]["blocks"] if block["kind"] == "text"]
    assert texts == [("Fewer were found.", "en")]


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+", text))


def test_what_is_withheld_is_in_none_of_the_files(two_years: Any) -> None:
    """Read back as an attacker would: every part of the Word files, every text of the PDF, the JSON and the page."""
    made = published(two_years, filled(two_years.analyst, two_years.new))
    with acting(Viewer.anonymous()) as anybody:
        found = queries.landing(anybody, made.identifier)
        files = {
            file.name: actions.public_file(actor=anybody, identifier=made.identifier, name=file.name).content
            for file in found.files
        }
    expected = {f"report-{code}.docx" for code in ("en", "fr", "ar")} | {"report.json"}
    assert expected <= set(files)
    whole = json.loads(files["report.json"])
    assert str(SECRET) not in json.dumps(whole)
    for code in ("en", "fr", "ar"):
        _read_word(files[f"report-{code}.docx"], code)
        if not unavailable():
            _read_pdf(files[f"report-{code}.pdf"])


def _read_word(content: bytes, code: str) -> None:
    book = docx.Document(io.BytesIO(content))
    table = next(one for one in book.tables if "2026" in one.rows[0].cells[2].text)
    cells = [[cell.text for cell in row.cells][1:] for row in table.rows[1:]]
    assert cells[0] == ["31", "44", "+13"]
    assert cells[1][0] == "22"
    assert cells[2][1] == "12"
    for text in (cells[1][1], cells[1][2], cells[2][0], cells[2][2]):
        assert not numbers(text), text
    assert [one.text for one in book.paragraphs if one.style.name == "Heading 2"]
    archive = zipfile.ZipFile(io.BytesIO(content))
    charts = [name for name in archive.namelist() if name.startswith("word/charts/")]
    assert len(charts) == 2
    for name in charts:
        told = archive.read(name).decode()
        points = re.findall(r"<c:numCache>.*?</c:numCache>", told)
        assert sum(len(re.findall("<c:pt ", one)) for one in points) == 4, "two of six are withheld"
    body = archive.read("word/document.xml").decode()
    assert 'descr="' in body
    assert ("w:bidiVisual" in body) == (code == "ar")


def _read_pdf(content: bytes) -> None:
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as book:
        assert book.Root.MarkInfo.Marked, "tagged for screen readers"
        with book.open_outline() as outline:
            assert len(outline.root) >= 1
    if shutil.which("pdftotext") is None:
        return
    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    text = told.stdout.decode()
    assert str(SECRET) not in text
    if "Women" in text:
        lines = [line.split() for line in text.splitlines() if line.split()[:1] in (["Men"], ["Girls"])]
        rows = [line for line in lines if len(line) == 4]
        assert rows == [["Men", "22", "withheld", "–"], ["Girls", "withheld", "12", "–"]] * 2


def test_the_same_content_gives_the_same_bytes(two_years: Any) -> None:
    from datetime import date

    from palermo.rooms.reports.actions.printing import files

    made = filled(two_years.analyst, two_years.new)
    with acting(two_years.analyst.viewer) as viewer:
        told = queries.composed(viewer, made, "ar", final=True)
    day = date(2026, 11, 22)
    assert list(files(told, day)) == list(files(told, day))

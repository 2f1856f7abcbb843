"""Forms are judged by the engine of the devices, and where it cannot judge, nothing is published."""

import io
import shutil
from typing import Any

import openpyxl
import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.errors import Conflict, Invalid
from palermo.rooms.observatory import actions
from palermo.rooms.observatory.actions import converting
from palermo.rooms.observatory.actions.demo import CSV, PILOT
from palermo.rooms.observatory.actions.schema import read_schema
from palermo.rooms.observatory.models import Form, FormMedia, FormVersion
from palermo.rooms.observatory.tests.conftest import VERSION, opened, published

needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="ODK Validate needs a Java runtime")
BAD_PATH = PILOT.replace("| constraint |", "| constraint | calculation |").replace(
    "|  | text | remarks |", "|  | calculate | broken | | | | | nosuchfn(1) |\n|  | text | remarks |"
)


def workbook(source: str) -> bytes:
    """The same form as a workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheet: Any = None
    for line in source.strip().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 1:
            sheet = book.create_sheet(cells[0])
        else:
            sheet.append(cells[1:])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def said(caught: Any) -> str:
    return " ".join(str(problem.message) for problem in caught.value.problems)


@needs_java
def test_a_form_that_the_engine_reads_is_taken() -> None:
    found = converting.converted(workbook(PILOT), "xlsx")
    assert (found.validator, found.schema["form_id"], found.schema["version"]) == (
        "ODK Validate",
        "pilot_legs",
        VERSION,
    )


@needs_java
def test_a_function_that_no_device_knows_is_refused_in_the_validators_words() -> None:
    with pytest.raises(Invalid) as caught:
        converting.converted(BAD_PATH.encode(), "md")
    assert "nosuchfn" in said(caught)
    assert "/data/broken" in said(caught)
    assert "\tat " not in said(caught)
    assert ".java" not in said(caught)


def test_without_a_validator_nothing_is_taken(db: None, people: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converting, "java", lambda: "")
    study = opened(people.analyst)
    with acting(people.analyst.viewer) as viewer, pytest.raises(actions.NoValidator):
        actions.add_form(actor=viewer, study=study, source=PILOT.encode(), kind="md")
    with acting(people.analyst.viewer):
        assert not Form.objects.exists()


def test_a_validator_that_goes_away_stops_what_was_a_draft(
    db: None, people: Any, unjudged: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = opened(people.analyst)
    with acting(people.analyst.viewer) as viewer:
        draft = actions.add_form(actor=viewer, study=study, source=PILOT.encode(), kind="md")
        actions.add_media(actor=viewer, version=draft, name="sites.csv", content=CSV.encode())
    monkeypatch.undo()
    monkeypatch.setattr(converting, "java", lambda: "")
    with acting(people.analyst.viewer) as viewer, pytest.raises(actions.NoValidator):
        actions.publish_form(actor=viewer, version=draft, expected_version=draft.version)
    with acting(people.analyst.viewer):
        assert FormVersion.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("source", "kind", "words"),
    [
        (b"", "xlsx", ".xlsx"),
        (b"PK no workbook", "xlsx", "workbook"),
        (b"name,label", "csv", ".xlsx"),
        (PILOT.replace("integer | age", "nonsense | age").encode(), "md", "nonsense"),
        (PILOT.replace("| integer | age |", "| integer | my age |").encode(), "md", "name"),
    ],
    ids=["empty", "no-workbook", "kind", "unknown-type", "bad-name"],
)
def test_a_bad_workbook_is_told_in_the_converters_words(
    monkeypatch: pytest.MonkeyPatch, source: bytes, kind: str, words: str
) -> None:
    monkeypatch.setattr(converting, "validate", lambda xml: "a test")
    with pytest.raises(Invalid) as caught:
        converting.converted(source, kind)
    assert words in said(caught)


def test_a_form_with_a_key_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converting, "validate", lambda xml: "a test")
    source = PILOT.replace("| version |", "| version | public_key |").replace(
        f"| {VERSION} |", f"| {VERSION} | MIIBIjAN |"
    )
    with pytest.raises(Invalid) as caught:
        converting.converted(source.encode(), "md")
    assert "no RSA key" in said(caught)


def test_the_schema_knows_questions_choices_and_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converting, "validate", lambda xml: "a test")
    schema = read_schema(converting.converted(PILOT.encode(), "md").xml)
    fields = {one["path"]: one for one in schema["fields"]}
    assert schema["repeats"] == ["/leg"]
    assert schema["media"] == ["sites.csv"]
    assert schema["languages"] == ["Arabic (ar)", "English (en)"]
    assert fields["/leg/mode"]["choices"]["sea"] == {"English (en)": "By sea", "Arabic (ar)": "بحرا"}
    assert (fields["/age"]["type"], fields["/place"]["type"], fields["/start"]["preload"]) == (
        "int",
        "binary",
        "timestamp",
    )
    assert fields["/leg/fee"]["label"]["English (en)"] == "Paid for this leg"


def test_a_form_waits_for_the_files_that_it_names(db: None, people: Any, unjudged: None) -> None:
    study = opened(people.analyst)
    with acting(people.analyst.viewer) as viewer:
        draft = actions.add_form(actor=viewer, study=study, source=PILOT.encode(), kind="md")
        with pytest.raises(Invalid, match="not published"):
            actions.publish_form(actor=viewer, version=draft, expected_version=draft.version)
        for name, content in (("other.csv", CSV), ("sites.csv", ""), ("sites.csv", "a;b\n")):
            with pytest.raises(Invalid):
                actions.add_media(actor=viewer, version=draft, name=name, content=content.encode())
        actions.add_media(actor=viewer, version=draft, name="../../sites.csv", content=CSV.encode())
        assert FormMedia.objects.get().name == "sites.csv"
        actions.publish_form(actor=viewer, version=draft, expected_version=draft.version)


def test_a_version_comes_once_and_is_published_once(db: None, people: Any, unjudged: None) -> None:
    study = opened(people.analyst)
    version = published(people.analyst, study)
    with acting(people.analyst.viewer) as viewer:
        with pytest.raises(Invalid):
            actions.add_form(actor=viewer, study=study, source=PILOT.encode(), kind="md")
        with pytest.raises(Conflict):
            actions.publish_form(actor=viewer, version=version, expected_version=version.version)
        with pytest.raises(Conflict):
            actions.discard_form(actor=viewer, version=version)

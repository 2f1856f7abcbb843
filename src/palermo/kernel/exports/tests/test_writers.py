"""Files that leave: no cell is a formula, nothing half-written, identity only encrypted."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyrage
import pytest
from openpyxl import load_workbook

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Refused
from palermo.kernel.exports.actions import hand_out
from palermo.kernel.exports.writers import (
    csv_bytes,
    json_bytes,
    safe,
    sdmx_bytes,
    write_atomically,
    xlsx_bytes,
)

ATTACKS = ["=1+1", "+1", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "\uff1d1"]


@pytest.mark.parametrize("text", ATTACKS)
def test_no_text_begins_as_a_formula(text: str) -> None:
    assert safe(text) == "'" + text
    line = next(csv.DictReader(io.StringIO(csv_bytes([{"a": text}], ["a"]).decode("utf-8-sig"), newline="")))
    assert line["a"].startswith("'")


@pytest.mark.parametrize("text", ATTACKS)
def test_no_cell_of_a_workbook_is_a_formula(text: str) -> None:
    book = load_workbook(io.BytesIO(xlsx_bytes([{"a": text, "b": 5}], ["a", "b"], notes=[text])))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert book["figures"]["B2"].value == 5


def test_numbers_stay_numbers() -> None:
    assert (
        csv_bytes([{"a": -5, "b": 1.5, "c": None}], ["a", "b", "c"]).decode("utf-8-sig")
        == "a,b,c\r\n-5,1.5,\r\n"
    )


def test_sdmx_marks_what_is_withheld_and_gives_no_value() -> None:
    rows = [
        {"sex": "F", "value": 12, "status": "shown"},
        {"sex": "M", "value": None, "status": "withheld"},
    ]
    text = sdmx_bytes(rows, ["sex"], "PALERMO:GLOTIP(1.0)").decode()
    assert text.splitlines() == [
        "STRUCTURE,STRUCTURE_ID,ACTION,SEX,OBS_VALUE,CONF_STATUS",
        "dataflow,PALERMO:GLOTIP(1.0),I,F,12,F",
        "dataflow,PALERMO:GLOTIP(1.0),I,M,,C",
    ]


def test_json_is_valid_json() -> None:
    assert json.loads(json_bytes({"a": "é"})) == {"a": "é"}
    with pytest.raises(ValueError, match="JSON"):
        json_bytes(float("nan"))


def test_progress_is_told() -> None:
    told: list[int] = []
    csv_bytes(({"a": n} for n in range(2_500)), ["a"], told.append)
    assert told == [1_000, 2_000]


def test_a_file_is_there_as_a_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "t.csv"
    write_atomically(target, b"first")

    def full(_handle: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_atomically(target, b"second")
    assert target.read_bytes() == b"first"
    assert [p.name for p in tmp_path.iterdir()] == ["t.csv"]


def test_identity_leaves_only_encrypted(people: Any) -> None:
    given: dict[str, Any] = {
        "actor": people.analyst.viewer, "permission": "statistics.table.export", "what": "t", "format": "csv",
        "content": b"secret", "identity": True,
    }  # fmt: skip
    with pytest.raises(Refused):
        hand_out(**given)
    key = pyrage.x25519.Identity.generate()
    from palermo.kernel.access.context import acting

    with acting(people.analyst.viewer):
        file = hand_out(**given, recipients=[str(key.to_public())])
    assert file.name == "t.csv.age"
    assert b"secret" not in file.content
    assert pyrage.decrypt(file.content, [key]) == b"secret"


def test_nobody_exports_without_the_right(people: Any) -> None:
    with pytest.raises(Refused):
        hand_out(
            actor=Viewer.anonymous(),
            permission="statistics.table.export",
            what="t",
            format="csv",
            content=b"",
        )

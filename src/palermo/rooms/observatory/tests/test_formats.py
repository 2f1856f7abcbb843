"""Workbooks, SPSS and maps: read back by somebody else's library, and never finer or more than they may be."""

import csv
import io
import json
import re
import uuid
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from openpyxl import load_workbook

from palermo.rooms.observatory.actions.exporting import workbooks
from palermo.rooms.observatory.actions.exporting.cells import Choice
from palermo.rooms.observatory.actions.exporting.geography import coarse, geojson
from palermo.rooms.observatory.actions.exporting.syntax import spss_zip, variables
from palermo.rooms.observatory.actions.exporting.workbooks import xlsx
from palermo.rooms.observatory.actions.exporting.writing import Parts
from palermo.rooms.observatory.queries.leaving import Row
from palermo.rooms.observatory.queries.shapes import tables

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SCHEMA: dict[str, Any] = {
    "repeats": ["/leg"], "languages": ["English (en)"],
    "fields": [
        {"path": "/age", "type": "int", "control": "input", "label": {"English (en)": "Age, in years"}, "choices": {}},
        {"path": "/leg/mode", "type": "string", "control": "select1", "label": {"English (en)": "The boat's kind"},
         "choices": {"sea": {"English (en)": "By sea"}, "-88": {"English (en)": "Doesn't know"}}},
        {"path": "/leg/bought", "type": "string", "control": "select", "label": {},
         "choices": {"papers": {"English (en)": "Papers"}}},
        {"path": "/leg/at", "type": "geopoint", "control": "input", "label": {}, "choices": {}},
    ],
}  # fmt: skip
for one in SCHEMA["fields"]:
    one["preload"] = ""


def row(key: str, path: str, ordinals: list[int], values: dict[str, Any]) -> Row:
    return Row(
        key, WHEN, "approved", "1", "Harbour", "E-01", "done", path, ordinals, values, uuid.UUID(int=0), None
    )


ROWS = [
    row("uuid:a", "", [], {"age": 30}),
    row("uuid:b", "", [], {"age": -88}),
    row("uuid:a", "/leg", [1], {"mode": "sea", "bought": ["papers"], "at": "36.87654 10.32109 0 5"}),
    row("uuid:b", "/leg", [1], {"mode": "-88"}),
]


def made(writer: Any, rows: list[Row] = ROWS, *, telling: bool = False, **chosen: Any) -> bytes:
    shaped = tables([SCHEMA], "form", telling)
    return b"".join(writer(shaped, Parts(rows), Choice(language="English (en)", telling=telling, **chosen)))


def read(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def test_a_sheet_for_each_table_with_numbers_as_numbers() -> None:
    found = read(made(xlsx))
    assert list(found) == ["form", "leg", "_questions", "_choices"]
    assert [(line[0], line[-1]) for line in found["form"]] == [
        ("KEY", "age"),
        ("uuid:a", 30),
        ("uuid:b", -88),
    ]
    assert found["leg"][1][:4] == ("uuid:a/leg[1]", "uuid:a", "sea", "papers")
    assert read(made(xlsx, words=True))["leg"][2][2] == "Doesn't know"


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=20)


@limits(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(texts, min_size=1, max_size=5))
def test_whatever_text_there_is_stays_text(given: list[str]) -> None:
    rows = [row(f"uuid:{n}", "/leg", [1], {"mode": text}) for n, text in enumerate(given)]
    book = load_workbook(io.BytesIO(made(xlsx, rows)))
    cells = [line[2] for line in book["leg"].iter_rows(min_row=2)]
    assert all(cell.data_type in ("s", "inlineStr", "n") for cell in cells), "no formula"
    told = [re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text) for text in given]
    newlines = [text.replace("\r\n", "\n").replace("\r", "\n") for text in told]
    assert [cell.value or "" for cell in cells] == newlines


@pytest.mark.parametrize("most", [2, 3, 5])
def test_a_table_that_is_too_long_goes_on_in_a_further_sheet(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", most)
    rows = [row(f"uuid:{n}", "", [], {"age": n}) for n in range(9)]
    found = read(made(xlsx, rows))
    sheets = [lines for name, lines in found.items() if name.startswith("form")]
    assert all(lines[0][0] == "KEY" and len(lines) <= most for lines in sheets)
    assert [line[0] for lines in sheets for line in lines[1:]] == [f"uuid:{n}" for n in range(9)]


def test_sheets_have_names_that_excel_takes() -> None:
    taken: list[str] = []
    for title in ("a" * 40, "a" * 40, "A" * 31, "x[y]:z", ""):
        taken.append(workbooks._name(title, taken))
    assert all(len(name) <= 31 for name in taken)
    assert len({name.lower() for name in taken}) == 5


def test_spss_reads_columns_with_their_labels() -> None:
    with zipfile.ZipFile(io.BytesIO(made(spss_zip, split=True))) as archive:
        assert archive.namelist() == ["form.csv", "form.sps", "leg.csv", "leg.sps"]
        text = archive.read("leg.sps").decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(archive.read("leg.csv").decode("utf-8-sig"))))
    named = re.findall(r"^  (\w+) [AF][\d.]+\.?$", text, re.M)
    assert named == lines[0], "one name for each column, in their order"
    assert "  KEY A13" in text, "as long as the longest"
    assert "  mode 'The boat''s kind'" in text
    assert "VALUE LABELS mode\n  'sea' 'By sea'\n  '-88' 'Doesn''t know'." in text
    assert lines[2][2] == "-88"
    assert "  bought_papers F12.0" in text
    assert text.count("EXECUTE.") == 1


def test_names_of_variables_are_taken_by_spss() -> None:
    found = variables(["g/mode", "g_mode", "1st", "all", "é", "x" * 80, "x" * 90])
    assert found == ["g_mode", "g_mode_2", "v_1st", "all_2", "v", "x" * 64, "x" * 59 + "_2"]
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,63}", name) for name in found)


def test_places_are_the_middle_of_their_cell() -> None:
    found = json.loads(made(geojson, telling=True))
    (feature,) = found["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [10.35, 36.85]}
    assert feature["properties"]["KEY"] == "uuid:a/leg[1]"
    assert "0.1 degree" in found["note"]
    assert json.loads(made(geojson, [], telling=True))["features"] == []


@limits(max_examples=300, deadline=None, derandomize=True)
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_no_finer_place_leaves(latitude: float, longitude: float) -> None:
    found = coarse(f"{latitude!r} {longitude!r} 12 3")
    assert found is not None
    for told, true, most in zip(found, (longitude, latitude), (180, 90), strict=True):
        assert abs(told) < most
        assert abs(told - true) <= 0.05 + 1e-9
        assert round(told * 100) % 10 == 5, "the middle of a cell, whatever lies in it"


@pytest.mark.parametrize("answer", [None, "", "x y", "91 0", "0 181", "nan 0", "inf 1", "5"])
def test_what_is_no_place_is_left_out(answer: Any) -> None:
    assert coarse(answer) is None


def test_many_features_are_one_collection() -> None:
    def rows() -> Iterator[Row]:
        for n in range(1_203):
            yield row(f"uuid:{n}", "/leg", [1], {"at": "1 2 0 0"})

    assert len(json.loads(made(geojson, list(rows()), telling=True))["features"]) == 1_203

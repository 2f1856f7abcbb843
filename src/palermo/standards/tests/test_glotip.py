"""The GLOTIP reader: the whole real export, and every trap of its README."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from palermo.standards.records.glotip import HEADER, GlotipRow, parse

REAL = Path(__file__).parents[5] / "shared" / "data" / "glotip" / "data_glotip_2024-05.csv"
ROW = {
    "Iso3_code": "NAM", "Country": "Namibia", "Region": "Africa", "Subregion": "Sub-Saharan Africa",
    "Indicator": "Detected trafficking victims", "Dimension": "Total", "Category": "Total", "Sex": "Female",
    "Age": "0 to 17 years", "Year": "2018", "Unit of measurement": "Counts", "txtVALUE": "12", "Source": "GLOTIP",
}  # fmt: skip


def good(**cells: str) -> GlotipRow:
    found = parse(ROW | cells, 2)
    assert isinstance(found, GlotipRow), found
    return found


def faults(**cells: str) -> list[tuple[str, str]]:
    found = parse(ROW | cells, 2)
    assert isinstance(found, list)
    assert all(p.row == 2 for p in found)
    return [(p.column, p.value) for p in found]


def test_header() -> None:
    assert HEADER.required == tuple(ROW)


@pytest.mark.parametrize(
    ("text", "value", "censored"),
    [
        ("12", 12, False),
        ("<5", None, True),
        ("1,757", 1757, False),
        ("1,234,567", 1234567, False),
        ("0", 0, False),
    ],
)
def test_values(text: str, value: int | None, censored: bool) -> None:
    row = good(txtVALUE=text)
    assert (row.value, row.censored) == (value, censored)


@pytest.mark.parametrize(
    "text", ["", "-1", "1.5", "<10", "1,75", ",175", "1,7577", "12 ", "٣", "1e3", "9" * 12]
)
def test_bad_values(text: str) -> None:
    assert faults(txtVALUE=text) == [("txtVALUE", text)]


def test_areas() -> None:
    assert (good().area, good().area_kind, good().region, good().subregion) == (
        "NAM",
        "country",
        "002",
        "202",
    )
    for code in ("CAR", "CAS", "EEU", "MCA", "MCN", "SAF", "SAM"):
        row = good(Iso3_code=code, Country="")
        assert (row.area, row.area_kind, row.region) == (code, "aggregate", "")
    both = good(Iso3_code="Aruba/Curacao", Country="")
    assert (both.area, both.area_kind, both.region) == ("ABW+CUW", "combined", "019")
    sark = good(Iso3_code="", Country="Sark")
    assert (sark.area, sark.area_kind, sark.region, sark.subregion) == ("SARK", "country", "150", "154")
    assert faults(Iso3_code="", Country="") == [("Iso3_code", "")]
    assert faults(Iso3_code="ZZZ") == [("Iso3_code", "ZZZ")]


@pytest.mark.parametrize(
    ("text", "kind", "category"),
    [("Nigeria", "country", "NGA"), ("RDC", "country", "COD"), ("Nationals", "nationals", "nationals"),
     ("own country", "nationals", "nationals"), ("Abroad", "abroad", "abroad"), ("", "unknown", "unknown"),
     ("N/A", "unknown", "unknown"), ("Stateless", "stateless", "stateless"), ("EU-28 others", "group", "group"),
     ("Congolese", "group", "group"), ("Atlantis", "unmapped", "unmapped")],
)  # fmt: skip
def test_categories(text: str, kind: str, category: str) -> None:
    row = good(Dimension="by citizenship", Category=text, Sex="Total", Age="Total")
    assert (row.category_kind, row.category, row.category_text) == (kind, category, text)


def test_forms_must_be_one_of_the_three() -> None:
    assert good(Dimension="by form of exploitation", Category="Forced labour").category == "Forced labour"
    assert faults(Dimension="by form of exploitation", Category="Begging") == [("Category", "Begging")]
    assert faults(Category="Nationals") == [("Category", "Nationals")]


def test_all_problems_at_once() -> None:
    found = faults(Iso3_code="X", Indicator="I", Dimension="D", Sex="S", Age="A", Year="", txtVALUE="?",
                   **{"Unit of measurement": "Percent"})  # fmt: skip
    assert [column for column, _ in found] == [
        "Iso3_code", "Indicator", "Dimension", "Sex", "Age", "Unit of measurement", "Year", "txtVALUE",
    ]  # fmt: skip


def test_key_is_the_published_key_without_the_value() -> None:
    assert good().key == good(txtVALUE="13").key
    assert good().content_key != good(txtVALUE="13").content_key
    spelled = [good(Dimension="by citizenship", Category=c).key for c in ("Brazil", "Brasil")]
    assert spelled[0] != spelled[1]


@pytest.mark.skipif(not REAL.exists(), reason="the GLOTIP file is not beside the repository (../shared)")
def test_every_row_of_the_real_export_is_read_and_told_apart() -> None:
    with REAL.open(encoding="utf-8", newline="") as file:
        rows = [parse(row, number) for number, row in enumerate(csv.DictReader(file), 2)]
    read = [row for row in rows if isinstance(row, GlotipRow)]
    assert len(read) == len(rows) == 46_556
    assert Counter(r.area_kind for r in read) == {"country": 45_599, "aggregate": 956, "combined": 1}
    assert sum(r.censored for r in read) == 23_076
    assert len(read) - len({r.key for r in read}) == 524
    assert len(read) - len({r.content_key for r in read}) == 255
    assert not [r.category_text for r in read if r.category_kind == "unmapped"]

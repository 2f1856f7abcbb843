"""Whatever a cell holds, a reader gives a record or problems, never an error, and never lets identity
through.
"""

from dataclasses import astuple
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.standards import find_country
from palermo.standards.records import Problem, RegisterRecord, ctdc, glotip, htcds, person_record
from palermo.standards.records.glotip import GlotipRow

FORMATS: dict[str, tuple[Any, Any]] = {
    "ctdc-2017": (ctdc.parse_2017, ctdc.HEADER_2017),
    "ctdc-2024": (ctdc.parse_2024, ctdc.HEADER_2024),
    "glotip": (glotip.parse, glotip.HEADER),
    "htcds": (htcds.parse, htcds.HEADER),
    "people": (person_record.parse, person_record.HEADER),
}
# Cells that look right mixed with any text at all, so that both ways out are taken.
LIKELY = ["", "1", "0", "-99", "2016", "NA", "PHL", "Total", "<5", "1,757", "Female", "female", "tip", "Minor", "0--8",
          "Feminine", "2023-06-29", "2023-W01-1", "20230629", "Unknown", "begging;other",
          "9" * 5000, "٣", "Counts"]  # fmt: skip
CELL = st.one_of(st.sampled_from(LIKELY), st.text(max_size=20))


@pytest.mark.parametrize("name", FORMATS)
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_cells(name: str, data: st.DataObject) -> None:
    parse, header = FORMATS[name]
    columns = (*header.required, *header.optional)
    changed = data.draw(st.dictionaries(st.sampled_from(columns), CELL, max_size=12))
    found = parse({**dict.fromkeys(columns, ""), **changed}, 17)
    if isinstance(found, list):
        assert found
        assert all(isinstance(p, Problem) and p.row == 17 and p.rule and p.column in columns for p in found)
    else:
        assert isinstance(found, RegisterRecord | GlotipRow)
        assert found.row == 17


@given(name=st.text(alphabet="abcdefghijklmnop", min_size=12, max_size=30))
@settings(max_examples=50, deadline=None)
def test_identity_of_any_kind_stays_outside(name: str) -> None:
    row = {**dict.fromkeys(htcds.LEFT_BEHIND - {"prs_Birthdate"}, name), "prs_Gender": "Feminine"}
    found = htcds.parse(row, 2)
    assert isinstance(found, RegisterRecord)
    assert name not in repr(astuple(found))


@given(st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_find_country_never_fails(text: str) -> None:
    found = find_country(text)
    assert found is None or len(found.alpha3) == 3

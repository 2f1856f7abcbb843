"""The catalogue, the functions, the questions and the page speak of the same indicators."""

from pathlib import Path

from palermo.fieldwork.catalogue import catalogue, wording
from palermo.fieldwork.indicators import COMPUTED

ELSEWHERE = {"F3", "F7", "A7", "P1", "P2", "Q1", "Q2"}


def test_every_indicator_is_computed_asked_and_described():
    assert set(catalogue()) == set(COMPUTED) | ELSEWHERE
    for code, row in catalogue().items():
        assert None not in row, code
        assert all(row.values()), code
        assert code == "Q1" or all(wording(code).values()), code
    page = (Path(__file__).parents[4] / "docs" / "methods" / "observatory.md").read_text(encoding="utf-8")
    assert [code for code in catalogue() if f"| {code} |" not in page] == []

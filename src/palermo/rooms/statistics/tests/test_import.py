"""Taking in GLOTIP: repetitions, contradictions, "<5", pseudo codes; the same file twice adds nothing."""

import csv
from pathlib import Path
from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.imports.actions import run_import
from palermo.rooms.statistics.actions.glotip import REQUIRED, parse
from palermo.rooms.statistics.models import Observation, Population

ROW = {
    "Iso3_code": "XPA", "Country": "Palermia", "Region": "Europe", "Subregion": "Southern Europe",
    "Indicator": "Detected trafficking victims", "Dimension": "Total", "Category": "Total", "Sex": "Female",
    "Age": "18 years or over", "Year": "2016", "Unit of measurement": "Counts", "txtVALUE": "12",
}  # fmt: skip


def written(path: Path, *changes: dict[str, str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, REQUIRED)
        out.writeheader()
        out.writerows(ROW | change for change in changes)
    return path


def taken(path: Path, format: str = "glotip") -> Any:
    return run_import(actor=Viewer.operator(), path=path, format=format, source=path.parent.name)


@pytest.mark.parametrize(
    ("text", "value", "below"),
    [
        ("12", 12, None),
        ("1,757", 1757, None),
        ("<5", None, 5),
        ("0", 0, None),
        ("12,345,678", 12345678, None),
    ],
)
def test_values_are_read_as_printed(text: str, value: int | None, below: int | None) -> None:
    figure = parse(ROW | {"txtVALUE": text}, 2)
    assert not isinstance(figure, list)
    assert (figure.value, figure.below) == (value, below)


@pytest.mark.parametrize("text", ["", "-3", "1,75", "17,57", "5.0", "<0", "<", "five", "٣", "99999999999"])
def test_what_is_no_count_is_refused_with_the_rule(text: str) -> None:
    problems = parse(ROW | {"txtVALUE": text}, 7)
    assert isinstance(problems, list)
    assert [(p.row, p.column, p.value) for p in problems] == [(7, "txtVALUE", text)]
    assert "<5" in problems[0].rule


def test_every_problem_of_a_row_is_told() -> None:
    problems = parse(ROW | {"Sex": "Femal", "Year": "16", "txtVALUE": "x"}, 3)
    assert isinstance(problems, list)
    assert {p.column for p in problems} == {"Sex", "Year", "txtVALUE"}


def test_groups_of_countries_are_not_countries() -> None:
    group = parse(ROW | {"Iso3_code": "SAM", "Country": ""}, 2)
    sark = parse(ROW | {"Iso3_code": "", "Country": "Sark"}, 2)
    assert not isinstance(group, list)
    assert not group.is_country
    assert not isinstance(sark, list)
    assert (sark.is_country, sark.area_code) == (True, "SARK")


@pytest.mark.django_db(transaction=True)
def test_repetitions_contradictions_and_a_second_import(tmp_path: Path) -> None:
    path = written(
        tmp_path / "g.csv", {}, {}, {"txtVALUE": "<5"}, {"Sex": "Male", "txtVALUE": "1,757"}, {"Sex": "Mael"}
    )
    first = taken(path)
    assert (first.read, first.added, first.updated, first.unchanged, first.rejected) == (5, 3, 0, 1, 1)
    second = taken(path)
    assert (second.added, second.updated, second.unchanged, second.rejected) == (0, 0, 4, 1)
    with acting(Viewer.anonymous()):
        kept = Observation.objects.filter(source=tmp_path.name, sex="Female").order_by("occurrence")
        assert [(o.value, o.below) for o in kept] == [(12, None), (None, 5)]


@pytest.mark.django_db(transaction=True)
def test_a_later_export_updates(tmp_path: Path) -> None:
    taken(written(tmp_path / "a.csv", {}, {"txtVALUE": "14"}))
    later = taken(written(tmp_path / "b.csv", {"txtVALUE": "14"}, {"txtVALUE": "14"}))
    assert (later.added, later.updated, later.unchanged) == (0, 2, 0)
    with acting(Viewer.anonymous()):
        assert [o.value for o in Observation.objects.filter(source=tmp_path.name)] == [14]


@pytest.mark.django_db(transaction=True)
def test_population_is_taken_in(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text('area_code,year,persons\nXPA,2024,"4,200,000"\nXPA,2025,0\n')
    outcome = taken(path, "population")
    assert (outcome.added, outcome.rejected) == (1, 1)
    with acting(Viewer.anonymous()):
        assert Population.objects.get(source=tmp_path.name).persons == 4_200_000


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_real_export(shared: Path) -> None:
    path = shared / "data/glotip/data_glotip_2024-05.csv"
    first = taken(path)
    assert first.read == 46_556
    assert (first.updated, first.rejected) == (0, 0)
    assert first.added + first.unchanged == first.read
    assert first.unchanged == _repeated_values(path)
    second = taken(path)
    assert (second.added, second.updated, second.unchanged) == (0, 0, 46_556)


def _repeated_values(path: Path) -> int:
    """Rows whose key has had the same value before: counted here without our own parser."""
    seen: set[tuple[str, ...]] = set()
    repeats = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            figure = tuple(row[c] for c in (*REQUIRED[:10], "txtVALUE") if c not in ("Region", "Subregion"))
            repeats += figure in seen
            seen.add(figure)
    return repeats

"""The Global Report page: shares, ranges, countries; and how near 2016 comes to what UNODC printed."""

import csv
from pathlib import Path
from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.imports.actions import run_import
from palermo.rooms.statistics import actions, queries
from palermo.rooms.statistics.actions.glotip import REQUIRED
from palermo.rooms.statistics.models import Observation

VICTIMS = "Detected trafficking victims"


def rows(*changes: dict[str, Any]) -> None:
    base = {
        "source": "invented", "area_code": "AAA", "area_name": "A", "region": "Europe", "subregion": "",
        "is_country": True, "indicator": VICTIMS, "dimension": "Total", "category": "Total", "sex": "Total",
        "age": "Total", "year": 2020, "value": 0,
    }  # fmt: skip
    with acting(Viewer.operator()):
        Observation.objects.all().delete()
        Observation.objects.bulk_create(Observation(**{**base, **change}) for change in changes)


WOMEN = {"sex": "Female", "age": "18 years or over"}
BOYS = {"sex": "Male", "age": "0 to 17 years"}
SMALL = {"value": None, "below": 5}


def shares(viewer: Viewer, **chosen: Any) -> Any:
    with acting(viewer):
        return queries.table(viewer, "global-report", **chosen).parts[0]


@pytest.mark.django_db
def test_below_five_is_a_range(people: Any) -> None:
    rows(WOMEN | {"value": 96}, BOYS | SMALL)
    part = shares(people.analyst.viewer, year=2020)
    boys = part.cell("boys", "share")
    assert boys.value == pytest.approx(100 * 2 / 98, abs=0.05)
    assert (boys.low, boys.high) == (0.0, 4.0)
    assert part.cell("boys", "persons").value == 2
    assert part.cell("women", "countries").value == 1


@pytest.mark.django_db
def test_groups_of_countries_are_left_out(people: Any) -> None:
    rows(WOMEN | {"value": 10}, WOMEN | {"value": 500, "area_code": "SAM", "is_country": False, "region": ""})
    part = shares(people.analyst.viewer, year=2020)
    assert (part.cell("women", "persons").value, part.cell("women", "countries").value) == (10, 1)


@pytest.mark.django_db
def test_a_contradiction_bounds_the_figure(people: Any) -> None:
    rows(WOMEN | {"value": 10}, WOMEN | {"value": 30, "occurrence": 2}, BOYS | {"value": 10})
    part = shares(people.analyst.viewer, year=2020)
    women = part.cell("women", "persons")
    assert (women.value, women.low, women.high, women.countries) == (20, 10, 30, 1)


@pytest.mark.django_db
def test_a_region_and_a_second_list(people: Any) -> None:
    rows(
        WOMEN | {"value": 10},
        WOMEN | {"value": 90, "area_code": "BBB", "region": "Asia"},
        WOMEN | {"value": 77, "source": "newer"},
    )
    viewer = people.analyst.viewer
    assert shares(viewer, year=2020).cell("women", "persons").value == 77, "lists are never added up"
    with acting(Viewer.operator()):
        Observation.objects.filter(source="newer").delete()
    assert shares(viewer, year=2020).cell("women", "persons").value == 100
    assert shares(viewer, year=2020, region="Asia").cell("women", "persons").value == 90


@pytest.mark.django_db
def test_without_a_dataset_it_says_so(people: Any) -> None:
    rows()
    with acting(people.analyst.viewer):
        assert "imported" in queries.table(people.analyst.viewer, "global-report").refused


PRINTED_2018 = {"women": 49, "girls": 23, "men": 21, "boys": 7}
PRINTED_FORMS_2018 = {"Sexual exploitation": 59, "Forced labour": 34}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_2016_against_the_global_report_2018(shared: Path, people: Any) -> None:
    """docs/methods/global-report.md states these differences; here they are measured."""
    path = shared / "data/glotip/data_glotip_2024-05.csv"
    rows()
    run_import(actor=Viewer.operator(), path=path, format="glotip", source="UNODC 2024-05")
    viewer = people.analyst.viewer
    with acting(viewer):
        view = queries.table(viewer, "global-report", year=2016)
        content = actions.tabulate(actor=viewer, table="global-report", year=2016, format="json")
    who, form, series = view.parts
    found = {code: who.cell(code, "share").value for code in PRINTED_2018}
    assert found == {"women": 54.0, "girls": 22.5, "men": 18.5, "boys": 5.0}
    forms = {code: form.cell(code, "share").value for code in form.rows}
    assert forms == {"Sexual exploitation": 63.7, "Forced labour": 24.2, "Other forms of exploitation": 12.1}
    assert found == by_hand(path)
    assert max(abs(found[code] - printed) for code, printed in PRINTED_2018.items()) <= 5.0
    assert max(abs(forms[code] - printed) for code, printed in PRINTED_FORMS_2018.items()) <= 9.8
    assert series.cell("2016", "detected").countries == 101
    assert len(view.regions) == 5
    assert b'"women"' in content


def by_hand(path: Path) -> dict[str, float]:
    """The same shares, from the file alone, without our code."""
    groups = {"aggregate": {"CAR", "CAS", "EEU", "MCA", "MCN", "SAF", "SAM"}}
    sums = dict.fromkeys(PRINTED_2018, 0)
    names = {"Female": ("women", "girls"), "Male": ("men", "boys")}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, (*REQUIRED, "Source")):
            if (
                row["Year"] == "2016" and row["Indicator"] == VICTIMS and row["Dimension"] == "Total"
                and row["Sex"] in names and row["Age"] in ("18 years or over", "0 to 17 years")
                and row["Iso3_code"] not in groups["aggregate"]
            ):  # fmt: skip
                value = 2 if row["txtVALUE"] == "<5" else int(row["txtVALUE"].replace(",", ""))
                sums[names[row["Sex"]][row["Age"] == "0 to 17 years"]] += value
    return {name: round(100 * count / sum(sums.values()), 1) for name, count in sums.items()}

"""Lists of persons suspected, prosecuted, convicted: persons are counted, not charges; unknown is not no."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.imports.actions import Outcome, run_import
from palermo.kernel.imports.problems import Unreadable
from palermo.rooms.register import actions, queries
from palermo.rooms.register.models import Charge, JusticeEvent, Suspect
from palermo.standards.records import offender_fields

OPERATOR = Viewer.operator()
HEADER = (
    "person_key,stage,stage_date,stage_year,crime,offence,article,sex,age,citizenship,"
    "sentence,sentence_months,final\n"
)


def take(path: Path, text: str = "", source: str = "courts") -> Outcome:
    if text:
        path.write_text(HEADER + text, encoding="utf-8")
    return run_import(actor=OPERATOR, path=path, format="offenders", source=source)


def counts(outcome: Outcome) -> tuple[int, int, int, int, int]:
    return outcome.read, outcome.added, outcome.updated, outcome.unchanged, outcome.rejected


def rejected(outcome: Outcome) -> list[tuple[str, str, str]]:
    assert outcome.rejected_path is not None
    with Path(outcome.rejected_path).open(encoding="utf-8", newline="") as file:
        return [(r["row"], r["column"], r["rule"]) for r in csv.DictReader(file)]


def stages(**where: Any) -> dict[tuple[str, int], int]:
    with acting(OPERATOR):
        rows = queries.justice_tally(OPERATOR, ("stage", "year"), where)
    return {(r["stage"], r["year"]): r["count"] for r in rows}


@pytest.fixture
def path(transactional_db: None, tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def test_a_person_with_three_charges_is_one_person_and_the_second_import_adds_nothing(path: Path) -> None:
    text = "".join(
        f"K-1,prosecuted,2024-0{month}-01,,{crime},{offence},art. {month},male,,XPA,,,\n"
        for month, crime, offence in ((3, "", "02041"), (1, "tip", "020221"), (5, "", "08051"))
    )
    assert counts(take(path, text)) == (3, 3, 0, 0, 0)
    assert counts(take(path)) == (3, 0, 0, 3, 0)
    with acting(OPERATOR):
        assert queries.justice_tally(OPERATOR, ("stage", "crime")) == [
            {"stage": "prosecuted", "crime": "tip_and_som", "count": 1}
        ]
        assert sum(r["count"] for r in queries.charge_tally(OPERATOR, ("offence",))) == 3
        event = JusticeEvent.objects.get()
        assert (event.on.isoformat(), event.precision) == ("2024-01-01", "day")
        assert b"K-1" not in bytes(Suspect.objects.get().source_key)


def test_equal_rows_are_one_charge_and_a_changed_one_is_an_update(path: Path) -> None:
    row = "K-1,convicted,2024-03-01,,,02041,,male,,,imprisonment,24,\n"
    assert counts(take(path, row * 3)) == (3, 1, 0, 2, 0)
    assert counts(take(path, row.replace(",24,", ",36,"))) == (1, 0, 1, 0, 0)
    assert counts(take(path)) == (1, 0, 0, 1, 0)


def test_stages_of_several_deliveries_are_of_one_person(path: Path) -> None:
    take(path, "K-1,suspected,,2022,,0204,,male,30,XPA,,,\n")
    take(path, "K-1,prosecuted,2023-05-02,,,0204,,,,,,,\nK-2,arrested,,2023,som,,,female,,,,,\n")
    assert stages() == {("formal_contact", 2022): 1, ("formal_contact", 2023): 1, ("prosecuted", 2023): 1}
    assert stages(sex="male") == {("formal_contact", 2022): 1, ("prosecuted", 2023): 1}
    with acting(OPERATOR):
        assert Suspect.objects.count() == 2


def test_unknown_is_not_no(path: Path) -> None:
    take(
        path,
        "K-1,convicted,,2024,tip,,,unknown,,,,,\nK-2,convicted,,2024,tip,,,,,,none,,no\n"
        "K-3,convicted,,2024,tip,,,male,,,unknown,,yes\n",
    )
    with acting(OPERATOR):
        found = {(c.sentence, c.final) for c in Charge.objects.all()}
        assert found == {("", None), ("none", False), ("unknown", True)}
        assert {r["sex"]: r["count"] for r in queries.justice_tally(OPERATOR, ("sex",))} == {
            "": 1, "male": 1, "unknown": 1,
        }  # fmt: skip


WRONG = {
    "K-1,convicted,,,tip,,,,,,,,\n": ("stage_year", "stage_date or a stage_year"),
    "K-1,convicted,2024-13-01,,tip,,,,,,,,\n": ("stage_date", "YYYY-MM"),
    "K-1,convicted,2024-01-01,2023,tip,,,,,,,,\n": ("stage_year", "the year of stage_date"),
    "K-1,punished,,2024,tip,,,,,,,,\n": ("stage", "one of"),
    "Quuxandra Blim,convicted,,2024,tip,,,,,,,,\n": ("person_key", "a pseudonym"),
    ",convicted,,2024,tip,,,,,,,,\n": ("person_key", "empty"),
    "K-1,convicted,,2024,,,,,,,,,\n": ("crime", "a crime is needed"),
    "K-1,convicted,,2024,,020221,,,,,,,\n": ("crime", "a crime is needed"),
    "K-1,convicted,,2024,som,02041,,,,,,,\n": ("crime", "the crime of the offence"),
    "K-1,convicted,,2024,neither_yet,,,,,,,,\n": ("crime", "a crime is needed"),
    "K-1,convicted,,2024,tip,9999,,,,,,,\n": ("offence", "iccs-2015"),
    "K-1,convicted,,2024,tip,,a free text,,,,,,\n": ("article", "with a digit"),
    "K-1,convicted,,2024,tip,,,nobody,,,,,\n": ("sex", "palermo/sex"),
    "K-1,convicted,,2024,tip,,,,130,,,,\n": ("age", "a whole number"),
    "K-1,convicted,,2024,tip,,,,,Nowhere,,,\n": ("citizenship", "a country"),
    "K-1,prosecuted,,2024,tip,,,,,,fine,,\n": ("sentence", "only with the stage convicted"),
    "K-1,convicted,,2024,tip,,,,,,fine,12,\n": ("sentence_months", "only with the sentence"),
    "K-1,prosecuted,,2024,tip,,,,,,,,yes\n": ("final", "only with the stage"),
    "K-1,convicted,,2024,tip,,,,,,,,perhaps\n": ("final", "yes, no or empty"),
}


def test_every_rule_names_row_and_column_and_no_value_is_kept(path: Path) -> None:
    good = "".join(f"G-{i},convicted,,2024,tip,,,,,,,,\n" for i in range(len(WRONG) + 1))
    outcome = take(path, good + "".join(WRONG))
    assert (outcome.added, outcome.rejected) == (len(WRONG) + 1, len(WRONG))
    listed = rejected(outcome)
    for number, (column, rule) in enumerate(WRONG.values(), start=len(WRONG) + 3):
        assert any(r == str(number) and c == column and rule in said for r, c, said in listed), (
            number,
            column,
        )
    assert "Quuxandra" not in Path(outcome.rejected_path or "").read_text(encoding="utf-8")


CONTRADICTIONS = (
    ("K-1,prosecuted,2024-05-01,,tip,,,,,,,,\n", "K-1,convicted,2024-04-30,,tip,,,,,,,,\n", "stage_date"),
    ("K-1,convicted,2024-04,,tip,,,,,,,,\n", "K-1,prosecuted,2024-05-01,,tip,,,,,,,,\n", "stage_date"),
    ("K-1,prosecuted,,2024,tip,,,,,,,,\n", "K-1,convicted,,2023,tip,,,,,,,,\n", "stage_year"),
    ("K-1,prosecuted,,2024,tip,,,male,,,,,\n", "K-1,convicted,,2024,tip,,,female,,,,,\n", "sex"),
    ("K-1,prosecuted,,2024,tip,,,,,XPA,,,\n", "K-1,convicted,,2024,tip,,,,,NGA,,,\n", "citizenship"),
    ("K-1,prosecuted,,2024,tip,0204,,,17,,,,\n", "K-1,prosecuted,,2024,tip,02041,,,40,,,,\n", "age_group"),
)


@pytest.mark.parametrize(("first", "second", "column"), CONTRADICTIONS)
def test_rows_of_one_person_may_not_contradict_each_other(
    path: Path, first: str, second: str, column: str
) -> None:
    outcome = take(path, first + second)
    assert counts(outcome) == (2, 1, 0, 0, 1)
    assert [(row, c) for row, c, _rule in rejected(outcome)] == [("3", column)]
    assert counts(take(path)) == (2, 0, 0, 1, 1), "the same file is judged the same way again"


def test_what_may_be_true_is_not_refused(path: Path) -> None:
    outcome = take(
        path,
        "K-1,prosecuted,,2024,tip,,,male,17,,,,\nK-1,convicted,2024-02-01,,tip,,,,18,,,,\n"  # in the same year
        "K-2,convicted,2019-02-01,,tip,,,,,,,,\n"  # a court's list has no prosecutions
        "K-3,prosecuted,,2018,tip,,,,,,,,\nK-3,convicted,,2019,tip,,,,,,,,\nK-3,prosecuted,,2023,tip,,,,,,,,\n",
    )
    assert (outcome.added, outcome.rejected) == (6, 0)


def test_deliveries_that_contradict_each_other_are_shown_to_those_who_keep_the_register(
    path: Path, people: Any, client_for: Any
) -> None:
    take(path, "K-1,prosecuted,,2024,tip,,,,,,,,\n")
    take(path, "K-1,convicted,,2023,tip,,,,,,,,\nK-2,convicted,,2023,tip,,,,,,,,\n")
    with acting(OPERATOR):
        assert queries.out_of_order(OPERATOR) == [("courts", 1)]
    page = client_for(people.coordinator.user).get(reverse("register:imports")).content.decode()
    assert "was convicted before the first prosecution" in page
    assert (
        "was convicted before"
        not in client_for(people.analyst.user).get(reverse("register:imports")).content.decode()
    )


@pytest.mark.parametrize(
    "content",
    [
        HEADER.replace("person_key", "name").encode() + b"K-1,convicted,,2024,tip,,,,,,,,\n",
        HEADER.encode() + "K-1,convicted,,2024,tip,,artículo 1,,,,,,\n".encode("latin-1"),
        HEADER.encode() + b"K-1,convicted,,2024,tip,,,,,,,,\nK-2,convicted\n",
        b"PK\x03\x04" + b"\0" * 500,
    ],
    ids=["header", "encoding", "ragged", "zip"],
)
def test_a_bad_file_leaves_the_register_as_it_was(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(Unreadable):
        take(path)
    with acting(OPERATOR):
        assert (Suspect.objects.count(), Charge.objects.count()) == (0, 0)


def test_the_example_can_be_imported_and_the_template_has_its_header(
    path: Path, people: Any, client_for: Any
) -> None:
    client = client_for(people.analyst.user)
    files = {what: client.get(reverse("register:sample", args=[what])) for what in ("template", "example")}
    header = files["template"].content.decode("utf-8-sig")
    assert header.strip().split(",") == [field.name for field in offender_fields.FIELDS]
    path.write_bytes(files["example"].content)
    outcome = take(path)
    assert (outcome.read, outcome.rejected) == (5, 0)
    assert client.get(reverse("register:sample", args=["other"])).status_code == 404
    assert (
        client_for(people.stranger.user).get(reverse("register:sample", args=["template"])).status_code == 404
    )


def test_a_great_list_in_two_batches_counts_a_person_once(path: Path) -> None:
    rows = "".join(f"K-{i % 6_000},prosecuted,,2024,tip,0204{1 + i // 6_000},,,,,,,\n" for i in range(12_000))
    assert counts(take(path, rows)) == (12_000, 12_000, 0, 0, 0)
    assert stages() == {("prosecuted", 2024): 6_000}


def test_invented_offenders_show_attrition_and_the_same_seed_makes_the_same(path: Path) -> None:
    actions.demo_offenders(np.random.default_rng(1), 600)
    again = actions.demo_offenders(np.random.default_rng(1), 600)
    assert (again.added, again.updated) == (0, 0)
    with acting(OPERATOR):
        found = {r["stage"]: r["count"] for r in queries.justice_tally(OPERATOR, ("stage",))}
        years = {r["year"] for r in queries.justice_tally(OPERATOR, ("year",), {"stage": ["convicted"]})}
        sexes = {
            r["sex"]: r["count"]
            for r in queries.justice_tally(OPERATOR, ("sex",), {"stage": ["formal_contact"]})
        }
        assert queries.out_of_order(OPERATOR) == []
        charges = queries.charge_tally(OPERATOR, ())[0]["count"]
    assert found["formal_contact"] == 600 > found["prosecuted"] > found["convicted"] > found["acquitted"] > 0
    assert len(years) >= 7
    assert sexes["male"] > sexes["female"] > 100
    assert charges > sum(found.values())


def test_the_field_list_in_the_documentation_is_that_of_the_code() -> None:
    page = Path(__file__).parents[5] / "docs" / "howto" / "import-offenders.md"
    assert offender_fields.field_list() in page.read_text(encoding="utf-8"), (
        "python -c print(field_list()) into it"
    )

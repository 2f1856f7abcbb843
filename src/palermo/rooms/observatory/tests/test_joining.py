"""Whatever was answered comes back from the tables: each turn under its own, nothing lost, nothing twice."""

import csv
import io
import uuid
import zipfile
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.kernel.exports.writers import DANGEROUS
from palermo.rooms.observatory.actions.exporting.cells import Choice
from palermo.rooms.observatory.actions.exporting.writing import Parts, csv_zip
from palermo.rooms.observatory.queries.leaving import Row
from palermo.rooms.observatory.queries.shapes import tables

FIELDS = [
    ("/age", "int", "input"), ("/g/mode", "string", "select1"), ("/leg/bought", "string", "select"),
    ("/leg/fee", "decimal", "input"), ("/leg/in/pay/to", "string", "select1"), ("/other/n", "int", "input"),
]  # fmt: skip
NOBODY = uuid.UUID(int=0)
REPEATS = ["/other", "/leg/in/pay", "/leg"]
SCHEMA = {
    "repeats": REPEATS, "languages": [],
    "fields": [
        {"path": p, "type": t, "control": c, "label": {}, "choices": {}, "preload": ""} for p, t, c in FIELDS
    ],
}  # fmt: skip
codes = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=6)
pay = st.fixed_dictionaries({}, optional={"to": codes})
leg = st.tuples(
    st.fixed_dictionaries(
        {},
        optional={
            "bought": st.lists(codes, min_size=1, max_size=3),
            "fee": st.floats(allow_nan=False, allow_infinity=False),
        },
    ),
    st.lists(pay, max_size=3),
)
record = st.tuples(
    st.fixed_dictionaries({}, optional={"age": st.integers(), "g/mode": codes}),
    st.lists(leg, max_size=3),
    st.lists(st.fixed_dictionaries({"n": st.integers(-99, 99)}), max_size=2),
)
records = st.lists(record, max_size=5)


def rows_of(given: list[Any]) -> list[Row]:
    """As the database gives them: by path, then record, then turn."""
    found = []
    for place, (top, legs, others) in enumerate(given):
        turns = [("", [], top)]
        for n, (own, pays) in enumerate(legs, 1):
            turns.append(("/leg", [n], own))
            turns += [("/leg/in/pay", [n, m], one) for m, one in enumerate(pays, 1)]
        turns += [("/other", [n], one) for n, one in enumerate(others, 1)]
        found += [(path, place, ordinals, values) for path, ordinals, values in turns]
    found.sort(key=lambda one: one[:3])
    when = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        Row(f"uuid:{place}", when, "received", "1", None, "E-01", "done", path, ordinals, values, NOBODY, None)
        for path, place, ordinals, values in found
    ]  # fmt: skip


def read(content: bytes) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))
            for name in archive.namelist()
        }  # fmt: skip


def told(value: Any) -> str:
    """A value as a cell: text that a spreadsheet would run has an apostrophe in front."""
    text = " ".join(value) if isinstance(value, list) else str(value)
    number = isinstance(value, int | float) or text.lstrip("+-").replace(".", "", 1).isascii()
    plain = isinstance(value, int | float) or (number and _is_number(text))
    return text if plain or not text.startswith(DANGEROUS) else f"'{text}"


def _is_number(text: str) -> bool:
    import re

    return re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text) is not None


def values_of(row: dict[str, str], names: list[str]) -> dict[str, str]:
    return {name: row[name] for name in names if row[name] != ""}


@settings(max_examples=150, deadline=None, derandomize=True)
@given(records)
def test_children_join_back_to_exactly_the_answers(given: list[Any]) -> None:
    found = read(b"".join(csv_zip(tables([SCHEMA], "form"), Parts(rows_of(given)), Choice())))
    below: dict[tuple[str, str], list[dict[str, str]]] = {}
    for name in ("leg.csv", "leg-in-pay.csv", "other.csv"):
        for row in found[name]:
            below.setdefault((name, row["PARENT_KEY"]), []).append(row)
    assert [row["KEY"] for row in found["form.csv"]] == [f"uuid:{n}" for n in range(len(given))]
    back = []
    for row in found["form.csv"]:
        legs = [
            (
                values_of(one, ["bought", "fee"]),
                [values_of(inner, ["to"]) for inner in below.pop(("leg-in-pay.csv", one["KEY"]), [])],
            )
            for one in below.pop(("leg.csv", row["KEY"]), [])
        ]
        others = [values_of(one, ["n"]) for one in below.pop(("other.csv", row["KEY"]), [])]
        back.append((values_of(row, ["age", "g/mode"]), legs, others))
    assert below == {}, "a turn whose record or turn around it is not there"
    cells = lambda values: {name: told(value) for name, value in values.items()}  # noqa: E731
    assert back == [
        (
            cells(top),
            [(cells(own), [cells(p) for p in pays]) for own, pays in legs],
            [cells(o) for o in others],
        )
        for top, legs, others in given
    ]


def test_two_wordings_stand_side_by_side() -> None:
    """A question that went away keeps its column behind the newer ones; a choice that went away keeps its label."""
    old = {
        "repeats": ["/leg"], "languages": [],
        "fields": [
            {"path": "/gone", "type": "int", "control": "input", "label": {"": "Gone"}, "choices": {}, "preload": ""},
            {"path": "/m", "type": "string", "control": "select1", "label": {"": "Old"}, "choices": {"a": {"": "A"}}},
        ],
    }  # fmt: skip
    new = {
        "repeats": [], "languages": [],
        "fields": [
            {"path": "/m", "type": "string", "control": "select1", "label": {"": "New"}, "choices": {"b": {"": "B"}}},
            {"path": "/age", "type": "int", "control": "input", "label": {}, "choices": {}, "preload": ""},
        ],
    }  # fmt: skip
    top, leg = tables([new, old], "f")
    assert [column.name for column in top.columns] == ["m", "age", "gone"]
    assert (top.columns[0].label, set(top.columns[0].choices)) == ({"": "New"}, {"a", "b"})
    assert (leg.path, leg.parent, leg.chain) == ("/leg", "", ("leg",))


def test_tables_of_one_name_get_different_ones() -> None:
    schema = {"repeats": ["/a/b", "/a-b", "/form"], "fields": [], "languages": []}
    assert [one.name for one in tables([schema], "form")] == ["form", "a-b", "a-b_2", "form_2"]

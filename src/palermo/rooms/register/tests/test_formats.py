"""`palermo formats` says of every declared format which columns it has and what may stand in them."""

import pytest

from palermo.kernel.imports.describing import described, in_words
from palermo.kernel.imports.formats import declared, format_named


@pytest.mark.parametrize("name", sorted(declared()))
def test_every_column_of_a_format_is_described(name: str) -> None:
    (found,) = described(name)
    known = {(layout.name, column) for layout in format_named(name).layouts
             for column in (*layout.required, *layout.optional)}  # fmt: skip
    assert {(la["name"], c["name"]) for la in found["layouts"] for c in la["columns"]} == known
    assert all(c["name"] in in_words([found]) for la in found["layouts"] for c in la["columns"])


@pytest.mark.parametrize("name", ["people", "offenders", "population"])
def test_our_own_formats_say_what_stands_in_each_column(name: str) -> None:
    (found,) = described(name)
    assert [c["name"] for la in found["layouts"] for c in la["columns"] if not c["values"]] == []


def test_the_codes_are_those_that_an_import_takes() -> None:
    (found,) = described("people")
    sex = next(c for c in found["layouts"][0]["columns"] if c["name"] == "sex")
    assert sex == {
        "name": "sex", "needed": True, "values": "one of female, male, other, unknown", "identity": False,
    }  # fmt: skip


def test_a_format_that_nobody_declared_is_no_format() -> None:
    with pytest.raises(KeyError):
        described("nonsense")

"""Reasons that a tired reviewer can use, and that show nothing of the records."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.linkage.explaining import MOST_REASONS, TEMPLATES, explain
from palermo.linkage.people import FIELDS, PersonRecord


def person(**values: str) -> PersonRecord:
    return PersonRecord(**values)


CASES = [
    (person(given_name="محمد"), person(given_name="Mohammed"), ["given names sound alike in Arabic script"]),
    (person(given_name="Ольга"), person(given_name="Olha"), ["given names sound alike in Cyrillic script"]),
    (person(given_name="Sasha"), person(given_name="Oleksandr"), ["given names are forms of one name"]),
    (person(given_name="A."), person(given_name="Amina"), ["given name is an initial that fits"]),
    (
        person(given_name="Fatima Zahra"),
        person(given_name="Fatma"),
        ["one has more given names, the others fit"],
    ),
    (
        person(given_name="Olga", family_name="Ivanova"),
        person(given_name="Iwanow", family_name="Olha"),
        ["family name and given name are swapped"],
    ),
    (
        person(given_name="Amina Bello"),
        person(given_name="Amina", family_name="Belo"),
        ["all names in one box; they fit"],
    ),
    (
        person(given_name="Lili", family_name="Bello", other_names="Amina"),
        person(given_name="Amina", family_name="Bello"),
        ["another name of one fits the other"],
    ),
    (person(birth_date="1998"), person(birth_date="1999"), ["birth year differs by 1"]),
    (person(birth_date="1998"), person(birth_date="2001"), ["birth year differs by 3"]),
    (
        person(birth_date="1998", nationality="ETH"),
        person(birth_date="1990"),
        ["birth dates fit if one is in another calendar"],
    ),
    (person(birth_date="1998", nationality="ROU"), person(birth_date="1990"), ["birth year differs by 8"]),
    (
        person(document_no="AB 123407"),
        person(document_no="AB123408"),
        ["document numbers differ in one character"],
    ),
    (person(phone="+38067 123 45 67"), person(phone="0671234567"), ["telephone is the same (it may be shared)"]),
    (person(sex="F"), person(sex="male"), ["sex differs"]),
    (person(sex="F"), person(sex="woman"), []),
    (person(document_no="N/A", phone="000"), person(document_no="N/A", phone="000"), []),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "texts"), CASES)
def test_reasons(one: PersonRecord, other: PersonRecord, texts: list[str]) -> None:
    assert [reason.text for reason in explain(one, other)] == texts
    assert explain(one, other) == explain(other, one)


def test_the_strongest_comes_first() -> None:
    one = person(
        given_name="Amina",
        family_name="Bello",
        birth_date="1998-05-17",
        document_no="AB123407",
        nationality="NGA",
    )
    assert [reason.field for reason in explain(one, one)] == [
        "document_no", "given_name", "family_name", "birth_date", "nationality",
    ]  # fmt: skip


def test_sentences_are_short() -> None:
    for text in TEMPLATES.values():
        assert len(text.split()) <= 9
        assert re.findall(r"%\((\w+)\)", text) in ([], ["years"])


TEXTS = st.one_of(
    st.text(max_size=20), st.sampled_from(["Amina", "Bello", "1998", "محمد", "AB123407", "F", "NGA", ""])
)
PEOPLE = st.builds(PersonRecord, *[TEXTS] * len(FIELDS))


@given(PEOPLE, PEOPLE)
def test_no_value_is_in_a_reason_and_order_does_not_matter(one: PersonRecord, other: PersonRecord) -> None:
    reasons = explain(one, other)
    assert reasons == explain(other, one)
    assert len(reasons) <= MOST_REASONS
    for reason in reasons:
        assert reason.text == TEMPLATES[reason.field, reason.kind] % reason.values
        assert all(isinstance(value, int) for value in reason.values.values())

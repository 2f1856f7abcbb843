"""What the register counts is what a person with the list in his hand would count."""

from collections import Counter
from datetime import date
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Refused
from palermo.rooms.register import actions, queries
from palermo.rooms.register.actions.attributes import Attributes
from palermo.rooms.register.actions.demo import demo_people
from palermo.rooms.register.models import Person
from palermo.rooms.register.models.codes import code_of, number_of
from palermo.rooms.register.models.flags import BIT, GROUPS
from palermo.rooms.register.queries.tally import smallest
from palermo.standards import codelist, mapping

OPERATOR = Viewer.operator()
GLOTIP = mapping("palermo/form", "glotip/form")


@pytest.fixture
def known(db: None) -> list[Attributes]:
    people = list(demo_people(np.random.default_rng(11), 700))
    assert actions.demo_register(np.random.default_rng(11), 700).added == 700
    return people


def forms_of(person: Attributes) -> set[str]:
    return {GLOTIP.get(code) for code, yes in person.form.items() if yes} - {""} or {""}


def naive(people: list[Attributes], by: list[str]) -> Counter[tuple[Any, ...]]:
    found: Counter[tuple[Any, ...]] = Counter()
    for person in people:
        if "form" not in by:
            found[tuple(getattr(person, name) for name in by)] += 1
            continue
        for form in forms_of(person):
            found[tuple(form if name == "form" else getattr(person, name) for name in by)] += 1
    return found


@pytest.mark.parametrize(
    "by",
    [
        [], ["year"], ["sex", "age_group"], ["form"], ["form", "year", "sex"], ["citizenship"], ["status", "crime"],
        ["age_band", "majority"], ["country", "area"], ["source_kind"],
    ],
)  # fmt: skip
def test_a_tally_equals_a_count_by_hand(known: list[Attributes], by: list[str]) -> None:
    with (
        acting(OPERATOR),
        CaptureQueriesContext(
            connection,
        ) as captured,
    ):
        rows = queries.tally(OPERATOR, by)
    assert Counter({tuple(row[name] for name in by): row["count"] for row in rows}) == naive(known, by)
    assert sum("cell AS" in query["sql"] for query in captured) == 1
    assert not any("register_person" in query["sql"] for query in captured)


def test_a_filter_takes_one_value_or_several(known: list[Attributes]) -> None:
    with acting(OPERATOR):
        rows = queries.tally(
            OPERATOR, ["sex"], {"year": [2020, 2021], "form": "Sexual exploitation", "crime": "tip"}
        )
    some = [
        person for person in known
        if person.year in (2020, 2021) and person.crime == "tip" and "Sexual exploitation" in forms_of(person)
    ]  # fmt: skip
    assert {row["sex"]: row["count"] for row in rows} == Counter(person.sex for person in some)


def test_flags_count_yes_and_no_and_never_what_was_not_recorded(known: list[Attributes]) -> None:
    with acting(OPERATOR):
        found = queries.flag_tally(OPERATOR, "control", {"sex": "female"})
    women = [person for person in known if person.sex == "female"]
    assert found["persons"] == len(women)
    assert found["answered"] == sum(bool(person.control) for person in women) < len(women)
    for row in found["codes"]:
        said = [person.control[row["code"]] for person in women if row["code"] in person.control]
        assert (row["yes"], row["no"]) == (sum(said), len(said) - sum(said)), row


def test_the_cells_follow_every_change(known: list[Attributes]) -> None:
    with acting(OPERATOR):
        Person.objects.filter(sex="male").update(sex="unknown", form_yes=0)
        Person.objects.filter(year=2020).delete()
        assert queries.drift(OPERATOR) == []
        left = [person for person in known if person.year != 2020]
        sexes = Counter("unknown" if person.sex == "male" else person.sex for person in left)
        assert {row["sex"]: row["count"] for row in queries.tally(OPERATOR, ["sex"])} == sexes


def test_persons_suspected_prosecuted_and_convicted_count_once_a_year(db: None) -> None:
    stages = [
        ("1", "formal_contact", date(2023, 2, 1), "male"), ("1", "prosecuted", date(2023, 9, 1), "male"),
        ("1", "prosecuted", date(2023, 11, 1), "male"), ("1", "convicted", date(2024, 3, 1), "male"),
        ("2", "convicted", date(2024, 4, 1), "female"), ("3", "convicted", date(2024, 4, 2), "male"),
    ]  # fmt: skip
    with acting(OPERATOR):
        for source_id, stage, on, sex in stages:
            actions.record_stage(
                actor=OPERATOR, source="courts", source_id=source_id, stage=stage, on=on, sex=sex,
                forms=("servitude",),
            )  # fmt: skip
        assert queries.justice_tally(OPERATOR, ["stage", "year"]) == [
            {"stage": "convicted", "year": 2024, "count": 3},
            {"stage": "formal_contact", "year": 2023, "count": 1},
            {"stage": "prosecuted", "year": 2023, "count": 1},
        ]
        assert queries.justice_tally(OPERATOR, ["sex", "form", "source"], {"stage": "convicted"}) == [
            {"sex": "female", "form": "Forced labour", "source": "courts", "count": 1},
            {"sex": "male", "form": "Forced labour", "source": "courts", "count": 2},
        ]


def test_a_count_reads_the_smallest_table_that_knows_enough() -> None:
    assert smallest(("year", "sex", "majority", "crime", "status", "form")) == "formcell"
    assert smallest(("year", "citizenship", "source")) == "origincell"
    assert smallest(("citizenship", "form")) == "cell"


def test_a_stranger_cannot_count(people: Any) -> None:
    for who in (people.stranger.viewer, people.case_worker.viewer, Viewer.anonymous()):
        with acting(who), pytest.raises(Refused):
            queries.tally(who, ["sex"])


def test_the_register_cannot_be_counted_by_what_it_does_not_have(db: None) -> None:
    with acting(OPERATOR), pytest.raises(KeyError):
        queries.tally(OPERATOR, ["id; DROP TABLE register_person"])


def test_the_bits_cover_the_code_lists_and_no_more() -> None:
    for group, codes in GROUPS.items():
        assert set(codes) == {code.code for code in codelist(f"palermo/{group}")}, group
        assert len(set(codes)) == len(codes) <= 31
        assert [BIT[group][code] for code in codes] == [2**position for position in range(len(codes))]


def test_the_bits_that_are_stored_never_move() -> None:
    # Written down a second time on purpose: stored rows depend on them.
    assert (BIT["form"]["sexual_exploitation"], BIT["form"]["unknown"]) == (1, 4096)
    assert (BIT["control"]["DebtBondage"], BIT["control"]["NotSpecified"]) == (16, 2_097_152)
    assert (BIT["labour"]["agriculture"], BIT["labour"]["other"]) == (1, 16_777_216)
    assert (BIT["sexual"]["private_sexual_services"], BIT["recruiter"]["other"]) == (8, 8)


def test_public_codes_are_unique_and_read_back_as_people_type_them() -> None:
    numbers = [*range(1, 5_000), 2**39 + 7]
    codes = [code_of(number) for number in numbers]
    assert len(set(codes)) == len(codes)
    assert [number_of(code) for code in codes] == numbers
    assert number_of(code_of(77).lower().replace("-", " ")) == 77
    assert number_of("R-XXXX") is None
    assert number_of("nobody") is None


def test_the_demo_is_the_same_for_a_seed_and_uses_every_list(db: None) -> None:
    one = list(demo_people(np.random.default_rng(5), 3_000))
    assert one == list(demo_people(np.random.default_rng(5), 3_000))
    assert one != list(demo_people(np.random.default_rng(6), 3_000))
    for group in GROUPS:
        used = {code for person in one for code in getattr(person, group)}
        wholes = {"DebtBondageOrEarnings", "AnyThreat", "AnyAbuse", "DenyBasicNeeds", "NotSpecified"}
        assert used >= set(GROUPS[group]) - wholes, group
    for name, scheme in (
        ("sex", "sex"),
        ("gender", "gender"),
        ("status", "person_status"),
        ("age_band", "age_group"),
    ):
        codes = {code.code for code in codelist(f"palermo/{scheme}")} - {"not_recorded"}
        assert {getattr(person, name) for person in one} >= codes, name
    assert actions.demo_register(np.random.default_rng(5), 200).added == 200
    assert actions.demo_register(np.random.default_rng(5), 200).unchanged == 200

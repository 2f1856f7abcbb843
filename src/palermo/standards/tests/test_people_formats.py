"""HTCDS 2.0 and palermo's own list of persons: codes in, codes out, identity left at the door."""

import csv
import io
from dataclasses import astuple
from random import Random

import pytest

from palermo.standards.records import Flags, Problem, RegisterRecord, htcds, person_record
from palermo.standards.records.synthetic import synthetic_htcds

HTCDS = {
    "prs_FirstName": "Zavodo", "prs_SecondName": "Linamo", "prs_Birthdate": "2005-06-30", "prs_Gender": "Feminine",
    "prs_Citizenship": "NA;XK", "prs_Email": "someone@example.org",
    "vic_TraffickingStatus": "Actual victim of trafficking",
    "vic_TypeOfExploitation": "ForcedBegging; SexualExploitation", "vic_MethodsOfControl": "PhysicalThreats",
    "vic_AgeWhenTrafficked": "15", "cas_IncomingReferralDate": "2023-06-29", "hte_Country": "XP",
    "hte_Type": "Exploitation", "cco_CaseComment": "Linamo said so.",
}  # fmt: skip
PEOPLE = {"year": "2024", "sex": "male", "crime": "tip", "status": "presumed", "form": "begging;other",
          "form_no": "organ_removal", "citizenship": "Viet Nam", "country": "XPA", "age": "17"}  # fmt: skip


def good(found: RegisterRecord | list[Problem]) -> RegisterRecord:
    assert isinstance(found, RegisterRecord), found
    return found


def faults(found: RegisterRecord | list[Problem]) -> list[tuple[str, str]]:
    assert isinstance(found, list)
    return [(p.column, p.value) for p in found]


def test_htcds_codes_reach_the_record() -> None:
    record = good(htcds.parse(HTCDS, 2))
    assert (record.sex, record.gender, record.status, record.year) == (
        "female",
        "feminine",
        "identified",
        2023,
    )
    assert record.citizenship == ("NAM", "XKX")
    assert record.form == Flags(("begging", "sexual_exploitation"))
    assert record.control == Flags(("Threats",))
    assert (record.age_band, record.age_group, record.majority_at_exploitation) == ("9-17", "child", "child")
    assert good(htcds.parse(HTCDS | {"cas_IncomingReferralDate": "2023-06-30"}, 2)).age_group == "adult"
    assert record.country == "XPA"
    assert good(htcds.parse(HTCDS | {"hte_Type": "Transit"}, 2)).country == ""


def test_htcds_identity_is_left_behind_and_named() -> None:
    record = good(htcds.parse(HTCDS, 2))
    assert record.dropped == (
        "prs_FirstName",
        "prs_SecondName",
        "prs_Birthdate",
        "prs_Email",
        "cco_CaseComment",
    )
    text = repr(astuple(record))
    for secret in ("Zavodo", "Linamo", "2005", "example.org"):
        assert secret not in text
    assert good(htcds.parse(HTCDS | {"prs_FirstName": "Mosena"}, 2)).key == record.key


def test_no_identity_of_a_whole_synthetic_file_reaches_a_record() -> None:
    rows = list(csv.DictReader(io.StringIO(synthetic_htcds(300, Random(7)))))
    secrets = [c for c in rows[0] if c in htcds.LEFT_BEHIND]
    assert {"prs_FirstName", "prs_IdentityNumber", "prs_MobilePhone", "cas_IncomingReferralDetails"} <= set(
        secrets
    )
    for number, row in enumerate(rows, 2):
        text = repr(astuple(good(htcds.parse(row, number))))
        assert not [c for c in secrets if row[c] and f"'{row[c]}'" in text]
    assert len({row["vic_TypeOfExploitation"] for row in rows}) >= 9


def test_synthetic_files_repeat_with_their_seed() -> None:
    assert synthetic_htcds(20, Random(3)) == synthetic_htcds(20, Random(3))
    assert synthetic_htcds(20, Random(3)) != synthetic_htcds(20, Random(4))


def test_htcds_problems_hide_identity_and_come_all_at_once() -> None:
    bad = HTCDS | {"prs_Birthdate": "30/06/2005", "prs_Gender": "F", "prs_Citizenship": "NA;Atlantis",
                   "vic_AgeWhenTrafficked": "young", "hte_Country": "?",
                   "vic_TypeOfExploitation": "Slavery"}  # fmt: skip
    assert faults(htcds.parse(bad, 3)) == [
        ("prs_Gender", "F"), ("vic_TypeOfExploitation", "Slavery"), ("prs_Citizenship", "Atlantis"),
        ("hte_Country", "?"), ("prs_Birthdate", "•••"), ("vic_AgeWhenTrafficked", "young"),
    ]  # fmt: skip
    assert faults(htcds.parse(HTCDS | {"prs_Birthdate": "2024-01-01"}, 3)) == [("prs_Birthdate", "•••")]
    assert faults(htcds.parse(HTCDS | {"prs_Gender": "Feminine;Masculine"}, 3)) == [
        ("prs_Gender", "Feminine;Masculine")
    ]


def test_a_row_that_says_nothing_is_no_person() -> None:
    only_names = dict.fromkeys(HTCDS, "") | {"prs_FirstName": "Zavodo", "cco_CaseComment": "nonsense"}
    assert faults(htcds.parse(only_names, 2)) == [("vic_TypeOfExploitation", "")]
    good(htcds.parse(only_names | {"prs_Birthdate": "2005-06-30"}, 2))


def test_htcds_never_says_no() -> None:
    record = good(htcds.parse(HTCDS, 2))
    groups = (record.form, record.control, record.labour, record.sexual, record.recruiter)
    assert [flags.no for flags in groups] == [()] * 5


def test_identity_columns_of_a_header() -> None:
    assert htcds.identity_columns(("prs_Gender", "prs_FirstName", "cco_CaseComment")) == (
        "prs_FirstName",
        "cco_CaseComment",
    )
    assert "prs_Gender" not in htcds.LEFT_BEHIND
    assert "prs_FirstName" in htcds.IDENTITY


def test_people_row() -> None:
    record = good(person_record.parse(PEOPLE, 2))
    assert record.form == Flags(("begging", "other"), ("organ_removal",))
    assert (record.citizenship, record.country) == (("VNM",), "XPA")
    assert (record.age_band, record.age_source, record.age_group) == ("9-17", "age in years", "child")
    assert record.form.answers() == {"begging": True, "other": True, "organ_removal": False}


def test_people_record_number_makes_a_correction_an_update() -> None:
    first = good(person_record.parse(PEOPLE | {"record_number": "17"}, 2))
    corrected = good(person_record.parse(PEOPLE | {"record_number": "17", "status": "identified"}, 2))
    assert first.key == corrected.key
    assert (
        good(person_record.parse(PEOPLE, 2)).key
        != good(person_record.parse(PEOPLE | {"sex": "female"}, 2)).key
    )


@pytest.mark.parametrize(
    ("cells", "columns"),
    [
        ({"year": ""}, ["year"]),
        ({"sex": "F", "crime": "THB"}, ["sex", "crime"]),
        ({"form": "begging;slavery"}, ["form"]),
        ({"form_no": "begging"}, ["form"]),
        ({"abducted": "maybe"}, ["abducted"]),
        ({"age": "-3"}, ["age"]),
        ({"age_group": "18-20"}, ["age"]),
        ({"citizenship": "Atlantis", "country": "Lemuria"}, ["citizenship", "country"]),
    ],
)
def test_people_problems(cells: dict[str, str], columns: list[str]) -> None:
    assert [column for column, _ in faults(person_record.parse(PEOPLE | cells, 2))] == columns


def test_people_contradiction_is_a_warning() -> None:
    assert good(person_record.parse(PEOPLE | {"majority": "adult"}, 2)).warnings == (
        "age_contradicts_majority",
    )

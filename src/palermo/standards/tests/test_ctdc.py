"""The CTDC reader: every row of the real file, and every trap of its README."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from palermo.standards.records import Flags, Problem, RegisterRecord
from palermo.standards.records.ctdc import HEADER_2017, HEADER_2024, parse, parse_2017, parse_2024
from palermo.standards.records.reading import WARNINGS

REAL = Path(__file__).parents[5] / "shared" / "data" / "ctdc" / "ctdc_global_kanon_2017-11-27.csv"


def row_2017(**cells: str) -> dict[str, str]:
    return {
        **dict.fromkeys((*HEADER_2017.required, *HEADER_2017.optional), ""),
        "yearOfRegistration": "2016",
        **cells,
    }


def row_2024(**cells: str) -> dict[str, str]:
    return {
        **dict.fromkeys((*HEADER_2024.required, *HEADER_2024.optional), ""),
        "yearOfRegistration": "2021",
        **cells,
    }


def good(found: RegisterRecord | list[Problem]) -> RegisterRecord:
    assert isinstance(found, RegisterRecord), found
    return found


def faults(found: RegisterRecord | list[Problem]) -> list[tuple[int, str, str]]:
    assert isinstance(found, list)
    return [(p.row, p.column, p.value) for p in found]


def test_headers_are_those_of_the_codebooks() -> None:
    assert len(HEADER_2017.required + HEADER_2017.optional) == 63
    assert len(HEADER_2024.required + HEADER_2024.optional) == 27


def test_empty_is_not_recorded_and_never_no() -> None:
    record = good(parse_2017(row_2017(meansOfControlThreats="1", meansOfControlDebtBondage="0"), 7))
    assert record.control == Flags(("Threats",), ("DebtBondage",))
    assert record.control.get("PhysicalAbuse") == "not_recorded"
    assert record.form == Flags()
    assert (record.row, record.sex, record.citizenship, record.abducted) == (7, "", (), None)


def test_minus_99_reads_as_empty() -> None:
    assert good(parse(row_2017(isForcedLabour="-99"), 2)).key == good(parse(row_2017(), 3)).key


def test_zeroes_beside_an_unknown_recruiter_are_not_a_no() -> None:
    zeroes = {f"recruiterRelation{r}": "0" for r in ("IntimatePartner", "Friend", "Family", "Other")}
    assert good(parse(row_2017(**zeroes, recruiterRelationUnknown="1"), 2)).recruiter == Flags()
    known = good(
        parse(row_2017(**(zeroes | {"recruiterRelationFriend": "1"}), recruiterRelationUnknown="0"), 2)
    )
    assert known.recruiter == Flags(("friend",), ("intimate_partner", "family", "other"))
    nobody = good(parse(row_2017(**zeroes, recruiterRelationUnknown="0"), 2))
    assert nobody.warnings == ("recruiter_not_given",)
    assert len(nobody.recruiter.no) == 4


def test_labour_not_specified_takes_back_its_zeroes() -> None:
    record = good(parse(row_2017(typeOfLabourNotSpecified="1", typeOfLabourBegging="0"), 2))
    assert record.labour == Flags()


def test_sex_and_labour_is_a_yes_to_both_but_never_overrules_a_no() -> None:
    both = good(parse(row_2017(isSexAndLabour="1"), 2))
    assert set(both.form.yes) == {"sexual_exploitation", "forced_labour_or_services"}
    odd = good(parse(row_2017(isSexAndLabour="1", isForcedLabour="0"), 2))
    assert odd.form.get("forced_labour_or_services") == "no"
    assert "sex_and_labour_contradicted" in odd.warnings


def test_na_is_namibia_and_unknown_is_nobody() -> None:
    record = good(parse(row_2017(citizenship="NA", CountryOfExploitation="Missing"), 2))
    assert (record.citizenship, record.country) == (("NAM",), "")
    for nothing in ("", "Unknown", "Missing", "ZZ", "-99"):
        assert good(parse(row_2017(citizenship=nothing), 2)).citizenship == ()


def test_age_and_majority() -> None:
    child = good(parse(row_2017(ageBroad="9--17", majorityStatus="Minor", majorityEntry="Unknown"), 2))
    assert (child.age_band, child.age_source, child.age_group) == ("9-17", "9--17", "child")
    assert (child.majority, child.majority_at_exploitation, child.majority_at_entry) == (
        "child",
        "",
        "unknown",
    )
    only_majority = good(parse(row_2017(ageBroad="Unknown", majorityStatus="Adult"), 2))
    assert (only_majority.age_band, only_majority.age_group) == ("unknown", "adult")
    odd = good(parse(row_2017(ageBroad="18--20", majorityStatus="Minor"), 2))
    assert odd.age_group == "adult"
    assert odd.warnings == ("age_contradicts_majority",)


def test_all_problems_of_a_row_are_told_at_once() -> None:
    found = parse(
        row_2017(yearOfRegistration="16", gender="F", isForcedLabour="2", citizenship="PHL?",
                 typeOfSexProstitution="yes"), 9,
    )  # fmt: skip
    assert faults(found) == [
        (9, "gender", "F"), (9, "citizenship", "PHL?"), (9, "yearOfRegistration", "16"),
        (9, "isForcedLabour", "2"), (9, "typeOfSexProstitution", "yes"),
    ]  # fmt: skip


def test_remembered_values_keep_their_own_row_number() -> None:
    assert faults(parse(row_2017(gender="X"), 5)) == [(5, "gender", "X")]
    assert faults(parse(row_2017(gender="X"), 6)) == [(6, "gender", "X")]


def test_equal_content_has_an_equal_key_whatever_the_header() -> None:
    full = row_2017(gender="Female", isForcedLabour="1")
    less = {k: v for k, v in full.items() if k != "typeOfExploitConcatenated"}
    renamed = {("Datasource" if k == "datasource" else k): v for k, v in less.items()}
    assert good(parse(full, 2)).key == good(parse(renamed, 3)).key
    assert good(parse(full | {"isForcedLabour": "0"}, 2)).key != good(parse(full, 2)).key
    assert good(parse(renamed | {"Datasource": "Hotline"}, 2)).source_kind == "hotline"


def test_the_coding_of_2024() -> None:
    record = good(parse(row_2024(gender="Woman", ageBroad="09--17", citizenship="NAM", meansThreats="1",
                                 isOtherExploit="1", recruiterRelationFamily="1"), 2))  # fmt: skip
    assert (record.sex, record.gender, record.age_group, record.citizenship) == (
        "female", "feminine", "child", ("NAM",),
    )  # fmt: skip
    assert record.control == Flags(("AnyThreat",))
    assert record.form == Flags(("other",))
    assert record.recruiter == Flags(("family",))
    assert faults(parse_2024(row_2024(isForcedLabour="0"), 4)) == [(4, "isForcedLabour", "0")]


def test_the_later_header_adds_slavery() -> None:
    assert good(parse(row_2017(isSlaveryAndPractices="1"), 2)).form == Flags(("slavery_or_similar",))


@pytest.mark.skipif(not REAL.exists(), reason="the CTDC file is not beside the repository (../shared)")
def test_every_row_of_the_real_file_is_read() -> None:
    with REAL.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    records = [good(parse(row, number)) for number, row in enumerate(rows, 2)]
    assert len(records) == 47_102
    assert Counter(r.sex for r in records) == {"female": 33_850, "male": 12_997, "unknown": 255}
    assert sum("sexual_exploitation" in r.form.yes for r in records) == 12_904
    assert sum("forced_labour_or_services" in r.form.yes for r in records) == 9_004
    warnings = Counter(w for r in records for w in r.warnings)
    assert warnings == {"labour_type_without_forced_labour": 483, "recruiter_not_given": 424,
                        "age_contradicts_majority": 38}  # fmt: skip
    assert set(warnings) <= set(WARNINGS)
    # every empty flag stays not recorded: the file has 2 zeroes for debt bondage and no more
    assert sum("DebtBondage" in r.control.no for r in records) == 2

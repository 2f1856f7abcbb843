"""The data of the standards package keep what the loader promises."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

import palermo.standards as standards
from palermo.standards import check as checks
from palermo.standards import pages
from palermo.standards.codes import UnknownCode, UnknownScheme

REFERENCE = Path(__file__).parents[4] / "docs" / "reference"


def test_all_data_are_sound() -> None:
    assert checks.check() == []


def test_check_finds_a_broken_row(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [dict(r) for r in checks.data_rows("ilo-2012.csv")]
    rows.append(dict(rows[0]))
    monkeypatch.setattr(checks, "data_rows", lambda name: rows if name == "ilo-2012.csv" else [rows[0]])
    assert any("abuse_of_vulnerability occurs 2 times" in p for p in checks._files())


@pytest.mark.parametrize(
    ("list_id", "count"),
    [
        ("htcds-2.0/fields", 84),
        ("htcds-2.0/vic_MethodsOfControl", 16),
        ("htcds-2.0/labour-industry", 69),
        ("ctdc-2017/variables", 62),
        ("ctdc-2019/variables", 1),
        ("ctdc-2024/variables", 27),
        ("iccs-2015", 15),
        ("ilo-2009/indicator", 67),
        ("ilo-2012", 11),
        ("law/tip-protocol", 42),
        ("law/som-protocol", 46),
        ("law/untoc", 30),
        ("law/eu-2011-36", 25),
        ("law/coe-cets-197", 33),
        ("country-m49/country", 252),
        ("palermo/control", 22),
        ("glotip/indicator", 5),
        ("statistics/requirement", 15),
    ],
)
def test_counts_of_the_published_lists(list_id: str, count: int) -> None:
    assert len(standards.codelist(list_id)) == count


def test_verified_marks_are_kept() -> None:
    assert standards.code("iccs-2015", "08051").verified == "no"
    assert standards.code("ilo-2009/indicator", "D3.13").verified == "doubtful"
    assert standards.code("ilo-2009/indicator", "D5.07").extra["adult_sexual"] == "strong"
    assert standards.code("ilo-2009/indicator", "D5.01").extra["adult_sexual"] == ""
    assert standards.code("ctdc-2019/variables", "isSlaveryAndPractices").verified == "header-only"


def test_labels_fall_back_to_english() -> None:
    female = standards.code("palermo/sex", "female")
    assert (female.label(), female.label("fr"), female.label("ar"), female.label("zz")) == (
        "Female", "Féminin", "أنثى", "Female",
    )  # fmt: skip
    assert female.label("fr-ca") == "Féminin"


def test_unknown_names_are_refused() -> None:
    with pytest.raises(UnknownScheme):
        standards.codelist("palermo/nothing")
    with pytest.raises(UnknownScheme):
        standards.codelist("nothing")
    with pytest.raises(UnknownCode):
        standards.code("palermo/sex", "f")
    with pytest.raises(LookupError):
        standards.mapping("palermo/sex", "iccs-2015")


def test_codes_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        standards.code("palermo/sex", "female").code = "x"  # type: ignore[misc]


def test_means_of_control_merge_as_the_2024_codebook_says() -> None:
    to_2024 = standards.mapping("palermo/control", "ctdc-2024/variables")
    assert set(to_2024.back("meansDenyBasicNeeds")) == {
        "RestrictsFinancialAccess", "RestrictsMovement", "RestrictsMedicalCare", "WithholdsNecessities",
    }  # fmt: skip
    assert to_2024.get("Other") == ""
    assert "RestrictsMovement" not in standards.codelist("htcds-2.0/vic_MethodsOfControl")
    children = standards.codelist("palermo/control").children("AnyThreat")
    assert {c.code for c in children} == {"Threats", "ThreatOfLawEnforcement", "UsesChildren"}


def test_forms_read_as_the_three_glotip_forms() -> None:
    forms = standards.mapping("palermo/form", "glotip/form")
    assert forms.get("servitude") == "Forced labour"
    assert forms.get("begging") == "Other forms of exploitation"
    assert forms.get("unknown") == ""
    without = [c.code for c in standards.codelist("palermo/form") if c.code not in forms]
    assert without == ["unknown"]


def test_rules() -> None:
    assert standards.rule("ilo-2009-rule")["positive"][0] == {"strong": 2}
    assert standards.rule("sdg-16-2-2")["indicator"] == "16.2.2"
    with pytest.raises(LookupError):
        standards.rule("../packs/default")


def test_htcds_attribution_is_in_the_notice() -> None:
    page = pages.standards_page()
    assert "International Organization for Migration (IOM), CC BY 4.0" in page


@pytest.mark.parametrize("name", sorted(pages.pages()))
def test_committed_pages_equal_the_generated_ones(name: str) -> None:
    assert (REFERENCE / name).read_text(encoding="utf-8") == pages.pages()[name]()

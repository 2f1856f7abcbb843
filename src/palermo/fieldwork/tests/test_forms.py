"""T1: every shipped form converts and validates; the linter finds what must not be there, all of it at once."""

import shutil

import pytest

from palermo.fieldwork import forms, linting

JAVA = shutil.which("java")


def convert(path, *, validate):
    pytest.importorskip("pyxform", reason="pyxform is not installed")
    if not JAVA:
        pytest.skip("ODK Validate needs a Java runtime")
    from pyxform.xls2xform import convert as pyxform_convert

    return pyxform_convert(xlsform=path, validate=validate)


@pytest.mark.slow
@pytest.mark.parametrize("code", forms.codes())
def test_every_shipped_form_is_valid(code, tmp_path):
    path = tmp_path / f"{code}.xlsx"
    forms.write(forms.sheets(code), path)
    made = convert(path, validate=True)
    assert "Arabic (ar)" in made.xform
    assert "French (fr)" in made.xform


@pytest.mark.slow
def test_an_unknown_function_is_refused(tmp_path):
    form = forms.sheets("S2")
    form["survey"].append({"type": "calculate", "name": "bad", "calculation": "nosuchfn()"})
    forms.write(form, tmp_path / "bad.xlsx")
    with pytest.raises(Exception, match="nosuchfn"):
        convert(tmp_path / "bad.xlsx", validate=True)


@pytest.mark.parametrize("code", forms.codes())
def test_the_shipped_forms_pass_the_linter(code, tmp_path):
    forms.write(forms.sheets(code), tmp_path / "form.xlsx")
    read = linting.read(str(tmp_path / "form.xlsx"))
    assert len(read["survey"]) == len(forms.sheets(code)["survey"])
    assert [str(one) for one in linting.lint(read)] == []


def label(text):
    return {"label::English (en)": text, "label::French (fr)": text}


@pytest.mark.parametrize(
    ("rule", "row"),
    [
        ("personal", {"type": "text", "name": "first_name", **label("x")}),
        ("personal", {"type": "text", "name": "q1", **label("What is your name?")}),
        ("personal", {"type": "text", "name": "q1", **label("Quel est votre nom ?")}),
        ("personal", {"type": "text", "name": "q1", **label("ما اسمك؟")}),
        ("personal", {"type": "text", "name": "q1", **label("Your phone number")}),
        ("personal", {"type": "text", "name": "passport_no", **label("x")}),
        ("media", {"type": "image", "name": "face", **label("x")}),
        ("background-audio", {"type": "background-audio", "name": "sound"}),
        ("or_other", {"type": "select_one sex or_other", "name": "q1", **label("x")}),
        ("geopoint", {"type": "geopoint", "name": "q1", **label("x")}),
        ("geopoint", {"type": "audit", "name": "audit", "parameters": "location-priority=balanced"}),
        ("sum", {"type": "calculate", "name": "q1", "calculation": "sum(${fee})"}),
        ("translation", {"type": "text", "name": "q1", "label::English (en)": "x"}),
    ],
)
def test_each_rule_finds_its_own(rule, row):
    good = {"type": "integer", "name": "days", **label("How many days?")}
    assert [one.rule for one in linting.lint({"survey": [good, row]})] == [rule]


def test_the_idiom_for_sums_passes_and_all_findings_come_at_once():
    idiom = {
        "type": "calculate",
        "name": "a",
        "calculation": "if(count-non-empty(${fee}) > 0, sum(${fee}[. != '']), 0)",
    }
    bad = [{"type": "image", "name": "b", **label("x")}, {"type": "geopoint", "name": "c", **label("x")}]
    assert [one.row for one in linting.lint({"survey": [idiom, *bad]})] == [3, 4]

"""`palermo attack`: what follows from published tables, in words."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from palermo.cli import app

GLOTIP = Path(__file__).resolve().parents[5] / "shared" / "data" / "glotip" / "data_glotip_2024-05.csv"


@pytest.fixture
def attack(tmp_path):
    """Writes files from texts, attacks them; gives the exit code and what was found."""

    def run(*texts, more=()):
        files = []
        for number, text in enumerate(texts):
            path = tmp_path / f"v{number + 1}.csv"
            path.write_text(text, encoding="utf-8")
            files.append(str(path))
        result = CliRunner().invoke(app, ["attack", *files, "--json", *more])
        assert result.exit_code in (0, 1, 2), result.stderr
        return result.exit_code, json.loads(result.stdout)

    return run


def findings(found):
    return {
        tuple(cell["cell"].values()): (cell["low"], cell["finding"])
        for cell in found["cells"]
        if cell["finding"]
    }


def test_a_hidden_sex_follows_by_subtraction(attack):
    code, found = attack("sex,count\nTotal,50\nFemale,47\nMale,<5\n")
    assert code == 1
    (cell,) = found["cells"]
    assert (cell["low"], cell["high"], cell["said"], cell["finding"]) == (3, 3, [0, 4], "exact")
    assert cell["proof"] == ["Total 50 minus Female 47 leaves 3 for Male"]


def test_what_is_hidden_well_stays_so(attack):
    table = "sex,year,count\nTotal,Total,120\nF,Total,70\nM,Total,50\nTotal,1,60\nTotal,2,60\nF,1,\nM,1,\nF,2,\nM,2,\n"
    code, found = attack(table)
    assert code == 0
    assert found["hidden"] == 4
    assert {(cell["low"], cell["high"]) for cell in found["cells"]} == {(10, 60), (0, 50)}


def test_marks_are_used(attack):
    """Nothing follows from the empty cells alone; that D is 5 or more pins the A beside it."""
    code, found = attack("sex,count,status\nTotal,6,\nF,,A\nM,,D\n")
    assert code == 1
    assert findings(found) == {("F",): (1, "exact"), ("M",): (5, "recovered")}
    assert attack("sex,count\nTotal,6\nF,\nM,\n")[0] == 0


def test_a_count_proved_to_be_small_without_being_known(attack):
    code, found = attack("sex,count\nTotal,50\nF,46\nM,\nX,\n")
    assert code == 1
    assert findings(found) == {("M",): (0, "small"), ("X",): (0, "small")}


def test_a_proof_of_several_steps_names_each_sum(attack):
    rows = [
        "sex,age,count",
        "Total,Total,100",
        "F,Total,60",
        "M,Total,40",
        "Total,child,30",
        "Total,adult,70",
    ]
    code, found = attack("\n".join([*rows, "F,child,", "F,adult,40", "M,child,", "M,adult,"]) + "\n")
    assert code == 0
    assert found["recovered"] == 3
    by_cell = {tuple(cell["cell"].values()): cell for cell in found["cells"]}
    assert by_cell["child", "M"]["proof"] == [
        "age adult: Total 70 minus F 40 leaves 30 for M",
        "sex M: Total 40 minus adult 30 leaves 10 for child",
    ]


def test_sums_that_only_work_together_are_named_together(attack):
    """No single sum bounds the cell; four of them do."""
    table = """a,b,count
Total,Total,
Total,x,10
Total,y,10
Total,z,10
p,Total,12
q,Total,9
r,Total,9
p,x,
p,y,
p,z,1
q,x,
q,y,
q,z,7
r,x,0
r,y,
r,z,2
"""
    code, found = attack(table)
    assert code == 1
    assert all(cell["proof"] for cell in found["cells"] if cell["finding"])


def test_editions_together_tell_what_each_alone_hides(attack):
    first = "group,count\nTotal,100\na,50\nb,50\nc,0\n"
    second = "group,count\nTotal,\na,50\nb,\nc,\n"
    third = "group,count\nTotal,103\na,50\nb,\nc,\n"
    assert attack(first, second, more=["--earlier-first"])[0] == 0
    code, found = attack(first, third, more=["--earlier-first"])
    assert code == 1
    small = [cell for cell in found["cells"] if cell["cell"] == {"group": "c"}]
    assert small[0]["high"] == 3
    assert small[0]["edition"] == "v2.csv"
    assert any("v1.csv" in line for line in small[0]["proof"])


def test_editions_without_the_word_are_asked_about(attack):
    code, found = attack("g,count\nTotal,9\na,9\n", "g,count\nTotal,10\na,10\n")
    assert code == 2
    assert "--earlier-first" in found["problems"][0]["message"]


def test_linked_files_share_their_totals(attack):
    by_sex = "year,sex,count\n2024,Total,43\n2024,f,\n2024,m,40\n"
    code, found = attack(
        by_sex.replace("2024,Total,43", "2024,Total,"),
        "year,form,count\n2024,Total,43\n2024,s,20\n2024,l,23\n",
    )
    assert code == 1
    assert findings(found) == {("f",): (3, "exact")}


def test_totals_that_do_not_add_up_are_told_and_prove_nothing(attack):
    code, found = attack("sex,count\nTotal,94\nFemale,17\nMale,<5\n")
    assert code == 0
    assert found["does_not_add_up"][0]["sums"] == [
        "Total 94 is the sum of Female 17, Male 0 to 4: this does not add up"
    ]


def test_a_file_that_hides_nothing(attack):
    assert attack("sex,count\nTotal,50\nF,20\nM,30\n")[0] == 0


@pytest.mark.skipif(not GLOTIP.exists(), reason="the export of UNODC is not here")
def test_the_hidden_sexes_of_the_global_report_are_found():
    """332 of 1,195 country-years with a total and both sexes hide exactly one sex: all are found (27 do not add up)."""
    where = ["Age=Total", "Dimension=Total", "Indicator=Detected trafficking victims"]
    told = [word for one in where for word in ("--where", one)]
    by = "Iso3_code,Country,Year,Sex"
    result = CliRunner().invoke(
        app, ["attack", str(GLOTIP), "--count", "txtVALUE", "--by", by, *told, "--json"]
    )
    assert result.exit_code == 1, result.stderr
    found = json.loads(result.stdout)
    years: dict[str, dict[str, str]] = {}
    with GLOTIP.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if all(row[name] == value for name, value in (one.split("=") for one in where)):
                name = f"Iso3_code={row['Iso3_code']}, Country={row['Country']}, Year={row['Year']}"
                years.setdefault(name, {}).setdefault(row["Sex"], row["txtVALUE"])
    three = {name: sexes for name, sexes in years.items() if {"Total", "Female", "Male"} <= sexes.keys()}
    one_hidden = {
        name
        for name, sexes in three.items()
        if sexes["Total"] != "<5" and (sexes["Female"] == "<5") != (sexes["Male"] == "<5")
    }
    assert (len(three), len(one_hidden)) == (1195, 332)
    told_of = {
        cell["population"]: cell["finding"]
        for cell in found["cells"]
        if cell["finding"] in ("exact", "narrowed", "together")
        and cell["cell"].get("Sex") in ("Female", "Male")
    }
    broken = {one["population"] for one in found["does_not_add_up"]}
    assert one_hidden <= told_of.keys() | broken
    exactly = sum(told_of.get(name) == "exact" for name in one_hidden)
    assert (exactly, len(one_hidden & broken)) == (293, 27)

"""Lists come in whole or not at all, twice without harm, and go on where they were broken off."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connection

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, Refused
from palermo.kernel.imports import actions as importing
from palermo.kernel.imports.actions import Outcome, run_import
from palermo.kernel.imports.command import main
from palermo.kernel.imports.models import ImportRun
from palermo.kernel.imports.problems import LEFT_OUT, Unreadable
from palermo.rooms.register import queries
from palermo.rooms.register.models import Person
from palermo.standards.records.synthetic import synthetic_htcds

OPERATOR = Viewer.operator()
HEADER = "record_number,year,sex,crime,status,form,area\n"


def take(path: Path, format: str = "people", source: str = "a list", mapping: Path | None = None) -> Outcome:
    return run_import(actor=OPERATOR, path=path, format=format, source=source, mapping=mapping)


def counts(outcome: Outcome) -> tuple[int, int, int, int, int]:
    return outcome.read, outcome.added, outcome.updated, outcome.unchanged, outcome.rejected


def people_csv(path: Path, rows: int, *, wrong: int = 0, start: int = 0) -> Path:
    lines = [f"N{start + i},2024,female,tip,presumed,sexual_exploitation,PX-01\n" for i in range(rows)]
    lines += [f"W{i},2024,nobody,tip,presumed,,\n" for i in range(wrong)]
    path.write_text(HEADER + "".join(lines))
    return path


def stored() -> int:
    with acting(OPERATOR):
        return Person.objects.count()


def state_of_everything() -> list[Any]:
    with acting(OPERATOR), connection.cursor() as cursor:
        found = []
        for table in ("register_person", "register_event", "register_cell", "register_sourcelist",
                      "register_provenance", "imports_importrun", "audit_entry"):  # fmt: skip
            cursor.execute(f"SELECT count(*) FROM {table}")
            found.append((table, cursor.fetchone()[0]))
        return found


@pytest.fixture
def empty(transactional_db: None) -> None:
    """An empty database in which batches really commit."""


@pytest.fixture
def ctdc(shared: Path) -> Path:
    return shared / "data" / "ctdc" / "ctdc_global_kanon_2017-11-27.csv"


def test_the_ctdc_file_comes_in_once_however_often_it_is_given(empty: None, ctdc: Path) -> None:
    assert counts(take(ctdc, "ctdc", "CTDC")) == (47_102, 47_102, 0, 0, 0)
    assert counts(take(ctdc, "ctdc", "CTDC")) == (47_102, 0, 0, 47_102, 0)
    with ctdc.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    years = Counter(int(row["yearOfRegistration"]) for row in rows)
    women = Counter(int(row["yearOfRegistration"]) for row in rows if row["gender"] == "Female")
    answered = [row for row in rows if row["meansOfControlThreats"]]
    with acting(OPERATOR):
        assert {r["year"]: r["count"] for r in queries.tally(OPERATOR, ["year"])} == years
        assert {r["year"]: r["count"] for r in queries.tally(OPERATOR, ["year"], {"sex": "female"})} == women
        threats = {c["code"]: c for c in queries.flag_tally(OPERATOR, "control")["codes"]}["Threats"]
        assert (threats["yes"], threats["no"]) == (
            sum(row["meansOfControlThreats"] == "1" for row in answered),
            sum(row["meansOfControlThreats"] == "0" for row in answered),
        )
        assert queries.drift(OPERATOR) == []


def test_the_order_of_a_list_does_not_matter(empty: None, ctdc: Path, tmp_path: Path) -> None:
    header, *rows = ctdc.read_text().splitlines(keepends=True)
    rows = rows[:6_000]
    turned = tmp_path / "turned.csv"
    turned.write_text(header + "".join(reversed(rows)))
    straight = tmp_path / "straight.csv"
    straight.write_text(header + "".join(rows))
    assert take(straight, "ctdc", "CTDC").added == 6_000
    assert counts(take(turned, "ctdc", "CTDC")) == (6_000, 0, 0, 6_000, 0)


def test_the_glotip_file_comes_in_once_however_often_it_is_given(empty: None, shared: Path) -> None:
    path = shared / "data" / "glotip" / "data_glotip_2024-05.csv"
    first = take(path, "glotip", "UNODC")
    assert (first.read, first.rejected) == (46_556, 0)
    again = take(path, "glotip", "UNODC")
    assert (again.added, again.updated, again.unchanged) == (0, 0, 46_556)


def test_an_htcds_file_comes_in_without_any_identity(empty: None, tmp_path: Path) -> None:
    path = tmp_path / "htcds.csv"
    path.write_text(synthetic_htcds(300, Random(5)), encoding="utf-8")
    assert counts(take(path, "htcds", "an NGO")) == (300, 300, 0, 0, 0)
    assert counts(take(path, "htcds", "an NGO")) == (300, 0, 0, 300, 0)
    with path.open(encoding="utf-8", newline="") as file:
        names = {row["prs_SecondName"] for row in csv.DictReader(file)}
    with acting(OPERATOR), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(p::text, ' ') FROM register_person p")
        everything = cursor.fetchone()[0]
    assert names
    assert not [name for name in names if name in everything]


def test_a_changed_record_is_an_update_and_not_a_second_person(empty: None, tmp_path: Path) -> None:
    path = people_csv(tmp_path / "list.csv", 20)
    assert take(path).added == 20
    path.write_text(path.read_text().replace("N3,2024,female", "N3,2024,male"))
    assert counts(take(path)) == (20, 0, 1, 19, 0)
    with acting(OPERATOR):
        assert {r["sex"]: r["count"] for r in queries.tally(OPERATOR, ["sex"])} == {"female": 19, "male": 1}
        assert queries.drift(OPERATOR) == []


def test_a_record_number_that_comes_twice_is_rejected_the_second_time(empty: None, tmp_path: Path) -> None:
    path = people_csv(tmp_path / "list.csv", 20)
    path.write_text(path.read_text() + "N3,2024,male,tip,presumed,,\n")
    for added in (20, 0):
        outcome = take(path)
        assert counts(outcome) == (21, added, 0, 20 - added, 1)
        assert outcome.rejected_path is not None
        assert (
            "22,record_number,(left out),this record number is in the file already"
            in Path(outcome.rejected_path).read_text()
        )


def test_rejected_rows_are_listed_with_row_column_and_rule(empty: None, tmp_path: Path) -> None:
    path = people_csv(tmp_path / "list.csv", 30)
    path.write_text(path.read_text() + "X1,1066,=1+1,tip,presumed,,\nX2,2024,male,tip,presumed,,bad area\n")
    outcome = take(path)
    assert counts(outcome) == (32, 30, 0, 0, 2)
    assert outcome.rejected_path is not None
    with Path(outcome.rejected_path).open(encoding="utf-8", newline="") as file:
        listed = [(r["row"], r["column"], r["value"]) for r in csv.DictReader(file)]
    assert listed == [("32", "year", LEFT_OUT), ("32", "sex", LEFT_OUT), ("33", "area", LEFT_OUT)]


def test_the_bar_reaches_its_end_when_the_last_rows_are_refused(empty: None, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    run_import(
        actor=OPERATOR,
        path=people_csv(tmp_path / "list.csv", 10, wrong=3),
        format="people",
        source="a list",
        progress=lambda *step: seen.append(step),
    )
    assert seen[-1] == ("write", 13, 13)


def test_a_missing_column_is_named_and_the_way_to_all_columns(
    empty: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("record_number,year,sex,crime\n1,2024,female,tip\n")
    assert main(path, "people", "a list", progress=False) == 2
    said = capsys.readouterr().err
    assert "column status: the column is missing" in said
    assert "palermo formats people" in said


def test_a_name_in_the_wrong_column_is_not_kept_with_the_rejected_rows(empty: None, tmp_path: Path) -> None:
    path = tmp_path / "htcds.csv"
    header, *rows = synthetic_htcds(20, Random(5)).splitlines()
    values = dict(zip(header.split(","), next(csv.reader([rows[3]])), strict=True))
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write("\n".join((header, *rows)) + "\n")
        csv.DictWriter(file, values).writerow(values | {"prs_Gender": "Quuxandra Blim"})
    outcome = take(path, "htcds", "an NGO")
    assert (outcome.added, outcome.rejected) == (20, 1)
    assert outcome.rejected_path is not None
    text = Path(outcome.rejected_path).read_text(encoding="utf-8")
    assert "Quuxandra" not in text
    assert "22,prs_Gender,(left out),a value of HTCDS" in text


def test_no_rule_quotes_what_stands_in_another_column(empty: None, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "year,sex,crime,status,age_group,age\n2024,male,tip,presumed,,\n2024,male,tip,presumed,Quuxandra,30\n"
    )
    outcome = take(path)
    assert outcome.rejected_path is not None
    assert "Quuxandra" not in Path(outcome.rejected_path).read_text(encoding="utf-8")


def test_a_mapping_brings_in_a_local_list(empty: None, tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(
        '[columns]\nrecord_number = "Dossier"\nyear = "Année"\nsex = "Sexe"\n[values.sex]\nF = "female"\n'
        '[constants]\ncrime = "tip"\nstatus = "presumed"\n'
    )
    path = tmp_path / "liste.csv"
    path.write_text("Dossier;Année;Sexe;Remarques\n1;2023;F;rien\n2;2023;F;\n", encoding="utf-8-sig")
    assert take(path, mapping=plan).added == 2
    with acting(OPERATOR):
        assert queries.tally(OPERATOR, ["year", "sex", "crime"]) == [
            {"year": 2023, "sex": "female", "crime": "tip", "count": 2}
        ]


def bad_files(tmp_path: Path) -> Iterator[Path]:
    good = people_csv(tmp_path / "good.csv", 6_000).read_bytes()
    for name, content in {
        "header": good.replace(b"record_number,year", b"record_number,yaer", 1),
        "encoding": good + "Z,2024,féminin,tip,presumed,,\n".encode("latin-1"),
        "ragged": good + b"Z,2024\n",
        "zip": b"PK\x03\x04" + b"\0" * 1_000,
        "nul": good + b"Z,2024,fem\0ale,tip,presumed,,\n",
    }.items():
        path = tmp_path / f"{name}.csv"
        path.write_bytes(content)
        yield path
    yield people_csv(tmp_path / "nonsense.csv", 0, wrong=5_000)
    yield people_csv(tmp_path / "late-nonsense.csv", 6_000, wrong=6_001)
    yield tmp_path / "missing.csv"


def test_a_bad_file_ends_with_2_the_list_of_problems_and_an_unchanged_database(
    empty: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take(people_csv(tmp_path / "before.csv", 5))
    before = state_of_everything()
    for path in bad_files(tmp_path):
        assert main(path, "people", "a list", None, True, False) == 2, path.name
        printed = capsys.readouterr()
        problems = json.loads(printed.out)["problems"]
        assert problems, path.name
        assert set(problems[0]) == {"file", "row", "column", "value", "rule"}
        assert problems[0]["file"] == path.name
        assert "unchanged" in printed.err
        assert state_of_everything() == before, path.name
    assert not [p for p in importing.folder().iterdir() if p.name.startswith(".")], "scratch files were left"


def test_a_great_file_of_nonsense_ends_at_once(empty: None, tmp_path: Path) -> None:
    path = tmp_path / "nonsense.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for _block in range(200):
            file.write("x,x,x,x,x,x,x\n" * 10_000)
    began = time.monotonic()
    with pytest.raises(Unreadable) as caught:
        take(path)
    assert time.monotonic() - began < 10
    assert "1000 of the first 1000 rows" in caught.value.problems[0].rule
    assert len(caught.value.problems) <= 500
    assert caught.value.problems[1].column == "year"


def test_values_of_identity_columns_are_not_printed(empty: None, tmp_path: Path) -> None:
    path = tmp_path / "htcds.csv"
    text = synthetic_htcds(1, Random(5))
    header, row = text.splitlines()[:2]
    values = dict(zip(header.split(","), next(csv.reader([row])), strict=True))
    values["prs_Birthdate"] = "Somebody Else"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, values)
        writer.writeheader()
        writer.writerow(values)
    with pytest.raises(Unreadable) as caught:
        take(path, "htcds", "an NGO")
    shown = [problem.value for problem in caught.value.problems if problem.column == "prs_Birthdate"]
    assert shown == [LEFT_OUT]


def test_only_the_operator_imports(people: Any, tmp_path: Path) -> None:
    path = people_csv(tmp_path / "list.csv", 5)
    with acting(people.coordinator.viewer), pytest.raises(Refused):
        run_import(actor=people.coordinator.viewer, path=path, format="people", source="a list")


def test_two_imports_of_one_list_exclude_each_other(empty: None, tmp_path: Path) -> None:
    path = people_csv(tmp_path / "list.csv", 5)
    with importing._alone("people", "a list"):
        connection_of_ours = connection.connection
        code = (
            "import django; django.setup()\n"
            "from pathlib import Path\n"
            "from palermo.kernel.imports.command import main\n"
            f"raise SystemExit(main(Path({str(path)!r}), 'people', 'a list', None, True, False))\n"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert json.loads(done.stdout)["rule"] == "imports.one_at_a_time"
        assert connection.connection is connection_of_ours
    assert take(path).added == 5
    assert Conflict.status == 409


def test_an_import_that_is_killed_goes_on_after_its_last_batch(empty: None, ctdc: Path) -> None:
    code = (
        "import django; django.setup()\n"
        "from pathlib import Path\n"
        "from palermo.kernel.imports.command import main\n"
        f"main(Path({str(ctdc)!r}), 'ctdc', 'CTDC', None, True, False)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while stored() < 10_000 and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with acting(OPERATOR):
        broken = ImportRun.objects.get()
        assert (broken.state, broken.rows_total) == ("running", 47_102)
        assert 10_000 <= broken.rows_done < 47_102
        assert Person.objects.count() == broken.rows_done, "a batch is whole or absent"
    outcome = take(ctdc, "ctdc", "CTDC")
    assert outcome.run_id == broken.id
    assert counts(outcome) == (47_102, 47_102, 0, 0, 0)
    with acting(OPERATOR):
        assert ImportRun.objects.get().state == "finished"
        assert queries.drift(OPERATOR) == []
    assert stored() == 47_102
    assert counts(take(ctdc, "ctdc", "CTDC")) == (47_102, 0, 0, 47_102, 0)

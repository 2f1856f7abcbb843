"""A list of offenders that cannot be taken leaves every table as it was; drifted counts are told and put right."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench_visitor import command
from fault_work import database
from test_bad_files import rows_of

from palermo.kernel.database import launcher
from palermo.standards.records.offender_fields import example, template

BAD = {
    "header": example().replace("person_key", "name", 1).encode(),
    "ragged": (example() + "K-9,convicted\n").encode(),
    "encoding": example().replace("art. 12(1)", "artículo 12").encode("latin-1"),
    "nonsense": (template() + ("x" + "," * template().count(",") + "\n") * 200_000).encode(),
}


@pytest.fixture(scope="module")
def running(home: Path) -> Iterator[Path]:
    with launcher.lease(home):
        yield home


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_list_of_offenders_changes_nothing(kind: str, running: Path, top: Path) -> None:
    file = top / f"{kind}.csv"
    file.write_bytes(BAD[kind])
    before = rows_of(running)
    done = command(running, "import", str(file), "--format", "offenders", "--source", "Courts", "--json")
    assert done.returncode == 2, done.stdout + done.stderr
    assert json.loads(done.stdout)["problems"]
    assert "unchanged" in done.stderr
    assert rows_of(running) == before


def test_drifted_counts_are_told_by_the_doctor_and_put_right(running: Path) -> None:
    with database(running) as connection:
        connection.execute(
            "INSERT INTO register_formcell (source_list_id, persons, year, crime, status, sex, age_group, majority, "
            "form_yes) VALUES (1, 7, 2020, '', '', '', '', '', 0)"
        )
    told = command(running, "doctor")
    assert told.returncode == 1
    assert "1 counts of the register differ from its persons" in told.stdout
    assert "palermo reconcile" in told.stdout
    assert json.loads(command(running, "reconcile", "--json").stdout) == {"corrected": 1}
    assert "The counts of the register agree" in command(running, "doctor").stdout

"""Lists come in: identity sealed, codes beside it, corrections as new wordings, removals that last."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.imports.problems import Unreadable
from palermo.rooms.reconciliation import actions
from palermo.rooms.reconciliation.models import Delivery, Listed, Project, Source, Version
from palermo.rooms.reconciliation.tests.conftest import HARBOUR, declared, take

pytestmark = pytest.mark.django_db


def listed(name: str) -> list[Listed]:
    with acting(Viewer.operator()):
        return list(Listed.objects.filter(source__name=name).order_by("recorded_on"))


def test_a_row_becomes_a_code_and_codes(lists: dict[str, Source]) -> None:
    first = listed("Harbour")[0]
    assert (first.sex, first.birth_year, first.nationality, first.basis, first.child) == (
        "female", 1990, "PER", "document", False,
    )  # fmt: skip
    assert listed("Harbour")[2].child is True
    assert listed("Harbour")[3].faults == ["first_of_january"]
    assert listed("Help")[2].faults == ["no_name"]


def test_no_name_stands_anywhere_in_the_clear(lists: dict[str, Source], settings: Any) -> None:
    with acting(Viewer.operator()), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'reconciliation_%'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} t")
            for (text,) in cursor.fetchall():
                assert "Quillam" not in text
                assert b"Quillam".hex() not in text


def test_the_same_file_twice_adds_nothing(lists: dict[str, Source], tmp_path: Path) -> None:
    again = take(tmp_path, "Harbour", HARBOUR)
    assert (again.added, again.updated, again.unchanged) == (0, 0, 4)


def test_a_corrected_record_is_a_new_wording_and_the_old_one_is_kept(
    lists: dict[str, Source], tmp_path: Path
) -> None:
    before = listed("Harbour")[1]
    out = take(tmp_path, "Harbour", HARBOUR.replace("1985-02-03", "1986-02-03"))
    assert (out.added, out.updated, out.unchanged) == (0, 1, 3)
    after = listed("Harbour")[1]
    assert (after.pk, after.version, after.birth_year) == (before.pk, 2, 1986)
    with acting(Viewer.operator()):
        assert Delivery.objects.filter(source__name="Harbour").count() == 2
    with connection.cursor() as cursor, acting(Viewer.operator()):
        cursor.execute("SELECT 1")
    assert versions(after) == 0  # no run waits: not even the command line sees sealed rows


def versions(one: Listed) -> int:
    with acting(Viewer.operator()):
        return Version.objects.filter(listed=one).count()


def test_a_number_that_comes_twice_is_a_fault_of_the_second_row(
    people: Any, project: Project, tmp_path: Path
) -> None:
    declared(people, project, "L", people.organisation)
    out = take(tmp_path, "L", "x,2024-01-01,Aru,Bel,,,,,,,,\nx,2024-01-01,Aru,Bel,,,,,,,,\ny,,Cor,,,,,,,,,\n")
    assert (out.added, out.rejected) == (2, 1)


def test_ten_thousand_equal_records_stay_ten_thousand(people: Any, project: Project, tmp_path: Path) -> None:
    declared(people, project, "L", people.organisation)
    out = take(tmp_path, "L", ",2024-01-01,Aru,Bel,,female,1990,year,PER,,,\n" * 10_000)
    assert out.added == 10_000
    again = take(tmp_path, "L", ",2024-01-01,Aru,Bel,,female,1990,year,PER,,,\n" * 10_000)
    assert again.unchanged == 10_000


def test_an_undeclared_list_waits_without_a_legal_basis(
    people: Any, project: Project, tmp_path: Path
) -> None:
    take(tmp_path, "Border post", "x,2024-01-01,Aru,Bel,,,,,,,,\n")
    with acting(people.coordinator.viewer):
        found = Source.objects.get(name="Border post")
        assert (found.project_id, found.legal_basis, found.organisation.name) == (None, "", "Border post")


def test_other_headers_come_through_a_mapping(people: Any, project: Project, tmp_path: Path) -> None:
    from palermo.kernel.imports.actions import run_import

    declared(people, project, "L", people.organisation)
    path, mapping = tmp_path / "l.csv", tmp_path / "m.toml"
    path.write_text("Nr;Prénom;Nom;Remarks\n1;Aru;Bel;x\n", encoding="utf-8")
    mapping.write_text(
        '[columns]\nrecord_id = "Nr"\ngiven_name = "Prénom"\nfamily_name = "Nom"\n', encoding="utf-8"
    )
    out = run_import(actor=Viewer.operator(), path=path, format="people", source="L", mapping=mapping)
    assert out.added == 1


def test_a_file_without_any_of_the_columns_is_refused(people: Any, tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        take(tmp_path, "L", "1,2\n", header="apples,pears")


def test_a_list_without_names_still_goes_to_the_register(people: Any, tmp_path: Path) -> None:
    out = take(tmp_path, "Counted", "2023,female,tip,presumed\n", header="year,sex,crime,status")
    assert out.added == 1
    with acting(Viewer.operator()):
        assert not Source.objects.filter(name="Counted").exists()


def test_an_unlawful_removal_is_refused_in_words(people: Any, lists: dict[str, Source]) -> None:
    from palermo.kernel.errors import Invalid, NotFound

    code = listed("Harbour")[0].code
    with acting(people.supervisor.viewer) as viewer, pytest.raises(Invalid):
        actions.remove_record(actor=viewer, code=code, why="because")
    with acting(people.other_worker.viewer) as viewer, pytest.raises(NotFound):
        actions.remove_record(actor=viewer, code=code, why="request")

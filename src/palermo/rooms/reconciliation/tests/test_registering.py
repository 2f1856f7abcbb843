"""Three lists reach the national register: a linked person counts there once, and follows every change of links."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, Invalid, Refused
from palermo.kernel.jobs.models import Effect
from palermo.kernel.organisations.models import Role
from palermo.rooms.reconciliation import actions
from palermo.rooms.reconciliation.models import Change, Link, Project, Run, Source
from palermo.rooms.reconciliation.tests.conftest import HARBOUR, HELP, NORTH, carried_out, pair_of, say, take
from palermo.rooms.register import queries as register
from palermo.rooms.register.actions import pseudonym

pytestmark = pytest.mark.django_db
OPERATOR = Viewer.operator()
LISTS = ("Harbour", "North", "Help")


def fresh(member: Any) -> Viewer:
    """The same person just signed in."""
    return replace(member.viewer, stepped_up=True)


def counted(people: Any, project: Project, by: str = "standing") -> None:
    with acting(fresh(people.coordinator)) as viewer:
        actions.count_people(actor=viewer, project=Project.objects.get(pk=project.pk), by=by)
    worker(project)


def worker(project: Project) -> None:
    """What the worker does with every effect that waits for the register."""
    with acting(OPERATOR) as viewer:
        waiting = list(Effect.objects.filter(kind="reconciliation.register", done_at=None))
        assert waiting
        for effect in waiting:
            actions.follow(viewer, effect)
        Effect.objects.filter(pk__in=[one.pk for one in waiting]).update(done_at=timezone.now())


def tally(*by: str, **where: Any) -> Any:
    with acting(OPERATOR):
        assert register.drift(OPERATOR) == []
        rows = register.tally(OPERATOR, by, where)
    return {tuple(row[name] for name in by): row["count"] for row in rows} if by else rows[0]["count"]


def test_linked_people_count_once(people: Any, project: Project, run: Run) -> None:
    assert tally() == 0
    counted(people, project)
    assert run.summary["records"] == 10
    assert tally() == run.summary["persons"] < 10
    assert sum(tally("source").values()) >= tally()
    with acting(people.coordinator.viewer) as viewer:
        told = register.effect(viewer, LISTS)
        assert (told.lists, told.records, told.persons) == (3, 10, run.summary["persons"])
    assert tally("crime") == {("tip",): run.summary["persons"]}
    assert tally("year") == {(2024,): run.summary["persons"]}


def test_the_facts_are_those_of_the_strongest_record(people: Any, project: Project, run: Run) -> None:
    counted(people, project)
    with acting(people.coordinator.viewer) as viewer:
        person = Link.objects.get(listed__source__name="Help", listed__nationality="COL",
                                  listed__birth_year=1990, closed=None).person  # fmt: skip
        code = register.code_of_key(viewer, pseudonym(person.pk))
        told = register.together(viewer, code)
        assert told is not None
        assert {row.source for row in told.rows} == set(LISTS)
        assert {row.legal_basis for row in told.rows} == {"Act on the national mechanism, article 12"}
        fact = {one.name: one for one in told.facts}["citizenship"]
        assert (fact.conflict, fact.word, fact.reason) == (
            True, "Colombia", "equally good: the later record counts",
        )  # fmt: skip


def test_only_what_people_decided(people: Any, project: Project, run: Run) -> None:
    counted(people, project, "decided")
    assert tally() == 10
    pair = pair_of(run, across=True)
    say(people.case_worker, pair, "same")
    say(people.other_worker, pair, "same")
    with acting(OPERATOR) as viewer:
        actions.settle(viewer, Effect(kind="reconciliation.settle", object_id=project.pk))
    worker(project)
    assert tally() == 9
    with acting(people.other_worker.viewer) as viewer:
        actions.take_back(actor=viewer, pair=pair)
    worker(project)
    assert tally() == 10


def test_undoing_a_linkage_reaches_the_register(people: Any, project: Project, run: Run) -> None:
    counted(people, project)
    joined = tally()
    with acting(fresh(people.coordinator)) as viewer:
        change = Change.objects.get(project=project, kind="run")
        actions.undo(actor=viewer, change=change)
    worker(project)
    assert tally() == 0  # the first linkage is taken back: nobody stands for anybody
    carried_out(people, project)
    worker(project)
    assert tally() == joined


def test_two_found_to_be_different_count_twice(people: Any, project: Project, run: Run) -> None:
    counted(people, project)
    before = tally()
    with acting(OPERATOR):
        from palermo.rooms.reconciliation.models import Pair

        pair = Pair.objects.get(
            run=run, linked=True, across=False, left__nationality="COL", right__nationality="COL"
        )
    say(people.case_worker, pair, "different")
    carried_out(people, project)
    worker(project)
    assert tally() == before + 1


def test_a_corrected_and_a_late_record(people: Any, project: Project, run: Run, tmp_path: Path) -> None:
    counted(people, project)
    before = tally()
    assert tally("citizenship")[("NPL",)] == 1
    take(
        tmp_path,
        "Harbour",
        HARBOUR.replace("NPL", "EGY") + "a5,2023-01-01,Late,Comer,,male,1980,year,KEN,,,\n",
    )
    worker(project)
    found = tally("citizenship")
    assert (("NPL",) in found, found[("EGY",)], tally()) == (
        False,
        2,
        before,
    )  # the late one waits for a linkage
    carried_out(people, project)
    worker(project)
    assert (tally(), tally("year")[(2023,)]) == (before + 1, 1)


def test_no_more_in_the_register(people: Any, project: Project, run: Run) -> None:
    counted(people, project)
    assert tally() > 0
    counted(people, project, "")
    assert tally() == 0
    counted(people, project)
    assert tally() == run.summary["persons"]


def test_a_list_that_is_left_out_leaves_the_register(
    people: Any, project: Project, run: Run, lists: dict[str, Source]
) -> None:
    counted(people, project)
    with acting(people.coordinator.viewer) as viewer:
        actions.leave_out(actor=viewer, source=Source.objects.get(pk=lists["North"].pk))
    with acting(OPERATOR) as viewer:
        actions.left(viewer, Effect.objects.get(kind="reconciliation.left"))
    assert ("North",) not in tally("source")


def test_who_may_and_what_is_refused(people: Any, project: Project, lists: dict[str, Source]) -> None:
    with acting(fresh(people.coordinator)) as viewer:
        with pytest.raises(Conflict, match="Link the lists first"):
            actions.count_people(actor=viewer, project=project, by="standing")
        with pytest.raises(Invalid):
            actions.count_people(actor=viewer, project=project, by="guessing")
    for name in ("analyst", "supervisor", "case_worker", "administrator"):
        with acting(fresh(getattr(people, name))) as viewer, pytest.raises(Refused):
            actions.count_people(actor=viewer, project=project, by="standing")


def test_a_person_who_asked_to_be_forgotten_is_nowhere(
    people: Any, project: Project, run: Run, tmp_path: Path
) -> None:
    """Planted on three lists of two houses, linked, decided about, counted; then each holder takes the record out."""
    counted(people, project)
    before = tally()
    say(people.case_worker, pair_of(run, across=True), "same")
    with acting(OPERATOR):
        person = Link.objects.get(listed__source__name="North", listed__birth_year=1990, closed=None).person
        records = [
            link.listed for link in Link.objects.filter(person=person).select_related("listed__source")
        ]
        assert {one.source.name for one in records} == set(LISTS)
        marks = [
            text
            for one in records
            for text in (str(one.pk), one.code, bytes(one.key).hex(), pseudonym(one.pk).hex())
        ]
    marks += [str(person.pk), person.code, pseudonym(person.pk).hex()]
    with acting(people.coordinator.viewer) as viewer:
        code = register.code_of_key(viewer, pseudonym(person.pk))
        rows = register.together(viewer, code)
        assert rows is not None
        codes = [row.code for row in rows.rows]
    for one in records:
        with acting(fresh(supervisor_of(people, one.house))) as viewer:
            actions.remove_record(actor=viewer, code=one.code, why="request")
    with acting(OPERATOR) as viewer:
        for effect in Effect.objects.filter(kind="reconciliation.tidy"):
            actions.tidy(viewer, effect)
    worker(project)
    assert tally() == before - 1
    found = everywhere(*marks)
    # Keys of one way stay in three tables, so that no delivery and no feed brings the person back; the audit says that
    # a record of this code was removed.
    assert {table for table, _mark in found} <= {
        "reconciliation_removal",
        "register_withdrawal",
        "audit_entry",
    }
    with acting(people.coordinator.viewer) as viewer:
        assert register.code_of_key(viewer, pseudonym(person.pk)) == ""
        assert register.together(viewer, code) is None
        assert all(register.together(viewer, one) is None for one in codes)
        assert Run.objects.get(pk=run.pk).histories == {}
    for name, rows_again in (("Harbour", HARBOUR), ("North", NORTH), ("Help", HELP)):
        assert take(tmp_path, name, rows_again).added == 0
    again = carried_out(people, project)
    worker(project)
    assert (again.summary["records"], tally()) == (7, again.summary["persons"])


def supervisor_of(people: Any, house: Any) -> Any:
    """A supervisor of this organisation: the cast has one of the first."""
    if people.supervisor.viewer.organisation_ids[0] == house:
        return people.supervisor
    with acting(OPERATOR):
        return member("other-supervisor", Role.SUPERVISOR, people.other_organisation)


def everywhere(*marks: str) -> list[tuple[str, str]]:
    """Tables in which any of these texts stands, as the worker sees them; deleted rows of the vault included."""
    found = []
    with acting(OPERATOR), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute("SELECT has_table_privilege(%s, 'select')", [table])
            if not cursor.fetchone()[0]:
                continue
            for mark in marks:
                cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{mark}%"])
                found += [(table, mark)] if cursor.fetchone()[0] else []
    return found

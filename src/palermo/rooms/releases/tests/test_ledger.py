"""The ledger: the sum never goes over the cap, nothing is taken out, and a run that was cut off has spent."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, Invalid, Refused
from palermo.kernel.jobs.models import Progress
from palermo.rooms.releases import actions, queries
from palermo.rooms.releases.actions.ledger import cost
from palermo.rooms.releases.models import CapDecision, LedgerEntry, Population, Release, ReleaseFile
from palermo.rooms.releases.tests.conftest import ROWS, begun, draft, worked

pytestmark = pytest.mark.django_db
NOISE = {"epsilon": 1.5, "delta": 1e-6}


def test_a_run_is_booked_before_it_reads_anything(people: Any) -> None:
    made = begun(people.analyst, draft(people.analyst, ROWS))
    with acting(people.analyst.viewer) as viewer:
        (purse,) = queries.purses(viewer)
        assert purse.account.spent == cost(made) > 0
        assert purse.population.key == "registered-2024"
        assert [entry.kind for entry in purse.entries] == ["reserved"]
        assert purse.epsilon == pytest.approx(4.0, abs=1e-3)


def test_overspending_is_refused_with_the_arithmetic(people: Any) -> None:
    made = draft(people.analyst, ROWS)
    begun(people.analyst, made)
    second = draft(people.analyst, ROWS, title="The same once more")
    rho = f"{cost(made):.6f}".rstrip("0")
    with pytest.raises(Conflict) as told:
        begun(people.analyst, second)
    assert f"spent {rho} + asked {rho} = " in told.value.message
    assert told.value.message.endswith("cap 0.50.")
    with acting(people.analyst.viewer):
        kept = Release.objects.get(pk=second.pk)
        assert (kept.state, kept.revision) == ("draft", 0), "nothing of the run stays"
        assert LedgerEntry.objects.count() == 1


def test_a_run_over_several_years_spends_in_all_or_in_none(people: Any) -> None:
    begun(people.analyst, draft(people.analyst, ROWS))
    with pytest.raises(Conflict):
        begun(people.analyst, draft(people.analyst, ROWS, title="Three years", year_from=2022, year_to=2024))
    with acting(people.analyst.viewer):
        assert set(LedgerEntry.objects.values_list("population__key", flat=True)) == {"registered-2024"}
    begun(people.analyst, draft(people.analyst, ROWS, title="Two years", year_from=2022, year_to=2023))
    with acting(people.analyst.viewer):
        assert LedgerEntry.objects.count() == 3, "persons who never meet spend in parallel"


def test_a_table_or_an_estimate_costs_nothing(register: Any) -> None:
    begun(register.analyst, draft(register.analyst))
    with acting(register.analyst.viewer):
        assert not LedgerEntry.objects.exists()


def refused(viewer: Any, sql: str, *values: Any) -> None:
    with acting(viewer), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_the_database_refuses_every_change_of_the_book(people: Any) -> None:
    made = begun(people.analyst, draft(people.analyst, ROWS))
    for viewer in (people.analyst.viewer, people.coordinator.viewer, Viewer.operator()):
        refused(viewer, "UPDATE releases_ledgerentry SET rho = 0.000001 WHERE release_id = %s", made.pk)
        refused(viewer, "DELETE FROM releases_ledgerentry WHERE release_id = %s", made.pk)
        refused(viewer, "UPDATE releases_population SET cap = 9")
        refused(viewer, "DELETE FROM releases_population")
        refused(viewer, "INSERT INTO releases_population (id, key, cap, made_at) "
                "VALUES (gen_random_uuid(), 'registered-1999', 9, now())")  # fmt: skip


def test_the_sum_is_kept_by_the_database_and_not_by_the_program(people: Any) -> None:
    made = begun(people.analyst, draft(people.analyst, ROWS))
    with acting(people.analyst.viewer):
        entry = LedgerEntry.objects.get(release=made)
        entry.id, entry.revision, entry.rho = made.pk, 9, Decimal("0.4")
        entry._state.adding = True
        with pytest.raises(DatabaseError, match="over the cap"), transaction.atomic():
            entry.save(force_insert=True)


def test_a_run_that_was_cut_off_has_spent_and_left_no_file(people: Any) -> None:
    """The worker died after it had told past its transaction that it reads; another takes the job up."""
    made = begun(people.analyst, draft(people.analyst, ROWS))
    Progress.objects.filter(object_id=made.pk).update(share=1)
    after = worked(people.analyst, made)
    assert after.state == "draft"
    with acting(people.analyst.viewer) as viewer:
        assert not ReleaseFile.objects.filter(release=made).exists()
        entries = LedgerEntry.objects.filter(release=made).order_by("at")
        assert [(one.kind, one.result) for one in entries] == [("reserved", ""), ("outcome", "failed")]
        assert queries.purses(viewer)[0].account.spent == cost(made)
        assert "cut off" in queries.history(made)[0][0].reason


def test_a_higher_cap_needs_two_persons_and_a_reason(people: Any) -> None:
    begun(people.analyst, draft(people.analyst, ROWS))
    with acting(people.analyst.viewer) as viewer:
        population = Population.objects.get()
        with pytest.raises(Invalid) as told:
            actions.ask_for_cap(actor=viewer, population_id=population.pk, cap="0.4", reason="More.")
        assert {problem.field for problem in told.value.problems} == {"cap", "reason"}
        asked = actions.ask_for_cap(
            actor=viewer,
            population_id=population.pk,
            cap="0.75",
            reason="Researchers asked for the sector of work.",
        )
        with pytest.raises(Refused):
            actions.agree_to_cap(actor=viewer, decision_id=asked.pk)
    refused(
        people.analyst.viewer, "UPDATE releases_capdecision SET agreed_by_id = %s, agreed_at = now() WHERE id = %s",
        people.coordinator.pk, asked.pk,
    )  # fmt: skip
    with acting(people.coordinator.viewer) as viewer:
        actions.agree_to_cap(actor=viewer, decision_id=asked.pk)
        assert Population.objects.get().cap == Decimal("0.75")
    refused(people.analyst.viewer, "UPDATE releases_capdecision SET cap = 20 WHERE id = %s", asked.pk)
    with acting(people.coordinator.viewer):
        assert CapDecision.objects.get().agreed_by_id == people.coordinator.pk
    begun(people.analyst, draft(people.analyst, ROWS, title="Within the higher cap"))


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_never_go_over_the_cap(people: Any) -> None:
    made = draft(people.analyst, ROWS, parameters=NOISE)
    with acting(people.analyst.viewer):
        Population.objects.create(key="registered-2024")

    def one(revision: int) -> bool:
        try:
            with acting(people.analyst.viewer) as viewer:
                mine = Release.objects.get(pk=made.pk)
                mine.revision = revision
                actions.reserve(actor=viewer, release=mine)
            return True
        except Conflict:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(50) as pool:
        booked = sum(pool.map(one, range(1, 51)))
    with acting(people.analyst.viewer):
        spent = sum(LedgerEntry.objects.values_list("rho", flat=True), Decimal(0))
        cap = Population.objects.get().cap
    assert spent <= cap < spent + cost(made), "as many as fit, and not one more"
    assert booked == int(cap / cost(made))

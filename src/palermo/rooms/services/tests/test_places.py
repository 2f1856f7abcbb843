"""Places, admissions and the count that the database itself keeps; two at once cannot both take the last place."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from palermo.kernel.access.cast import make_cast
from palermo.kernel.access.context import acting
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused, Stale
from palermo.rooms.services import actions, queries
from palermo.rooms.services.models import Admission, Places, Service
from palermo.rooms.services.tests.conftest import opened, sheltering


def women(service: Service) -> Places:
    return Places.objects.get(service=service, group="women")


def test_admitting_takes_a_place_and_leaving_gives_it_back(people: Any, shelter: Service, case: Any) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = actions.admit(
            actor=viewer, service=shelter, case_id=case.pk, group="women", care=["infant"],
            until=timezone.localdate() + timedelta(days=30),
        )  # fmt: skip
        assert (women(shelter).taken, women(shelter).free) == (1, 1)
        (guest,) = queries.guests(viewer, shelter)
        assert (guest.admission.case_code, guest.care, guest.case_id) == (
            case.code,
            "With an infant",
            case.pk,
        )
        with pytest.raises(Conflict) as twice:
            actions.admit(actor=viewer, service=shelter, case_id=case.pk, group="women")
        assert twice.value.rule == "one_place_for_a_case_at_a_time"
        with pytest.raises(Invalid):
            actions.discharge(actor=viewer, admission_id=made.pk, leaving="tired", expected_version=1)
        actions.discharge(actor=viewer, admission_id=made.pk, leaving="family", expected_version=1)
        assert (women(shelter).taken, women(shelter).free) == (0, 2)
        with pytest.raises(Conflict):
            actions.discharge(actor=viewer, admission_id=made.pk, leaving="family", expected_version=2)
        assert queries.guests(viewer, shelter) == []
        assert len(queries.guests(viewer, shelter, left=True)) == 1
    with acting(people.supervisor.viewer):
        done = Entry.objects.filter(object_id=case.pk, action__startswith="services.admission")
        assert sorted(done.values_list("action", flat=True)) == [
            "services.admission.end",
            "services.admission.make",
        ]


def test_a_full_shelter_takes_one_more_only_for_a_written_reason(people: Any, shelter: Service) -> None:
    with acting(people.case_worker.viewer) as viewer:
        for _number in range(2):
            actions.admit(actor=viewer, service=shelter, case_id=opened(viewer).pk, group="women")
        third = opened(viewer)
        with pytest.raises(Conflict) as full:
            actions.admit(actor=viewer, service=shelter, case_id=third.pk, group="women")
        assert full.value.state == "full"
        with pytest.raises(Invalid):
            actions.admit(actor=viewer, service=shelter, case_id=third.pk, group="women", over_reason="so")
        made = actions.admit(
            actor=viewer, service=shelter, case_id=third.pk, group="women",
            over_reason="Storm, no other bed in the province.",
        )  # fmt: skip
        assert (women(shelter).taken, women(shelter).free) == (3, 0)
        actions.discharge(actor=viewer, admission_id=made.pk, leaving="other_shelter", expected_version=1)
        assert women(shelter).free == 0


def test_only_the_shelter_admits_and_only_a_case_that_it_holds(
    people: Any, shelter: Service, case: Any
) -> None:
    with acting(people.other_worker.viewer) as viewer:
        foreign = opened(viewer)
        with pytest.raises(Refused):
            actions.admit(actor=viewer, service=shelter, case_id=foreign.pk, group="women")
    with acting(people.case_worker.viewer) as viewer:
        with pytest.raises(NotFound):
            actions.admit(actor=viewer, service=shelter, case_id=foreign.pk, group="women")
        with pytest.raises(Invalid):
            actions.admit(actor=viewer, service=shelter, case_id=case.pk, group="men")
        now = queries.service(viewer, shelter.pk)
        actions.set_state(
            actor=viewer, service=now, state="suspended", reason="No heating", expected_version=1
        )
        with pytest.raises(Conflict):
            actions.admit(actor=viewer, service=now, case_id=case.pk, group="women")


def test_free_places_are_told_and_grow_old(people: Any, shelter: Service) -> None:
    with acting(people.first_responder.viewer) as viewer:
        row = women(shelter)
        actions.tell_capacity(
            actor=viewer, service=shelter, free={"women": 1}, versions={"women": row.version}
        )
        assert (women(shelter).free, women(shelter).elsewhere) == (1, 1)
        with pytest.raises(Stale):
            actions.tell_capacity(
                actor=viewer, service=shelter, free={"women": 2}, versions={"women": row.version}
            )
        now = {"women": women(shelter).version}
        for wrong in ({"women": 3}, {"women": -1}):
            with pytest.raises(Invalid):
                actions.tell_capacity(actor=viewer, service=shelter, free=wrong, versions=now)
        assert not queries.due_for(viewer)
        shown = queries.row_of(queries.service(viewer, shelter.pk), timezone.now())
        later = queries.row_of(queries.service(viewer, shelter.pk), timezone.now() + timedelta(hours=25))
        assert (shown.stale, later.stale) == (False, True)
        Places.objects.filter(service=shelter).update(told_at=timezone.now() - timedelta(days=2))
        (due,) = queries.due_for(viewer)
        assert (due.level, "House of Rest" in str(due.title)) == ("overdue", True)
    with acting(people.other_worker.viewer) as viewer:
        assert queries.due_for(viewer) == []
        with pytest.raises(Refused):
            actions.tell_capacity(actor=viewer, service=shelter, free={}, versions={})


def test_places_in_use_cannot_be_taken_away(people: Any, shelter: Service, case: Any) -> None:
    with acting(people.case_worker.viewer) as viewer:
        actions.admit(actor=viewer, service=shelter, case_id=case.pk, group="women")
        with pytest.raises(Invalid):
            actions.set_places(actor=viewer, service=shelter, totals={"women": 0})
        actions.set_places(actor=viewer, service=shelter, totals={"women": 1, "girls": 4, "men": 0})
        assert {row.group: row.total for row in Places.objects.filter(service=shelter)} == {
            "women": 1,
            "girls": 4,
        }


# ------------------------------------------------------------------------------------- the database by itself


def test_raw_sql_takes_no_place_that_is_not_there_and_forges_no_count(people: Any, case: Any) -> None:
    shelter = sheltering(people, {"women": 1})
    with acting(people.case_worker.viewer) as viewer:
        other = opened(viewer)
        actions.admit(actor=viewer, service=shelter, case_id=case.pk, group="women")
        place = women(shelter)

        def raw(sql: str, *values: Any) -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, values)

        insert = (
            "INSERT INTO services_admission (id, version, created_at, updated_at, service_id, places_id, case_id, "
            "case_code, care, admitted_at, admitted_by_id, over_reason, leaving) VALUES "
            "(gen_random_uuid(), 1, now(), now(), %s, %s, %s, 'C-1', '{}', now(), %s, '', '')"
        )
        for sql, values in (
            (insert, (shelter.pk, place.pk, other.pk, viewer.user_id)),
            ("UPDATE services_places SET taken = 0 WHERE id = %s", (place.pk,)),
            ("UPDATE services_admission SET case_id = %s", (other.pk,)),
        ):
            with pytest.raises(IntegrityError):
                raw(sql, *values)
        assert women(shelter).taken == 1


@pytest.mark.parametrize("who", ["other_worker", "coordinator", "prosecutor", "analyst", "administrator"])
def test_another_organisation_reads_no_admission_and_no_need_by_raw_sql(
    people: Any, shelter: Service, case: Any, who: str
) -> None:
    with acting(people.case_worker.viewer) as viewer:
        actions.admit(actor=viewer, service=shelter, case_id=case.pk, group="women")
        need = actions.record_need(actor=viewer, case_id=case.pk, kind="medical", urgency="today")
        actions.plan_delivery(actor=viewer, need_id=need.pk, service_id=shelter.pk)
    tables = ("admission", "need", "delivery", "sealedaddress", "addressreveal")
    with acting(getattr(people, who).viewer), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM services_{table}")
            assert cursor.fetchone()[0] == 0, table
        for table in tables[:3]:
            cursor.execute(f"UPDATE services_{table} SET version = 9")
            assert cursor.rowcount == 0, table


@pytest.mark.django_db(transaction=True)
def test_two_admissions_at_once_cannot_both_take_the_last_place() -> None:
    people = make_cast()
    shelter = sheltering(people, {"women": 1})
    with acting(people.case_worker.viewer) as viewer:
        cases = [opened(viewer).pk for _number in range(2)]
    start, said = threading.Barrier(2), []

    def take(case_id: Any) -> None:
        try:
            with acting(people.case_worker.viewer) as viewer:
                start.wait(10)
                actions.admit(actor=viewer, service=shelter, case_id=case_id, group="women")
            said.append("in")
        except Conflict as error:
            said.append(error.state)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=[case_id]) for case_id in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(said) == ["full", "in"]
    with acting(people.case_worker.viewer):
        assert Admission.objects.count() == women(shelter).taken == 1

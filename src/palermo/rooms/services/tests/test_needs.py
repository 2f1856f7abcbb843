"""Needs, the services that answer them, and unmet needs counted without anybody being seen."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused
from palermo.rooms.services import actions, queries
from palermo.rooms.services.models import Need, Service
from palermo.rooms.services.tests.conftest import opened


@pytest.fixture
def need(people: Any, case: Any) -> Need:
    with acting(people.case_worker.viewer) as viewer:
        return actions.record_need(
            actor=viewer, case_id=case.pk, kind="shelter", urgency="today", area="PX-01"
        )


def test_a_need_is_met_by_a_service_that_helped(people: Any, shelter: Service, need: Need) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = actions.plan_delivery(actor=viewer, need_id=need.pk, service_id=shelter.pk)
        with pytest.raises(Invalid):
            actions.move_delivery(actor=viewer, delivery_id=made.pk, state="delivered", expected_version=1)
        actions.move_delivery(actor=viewer, delivery_id=made.pk, state="started", expected_version=1)
        actions.move_delivery(
            actor=viewer, delivery_id=made.pk, state="delivered", outcome="helped", expected_version=2
        )
        (row,) = queries.needs_of(viewer, need.case_id)
        assert (row.need.state, [it.outcome for it in row.deliveries]) == ("met", ["helped"])
        with pytest.raises(Conflict):
            actions.move_delivery(
                actor=viewer, delivery_id=made.pk, state="stopped", outcome="not", expected_version=3
            )
        with pytest.raises(Conflict):
            actions.plan_delivery(actor=viewer, need_id=need.pk, service_id=shelter.pk)


def test_a_service_that_did_not_help_leaves_the_need_open(people: Any, shelter: Service, need: Need) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = actions.plan_delivery(actor=viewer, need_id=need.pk, service_id=shelter.pk)
        actions.move_delivery(
            actor=viewer, delivery_id=made.pk, state="delivered", outcome="not", expected_version=1
        )
        assert queries.need(viewer, need.pk).state == "open"


def test_an_unmet_need_has_a_reason_and_can_be_tried_again(people: Any, need: Need) -> None:
    with acting(people.case_worker.viewer) as viewer:
        with pytest.raises(Conflict):
            actions.record_need(actor=viewer, case_id=need.case_id, kind="shelter", urgency="later")
        with pytest.raises(Invalid):
            actions.say_unmet(actor=viewer, need_id=need.pk, reason="", expected_version=1)
        actions.say_unmet(actor=viewer, need_id=need.pk, reason="full", expected_version=1)
        with pytest.raises(Conflict):
            actions.say_unmet(actor=viewer, need_id=need.pk, reason="full", expected_version=2)
        actions.reopen_need(actor=viewer, need_id=need.pk, expected_version=2)
        again = queries.need(viewer, need.pk)
        assert (again.state, again.unmet_reason, again.settled_on) == ("open", "", None)


@pytest.mark.parametrize("who", ["other_worker", "coordinator", "prosecutor", "administrator"])
def test_others_find_no_need(people: Any, shelter: Service, need: Need, who: str) -> None:
    with acting(getattr(people, who).viewer) as viewer:
        for ask in (
            lambda: queries.need(viewer, need.pk),
            lambda: queries.needs_of(viewer, need.case_id),
            lambda: actions.record_need(actor=viewer, case_id=need.case_id, kind="medical", urgency="today"),
            lambda: actions.say_unmet(actor=viewer, need_id=need.pk, reason="full", expected_version=1),
            lambda: actions.plan_delivery(actor=viewer, need_id=need.pk, service_id=shelter.pk),
        ):
            with pytest.raises(NotFound):
                ask()


def _unmet(viewer: Any, kind: str, reason: str, times: int) -> None:
    for _number in range(times):
        made = actions.record_need(
            actor=viewer, case_id=opened(viewer).pk, kind=kind, urgency="days", area="PX-01"
        )
        actions.say_unmet(actor=viewer, need_id=made.pk, reason=reason, expected_version=1)


def test_unmet_needs_are_counted_in_cases_and_small_counts_are_withheld(people: Any) -> None:
    today = timezone.localdate()
    with acting(people.case_worker.viewer) as viewer:
        _unmet(viewer, "shelter", "full", 7)
        _unmet(viewer, "shelter", "too_far", 6)
        _unmet(viewer, "medical", "full", 2)
        with pytest.raises(Refused):
            queries.unmet_counts(viewer, since=today, until=today)
    with acting(people.coordinator.viewer) as viewer:
        found = queries.unmet_counts(viewer, since=today, until=today)
        assert not Need.objects.exists()
        assert found.by_reason["medical", "full"] is None
        assert found.by_area["medical", "PX-01"] is None
        assert found.by_reason["shelter", "too_far"] == 6
        shown = [*found.by_reason.values(), *found.by_area.values()]
        assert not {1, 2, 3, 4} & set(shown)
        yesterday = today - timedelta(days=1)
        empty = queries.unmet_counts(viewer, since=yesterday, until=yesterday)
        assert (empty.kinds, empty.total) == ((), 0)


def test_the_function_behind_the_counts_gives_others_nothing(people: Any) -> None:
    today = timezone.localdate()
    with acting(people.case_worker.viewer) as viewer:
        _unmet(viewer, "shelter", "full", 1)
    for who, rows in ((people.coordinator, 1), (people.other_worker, 0), (people.case_worker, 0)):
        with acting(who.viewer), connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(sum(cases), 0) FROM services_unmet(%s, %s)", [today, today])
            assert bool(cursor.fetchone()[0]) == bool(rows)


# ----------------------------------------------------------------------------------------------- matching


def _offer(viewer: Any, organisation_id: Any, name: str, **values: Any) -> Service:
    return actions.add_service(
        actor=viewer, organisation_id=organisation_id, values={"name": name, "kind": "medical", **values}
    )


def test_services_are_ranked_with_reasons_and_those_that_cannot_be_used_come_last(people: Any) -> None:
    with acting(people.supervisor.viewer) as viewer:
        mine = people.organisation.pk
        _offer(viewer, mine, "Far", areas=["PX-09"], around_the_clock=True)
        _offer(viewer, mine, "Near", areas=["PX-01"], languages=["ar"], around_the_clock=True)
        _offer(viewer, mine, "Men only", areas=["PX-01"], sexes=["male"], languages=["ar"])
        _offer(viewer, mine, "Children", areas=["PX-01"], age_until=17)
        want = queries.Want(kind="medical", area="PX-01", language="ar", sex="female", age=30, urgent=True)
        found = queries.find_services(viewer, want)
        assert [match.service.name for match in found][:2] == ["Near", "Far"]
        assert [match.fits for match in found] == [True, True, False, False]
        near = found[0]
        assert {"In Porto Alba.", "Speaks Arabic.", "Open day and night."} <= set(near.why)
        assert near.why_not == ()
        assert "In another area." in found[1].why_not
        by_name = {match.service.name: match for match in found}
        assert "Does not take: Male." not in by_name["Men only"].why_not
        assert "Does not take: Female." in by_name["Men only"].why_not
        assert "Until 17 years only." in by_name["Children"].why_not


def test_a_full_shelter_does_not_fit_and_an_old_count_is_told(people: Any, shelter: Service) -> None:
    with acting(people.case_worker.viewer) as viewer:
        want = queries.Want(kind="shelter", sex="female", age=25)
        (match,) = queries.find_services(viewer, want)
        assert match.fits
        assert "Free places: 2." in match.why
        for _number in range(2):
            actions.admit(actor=viewer, service=shelter, case_id=opened(viewer).pk, group="women")
        (match,) = queries.find_services(viewer, want)
        assert (match.fits, "Full." in match.why_not) == (False, True)


def test_the_list_filters_by_who_and_by_free_places(people: Any, shelter: Service) -> None:
    def names(**wanted: Any) -> list[str]:
        return [row.service.name for row in queries.services(viewer, **wanted).rows]

    with acting(people.supervisor.viewer) as viewer:
        _offer(viewer, people.organisation.pk, "Clinic", hours={"mon": [["09:00", "09:01"]]})
        assert names() == ["Clinic", "House of Rest"]
        assert names(who="man") == ["Clinic"]
        assert names(who="woman", free=True) == ["House of Rest"]
        assert names(who="girl", free=True) == []
        assert names(language="ar") == ["House of Rest"]
        assert names(text="harbour rest") == ["House of Rest"]
        assert names(kind="medical") == ["Clinic"]
        assert queries.services(viewer, kind="medical").kinds == {"medical": 1, "shelter": 1}

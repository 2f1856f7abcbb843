"""The legal status goes where the case goes, begins whoever opens it, and feeds the national table."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Notice
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Role
from palermo.kernel.vault.identity import Identity
from palermo.rooms.cases import actions as cases
from palermo.rooms.cases import queries as held_cases
from palermo.rooms.consents import actions as consents
from palermo.rooms.identification import queries
from palermo.rooms.identification.models import Identification, Ruling
from palermo.rooms.identification.tests.way import PRESUMED, REASONS, Way
from palermo.rooms.referral import actions as referrals
from palermo.rooms.referral import queries as sent
from palermo.rooms.register import queries as register
from palermo.web.room import subject


def held(person: Any) -> list[str]:
    with acting(person.viewer):
        return list(Identification.objects.values_list("code", flat=True))


@pytest.fixture
def colleague(people: Any) -> Any:
    """Another case manager of the same house, in no team."""
    with acting(Viewer.operator()):
        return member("late-worker", Role.CASE_MANAGER, people.organisation)


def test_who_gets_a_case_gets_its_status_and_who_hands_it_over_keeps_none(way: Way, colleague: Any) -> None:
    found = way.presumed()
    assert held(colleague) == []
    with acting(way.worker.viewer) as viewer:
        case = held_cases.case(viewer, way.case.pk)
        cases.reassign_worker(
            actor=viewer,
            case=case,
            to=colleague.pk,
            reason="On leave for a month.",
            expected_version=case.version,
        )
    assert held(colleague) == [found.code]
    with acting(colleague.viewer) as viewer:
        assert queries.of_case(viewer, way.case.pk) is not None
        assert queries.status(viewer, found.pk).code == found.code
    # The team of the old worker still holds both; what he held in his own name has ended with the case.
    with acting(way.people.supervisor.viewer) as viewer, connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM access_grants_of(%s) WHERE grantee_id = %s AND revoked_at IS NULL",
            [found.pk, way.worker.pk],
        )
        assert cursor.fetchone() == (0,)


def handed_over(way: Way) -> None:
    """The case goes to Northern Shelter."""
    people = way.people
    with acting(way.worker.viewer) as viewer:
        about = subject(viewer, "case", way.case.pk)
        consents.record_consent(
            actor=viewer, about=about, purpose="transfer", categories=["needs", "identity"], decision="given",
            recipients=[people.other_organisation.pk], language="en", interpreting="shared",
            valid_until=timezone.now() + timedelta(days=9),
        )  # fmt: skip
        row = referrals.draft(
            actor=viewer, about=about, receiver_id=people.other_organisation.pk, kind="shelter", transfer=True,
            texts={"needs": "A safe place."}, categories=["identity"],
        )  # fmt: skip
    for person, event in (
        (way.worker, "send"),
        (people.other_worker, "acknowledge"),
        (people.other_worker, "accept"),
    ):
        with acting(person.viewer) as viewer:
            now = sent.referral(viewer, row.pk)
            referrals.move(actor=viewer, row=now, event=event, expected_version=now.version)


def test_a_transfer_takes_the_status_along_and_leaves_it_to_its_authority(way: Way) -> None:
    found = way.referred()
    handed_over(way)
    assert held(way.people.other_worker) == [found.code]
    assert held(way.worker) == []
    assert held(way.people.supervisor) == []
    assert held(way.first) == [found.code]
    assert way.move(way.first, found, "rg_positive", reasons=REASONS).state == "recovery"


def test_the_supervisors_who_hold_it_after_a_transfer_are_told(way: Way) -> None:
    found = way.referred()
    with acting(Viewer.operator()):
        chief = member("north-chief", Role.SUPERVISOR, way.people.other_organisation)
    handed_over(way)
    way.move(way.people.other_worker, found, "missing")
    with acting(chief.viewer):
        assert Notice.objects.filter(user_id=chief.pk, kind="identification_missing").exists()
    with acting(way.people.supervisor.viewer):
        assert not Notice.objects.filter(kind="identification_missing").exists()


def test_a_supervisor_who_opens_a_case_begins_the_status(way: Way) -> None:
    chief = way.people.supervisor
    with acting(chief.viewer) as viewer:
        case = cases.open_case(
            actor=viewer,
            reason="Brought by the police at night.",
            identity=Identity(),
            crime="tip",
            child=False,
        )
        found = queries.of_case(viewer, case.pk)
        assert found is not None
        assert found.state == "screening"
    # The worker of the same team goes on with it.
    assert way.move(way.worker, found, "indicators", **PRESUMED).state == "presumed"


def test_a_decision_reaches_the_national_table(way: Way) -> None:
    reader = way.people.coordinator.viewer

    def table() -> dict[str, int]:
        with acting(reader):
            return {row["status"]: row["count"] for row in register.tally(reader, ["status"])}

    found = way.referred()
    assert table() == {"presumed": 1}
    found = way.move(way.first, found, "rg_positive", reasons=REASONS)
    assert table() == {"reasonable_grounds": 1}
    found = way.move(way.first, found, "early_request", asked_in_writing=True)
    way.move(way.first, found, "cg_positive", reasons=REASONS, options_explained=True)
    assert table() == {"identified": 1}
    with acting(reader), connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM register_event ORDER BY id")
        kinds = [kind for (kind,) in cursor.fetchall()]
    assert kinds[-2:] == ["reasonable_grounds", "identified"]


def test_who_decided_does_not_review_in_raw_sql_either(way: Way) -> None:
    found = way.move(way.worker, way.negative(), "request_review", review_ground="new_evidence")
    insert = (
        "INSERT INTO identification_ruling (id, identification_id, written_by_id, written_at, event, at_version, "
        "authority_id, sentences, sealed_reasons, language, bearer) VALUES (gen_random_uuid(), %s, %s, now(), %s, "
        "%s, %s, '{}', 'x', 'ar', 'worker')"
    )
    for decider in (way.first, way.second):
        with acting(decider.viewer) as viewer:
            version = Identification.objects.get(pk=found.pk).version
            for event in ("overturn_rg", "uphold"):
                with (
                    pytest.raises(DatabaseError, match="who decided does not review"),
                    transaction.atomic(),
                    connection.cursor() as cursor,
                ):
                    cursor.execute(insert, [found.pk, viewer.user_id, event, version, way.office])
            # And without a ruling of his own nobody moves it on.
            for state in ("recovery", "negative_rg", "identified"):
                with pytest.raises(DatabaseError), transaction.atomic():
                    Identification.objects.filter(pk=found.pk).update(state=state)
    with acting(way.third.viewer) as viewer, connection.cursor() as cursor:
        cursor.execute(insert, [found.pk, viewer.user_id, "uphold", found.version, way.office])
        assert Ruling.objects.filter(identification_id=found.pk, event="uphold").count() == 1

"""Belonging needs both sides; training is written by somebody else; either side ends it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Notice
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused
from palermo.kernel.workflow.models import Deadline
from palermo.rooms.networks import actions, queries
from palermo.rooms.networks.models import Member, Part

from .conftest import Inspectors, agreed


def asked(who: Any, found: Inspectors, house: Any = None) -> Member:
    with acting(who.viewer) as viewer:
        return actions.ask_to_join(
            actor=viewer, network=found.network, organisation_id=house or who.viewer.organisation_id
        )


def moved(who: Any, row: Member, event: str, reason: str = "") -> Member:
    with acting(who.viewer) as viewer:
        found = queries.member(viewer, row.pk)
        return actions.move_member(
            actor=viewer, row=found, event=event, expected_version=found.version, reason=reason
        )


def test_who_asked_does_not_admit_himself(inspectors: Inspectors) -> None:
    row = asked(inspectors.second, inspectors)
    with pytest.raises(Conflict, match="focal point"):
        moved(inspectors.second, row, "agree")
    with acting(inspectors.second.viewer) as viewer:
        assert queries.joined(viewer) == []
    agreed(inspectors.focal, row)
    with acting(inspectors.second.viewer) as viewer:
        assert queries.joined(viewer) == [inspectors.network]


def test_who_was_invited_agrees_and_nobody_for_him(inspectors: Inspectors) -> None:
    with acting(inspectors.focal.viewer) as viewer:
        row = actions.invite(
            actor=viewer,
            network=inspectors.network,
            user_id=inspectors.outsider.pk,
            organisation_id=inspectors.outsider.viewer.organisation_id,
        )
    with pytest.raises(Conflict, match="who was invited"):
        moved(inspectors.focal, row, "agree")
    assert agreed(inspectors.outsider, row).state == "member"
    with acting(inspectors.outsider.viewer):
        assert Notice.objects.filter(kind="network_asked").count() == 1


def test_the_database_asks_for_the_other_side_too(inspectors: Inspectors) -> None:
    row = asked(inspectors.second, inspectors)
    update = "UPDATE networks_member SET state = 'member' WHERE id = %s"
    with acting(inspectors.second.viewer), pytest.raises(IntegrityError, match="the other side agrees"), (
        transaction.atomic()
    ), connection.cursor() as cursor:  # fmt: skip
        cursor.execute(update, [row.pk])
    insert = (
        "INSERT INTO networks_member (id, version, created_at, updated_at, network_id, organisation_id, user_id, "
        "proposed_by_id, part, by_member, state) VALUES (gen_random_uuid(), 1, now(), now(), %s, %s, %s, %s, 'member', "
        "%s, 'member')"
    )
    who = inspectors.outsider
    mine = [inspectors.network.pk, who.viewer.organisation_id, who.pk, who.pk, True]
    with acting(who.viewer), pytest.raises(IntegrityError, match="begins as a proposal"), (
        transaction.atomic()
    ), connection.cursor() as cursor:  # fmt: skip
        cursor.execute(insert, mine)


def test_a_stranger_neither_sees_nor_invites(inspectors: Inspectors, people: Any) -> None:
    with acting(people.case_worker.viewer) as viewer:
        assert Member.objects.count() == 0
        with pytest.raises(NotFound):
            queries.people(viewer, inspectors.network.pk)
        with pytest.raises(NotFound):
            actions.invite(
                actor=viewer,
                network=inspectors.network,
                user_id=people.supervisor.pk,
                organisation_id=people.organisation.pk,
            )
        with pytest.raises(ProgrammingError), transaction.atomic():
            Member.objects.create(
                network=inspectors.network,
                organisation=people.organisation,
                user=people.supervisor.user,
                proposed_by=people.case_worker.user,
                state="proposed",
            )


def test_a_focal_point_comes_from_the_coordinating_house(inspectors: Inspectors) -> None:
    with acting(inspectors.head.viewer) as viewer, pytest.raises(Invalid):
        actions.invite(
            actor=viewer,
            network=inspectors.network,
            user_id=inspectors.outsider.pk,
            organisation_id=inspectors.outsider.viewer.organisation_id,
            part=Part.FOCAL_POINT,
        )


def test_asked_twice_is_refused_and_after_an_end_it_begins_anew(inspectors: Inspectors) -> None:
    row = asked(inspectors.second, inspectors)
    with pytest.raises(Conflict, match="already"):
        asked(inspectors.second, inspectors)
    moved(inspectors.second, row, "refuse")
    agreed(inspectors.focal, asked(inspectors.second, inspectors))


def test_training_moves_the_reminder_and_nobody_writes_his_own(inspectors: Inspectors) -> None:
    with acting(inspectors.inspector.viewer) as viewer:
        own = queries.own_memberships(viewer).get()
    due = Deadline.objects.filter(object_id=own.pk, event="train", met_at=None, cancelled_at=None)
    with acting(inspectors.focal.viewer) as viewer:
        before = due.get().due_at
        row = queries.member(viewer, own.pk)
        day = timezone.localdate() - timedelta(days=10)
        actions.write_training(
            actor=viewer, row=row, course="recognise", taken_on=day, expected_version=row.version
        )
        after = due.get()
        assert after.rule == "network_first_training"
        assert (before - timezone.now()).days < 91 < 600 < (after.due_at - timezone.now()).days
        assert queries.training_state(row) == "ok"
        old = day - timedelta(days=400)
        actions.write_training(
            actor=viewer, row=row, course="talking", taken_on=old, expected_version=row.version
        )
        assert due.get().due_at == after.due_at
    with acting(inspectors.inspector.viewer) as viewer:
        row = queries.member(viewer, own.pk)
        assert [name for _course, name in queries.trainings(viewer, row)][
            1
        ] == "Talking with presumed victims"
        with pytest.raises((NotFound, Invalid)):
            actions.write_training(
                actor=viewer, row=row, course="recognise", taken_on=day, expected_version=row.version
            )
        with pytest.raises(IntegrityError, match="nobody writes his own"), transaction.atomic():
            Member.objects.filter(pk=own.pk).update(trained_until=timezone.now() + timedelta(days=3000))


def test_leaving_ends_the_right_to_send(inspectors: Inspectors) -> None:
    with acting(inspectors.inspector.viewer) as viewer:
        own = queries.own_memberships(viewer).get()
    with pytest.raises(Invalid):
        moved(inspectors.inspector, own, "leave", "because")
    moved(inspectors.inspector, own, "leave", "other_work")
    with acting(inspectors.inspector.viewer) as viewer, pytest.raises(Invalid):
        actions.keep_draft(actor=viewer, network=inspectors.network, answers={"age": "adult"})


def test_only_a_supervisor_there_or_a_coordinator_opens(inspectors: Inspectors, people: Any) -> None:
    given = {"name": "Network of teachers", "sector": "education"}
    with acting(people.first_responder.viewer) as viewer, pytest.raises(Refused):
        actions.open_network(actor=viewer, organisation_id=people.organisation.pk, **given)
    with acting(people.supervisor.viewer) as viewer:
        with pytest.raises(Invalid):
            actions.open_network(actor=viewer, organisation_id=inspectors.house.pk, **given)
        assert actions.open_network(actor=viewer, organisation_id=people.organisation.pk, **given)
    with acting(people.coordinator.viewer) as viewer:
        with pytest.raises(Invalid):
            actions.open_network(actor=viewer, organisation_id=inspectors.house.pk, **given)
        other = given | {"name": "Teachers of the north"}
        assert actions.open_network(actor=viewer, organisation_id=inspectors.house.pk, **other)
    with acting(Viewer.anonymous()), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM networks_network")
        assert cursor.fetchone() == (0,)

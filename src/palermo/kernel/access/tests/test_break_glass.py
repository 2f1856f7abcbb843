"""Emergency access: only with a reason and a fresh second factor, for an hour, told to both houses, not passed on."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.urls import reverse

from palermo.kernel.access import notices
from palermo.kernel.access.actions import break_glass, end_emergency, grant, revoke
from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Grant, NoticeSeen
from palermo.kernel.access.policy import can, granted
from palermo.kernel.access.viewer import Viewer, viewer_for
from palermo.kernel.errors import NotFound, Refused, StepUpNeeded
from palermo.kernel.organisations.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.urls("palermo.kernel.access.tests.urlconf")]
REASON = "She must be moved tonight and her worker cannot be reached."


@pytest.fixture
def case(people: Any) -> UUID:
    object_id = uuid4()
    with acting(people.case_worker.viewer) as viewer:
        grant(
            actor=viewer,
            object_kind="case",
            object_id=object_id,
            grantee_kind="unit",
            grantee_id=people.unit.pk,
            scopes=["case", "identity"],
            purpose="opened",
        )
    return object_id


def break_it(people: Any, case: UUID) -> UUID:
    with acting(people.other_worker.viewer) as viewer:
        return break_glass(actor=viewer, object_kind="case", object_id=case, reason=REASON)


def test_it_opens_this_object_and_no_other(people: Any, case: UUID) -> None:
    other = uuid4()
    with acting(people.case_worker.viewer) as viewer:
        grant(
            actor=viewer,
            object_kind="case",
            object_id=other,
            grantee_kind="unit",
            grantee_id=people.unit.pk,
            scopes=["case"],
            purpose="opened",
        )
    break_it(people, case)
    with acting(people.other_worker.viewer):
        assert granted(case, "case")
        assert granted(case, "identity")
        assert not granted(case, "notes")
        assert not granted(other, "case")


def test_without_reason_role_or_fresh_factor_it_is_refused(people: Any, case: UUID) -> None:
    with acting(people.other_worker.viewer) as viewer, pytest.raises(Refused):
        break_glass(actor=viewer, object_kind="case", object_id=case, reason="urgent")
    with acting(people.analyst.viewer) as viewer, pytest.raises(Refused):
        break_glass(actor=viewer, object_kind="case", object_id=case, reason=REASON)
    stale = viewer_for(people.other_worker.user, stepped_up=False)
    with acting(stale), pytest.raises(StepUpNeeded):
        break_glass(actor=stale, object_kind="case", object_id=case, reason=REASON)
    with acting(people.other_worker.viewer):
        assert not granted(case, "case")


def test_the_database_refuses_a_wrong_role_by_itself(people: Any, case: UUID) -> None:
    with (
        acting(people.analyst.viewer),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT access_break_glass('case', %s, %s)", [case, REASON])


def test_an_object_that_does_not_exist_is_not_found(people: Any) -> None:
    with acting(people.other_worker.viewer) as viewer, pytest.raises(NotFound):
        break_glass(actor=viewer, object_kind="case", object_id=uuid4(), reason=REASON)


def test_supervisors_of_both_houses_are_told_and_nobody_else(people: Any, case: UUID) -> None:
    made = break_it(people, case)
    with acting(people.supervisor.viewer) as viewer:
        (notice,) = notices.unseen(viewer)
        assert (notice.kind, notice.object_id, notice.about_id) == (
            "break_glass",
            made,
            people.other_worker.pk,
        )
        assert notices.emergency(viewer, made).reason == REASON
        assert notices.emergency(viewer, made).object_id is not None, "her own house holds it"
    for other in (people.analyst, people.administrator, people.case_worker, people.coordinator):
        with acting(other.viewer) as viewer:
            assert not notices.unseen(viewer).exists()
            assert not [n for n in notices.Notice.objects.all() if n.object_id == made]
    with connection.cursor() as cursor, acting(people.supervisor.viewer):
        cursor.execute("SELECT count(*) FROM access_notice")
        assert cursor.fetchone()[0] == 1, "the other house's copy is not hers"


def test_it_is_not_passed_on_nor_used_to_shut_others_out(people: Any, case: UUID) -> None:
    break_it(people, case)
    with acting(people.case_worker.viewer):
        theirs = Grant.objects.get(object_id=case, break_glass=False)
    with acting(people.other_worker.viewer) as viewer:
        with pytest.raises(DatabaseError), transaction.atomic():
            grant(
                actor=viewer,
                object_kind="case",
                object_id=case,
                grantee_kind="person",
                grantee_id=people.other_worker.pk,
                scopes=["case"],
                purpose="for ever",
            )
        with pytest.raises(NotFound):
            revoke(actor=viewer, grant_id=theirs.pk)


def test_a_supervisor_ends_it_early(people: Any, case: UUID) -> None:
    made = break_it(people, case)
    with acting(people.case_worker.viewer) as viewer, pytest.raises(Refused):
        end_emergency(actor=viewer, grant_id=made)
    with acting(people.supervisor.viewer) as viewer:
        end_emergency(actor=viewer, grant_id=made)
    with acting(people.other_worker.viewer):
        assert not granted(case, "case")


def test_the_pages_of_a_supervisor(people: Any, case: UUID, client_for: Any) -> None:
    made = break_it(people, case)
    client = client_for(people.supervisor)
    page = client.get(reverse("account_notices")).content.decode()
    assert reverse("account_emergency", args=[made]) in page
    assert REASON in client.get(reverse("account_emergency", args=[made])).content.decode()
    stranger = client_for(people.stranger)
    assert stranger.get(reverse("account_emergency", args=[made])).status_code == 403
    assert client.get(reverse("account_emergency", args=[uuid4()])).status_code == 404
    assert client.post(reverse("account_emergency", args=[made])).status_code == 302
    with acting(people.other_worker.viewer):
        assert not granted(case, "case")


def test_a_notice_is_marked_seen_by_its_reader_alone(people: Any, case: UUID) -> None:
    break_it(people, case)
    with acting(people.supervisor.viewer) as viewer:
        ids = [n.pk for n in notices.unseen(viewer)]
    with acting(people.analyst.viewer) as viewer:
        assert notices.mark_seen(actor=viewer, notice_ids=ids) == 0
    with acting(people.supervisor.viewer) as viewer:
        assert notices.mark_seen(actor=viewer, notice_ids=ids) == 1
        assert not notices.unseen(viewer).exists()


def test_nobody_takes_a_notice_from_the_other_supervisors(people: Any) -> None:
    """Neither that of his own deed nor any other: a mark is the reader's own."""
    with acting(Viewer.operator()):
        second = member("second-supervisor", Role.SUPERVISOR, people.organisation)
    with acting(people.supervisor.viewer) as viewer:
        notices.tell_supervisors(people.organisation.pk, kind="mass_reveal", about=viewer.user_id)
        ids = [n.pk for n in notices.unseen(viewer)]
        assert notices.mark_seen(actor=viewer, notice_ids=ids) == 1
        assert not notices.unseen(viewer).exists()
        assert [n.is_seen for n in notices.mine(viewer)] == [True]
    with acting(second.viewer) as viewer:
        assert [n.pk for n in notices.unseen(viewer)] == ids
        assert [n.is_seen for n in notices.mine(viewer)] == [False]
        assert not NoticeSeen.objects.exists(), "the marks of others are not read"
        assert notices.mark_seen(actor=viewer, notice_ids=ids) == 1


def test_the_database_keeps_marks_and_notices_as_they_are(people: Any, case: UUID) -> None:
    break_it(people, case)
    with acting(people.supervisor.viewer) as viewer:
        (notice,) = notices.unseen(viewer)
        for statement, values in (
            (
                "INSERT INTO access_noticeseen (id, at, notice_id, reader_id) "
                "VALUES (gen_random_uuid(), now(), %s, %s)",
                [notice.pk, people.analyst.pk],
            ),
            ("UPDATE access_notice SET kind = 'other' WHERE id = %s", [notice.pk]),
            ("DELETE FROM access_notice WHERE id = %s", [notice.pk]),
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, values)
    with acting(people.administrator.viewer), pytest.raises(DatabaseError), transaction.atomic():
        NoticeSeen.objects.create(notice=notice, reader=people.administrator.user)


def test_the_menu_knows_who_may(people: Any) -> None:
    assert can(people.case_worker.viewer, "access.break_glass")
    assert not can(people.administrator.viewer, "access.break_glass")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_it_ends_after_sixty_minutes(people: Any, case: UUID) -> None:
    made = break_it(people, case)

    def minutes_pass(minutes: int) -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "UPDATE access_grant SET valid_from = valid_from - make_interval(mins => %s), "
                "valid_until = valid_until - make_interval(mins => %s) WHERE id = %s",
                [minutes, minutes, made],
            )

    minutes_pass(59)
    with acting(people.other_worker.viewer):
        assert granted(case, "case")
    minutes_pass(1)
    with acting(people.other_worker.viewer):
        assert not granted(case, "case")
        assert not Grant.objects.filter(object_id=case).exists()


def test_the_home_page_of_a_supervisor_shows_it_first(people: Any, case: UUID, client_for: Any) -> None:
    made = break_it(people, case)
    page = client_for(people.supervisor).get(reverse("web:home")).content.decode()
    assert reverse("account_emergency", args=[made]) in page
    assert (
        reverse("account_emergency", args=[made])
        not in client_for(people.analyst).get(reverse("web:home")).content.decode()
    )

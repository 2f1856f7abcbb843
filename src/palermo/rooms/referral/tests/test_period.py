"""After a case was handed over: the old house reads its own time and nothing after, also in raw SQL."""

from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from palermo.kernel.access.actions import grant, revoke
from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.models import User
from palermo.kernel.access.viewer import Viewer, viewer_for
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import NotFound
from palermo.kernel.organisations.models import Role
from palermo.rooms.cases import actions as cases
from palermo.rooms.cases.models import Case
from palermo.rooms.referral import actions, queries

from .conftest import FAMILY, agree_to, drafted, open_case, step

BEFORE, AFTER = "She slept at the shelter on Monday.", "She told us where the boss lives."


def noted(person: Any, case_id: Any, text: str) -> None:
    with acting(person.viewer) as viewer:
        cases.add_note(actor=viewer, case=Case.objects.get(pk=case_id), text=text)


@pytest.fixture
def over(people: Any) -> Any:
    """(subject, transfer): noted before, handed over to Northern Shelter, noted after."""
    with acting(Viewer.operator()):
        member("north-chief", Role.SUPERVISOR, people.other_organisation)
    about = open_case(people)
    noted(people.case_worker, about.key, BEFORE)
    agree_to(people, about, "needs", "identity", purpose="transfer")
    row = drafted(people, about, "identity", transfer=True)
    step(people.case_worker, row, "send")
    step(people.other_worker, row, "acknowledge")
    step(people.other_worker, row, "accept")
    noted(people.other_worker, about.key, AFTER)
    return about, row


def test_the_old_house_reads_its_own_period_and_nothing_after(people: Any, over: Any) -> None:
    about, row = over
    for person in (people.case_worker, people.supervisor):
        with acting(person.viewer) as viewer:
            found = actions.open_period(actor=viewer, row=queries.referral(viewer, row.pk))
            assert found.case_code == about.code
            texts = [passage.text for passage in found.passages]
            assert BEFORE in texts
            assert AFTER not in texts
            assert all(passage.at <= found.until for passage in found.passages)
            assert Entry.objects.filter(action="referral.period.view", object_id=row.pk).exists()


def test_the_walls_draw_the_line_in_raw_sql(people: Any, over: Any) -> None:
    about, _row = over
    with acting(people.case_worker.viewer), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_note WHERE case_id = %s", [about.key])
        assert cursor.fetchone() == (1,)
        for table, column in (
            ("cases_case", "id"), ("cases_facts", "case_id"), ("vault_person", "id"), ("cases_words", "case_id"),
            ("consents_consent", "case_id"), ("identification_identification", "case_id"),
        ):  # fmt: skip
            cursor.execute(
                f"SELECT count(*) FROM {table} WHERE {column} IN (%s, %s)", [about.key, about.person_id]
            )
            assert cursor.fetchone() == (0,), table
        cursor.execute("SELECT max(at) <= max(p.until) FROM workflow_transition t, referral_past p "
                       "WHERE t.object_id = %s", [about.key])  # fmt: skip
        assert cursor.fetchone() == (True,)
        cursor.execute(
            "SELECT count(*) FROM workflow_transition WHERE object_id = %s AND event = 'transfer'",
            [about.key],
        )
        assert cursor.fetchone() == (0,)


def test_nobody_else_has_a_period(people: Any, over: Any, third: Any) -> None:
    _about, row = over
    with acting(Viewer.operator()):
        late = member("late-worker", Role.CASE_MANAGER, people.organisation)
    # The new house has the case itself; a colleague who came later, a stranger and those without cases have nothing.
    for person in (people.other_worker, late, third, people.coordinator, people.administrator):
        with acting(person.viewer) as viewer, connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM referral_past")
            assert cursor.fetchone() == (0,), person.user.username
            with pytest.raises(NotFound):
                actions.open_period(actor=viewer, row=queries.referral(viewer, row.pk))


@pytest.mark.parametrize("given", [("case", "notes"), ("notes", "case")])
def test_who_held_it_by_two_grants_keeps_what_both_opened(people: Any, given: tuple[str, str]) -> None:
    """One row of his own period with both scopes, whichever came first; what had ended before is no part of it."""
    about = open_case(people)
    with acting(Viewer.operator()):
        pair, ended = (member(name, Role.CASE_MANAGER, people.organisation) for name in ("by-two", "by-one"))
    with acting(people.case_worker.viewer) as viewer:
        for person in (pair, ended):
            for scope in given:
                made = grant(
                    actor=viewer, object_kind="case", object_id=about.key, grantee_kind="person",
                    grantee_id=person.pk, scopes=(scope,), purpose="assistance",
                )  # fmt: skip
                if person is ended and scope == "notes":
                    revoke(actor=viewer, grant_id=made)
    noted(people.case_worker, about.key, BEFORE)
    agree_to(people, about, "needs", "identity", purpose="transfer")
    row = drafted(people, about, "identity", transfer=True)
    step(people.case_worker, row, "send")
    for event in ("acknowledge", "accept"):
        step(people.other_worker, row, event)
    noted(people.other_worker, about.key, AFTER)
    for person, scopes in ((pair, ["case", "notes"]), (ended, ["case"])):
        with acting(person.viewer) as viewer:
            with connection.cursor() as cursor:
                cursor.execute("SELECT scopes FROM referral_past WHERE case_id = %s", [about.key])
                assert [sorted(found) for (found,) in cursor.fetchall()] == [scopes]
                cursor.execute("SELECT count(*) FROM cases_note WHERE case_id = %s", [about.key])
                assert cursor.fetchone() == (len(scopes) - 1,)
                cursor.execute("SELECT count(*) FROM cases_case WHERE id = %s", [about.key])
                assert cursor.fetchone() == (0,)
            period = actions.open_period(actor=viewer, row=queries.referral(viewer, row.pk))
            texts = {passage.text for passage in period.passages if passage.note}
            assert texts == ({BEFORE} if "notes" in scopes else set())


def test_who_leaves_the_house_loses_its_past(people: Any, over: Any) -> None:
    from django.utils import timezone

    from palermo.kernel.organisations.models import Membership

    _about, _row = over
    with acting(Viewer.operator()):
        Membership.objects.filter(user_id=people.case_worker.pk, ended_at=None).update(
            ended_at=timezone.now()
        )
    with acting(people.case_worker.viewer), connection.cursor() as cursor:
        for table in ("referral_past", "cases_note", "workflow_transition"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table


def test_the_page_leads_there_and_names_nobody(people: Any, over: Any, client_for: Any) -> None:
    _about, row = over
    client = client_for(people.case_worker)
    page = client.get(reverse("referral:referral", args=[row.pk])).content.decode()
    assert reverse("referral:period", args=[row.pk]) in page
    shown = client.get(reverse("referral:period", args=[row.pk])).content.decode()
    assert BEFORE in shown
    assert AFTER not in shown
    assert FAMILY not in page + shown
    assert client_for(people.other_worker).get(reverse("referral:period", args=[row.pk])).status_code == 404


def test_after_a_second_transfer_each_house_reads_up_to_its_own_end(
    people: Any, over: Any, third: Any
) -> None:
    about, first = over
    with acting(Viewer.operator()):
        chief = User.objects.get(username="north-chief")
        viewer = viewer_for(chief, session_ref="north")
    with acting(viewer):
        case = Case.objects.get(pk=about.key)
        cases.move_case(actor=viewer, case=case, event="take_up", reason="", expected_version=case.version)
    with acting(people.other_worker.viewer) as viewer:
        from palermo.rooms.consents import actions as consents
        from palermo.web.room import subject

        now = subject(viewer, "case", about.key)
        house = third.viewer.organisation_id
        consents.record_consent(
            actor=viewer, about=now, purpose="transfer", categories=["needs", "identity"], recipients=[house],
            decision="given", language="en", interpreting="shared",
        )  # fmt: skip
        row = actions.draft(
            actor=viewer, about=now, receiver_id=house, kind="medical", transfer=True, texts={"needs": "A ward."},
            categories=["identity"],
        )  # fmt: skip
    step(people.other_worker, row, "send")
    step(third, row, "acknowledge")
    step(third, row, "accept")
    noted(third, about.key, "Third house.")
    reads = {}
    for person, transfer in ((people.case_worker, first), (people.other_worker, row)):
        with acting(person.viewer) as viewer:
            found = actions.open_period(actor=viewer, row=queries.referral(viewer, transfer.pk))
            reads[person.pk] = {passage.text for passage in found.passages if passage.note}
    assert BEFORE in reads[people.case_worker.pk]
    assert AFTER not in reads[people.case_worker.pk]
    assert {BEFORE, AFTER} <= reads[people.other_worker.pk]
    assert "Third house." not in reads[people.other_worker.pk]

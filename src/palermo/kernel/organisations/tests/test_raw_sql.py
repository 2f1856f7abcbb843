"""The second wall alone: raw SQL in anybody's session gives no role, moves no team, takes no other's id."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from palermo.kernel.access.context import acting
from palermo.kernel.access.models import User
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations import actions, proposals
from palermo.kernel.organisations.models import Membership
from palermo.kernel.organisations.tests.conftest import WHY

pytestmark = pytest.mark.django_db


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(DatabaseError), transaction.atomic():
        yield


def execute(statement: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


NEW_ROLE = (
    "INSERT INTO organisations_membership (id, version, created_at, updated_at, user_id, organisation_id, role) "
    "VALUES (gen_random_uuid(), 1, now(), now(), %s, %s, 'supervisor')"
)


def everybody(people: Any) -> list[Any]:
    return [people.administrator, people.supervisor, people.coordinator, people.case_worker, people.stranger]


def test_nobody_inserts_a_membership(people: Any) -> None:
    for who in everybody(people):
        with acting(who.viewer), refused():
            execute(NEW_ROLE, people.stranger.pk, people.organisation.pk)
    with refused():
        execute(NEW_ROLE, people.stranger.pk, people.organisation.pk)
    with acting(Viewer.operator()):
        assert execute(NEW_ROLE, people.stranger.pk, people.organisation.pk) == 1, (
            "the statement itself is right"
        )


@pytest.mark.parametrize(
    "change",
    [
        "role = 'supervisor'",
        "organisation_id = %(other)s",
        "user_id = %(other_user)s",
        "unit_id = %(unit)s",
        "ended_at = NULL",
        "ended_at = now(), role = 'supervisor'",
        "id = gen_random_uuid()",
    ],
)
def test_an_administrator_widens_and_reopens_no_membership(people: Any, change: str) -> None:
    values = {
        "other": people.organisation.pk,
        "other_user": people.stranger.pk,
        "unit": people.unit.pk,
        "who": people.other_worker.pk,
    }
    with acting(people.administrator.viewer), connection.cursor() as cursor:
        if change == "ended_at = NULL":
            cursor.execute(
                "UPDATE organisations_membership SET ended_at = now() WHERE user_id = %(who)s", values
            )
        with refused():
            cursor.execute(f"UPDATE organisations_membership SET {change} WHERE user_id = %(who)s", values)


def test_an_administrator_ends_a_role(people: Any) -> None:
    """Without this the refusals above could be for any reason."""
    with acting(people.administrator.viewer):
        row = Membership.objects.get(user=people.other_worker.user)
        actions.end_role(actor=people.administrator.viewer, membership=row, expected_version=1)


def test_no_proposal_is_written_or_agreed_to_by_a_statement(people: Any) -> None:
    with acting(people.administrator.viewer) as viewer:
        asked = proposals.ask_for_role(
            actor=viewer,
            user_id=people.stranger.pk,
            organisation=people.organisation,
            role="supervisor",
            reason=WHY,
        )
        for statement in (
            "UPDATE organisations_proposal SET state = 'done'",
            "UPDATE organisations_proposal SET asked_by_id = NULL",
            "DELETE FROM organisations_proposal",
            "INSERT INTO organisations_proposal SELECT * FROM organisations_proposal",
            "SELECT organisations_apply(p) FROM organisations_proposal p",
            "SELECT organisations_lapse()",
        ):
            with refused():
                execute(statement)
        with connection.cursor() as cursor:
            cursor.execute("SELECT organisations_agree(%s)", [asked.pk])
            assert cursor.fetchone() == ("refusing",)
    for who in (people.stranger, people.case_worker):
        with acting(who.viewer), connection.cursor() as cursor:
            cursor.execute("SELECT organisations_agree(%s)", [asked.pk])
            assert cursor.fetchone() == ("refusing",)
            with refused():
                cursor.execute(
                    "SELECT organisations_propose('role', %s, %s, NULL, 'supervisor', '')",
                    [people.analyst.pk, people.organisation.pk],
                )


def test_no_team_is_moved_by_a_statement(people: Any) -> None:
    for who in everybody(people):
        with acting(who.viewer), refused():
            execute(
                "UPDATE organisations_unit SET organisation_id = %s WHERE id = %s",
                people.other_organisation.pk,
                people.unit.pk,
            )


def test_no_closed_account_with_a_role_is_opened_by_a_statement(people: Any) -> None:
    """Neither by raw SQL nor with the proof that the application makes for its own changes."""
    account = User.objects.filter(pk=people.case_worker.pk)
    with acting(people.administrator.viewer):
        assert account.update(is_active=False) == 1
    for who in (people.administrator, people.supervisor, people.stranger):
        with acting(who.viewer):
            with refused():
                execute("UPDATE access_user SET is_active = true WHERE id = %s", people.case_worker.pk)
            with refused():
                account.update(is_active=True)
    with refused():
        account.update(is_active=True)


def test_an_id_has_one_meaning(people: Any) -> None:
    """Grants name whom they are for by id alone: an account with a house's id would hold all that the house holds."""
    for taken in (people.organisation.pk, people.unit.pk, people.case_worker.pk):
        with acting(people.administrator.viewer):
            with refused():
                execute(
                    "INSERT INTO organisations_organisation (id, version, created_at, updated_at, name, kind, area, "
                    "contact_email, contact_phone) VALUES (%s, 1, now(), now(), 'X', 'NGO', '', '', '')",
                    taken,
                )
            with refused():
                execute(
                    "INSERT INTO organisations_unit (id, version, created_at, updated_at, name, organisation_id) "
                    "VALUES (%s, 1, now(), now(), 'X', %s)",
                    taken,
                    people.other_organisation.pk,
                )
    with acting(people.administrator.viewer):
        with refused():
            User.objects.create_user("x", id=people.organisation.pk)
        User.objects.create_user("y", id=uuid4())
    with refused():
        execute("UPDATE access_user SET id = gen_random_uuid() WHERE username = 'y'")


def test_jobs_give_no_roles(people: Any) -> None:
    with connection.cursor() as cursor:
        for right in ("INSERT", "UPDATE", "DELETE"):
            cursor.execute(
                "SELECT has_table_privilege('palermo_job', 'organisations_membership', %s)", [right]
            )
            assert cursor.fetchone() == (False,)


def test_no_request_acts_with_the_rights_of_the_command_line() -> None:
    """The command line founds an instance and so may write roles; nothing that answers a request may be it."""
    root = Path(actions.__file__).parents[2]
    uses = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if "Viewer.operator()" in path.read_text(encoding="utf-8") and "tests" not in path.parts
    }
    served = {
        use for use in uses if any(word in use for word in ("views", "api", "middleware", "web/", "urls"))
    }
    assert uses, "the search finds what it looks for"
    assert served == set()

"""The second wall: what the database itself refuses, with every filter of the application out of the way.

Everything here is raw SQL as palermo_app, as an attacker would send it through an injection.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from palermo.kernel.access.actions import grant, revoke
from palermo.kernel.access.context import acting, current_token, enter, leave, open_context
from palermo.kernel.access.models import Grant, Notice
from palermo.kernel.access.tests.signing import closed
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Membership

pytestmark = pytest.mark.django_db


def rows(statement: str, arguments: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return list(cursor.fetchall())


def count(table: str) -> int:
    return int(rows(f"SELECT count(*) FROM {table}")[0][0])


@contextmanager
def refused() -> Iterator[None]:
    """The statement inside must be refused by the server, not merely do nothing."""
    with pytest.raises(DatabaseError), transaction.atomic():
        yield


@pytest.fixture
def opened(people: Any) -> UUID:
    """An object that the case worker holds, with a grant and a notice behind the walls."""
    object_id = uuid4()
    with acting(people.case_worker.viewer) as viewer:
        grant(
            actor=viewer,
            object_kind="case",
            object_id=object_id,
            grantee_kind="person",
            grantee_id=people.case_worker.pk,
            scopes=["case", "identity"],
            purpose="test",
        )
        Notice.objects.create(user=people.case_worker.user, kind="test")
    return object_id


def test_the_owner_of_a_grant_sees_it_and_a_stranger_sees_nothing(people: Any, opened: UUID) -> None:
    with acting(people.case_worker.viewer):
        assert count("access_grant") == 1
        assert count("access_notice") == 1
        assert rows("SELECT access_granted(%s, 'identity')", [opened]) == [(True,)]
    for other in (
        people.stranger,
        people.other_worker,
        people.supervisor,
        people.administrator,
        people.coordinator,
    ):
        with acting(other.viewer):
            assert count("access_grant") == 0
            assert count("access_notice") == 0
            assert rows("SELECT access_granted(%s, 'case')", [opened]) == [(False,)]


def test_without_a_context_there_is_nothing(opened: UUID) -> None:
    assert count("access_grant") == 0
    assert count("access_notice") == 0
    assert rows("SELECT access_kind(), access_viewer()") == [("anonymous", None)]


@pytest.mark.parametrize(
    "forged", ["7", "8", "", "'", "' OR true --", "0" * 64, "g" * 64, "0" * 63, "A" * 64, "\n" * 64]
)
def test_a_forged_token_is_nobody(opened: UUID, forged: str) -> None:
    rows("SELECT set_config('palermo.token', %s, true)", [forged])
    assert rows("SELECT access_kind(), access_viewer()") == [("anonymous", None)]
    assert count("access_grant") == 0


def test_somebody_elses_user_id_is_no_token(people: Any, opened: UUID) -> None:
    for forged in (str(people.case_worker.pk), people.case_worker.pk.hex * 2):
        rows("SELECT set_config('palermo.token', %s, true)", [forged])
        assert count("access_grant") == 0


def test_the_hash_that_is_stored_is_no_token(people: Any, cluster: Any) -> None:
    """Whoever reads access_context (in a dump) holds nothing that opens a context."""
    import hashlib

    token = secrets.token_bytes(32)
    open_context(token, people.case_worker.viewer, seconds=60)
    rows("SELECT set_config('palermo.token', %s, true)", [hashlib.sha256(token).hexdigest()])
    assert rows("SELECT access_kind()") == [("anonymous",)]
    assert enter(token) is not None


def test_a_context_is_not_opened_without_the_proof(people: Any) -> None:
    token = secrets.token_bytes(32)
    far = 4_000_000_000
    for proof in (b"", b"\0" * 32, secrets.token_bytes(32), None):
        with refused():
            rows(
                "SELECT access_open(%s, 'person', %s, 'x', %s, %s)",
                [token, people.case_worker.pk, far, proof],
            )


def test_a_proof_opens_only_what_it_was_made_for(people: Any) -> None:
    import time

    from palermo.kernel.access.context import proof

    token, ends = secrets.token_bytes(32), int(time.time()) + 60
    mine = people.stranger.pk
    mac = proof("|".join((token.hex(), "person", str(mine), "x", str(ends))))
    changed: list[list[Any]] = [
        [token, "person", people.case_worker.pk, "x", ends, mac],
        [token, "operator", mine, "x", ends, mac],
        [token, "person", mine, "y", ends, mac],
        [token, "person", mine, "x", ends + 1, mac],
        [secrets.token_bytes(32), "person", mine, "x", ends, mac],
    ]
    for arguments in changed:
        with refused():
            rows("SELECT access_open(%s, %s, %s, %s, %s, %s)", arguments)
    rows("SELECT access_open(%s, %s, %s, %s, %s, %s)", [token, "person", mine, "x", ends, mac])


ATTACKS = [
    "SET ROLE palermo_owner",
    "SET SESSION AUTHORIZATION palermo_owner",
    "SET ROLE postgres",
    "SELECT * FROM access_context",
    "SELECT * FROM access_secret",
    "INSERT INTO access_context SELECT decode(repeat('00', 32), 'hex'), 'operator', NULL, 'x', now() + '1 day'",
    "UPDATE access_secret SET inner_pad = outer_pad",
    "SELECT access_proof('x')",
    "SELECT access_holders(gen_random_uuid())",
    "COPY access_grant TO PROGRAM 'cat'",
    "COPY access_grant TO '/tmp/palermo-grants'",
    "COPY access_grant FROM PROGRAM 'true'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('/')",
    "SELECT lo_import('/etc/passwd')",
    "ALTER TABLE access_grant DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE access_grant NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY may_read ON access_grant",
    "CREATE POLICY mine ON access_grant USING (true)",
    "CREATE TABLE here (a int)",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE EXTENSION dblink",
    "CREATE ROLE friend LOGIN",
    "ALTER ROLE palermo_app BYPASSRLS",
    "GRANT palermo_owner TO palermo_app",
    "TRUNCATE access_grant",
    "INSERT INTO access_grant SELECT * FROM access_grant",
    "UPDATE access_grant SET valid_until = NULL",
    "DELETE FROM access_grant",
    "INSERT INTO access_demoaccount SELECT id, now() FROM access_user LIMIT 1",
    "DELETE FROM access_user",
    "SELECT * FROM pg_authid",
    "ALTER FUNCTION access_viewer() OWNER TO palermo_app",
    "LOAD 'auto_explain'",
    "SET session_replication_role = replica",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_injected_statement_is_refused(people: Any, opened: UUID, attack: str) -> None:
    with acting(people.other_worker.viewer), refused():
        rows(attack)


def test_switching_row_security_off_is_an_error_not_a_leak(people: Any, opened: UUID) -> None:
    with acting(people.other_worker.viewer), refused(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL row_security = off")
        cursor.execute("SELECT count(*) FROM access_grant")


def test_statistics_of_the_planner_show_no_protected_value(people: Any, opened: UUID) -> None:
    assert rows("SELECT * FROM pg_stats WHERE tablename = 'access_grant'") == []


def test_nobody_writes_a_role_not_even_an_administrator(people: Any) -> None:
    worker = people.case_worker
    for member in (worker, people.supervisor, people.stranger, people.administrator, people.coordinator):
        with acting(member.viewer), refused():
            Membership.objects.create(
                user=worker.user, organisation=people.other_organisation, role="administrator"
            )
    with acting(people.stranger.viewer):
        assert Membership.objects.filter(user=worker.user).update(role="administrator") == 0
    with refused():
        Membership.objects.create(user=worker.user, organisation=people.organisation, role="administrator")


def test_a_revoked_grant_is_gone_for_the_next_statement_of_an_open_transaction(
    people: Any, opened: UUID
) -> None:
    token = secrets.token_bytes(32)
    open_context(token, people.case_worker.viewer, seconds=600)
    enter(token)
    assert rows("SELECT access_granted(%s, 'case')", [opened]) == [(True,)]
    found = Grant.objects.get(object_id=opened)
    with acting(Viewer.operator()) as operator:
        revoke(actor=operator, grant_id=found.pk)
    assert rows("SELECT access_granted(%s, 'case')", [opened]) == [(False,)]
    assert count("access_grant") == 0
    leave()


def test_a_deactivated_account_is_nobody_from_the_next_statement_on(people: Any, opened: UUID) -> None:
    enter_as(people.case_worker)
    assert count("access_grant") == 1
    token = current_token()
    closed(people.case_worker.user)
    assert current_token() == token
    assert count("access_grant") == 0
    assert rows("SELECT access_kind()") == [("anonymous",)]


def test_an_ended_role_is_gone_from_the_next_statement_on(people: Any) -> None:
    enter_as(people.supervisor)
    assert rows("SELECT access_has('supervisor')") == [(True,)]
    with acting(Viewer.operator()):
        Membership.objects.filter(user=people.supervisor.user).update(ended_at=timezone.now())
    assert rows("SELECT access_has('supervisor'), access_organisations()") == [(False, [])]


def test_an_expired_context_is_nobody(people: Any, opened: UUID) -> None:
    token = secrets.token_bytes(32)
    open_context(token, people.case_worker.viewer, seconds=-1)
    assert enter(token) is None
    assert count("access_grant") == 0


def enter_as(member: Any) -> None:
    token = secrets.token_bytes(32)
    open_context(token, member.viewer, seconds=600)
    assert enter(token) is not None


def test_the_token_ends_with_its_transaction(people: Any) -> None:
    with acting(people.case_worker.viewer):
        pass
    assert rows("SELECT coalesce(current_setting('palermo.token', true), '')") == [("",)]

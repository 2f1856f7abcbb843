"""What injected SQL can do to accounts, second factors and sessions: nothing that opens one.

Raw SQL as palermo_app, in the contexts of several people; then what somebody gains who got past the database itself.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client
from django.urls import reverse

from palermo.kernel.access import credentials
from palermo.kernel.access.context import acting, proof
from palermo.kernel.access.fields import SEALED
from palermo.kernel.access.models import User
from palermo.kernel.access.sessions import read_stored, stored
from palermo.kernel.access.tests.signing import (
    PASSWORD,
    closed,
    code_of,
    give_code,
    give_password,
    session_row,
    sign_in,
    with_authenticator,
    with_password,
)
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.urls("palermo.kernel.access.tests.urlconf")]
COMMITTED = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def rows(statement: str, arguments: Any = None, alias: str = "default") -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement, arguments)
        return list(cursor.fetchall()) if cursor.description else []


def as_superior(statement: str, arguments: Any = None) -> None:
    """What a database superuser, or a bug in the wall, could write: here as the owner of the tables."""
    rows(statement, arguments, alias="owner")


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        yield
    assert getattr(caught.value.__cause__, "sqlstate", "") == "42501", caught.value


def is_in(client: Client) -> bool:
    return bool(client.get(reverse("account_sessions")).status_code == 200)


ATTACKS = [
    "UPDATE access_user SET password = 'argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdA$aGFzaA'",
    "UPDATE access_user SET password = (SELECT password FROM access_user WHERE username = 'analyst')",
    "UPDATE access_user SET is_active = true",
    "UPDATE access_user SET is_active = false WHERE username = 'supervisor'",
    "UPDATE access_user SET username = 'supervisor-2' WHERE username = 'supervisor'",
    "UPDATE access_user SET display_name = 'Supervisor'",
    "UPDATE access_user SET email = 'mine@example.org'",
    "UPDATE access_user SET id = gen_random_uuid()",
    "INSERT INTO access_user (id, username, password, is_active) VALUES (gen_random_uuid(), 'me', '', true)",
    "INSERT INTO access_user SELECT * FROM access_user ON CONFLICT (id) DO UPDATE SET password = excluded.password",
    "DELETE FROM access_user",
    "UPDATE mfa_authenticator SET data = '{}'",
    "UPDATE mfa_authenticator SET user_id = (SELECT id FROM access_user WHERE username = 'supervisor')",
    "UPDATE mfa_authenticator SET type = 'totp'",
    "INSERT INTO mfa_authenticator (user_id, type, data, created_at) SELECT id, 'totp', '{}', now() FROM access_user",
    "DELETE FROM mfa_authenticator",
    "INSERT INTO access_session (session_key, session_data, expire_date, started_at, last_seen_at, device) "
    "VALUES ('k', 'd', now() + interval '1 day', now(), now(), '')",
    "UPDATE access_session SET user_id = NULL",
    "DELETE FROM access_session",
    'INSERT INTO account_emailaddress (user_id, email, verified, "primary") '
    "SELECT id, 'mine@example.org', true, true FROM access_user",
    "SELECT * FROM account_emailconfirmation",
    "LOCK TABLE access_user IN ACCESS EXCLUSIVE MODE",
    "LOCK TABLE access_user IN SHARE MODE",
    "LOCK TABLE access_user IN ROW EXCLUSIVE MODE",
    "LOCK TABLE mfa_authenticator IN ACCESS EXCLUSIVE MODE",
    "LOCK TABLE access_session IN ACCESS EXCLUSIVE MODE",
    "SELECT access_demand('credential|x', '')",
    "SELECT access_digest('x')",
    "SELECT access_is_own(gen_random_uuid())",
    "SELECT access_account_add(gen_random_uuid(), 'me', '', '', '', true, '', '\\x00')",
    "SELECT access_account_set(id, NULL, NULL, NULL, true, 'mine', sha256('x')) FROM access_user",
    "SELECT access_account_set(id, NULL, NULL, NULL, false, NULL, NULL) FROM access_user",
    "SELECT access_factor_put(NULL, id, 'totp', 'mine', '\\x00') FROM access_user",
    "SELECT access_factor_put(a.id, a.user_id, a.type, 'mine', NULL) FROM mfa_authenticator a",
    "SELECT access_factor_remove(id, NULL, '\\x00') FROM access_user",
    "SELECT access_session_write(true, 'k', 'd', 4000000000, id, 0, '', 0, '\\x00') FROM access_user",
    "SELECT access_session_end_all(id, NULL, '\\x00') FROM access_user",
    "CREATE TRIGGER t BEFORE UPDATE ON access_user FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE RULE r AS ON UPDATE TO access_user DO INSTEAD NOTHING",
    "SELECT lo_create(0)",
    "SELECT lo_creat(-1)",
    "SELECT lo_from_bytea(0, 'x')",
]


@pytest.mark.parametrize("who", ["case_worker", "administrator", "operator"])
def test_injected_sql_changes_no_credential(people: Any, who: str) -> None:
    """In nobody's context, not even in that of an administrator or of the command line."""
    with_password(people.supervisor.user)
    with_authenticator(people.supervisor.user)
    viewer = Viewer.operator() if who == "operator" else getattr(people, who).viewer
    answers = {}
    with acting(viewer):
        for attack in ATTACKS:
            try:
                with transaction.atomic():
                    rows(attack)
                    answers[attack] = "done"
                    transaction.set_rollback(True)
            except DatabaseError as error:
                answers[attack] = getattr(error.__cause__, "sqlstate", "")
    assert {attack: answer for attack, answer in answers.items() if answer != "42501"} == {}


def test_a_person_reads_no_session_of_another(people: Any, client_for: Any) -> None:
    for person in (people.supervisor, people.analyst):
        assert is_in(client_for(person))
    assert rows("SELECT * FROM access_session") == []
    with acting(people.analyst.viewer):
        assert {row[0] for row in rows("SELECT user_id FROM access_session")} == {people.analyst.pk}


def test_what_the_language_menu_needs_is_still_open(people: Any) -> None:
    user = people.analyst.user
    user.language = "fr"
    user.save(update_fields=["language"])
    user.refresh_from_db()
    assert user.language == "fr"


class Overheard:
    """Every statement that the application sends, with its proofs: what a tap on the connection would hear."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, list[Any]]] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("SELECT access_account", "SELECT access_factor", "SELECT access_session_write")):
            self.calls.append((sql, list(params)))
        return execute(sql, params, many, context)


@contextmanager
def overhearing() -> Iterator[Overheard]:
    heard = Overheard()
    with connection.execute_wrapper(heard):
        yield heard


@COMMITTED
def test_an_old_proof_brings_no_old_password_back(people: Any) -> None:
    user = people.case_worker.user
    with overhearing() as heard:
        with_password(user)
    user.set_password("another quiet lantern nine")
    user.save(update_fields=["password"])
    assert len(heard.calls) == 1
    for viewer in (Viewer.anonymous(), people.case_worker.viewer, Viewer.operator()):
        with acting(viewer), refused():
            rows(*heard.calls[0])
    user.refresh_from_db()
    assert not user.check_password(PASSWORD)


@COMMITTED
def test_an_old_proof_opens_no_closed_account_and_no_lost_factor(people: Any) -> None:
    user = people.case_worker.user
    with overhearing() as heard:
        with_authenticator(user)
        closed(user)
        with acting(Viewer.operator()):
            user.is_active = True
            user.save(update_fields=["is_active"])
    closed(user)
    with acting(Viewer.operator()):
        credentials.remove_factors(user.pk)
    assert len(heard.calls) == 3
    for call in heard.calls:
        with acting(Viewer.operator()), refused():
            rows(*call)
    assert not User.objects.get(pk=user.pk).is_active
    assert not Authenticator.objects.filter(user=user).exists()


def test_a_proof_fits_nothing_but_what_it_was_made_for(people: Any) -> None:
    """Even within its own transaction."""
    user, other = people.case_worker.user, people.supervisor.user
    with overhearing() as heard:
        with_password(user)
    statement, given = heard.calls[0]
    changes = [
        {0: other.pk},
        {1: "administrator-2"},
        {4: True},
        {5: "sealed$mine"},
        {6: b""},
        {6: proof("credential|x")},
    ]
    for change in changes:
        with refused():
            rows(statement, [change.get(place, value) for place, value in enumerate(given)])
    with refused():
        rows("SELECT access_factor_put(%s, %s, %s, %s, %s)", [None, user.pk, "totp", "x", given[6]])


def test_the_application_itself_changes_only_what_its_viewer_may(people: Any) -> None:
    """With a good proof, so that a mistake in a view is caught as well."""
    worker, supervisor = people.case_worker, people.supervisor
    with acting(worker.viewer):
        for change in ({"password": "x"}, {"is_active": False}, {"username": "x"}, {"display_name": "x"}):
            with refused():
                credentials.set_account(supervisor.pk, **change)
        for change in ({"is_active": True}, {"username": "x"}):
            with refused():
                credentials.set_account(worker.pk, **change)
        with refused():
            credentials.put_factor(None, user_id=supervisor.pk, kind="totp", sealed="x")
        with refused():
            User.objects.create_user("friend")
    with acting(people.administrator.viewer), refused():
        credentials.set_account(worker.pk, password="x")
    with acting(people.administrator.viewer), refused():
        credentials.put_factor(None, user_id=worker.pk, kind="totp", sealed="x")
    for change in ({"is_active": False}, {"password": "!"}, {"display_name": "x"}):
        with refused():
            credentials.set_account(worker.pk, **change)
    with refused():
        credentials.remove_factors(worker.pk)


def test_one_administrator_opens_no_account_that_holds_a_role(people: Any) -> None:
    """The guard of requests (a second person agrees) is not passed by way of these functions."""
    for user in (people.case_worker.user, people.stranger.user):
        closed(user)
    with acting(people.administrator.viewer):
        with refused():
            User.objects.filter(pk=people.case_worker.pk).update(is_active=True)
        assert User.objects.filter(pk=people.stranger.pk, is_active=False).update(is_active=True) == 1


def test_a_change_of_the_password_leaves_the_rest_alone(people: Any) -> None:
    """An object that was read before the account was closed does not open it again."""
    stale = User.objects.get(pk=people.case_worker.pk)
    closed(people.case_worker.user)
    with_password(stale)
    assert not User.objects.get(pk=stale.pk).is_active


def test_hashes_touch_the_database_sealed(people: Any) -> None:
    with_password(people.case_worker.user)
    ((held,),) = rows("SELECT password FROM access_user WHERE id = %s", [people.case_worker.pk])
    assert held.startswith(SEALED)
    assert "argon2" not in held
    assert people.case_worker.user.password.startswith("argon2$")


def test_an_old_hash_is_renewed_at_sign_in(people: Any) -> None:
    class Weaker(Argon2PasswordHasher):
        time_cost = 1

    user = people.case_worker.user
    user.password = Weaker().encode(PASSWORD, "somesaltsomesalt")
    user.save(update_fields=["password"])
    client = Client()
    assert give_password(client, user.username).status_code == 302
    renewed = User.objects.get(pk=user.pk)
    assert "t=2" in renewed.password
    assert renewed.check_password(PASSWORD)


@COMMITTED
def test_a_pasted_hash_signs_in_nobody(people: Any) -> None:
    """Somebody past every wall writes his own hash into the row of another: it opens neither account as the other."""
    mine, theirs = with_password(people.other_worker.user), people.supervisor.user
    seed = with_authenticator(theirs)
    as_superior(
        "UPDATE access_user SET password = (SELECT password FROM access_user WHERE id = %s) WHERE id = %s",
        [mine.pk, theirs.pk],
    )
    client = Client()
    assert give_password(client, theirs.username).status_code == 200
    assert not is_in(client)
    as_superior("UPDATE access_user SET password = %s WHERE id = %s", [make_password(PASSWORD), theirs.pk])
    assert give_password(client, theirs.username).status_code == 200, "nor a plain hash"
    assert not User.objects.get(pk=theirs.pk).has_usable_password()
    with_password(theirs)
    sign_in(client, theirs, seed)
    assert is_in(client)


@COMMITTED
def test_a_pasted_authenticator_is_refused(people: Any) -> None:
    mine, theirs = with_password(people.other_worker.user), with_password(people.supervisor.user)
    seed, _own = with_authenticator(mine), with_authenticator(theirs)
    as_superior(
        "UPDATE mfa_authenticator SET data = (SELECT data FROM mfa_authenticator WHERE user_id = %s) "
        "WHERE user_id = %s",
        [mine.pk, theirs.pk],
    )
    client = Client()
    give_password(client, theirs.username)
    answer = give_code(client, code_of(seed))
    assert answer.status_code == 403
    assert not is_in(client)
    with acting(Viewer.operator()):
        assert credentials.remove_factors(theirs.pk) == 1, "a reset takes it away unread"


@COMMITTED
def test_pasted_recovery_codes_and_passkeys_are_refused(people: Any) -> None:
    mine, theirs = people.other_worker.user, people.supervisor.user
    RecoveryCodes.activate(mine)
    content = {"name": "key", "credential": {"id": "x"}}
    Authenticator.objects.create(user=mine, type=Authenticator.Type.WEBAUTHN, data=content)
    assert {f.type for f in Authenticator.objects.filter(user=mine)} == {"recovery_codes", "webauthn"}
    as_superior("UPDATE mfa_authenticator SET user_id = %s WHERE user_id = %s", [theirs.pk, mine.pk])
    for kind in ("recovery_codes", "webauthn"):
        with pytest.raises(Refused):
            Authenticator.objects.get(user=theirs, type=kind)
    as_superior("UPDATE mfa_authenticator SET user_id = %s, type = 'totp' WHERE type = 'webauthn'", [mine.pk])
    with pytest.raises(Refused):
        Authenticator.objects.get(user=mine, type="totp")


@COMMITTED
def test_a_used_recovery_code_stays_used(people: Any) -> None:
    """The used mask is sealed and behind the wall with the seed: an old row cannot be written back."""
    user = with_password(people.case_worker.user)
    with_authenticator(user)
    with overhearing() as heard:
        codes = RecoveryCodes.activate(user)
    code = codes.get_unused_codes()[0]
    client = Client()
    give_password(client, user.username)
    give_code(client, code)
    assert is_in(client)
    _statement, given = heard.calls[0]
    ((row,),) = rows("SELECT id FROM mfa_authenticator WHERE type = 'recovery_codes'")
    with refused():
        rows("SELECT access_factor_put(%s, %s, %s, %s, %s)", [row, *given[1:]])
    again = Client()
    give_password(again, user.username)
    give_code(again, code)
    assert not is_in(again)


@COMMITTED
def test_a_session_pasted_or_renamed_is_nobody_elses(people: Any, client_for: Any) -> None:
    victim, thief = client_for(people.supervisor), client_for(people.other_worker)
    assert is_in(victim)
    assert is_in(thief)
    mine, theirs = session_row(thief), session_row(victim)
    as_superior("UPDATE access_session SET user_id = %s WHERE session_key = %s", [theirs.user_id, mine.pk])
    answer = thief.get(reverse("account_sessions"))
    assert answer.wsgi_request.viewer.user_id == people.other_worker.pk
    as_superior(
        "UPDATE access_session SET session_data = %s WHERE session_key = %s", [theirs.session_data, mine.pk]
    )
    assert not is_in(thief)
    assert is_in(victim)


def test_no_session_is_written_without_its_proof_nor_later_again(people: Any, client_for: Any) -> None:
    with overhearing() as heard:
        client = client_for(people.case_worker)
    statement, given = heard.calls[-1]
    for place, value in ((1, "f" * 40), (4, str(people.supervisor.pk)), (3, given[3] + 1), (7, given[7] + 1)):
        with refused():
            rows(statement, [value if n == place else one for n, one in enumerate(given)])
    key = stored(client.session.session_key)
    client.session.flush()
    assert read_stored(key) is None
    # The same write, asked for some minutes ago, with a proof that was good then.
    late = [*given[:7], int(time.time()) - 300]
    mac = proof(f"browser|{credentials.digest(*late)}")
    with refused():
        rows(statement, [*late, mac])


def test_a_session_that_ended_is_not_written_again_by_a_late_request(people: Any, client_for: Any) -> None:
    from django.contrib.sessions.backends.base import UpdateError

    session = client_for(people.case_worker).session
    assert session["_auth_user_id"]
    session.delete()
    session["late"] = True
    with pytest.raises(UpdateError):
        session.save()

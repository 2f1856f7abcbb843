"""Signing in: what a password alone opens (nothing), what a second factor opens, and what cannot be replayed."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import connection
from django.test import Client
from django.urls import reverse

from palermo.kernel.access import sealing, second_factor
from palermo.kernel.access.models import User
from palermo.kernel.access.sessions import read_stored, stored
from palermo.kernel.access.tests.signing import (
    PASSWORD,
    closed,
    code_of,
    give_code,
    give_password,
    sign_in,
    with_authenticator,
    with_password,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("palermo.kernel.access.tests.urlconf")]


@pytest.fixture
def worker(people: Any) -> User:
    return with_password(people.case_worker.user)


def is_in(client: Client) -> bool:
    """Whether the browser is somebody to palermo: the list of one's sessions opens."""
    return bool(client.get(reverse("account_sessions")).status_code == 200)


def test_password_and_code_sign_in(worker: User) -> None:
    client = Client()
    seed = with_authenticator(worker)
    answer = give_password(client, worker.username)
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    assert give_code(client, code_of(seed)).headers["Location"] == "/"
    assert is_in(client)


def test_first_sign_in_leads_to_enrolment_and_nowhere_else(worker: User) -> None:
    client = Client()
    give_password(client, worker.username)
    for name in ("account_sessions", "mfa_index", "administration:users", "web:home"):
        assert client.get(reverse(name)).headers["Location"] == reverse("account_enrol"), name
    assert client.get(reverse("account_enrol")).status_code == 200


def test_a_session_without_second_factor_is_nobody_to_the_database(worker: User) -> None:
    client = Client()
    give_password(client, worker.username)
    answer = client.get(reverse("account_enrol"))
    assert answer.wsgi_request.viewer.kind == "anonymous"  # type: ignore[attr-defined]
    assert answer.wsgi_request.user.is_authenticated


def test_enrolling_makes_the_session_strong_and_changes_its_key(worker: User) -> None:
    client = Client()
    give_password(client, worker.username)
    before = client.session.session_key
    page = client.get(reverse("mfa_activate_totp"))
    seed = page.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(seed)})
    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
    assert is_in(client)
    assert client.session.session_key != before
    codes = client.get(reverse("mfa_view_recovery_codes"))
    assert codes.context["can_view_codes"]
    assert len(codes.context["unused_codes"]) == 10
    assert not client.get(reverse("mfa_view_recovery_codes")).context["can_view_codes"]


def test_a_password_session_dies_when_the_owner_enrols_elsewhere(worker: User) -> None:
    thief = Client()
    give_password(thief, worker.username)
    with_authenticator(worker)
    assert thief.get(reverse("account_enrol")).headers["Location"] == reverse("account_login")
    assert "_auth_user_id" not in thief.session


def test_a_code_works_once(worker: User) -> None:
    seed = with_authenticator(worker)
    code = code_of(seed)
    first, second = Client(), Client()
    give_password(first, worker.username)
    give_password(second, worker.username)
    assert give_code(first, code).status_code == 302
    assert give_code(second, code).status_code == 200
    assert is_in(first)
    assert not is_in(second)


def test_a_used_code_is_remembered_for_longer_than_it_is_valid(worker: User) -> None:
    seed = with_authenticator(worker)
    sign_in(Client(), worker, seed)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM expires_at - clock_timestamp()) FROM access_counter WHERE key LIKE %s",
            ["%totp.used%"],
        )
        (left,) = cursor.fetchone()
    assert left > 90, "a code is valid for three steps of 30 s"


def test_a_recovery_code_works_once(worker: User) -> None:
    with_authenticator(worker)
    code = RecoveryCodes.activate(worker).get_unused_codes()[0]
    first, second = Client(), Client()
    give_password(first, worker.username)
    give_code(first, code)
    give_password(second, worker.username)
    give_code(second, code)
    assert is_in(first)
    assert not is_in(second)


def test_seeds_are_sealed_in_the_database(worker: User) -> None:
    seed = with_authenticator(worker)
    RecoveryCodes.activate(worker)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        (held,) = cursor.fetchone()
    assert seed not in held
    recovery = Authenticator.objects.get(user=worker, type=Authenticator.Type.RECOVERY_CODES)
    assert recovery.data["seed"] not in held


def test_session_content_opens_only_with_its_own_cookie(worker: User) -> None:
    client = Client()
    give_password(client, worker.username)
    client.get(reverse("mfa_activate_totp"))
    key = client.session.session_key
    held = read_stored(stored(key)) or ""
    assert key not in stored(key)
    assert "mfa.totp.secret" not in held
    assert "mfa.totp.secret" in sealing.open_session(held, key)
    with pytest.raises(sealing.Unsealable):
        sealing.open_session(held, "x" * 32)


def test_the_session_key_changes_at_sign_in(worker: User) -> None:
    seed = with_authenticator(worker)
    client = Client()
    give_password(client, worker.username)
    before = client.session.session_key
    give_code(client, code_of(seed))
    assert client.session.session_key != before
    assert read_stored(stored(before)) is None


def test_ten_wrong_passwords_stop_the_right_one(worker: User) -> None:
    client = Client()
    for _attempt in range(10):
        give_password(client, worker.username, "wrong wrong wrong")
    assert "_auth_user_id" not in client.session
    give_password(client, worker.username)
    assert "_auth_user_id" not in client.session, "the eleventh guess of the hour is not looked at"
    other = Client(REMOTE_ADDR="192.0.2.7")
    give_password(other, worker.username)
    assert "_auth_user_id" not in other.session, "nor from another address"


def test_ten_wrong_codes_stop_the_right_one(worker: User) -> None:
    seed = with_authenticator(worker)
    client = Client()
    give_password(client, worker.username)
    for _attempt in range(10):
        give_code(client, "000000")
    give_code(client, code_of(seed))
    assert not is_in(client)


def test_unknown_closed_and_wrong_answer_alike(worker: User, people: Any) -> None:
    shut = closed(with_password(people.analyst.user))
    answers = [
        give_password(Client(), "nobody-of-this-name"),
        give_password(Client(), shut.username),
        give_password(Client(), worker.username, "wrong wrong wrong"),
    ]
    texts = {_without_tokens(answer) for answer in answers}
    assert [a.status_code for a in answers] == [200, 200, 200]
    assert len(texts) == 1


def _without_tokens(answer: Any) -> str:
    import re

    return re.sub(r'value="[^"]*"', "", answer.content.decode())


def test_unknown_users_cost_as_much_time_as_known_ones(worker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth.hashers import Argon2PasswordHasher

    hashed: list[str] = []
    encode, verify = Argon2PasswordHasher.encode, Argon2PasswordHasher.verify

    def counting_encode(self: Any, password: str, salt: str) -> str:
        hashed.append("encode")
        return str(encode(self, password, salt))

    def counting_verify(self: Any, password: str, encoded: str) -> bool:
        hashed.append("verify")
        return bool(verify(self, password, encoded))

    monkeypatch.setattr(Argon2PasswordHasher, "encode", counting_encode)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", counting_verify)
    give_password(Client(), "nobody-of-this-name", "wrong")
    unknown = len(hashed)
    give_password(Client(), worker.username, "wrong")
    assert unknown == len(hashed) - unknown == 1


def test_sign_up_is_closed_and_has_no_address(client: Client) -> None:
    assert client.get("/account/signup/").status_code == 404
    assert client.get("/account/password/reset/").status_code == 404


def test_a_password_is_no_step_up_for_somebody_with_a_second_factor(worker: User) -> None:
    seed = with_authenticator(worker)
    client = Client()
    sign_in(client, worker, seed)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    records = client.session[second_factor.RECORDS]
    assert not [r for r in records if r["method"] == "password" and r.get("reauthenticated")]


def test_an_old_second_factor_is_not_fresh(worker: User, client_for: Any) -> None:
    client = client_for(worker)
    session = client.session
    records = [{"method": "mfa", "type": "totp", "at": time.time() - 301}]
    records.append({"method": "password", "at": time.time(), "reauthenticated": True})
    session[second_factor.RECORDS] = records
    session.save()
    answer = client.get(reverse("account_sessions"))
    assert answer.status_code == 200
    assert not answer.wsgi_request.viewer.stepped_up


def test_a_proof_of_another_user_in_the_session_counts_for_nothing(
    worker: User, people: Any, client_for: Any
) -> None:
    client = client_for(worker)
    session = client.session
    session[second_factor.RECORDS_USER] = str(people.supervisor.pk)
    session.save()
    assert client.get(reverse("account_sessions")).headers["Location"] == reverse("account_enrol")


def test_the_last_second_factor_cannot_be_removed(worker: User, client_for: Any) -> None:
    with_authenticator(worker)
    client = client_for(worker)
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=worker, type=Authenticator.Type.TOTP).exists()


def test_nobody_touches_the_passkey_of_somebody_else(worker: User, people: Any, client_for: Any) -> None:
    theirs = Authenticator.objects.create(
        user=people.supervisor.user, type=Authenticator.Type.WEBAUTHN, data={"name": "key", "credential": {}}
    )
    client = client_for(worker)
    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        assert client.post(reverse(name, args=[theirs.pk]), {"name": "mine"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.data["name"] == "key"

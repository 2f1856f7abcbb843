"""The life of a session: idle limit, absolute limit, clocks that jump, the list of one's sessions, its ends."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as conf
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from palermo.kernel.access.context import enter, leave, session_token
from palermo.kernel.access.http import device_note
from palermo.kernel.access.tests.signing import session_row, sessions_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("palermo.kernel.access.tests.urlconf")]


def is_in(client: Client) -> bool:
    return bool(client.get(reverse("account_sessions")).status_code == 200)


def test_it_ends_after_the_idle_limit(people: Any, client_for: Any) -> None:
    client = client_for(people.case_worker)
    assert is_in(client)
    row = session_row(client)
    left = row.expire_date - timezone.now()
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)
    session = client.session
    session.set_expiry(timedelta(seconds=-1))
    session.save()
    assert not is_in(client)


def test_use_renews_the_idle_limit_at_most_once_a_minute(people: Any, client_for: Any) -> None:
    client = client_for(people.case_worker)
    assert is_in(client)
    before = session_row(client).expire_date
    assert is_in(client)
    assert session_row(client).expire_date == before, "nothing is written within the minute"
    session = client.session
    session["seen"] = time.time() - 61
    session.save()
    written = session_row(client).expire_date
    assert is_in(client)
    assert session_row(client).expire_date > written


def test_it_ends_after_ten_hours_however_busy(people: Any, client_for: Any) -> None:
    client = client_for(people.case_worker)
    assert is_in(client)
    session = client.session
    session["started"] = time.time() - conf.PALERMO_SESSION_HOURS * 3600 - 1
    session.save()
    assert not is_in(client)
    assert sessions_of(people.case_worker.user) == []


def test_a_session_from_the_future_is_not_believed(people: Any, client_for: Any) -> None:
    client = client_for(people.case_worker)
    session = client.session
    session["started"] = time.time() + 3600
    session.save()
    assert not is_in(client)


def test_signing_out_ends_session_and_context_and_clears_the_browser(people: Any, client_for: Any) -> None:
    client = client_for(people.case_worker)
    assert is_in(client)
    cookie = client.cookies[conf.SESSION_COOKIE_NAME].value
    answer = client.post(reverse("account_logout"))
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert enter(session_token(cookie)) is None
    leave()
    copied = Client()
    copied.cookies[conf.SESSION_COOKIE_NAME] = cookie
    assert not is_in(copied), "a copied cookie is worth nothing after sign-out"


def test_signed_in_pages_are_kept_by_no_cache(people: Any, client_for: Any) -> None:
    answer = client_for(people.case_worker).get(reverse("account_sessions"))
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_cookie_is_for_this_site_and_no_script(people: Any, client_for: Any) -> None:
    client = client_for(people.case_worker)
    session = client.session
    session["seen"] = 0
    session.save()
    cookie = client.get(reverse("account_sessions")).cookies[conf.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert not cookie["expires"]


def test_a_person_sees_his_sessions_and_ends_the_others(people: Any, client_for: Any) -> None:
    here, there = client_for(people.case_worker), client_for(people.case_worker)
    stranger = client_for(people.stranger)
    assert is_in(here)
    assert is_in(there)
    assert is_in(stranger)
    page = here.get(reverse("account_sessions"))
    assert len(page.context["rows"]) == 2
    here.post(reverse("account_end_sessions"))
    assert is_in(here)
    assert not is_in(there)
    assert is_in(stranger)


def test_a_person_ends_one_session_and_nobody_elses(people: Any, client_for: Any) -> None:
    here, there, stranger = (client_for(p) for p in (people.case_worker, people.case_worker, people.stranger))
    assert is_in(there)
    assert is_in(stranger)
    url = reverse("account_end_sessions")
    assert here.post(url, {"session": session_row(stranger).session_key}).status_code == 404
    assert here.post(url, {"session": session_row(there).session_key}).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert is_in(stranger)


def test_changing_the_password_ends_all_sessions(people: Any, client_for: Any) -> None:
    from palermo.kernel.access.tests.signing import PASSWORD, with_password

    with_password(people.case_worker.user)
    here, there = client_for(people.case_worker), client_for(people.case_worker)
    assert is_in(there)
    new = "another quiet lantern nine"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    answer = here.post(reverse("account_change_password"), form)
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_login"))
    assert not is_in(there)
    assert not is_in(here)
    people.case_worker.user.refresh_from_db()
    assert people.case_worker.user.check_password(new)


def test_no_live_context_is_left_of_a_person_who_is_signed_out_everywhere(
    people: Any, client_for: Any
) -> None:
    from palermo.kernel.access.signing_out import end_all

    client = client_for(people.case_worker)
    assert is_in(client)
    token = session_token(client.cookies[conf.SESSION_COOKIE_NAME].value)
    assert enter(token) is not None
    end_all(people.case_worker.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_kind()")
        assert cursor.fetchone() == ("anonymous",), "inside the open transaction, too"
    leave()


def test_the_device_note_is_short_and_no_fingerprint() -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    assert device_note(agent) == "Firefox, Linux"
    assert device_note("<script>alert(1)</script>" * 50) == ""


def test_the_beginning_of_a_session_is_in_the_audit_once(people: Any, client_for: Any) -> None:
    from palermo.kernel.access.context import acting
    from palermo.kernel.audit.models import Entry

    client = client_for(people.case_worker)
    assert is_in(client)
    assert is_in(client)
    with acting(people.case_worker.viewer):
        found = Entry.objects.filter(action="access.session.begin", object_id=people.case_worker.pk)
        assert found.count() == 1


def test_signing_out_with_the_very_first_request_works(people: Any, client_for: Any) -> None:
    assert client_for(people.case_worker).post(reverse("account_logout")).status_code == 302


def test_ending_the_other_sessions_is_written_in_the_name_of_the_person(people: Any, client_for: Any) -> None:
    from palermo.kernel.access.context import acting
    from palermo.kernel.audit.models import Entry

    client_for(people.case_worker).post(reverse("account_end_sessions"))
    with acting(people.case_worker.viewer):
        entry = Entry.objects.get(action="access.session.end_others", object_id=people.case_worker.pk)
    assert entry.actor == people.case_worker.pk

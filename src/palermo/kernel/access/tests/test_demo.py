"""The demonstration: easy to enter for a newcomer, impossible to carry into a real instance."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from palermo.kernel.access import demo
from palermo.kernel.access.context import acting
from palermo.kernel.access.models import DemoAccount, User
from palermo.kernel.access.tests.signing import give_code, give_password, with_authenticator, with_password
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Refused

BOTH = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
pytestmark = [BOTH, pytest.mark.urls("palermo.kernel.access.tests.urlconf")]


@pytest.fixture
def invented(people: Any, settings: Any) -> list[User]:
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
    users = list(User.objects.all())
    demo.mark_demo_accounts(users)
    return users


def test_a_newcomer_signs_in_with_the_code_that_the_page_shows(people: Any, invented: list[User]) -> None:
    worker = with_password(people.case_worker.user)
    client = Client()
    assert b"no real data" in client.get(reverse("account_login")).content
    give_password(client, worker.username)
    page = client.get(reverse("mfa_authenticate"))
    assert page.context["demo_code"] in page.content.decode()
    give_code(client, page.context["demo_code"])
    assert client.get(reverse("account_sessions")).status_code == 200


def test_a_second_sign_in_at_once_gets_another_code(people: Any, invented: list[User]) -> None:
    worker = with_password(people.case_worker.user)
    for _time in range(2):
        client = Client()
        give_password(client, worker.username)
        give_code(client, client.get(reverse("mfa_authenticate")).context["demo_code"])
        assert client.get(reverse("account_sessions")).status_code == 200


def test_a_real_account_on_the_same_instance_shows_no_code(people: Any, invented: list[User]) -> None:
    with acting(Viewer.operator()):
        real = with_password(User.objects.create_user("real-person"))
    with_authenticator(real)
    client = Client()
    give_password(client, real.username)
    page = client.get(reverse("mfa_authenticate"))
    assert page.context["demo_code"] == ""
    assert b"demo-code" not in page.content


def test_no_code_is_shown_on_an_instance_with_a_public_address(
    people: Any, invented: list[User], settings: Any
) -> None:
    worker = people.case_worker.user
    assert demo.current_code(worker.pk)
    settings.PALERMO_ORIGIN = "https://palermo.example"
    assert demo.current_code(worker.pk) == ""
    settings.PALERMO_ORIGIN = ""
    settings.ALLOWED_HOSTS = ["palermo.example"]
    assert demo.current_code(worker.pk) == ""


def test_a_public_instance_with_demonstration_accounts_does_not_start(
    people: Any, invented: list[User], settings: Any
) -> None:
    from palermo.kernel.access.middleware import ViewerMiddleware

    settings.PALERMO_ORIGIN = "https://palermo.example"
    with pytest.raises(ImproperlyConfigured):
        ViewerMiddleware(lambda request: None)  # type: ignore[arg-type,return-value]
    demo.remove_demo_accounts()
    ViewerMiddleware(lambda request: None)  # type: ignore[arg-type,return-value]
    assert not User.objects.filter(is_active=True).exists()


@pytest.mark.parametrize(
    ("bind", "local"),
    [
        ("", True),
        ("127.0.0.1:8000", True),
        ("unix:/run/p.sock", True),
        ("0.0.0.0:8000", False),
        ("0.0.0.0", False),
        (":8000", False),
        ("[::]:80", False),
    ],
)
def test_a_server_that_the_network_reaches_is_not_local(settings: Any, bind: str, local: bool) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    settings.PALERMO_BIND = bind
    assert demo.is_local() is local


def test_real_accounts_and_public_instances_take_no_demonstration(people: Any, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    some = list(User.objects.all()[:2])
    with pytest.raises(Refused):
        demo.mark_demo_accounts(some)
    settings.PALERMO_ORIGIN = "https://palermo.example"
    with pytest.raises(Refused):
        demo.mark_demo_accounts(list(User.objects.all()))
    assert not DemoAccount.objects.exists()


def test_the_application_cannot_mark_an_account(people: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO access_demoaccount VALUES (%s, now())", [people.case_worker.pk])

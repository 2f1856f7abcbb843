"""A form whose sign-in must be confirmed stays as it is, and goes on by itself once that was done in another tab."""

import time
from typing import Any

import pytest

from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.second_factor import RECORDS
from palermo.rooms.networks.tests.conftest import founded, kept
from palermo.web.tests.conftest import plain_static_names, violations  # noqa: F401
from tests.browser.conftest import picture
from tests.browser.test_drafts import cast, come  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME = "Vibbletonova"


def confirmed_at(client: Any, moment: float) -> None:
    """The session's second factor, as if it had been shown at that moment."""
    session = client.session
    session[RECORDS] = [{"method": "mfa", "type": "totp", "at": moment, "reauthenticated": True}]
    session.save()


def test_a_name_that_was_typed_is_sent_after_the_confirmation(
    cast: Any,  # noqa: F811
    come: Any,  # noqa: F811
    live_server: Any,
) -> None:
    inspectors = founded(cast)
    draft = kept(inspectors.inspector, inspectors.network)
    client = signed_in_client(inspectors.inspector)
    confirmed_at(client, time.time() - 3600)
    page, url = come(inspectors.inspector), live_server.url
    page.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": url}])
    page.goto(f"{url}/networks/notify/{draft.pk}/send/")
    page.locator("[name=target]").first.evaluate(
        "(one, name) => { one.value = [...one.options].find((o) => o.text.includes(name)).value; }",
        "Northern Shelter",
    )
    page.locator("[name=agrees][value=yes]").check()
    page.select_option("select[name=language]", "ar")
    page.select_option("select[name=interpreting]", "phone")
    page.locator("details summary", has_text="A name or a telephone").click()
    page.fill("[name=family_name]", NAME)
    page.locator("[name=tell_identity]").check()
    page.locator("form[data-guard] button.btn-primary[type=submit]").click()
    told = page.locator("[data-link-lost]")

    told.wait_for()
    assert page.input_value("[name=family_name]") == NAME
    assert (
        told.locator("[data-confirm-now]").get_attribute("href").startswith("/account/reauthenticate/?next=")
    )
    picture(page, "confirm-first")
    confirmed_at(client, time.time())  # what the other tab does, which then comes to the page of ours
    other = page.context.new_page()
    other.goto(f"{url}/confirmed/")
    page.wait_for_url("**/networks/notifications/**", timeout=20_000)
    assert "It is on its way" in page.locator("main").inner_text()
    assert NAME not in page.content()

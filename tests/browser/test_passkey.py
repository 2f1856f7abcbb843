"""A passkey, end to end, with Chromium's own virtual authenticator: enrol, sign out, sign in without a password."""

import pytest

from tests.browser import journey

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def authenticator(page, *, verifies: bool) -> None:
    """A security key inside the browser; `verifies` is whether it checks who holds it (a finger, a PIN)."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                "hasUserVerification": True, "isUserVerified": verifies, "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip


def test_a_passkey_signs_in_alone(palermo_running, visitor, sign_in):
    # A passkey belongs to a name, never to a number: browsers take localhost and refuse 127.0.0.1.
    url = palermo_running.url.replace("127.0.0.1", "localhost")
    page = visitor()
    sign_in(page, "coordinator", url)
    authenticator(page, verifies=True)
    page.goto(url + "/account/second-factor/webauthn/add/")
    page.fill("input[name=name]", "Key on the desk")
    with page.expect_navigation():
        page.click("#mfa_webauthn_add")
    assert "Key on the desk" in page.goto(url + "/account/second-factor/webauthn/").text()
    journey.sign_out(page, url)
    page.goto(url + "/account/login/")
    with page.expect_navigation(url="**/home/"):
        page.click("#passkey_login")
    assert page.locator("main h1").count() == 1
    assert page.said == []

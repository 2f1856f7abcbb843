"""Who sends a name confirms who he is before the page with the button is shown, and is back there by himself."""

import time
from typing import Any
from urllib.parse import quote

from django.urls import reverse

from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.second_factor import RECORDS

from .conftest import agree_to, drafted, state_of


def signed_in_long_ago(person: Any) -> Any:
    client = signed_in_client(person)
    session = client.session
    session[RECORDS] = [{**session[RECORDS][0], "at": time.time() - 3600}]
    session.save()
    return client


def test_the_confirmation_comes_before_the_button(people: Any, about: Any) -> None:
    agree_to(people, about, "needs", "identity")
    row = drafted(people, about, "identity")
    url = reverse("referral:move", args=[row.pk, "send"])
    asked = signed_in_long_ago(people.case_worker).get(url)
    assert asked.status_code == 302
    assert asked["Location"] == f"{reverse('account_reauthenticate')}?next={quote(url, safe='')}"
    fresh = signed_in_client(people.case_worker)
    assert fresh.get(url).status_code == 200
    assert fresh.post(url, {"version": row.version}).status_code == 302
    assert state_of(row) == "sent"


def test_nothing_is_asked_where_no_name_leaves_or_nothing_can_be_sent(people: Any, about: Any) -> None:
    client = signed_in_long_ago(people.case_worker)
    row = drafted(people, about, "identity")
    page = client.get(reverse("referral:move", args=[row.pk, "send"]))
    assert "Not possible now" in page.content.decode()
    agree_to(people, about, "needs")
    row = drafted(people, about, kind="medical")
    assert client.get(reverse("referral:move", args=[row.pk, "send"])).status_code == 200

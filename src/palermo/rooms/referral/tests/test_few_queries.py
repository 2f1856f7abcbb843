"""What the main pages of a referral ask the database, with the sign-in and the shell: at most 25 queries."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from .conftest import brought, drafted

MOST = 25


def asked(client: Any, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("state", ["draft", "sent", "received", "accepted", "in_service", "closed"])
def test_one_referral_in_each_state_for_each_side(
    people: Any, about: Any, agreed: Any, client_for: Any, state: str
) -> None:
    row = brought(people, about, state)
    url = reverse("referral:referral", args=[row.pk])
    counts = {"sender": asked(client_for(people.case_worker), url)}
    if state != "draft":
        counts["receiver"] = asked(client_for(people.other_worker), url)
    assert max(counts.values()) <= MOST, counts


def test_lists_forms_and_the_tab_do_not_grow_with_what_is_in_them(
    people: Any, about: Any, agreed: Any, client_for: Any
) -> None:
    client, receiver = client_for(people.case_worker), client_for(people.other_worker)
    urls = {
        "of-case": reverse("referral:of-case", args=[about.key]),
        "out": reverse("referral:list") + "?box=out&only=all",
        "draft": reverse("referral:draft", args=[about.key]),
    }
    brought(people, about, "closed")
    first = {name: asked(client, url) for name, url in urls.items()}
    first["in"] = asked(receiver, reverse("referral:list") + "?only=all")
    for kind in ("medical", "legal_aid", "education"):
        drafted(people, about, kind=kind)
    second = {name: asked(client, url) for name, url in urls.items()}
    assert max(first.values()) <= MOST, first
    assert {name: second[name] for name in urls} == {name: first[name] for name in urls}

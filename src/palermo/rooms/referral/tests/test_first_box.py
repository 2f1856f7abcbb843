"""With which box the list of referrals begins."""

from typing import Any

from django.urls import reverse

from .conftest import brought, step


def begins(client: Any, **query: str) -> tuple[str, str, int]:
    page = client.get(reverse("referral:list"), query).context
    return page["box"], page["only"], len(page["lines"])


def test_nobody_has_anything_yet(people: Any, about: Any, client_for: Any) -> None:
    assert begins(client_for(people.case_worker)) == ("in", "waiting", 0)


def test_who_only_sends_begins_with_the_outbox(people: Any, about: Any, agreed: Any, client_for: Any) -> None:
    row = brought(people, about, "draft")
    client = client_for(people.case_worker)
    assert begins(client) == ("out", "waiting", 1)
    row = step(people.case_worker, row, "send")
    # Nothing waits for the sender now: what is open is shown, not an empty list.
    assert begins(client) == ("out", "open", 1)
    assert begins(client, only="waiting") == ("out", "waiting", 0)
    assert begins(client, box="in") == ("in", "waiting", 0)
    for event in ("acknowledge", "decline"):
        step(people.other_worker, row, event, **({"decline": "full"} if event == "decline" else {}))
    assert begins(client) == ("out", "waiting", 1)


def test_who_gets_something_begins_with_the_inbox(
    people: Any, about: Any, agreed: Any, client_for: Any
) -> None:
    brought(people, about, "sent")
    assert begins(client_for(people.other_worker)) == ("in", "waiting", 1)

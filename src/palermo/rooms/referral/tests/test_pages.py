"""The pages as each side meets them, the planted name on none of them, and the JSON twin."""

from typing import Any

import pytest
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.rooms.referral import queries

from .conftest import FAMILY, NEEDS, agree_to, brought, drafted, state_of, step

STATES = ("draft", "sent", "received", "accepted", "in_service", "completed", "closed")


def page(client: Any, name: str, *args: Any, query: str = "") -> Any:
    return client.get(reverse(f"referral:{name}", args=args) + query)


def body(answer: Any) -> str:
    return str(answer.content.decode())


def test_from_the_case_to_the_accepted_help_in_the_browser(people: Any, about: Any, client_for: Any) -> None:
    worker, receiver = client_for(people.case_worker), client_for(people.other_worker)
    assert "Nobody was asked for help yet" in body(page(worker, "of-case", about.key))
    form = page(worker, "draft", about.key)
    key = f"{people.other_organisation.pk}:"
    assert key in body(form)
    answer = worker.post(
        reverse("referral:draft", args=[about.key]),
        {"target": key, "kind": "shelter", "needs": NEEDS, "urgent": "on"},
    )
    assert answer.status_code == 302, body(answer)
    url = answer["Location"]
    assert "has not agreed" in body(worker.get(url))
    agree_to(people, about)
    text = body(worker.get(url))
    assert NEEDS in text
    assert "has not agreed" not in text
    assert worker.get(url + "edit/").status_code == 200
    assert worker.post(url + "do/send/", {"version": 1}).status_code == 302
    inbox = body(page(receiver, "list"))
    assert "urgent" in inbox
    assert people.organisation.name not in inbox
    seen = body(receiver.get(url))
    assert people.organisation.name not in seen
    assert NEEDS not in seen
    # Two taps: the button on the page, the button on the next.
    assert receiver.get(url + "do/acknowledge/").status_code == 200
    assert receiver.post(url + "do/acknowledge/", {"version": 2}).status_code == 302
    assert people.organisation.name in body(receiver.get(url))
    assert receiver.post(url + "do/accept/", {"version": 3}).status_code == 302
    assert NEEDS in body(receiver.get(url))
    assert receiver.post(url + "do/accept/", {"version": 3}).status_code in (404, 409, 412)


@pytest.mark.parametrize("state", STATES)
def test_the_planted_name_is_on_no_page_of_either_side(
    people: Any, about: Any, client_for: Any, state: str
) -> None:
    agree_to(people, about, "needs", "identity", "contact")
    row = drafted(people, about, "identity", "contact")
    if state != "draft":
        step(people.case_worker, row, "send")
        for person, event, answers in (
            (people.other_worker, "acknowledge", {}), (people.other_worker, "accept", {}),
            (people.other_worker, "first_service", {}), (people.other_worker, "complete", {"outcome": "helped"}),
            (people.case_worker, "confirm", {"arrived": "yes"}),
        ):  # fmt: skip
            if state_of(row) == state:
                break
            step(person, row, event, **answers)
    for who in (people.case_worker, people.other_worker, people.supervisor, people.coordinator):
        client = client_for(who)
        for url in (
            reverse("web:home"),
            reverse("account_notices"),
            reverse("referral:list"),
            reverse("referral:list") + "?box=out&only=all",
            reverse("referral:list") + "?only=all",
            reverse("referral:referral", args=[row.pk]),
            reverse("referral:of-case", args=[about.key]),
            "/api/referral/referrals",
            f"/api/referral/referrals/{row.pk}",
            f"/api/referral/referrals/{row.pk}/packet",
        ):
            assert FAMILY not in body(client.get(url)), (who.user.username, url)


def test_the_name_is_shown_to_the_receiver_who_accepted_and_to_no_stranger(
    people: Any, about: Any, client_for: Any, third: Any
) -> None:
    agree_to(people, about, "needs", "identity")
    row = drafted(people, about, "identity")
    step(people.case_worker, row, "send")
    step(people.other_worker, row, "acknowledge")
    url, why = reverse("referral:identity", args=[row.pk]), {"purpose": "service"}
    assert client_for(people.other_worker).post(url, why).status_code == 404
    step(people.other_worker, row, "accept")
    assert FAMILY not in body(client_for(people.other_worker).get(url))
    assert FAMILY in body(client_for(people.other_worker).post(url, why))
    for who in (third, people.coordinator, people.administrator):
        assert client_for(who).post(url, why).status_code in (403, 404)


def test_what_came_back_waits_for_the_sender(people: Any, about: Any, client_for: Any, third: Any) -> None:
    agree_to(people, about)
    row = brought(people, about, "received")
    chosen = third.viewer.organisation_id
    step(people.other_worker, row, "redirect", decline="full", redirect_to=chosen)
    worker = client_for(people.case_worker)
    text = body(worker.get(reverse("referral:referral", args=[row.pk])))
    assert f"?to={chosen}:" in text
    assert "No place or no capacity" in text
    with acting(people.case_worker.viewer) as viewer:
        assert [line.came_back for line in queries.lines(viewer, box="out", only="waiting")] == [True]
        assert any(row.code in str(due.title) for due in queries.due_for(viewer))
    with acting(third.viewer) as viewer:
        assert queries.lines(viewer, box="in") == []
    assert worker.post(reverse("referral:aside", args=[row.pk])).status_code == 302
    with acting(people.case_worker.viewer) as viewer:
        assert queries.lines(viewer, box="out", only="waiting") == []


def test_the_twin_says_what_the_pages_say(people: Any, about: Any, client_for: Any) -> None:
    agree_to(people, about)
    worker, receiver = client_for(people.case_worker), client_for(people.other_worker)
    made = worker.post(
        f"/api/referral/cases/{about.key}/referrals",
        {"receiver_id": str(people.other_organisation.pk), "kind": "shelter", "texts": {"needs": NEEDS}},
        content_type="application/json",
    ).json()
    url = f"/api/referral/referrals/{made['id']}"

    def move(client: Any, event: str, version: int, **more: Any) -> Any:
        data = {"event": event, "version": version} | more
        return client.post(f"{url}/moves", data, content_type="application/json")

    assert move(worker, "send", 1).json()["state"] == "sent"
    assert receiver.get(url).json()["organisation_id"] is None
    assert receiver.get(f"{url}/packet").status_code == 404
    assert move(receiver, "decline", 2, decline="full").status_code == 409
    assert move(receiver, "acknowledge", 2).status_code == 200
    assert move(receiver, "accept", 2).status_code == 412
    assert move(receiver, "accept", 3).status_code == 200
    assert receiver.get(f"{url}/packet").json()["parts"]["needs"] == NEEDS
    assert move(worker, "complete", 4, outcome="helped").status_code in (403, 404, 409)
    assert move(receiver, "first_service", 4).status_code == 200
    assert move(receiver, "feedback", 5, progress="nonsense").status_code == 409
    assert move(receiver, "feedback", 5, progress="going_on").status_code == 200

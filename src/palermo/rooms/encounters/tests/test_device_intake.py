"""Persons written down without a link: all or nobody, once, in the event that was meant, and no clash unsaid."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.audit.models import Entry
from palermo.rooms.encounters import actions
from palermo.rooms.encounters.forms.drafts import PERSONS_DRAFT_VERSION, draft_forms
from palermo.rooms.encounters.models import Event, Intake, Migrant

BEGUN = timezone.now() - timedelta(hours=3)


def send(client: Any, key: Any, **more: Any) -> Any:
    body = {"form": PERSONS_DRAFT_VERSION, "lines": "Q1;16;f\nQ2;30;m", "begun_at": BEGUN.isoformat(), **more}
    return client.post(
        "/api/encounters/intakes", json.dumps(body), content_type="application/json",
        headers={"Idempotency-Key": str(key)} if key else {},
    )  # fmt: skip


def tags(people: Any) -> list[str]:
    with acting(people.case_worker.viewer):
        return list(Migrant.objects.order_by("number").values_list("tag", flat=True))


@pytest.fixture
def client(client_for: Any, people: Any) -> Any:
    return client_for(people.case_worker)


@pytest.mark.parametrize("name", ["key", "code", "small"])
def test_they_arrive_once_in_the_event_that_is_named(
    client: Any, people: Any, event: Event, name: str
) -> None:
    named = {"key": str(event.pk), "code": event.code, "small": f" {event.code.lower().replace('-', ' ')} "}[
        name
    ]
    key = uuid.uuid4()
    first, again = send(client, key, event=named), send(client, key, event=named)
    assert (first.status_code, again.content) == (200, first.content)
    assert first.json() == {"event": str(event.pk), "added": 2, "url": f"/encounters/{event.pk}/"}
    assert tags(people)[-3:] == ["A6", "Q1", "Q2"]


def test_the_form_s_own_key_holds_when_the_command_was_forgotten(people: Any, event: Event) -> None:
    """The answers of commands are kept for thirty days; who was added with this key is known for good."""
    key = uuid.uuid4()
    with acting(people.case_worker.viewer) as viewer:
        for _turn in "ab":
            assert actions.add_lines(actor=viewer, event=event, text="Q1;16", key=key, begun_at=BEGUN) == 1
        assert Intake.objects.get(pk=key).persons == 1
    assert tags(people).count("Q1") == 1


def test_two_batches_are_numbered_as_they_come(client: Any, people: Any, event: Event) -> None:
    for lines in ("Q1;16", "Q2;17"):
        assert send(client, uuid.uuid4(), event=event.code, lines=lines).status_code == 200
    assert tags(people)[-2:] == ["Q1", "Q2"]


def test_an_event_that_nobody_could_open_is_opened_with_its_persons(client: Any, people: Any) -> None:
    key = uuid.uuid4()
    first, again = (send(client, key, kind="sea_rescue", place="Off the cape") for _turn in "ab")
    assert first.status_code == 200
    assert first.content == again.content
    with acting(people.case_worker.viewer):
        made = Event.objects.get(pk=first.json()["event"])
        assert (made.place, made.kind, made.migrants.count()) == ("Off the cape", "sea_rescue", 2)
        assert abs(made.happened_at - BEGUN) < timedelta(seconds=1)


def test_a_device_whose_clock_runs_ahead_opens_nothing_in_the_future(client: Any, people: Any) -> None:
    ahead = (timezone.now() + timedelta(days=2)).isoformat()
    made = send(client, uuid.uuid4(), kind="vessel", place="North pier", begun_at=ahead)
    assert made.status_code == 200
    with acting(people.case_worker.viewer):
        assert Event.objects.get(pk=made.json()["event"]).happened_at <= timezone.now()


def test_a_wrong_line_opens_no_event_either(client: Any, people: Any) -> None:
    key = uuid.uuid4()
    wrong = send(client, key, kind="vessel", place="North pier", lines="Q1;16\nQ2;old")
    assert (wrong.status_code, wrong.json()["problems"][0]["message"][:6]) == (422, "Line 2")
    assert send(client, key, lines="Q1;16").status_code == 422  # neither a code nor what happened
    with acting(people.case_worker.viewer):
        assert not Event.objects.exists()
    assert send(client, key, kind="vessel", place="North pier").status_code == 200


def test_a_wristband_that_is_on_somebody_already_is_said_and_nobody_is_added(
    client: Any, people: Any, event: Event
) -> None:
    key = uuid.uuid4()
    clash = send(client, key, event=event.code, lines="Q1;16\nA2;50;m\nQ3;20\nQ3;21")
    assert clash.status_code == 422
    said = [one["message"] for one in clash.json()["problems"]]
    assert said[0] == "The tag Q3 stands here more than once."
    assert said[1].startswith("The tag A2 is on number 2 already (25 to 59 years, Female; taken in ")
    assert len(tags(people)) == 6
    # The same draft, put right, goes under its own key.
    assert send(client, key, event=event.code, lines="Q1;16\nQ2;50;m").status_code == 200


def test_who_lost_the_event_hears_what_anybody_hears_of_no_event(
    client: Any, client_for: Any, people: Any, event: Event
) -> None:
    other = client_for(people.other_worker)
    lost = send(other, uuid.uuid4(), event=event.code)
    none = send(other, uuid.uuid4(), event="E-2222-2222")
    assert (lost.status_code, lost.content) == (404, none.content)
    assert send(client, uuid.uuid4(), event="P-2222-2222").status_code == 404
    assert len(tags(people)) == 6


def test_another_form_another_role_and_no_key_are_refused(
    client: Any, client_for: Any, people: Any, event: Event
) -> None:
    old = send(client, uuid.uuid4(), event=event.code, form="persons-0")
    assert (old.status_code, old.json()["rule"]) == (409, "drafts.form")
    assert send(client, None, event=event.code).status_code == 422
    authority = client_for(people.competent_authority)
    assert send(authority, uuid.uuid4(), kind="vessel", place="North pier").status_code == 403
    assert len(tags(people)) == 6


def test_the_trace_says_when_it_was_written(client: Any, people: Any, event: Event) -> None:
    assert send(client, uuid.uuid4(), event=event.code).status_code == 200
    with acting(people.supervisor.viewer):
        found = Entry.objects.filter(action="encounters.persons.add", object_id=event.pk).order_by("seq")
        details = [entry.detail for entry in found]
    assert "written" not in details[0]
    assert details[-1]["written"] == BEGUN.isoformat(timespec="minutes")


def test_the_empty_form_is_in_the_words_of_the_page_and_holds_no_event(people: Any, event: Event) -> None:
    (form,) = draft_forms()
    assert event.code not in form.html
    assert 'name="lines"' in form.html
    assert "csrf" not in form.html

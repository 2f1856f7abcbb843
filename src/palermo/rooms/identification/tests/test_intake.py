"""A whole screening from a device: all or nothing, once, and only on the questions that are asked now."""

import json
import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.rooms.identification.models import Screening
from palermo.rooms.identification.tests.conftest import TRAFFICKED
from palermo.standards.instruments import instrument

BEGUN = (timezone.now() - timedelta(hours=5)).isoformat()


def send(client: Any, key: Any, **more: Any) -> Any:
    body = {
        "form": instrument().version, "event": "Rescue at the pier", "answers": TRAFFICKED,
        "begun_at": BEGUN, **more,
    }  # fmt: skip
    return client.post(
        "/api/identification/intakes", json.dumps(body), content_type="application/json",
        headers={"Idempotency-Key": str(key)},
    )  # fmt: skip


def test_a_screening_arrives_whole_and_once(people: Any, client_for: Any) -> None:
    client, key = client_for(people.first_responder), uuid.uuid4()
    first, again = send(client, key), send(client, key)
    assert first.status_code == 200
    assert first.content == again.content
    with acting(people.first_responder.viewer):
        (made,) = Screening.objects.all()
        assert (made.event, made.state, made.begun_at is not None) == ("Rescue at the pier", "open", True)
        assert made.answers.values == {
            c: v for part in TRAFFICKED.values() for c, v in part.items() if c != "remark"
        }
    page = client.get(first.json()["url"])
    assert "asked without a link on" in page.content.decode()


def test_one_wrong_answer_saves_nothing(people: Any, client_for: Any) -> None:
    client, key = client_for(people.first_responder), uuid.uuid4()
    section = next(iter(TRAFFICKED))
    wrong = send(client, key, answers={section: {"no.such.question": "yes"}})
    assert wrong.status_code == 422
    assert send(client, key, form="0").json()["rule"] == "drafts.form"
    with acting(people.first_responder.viewer):
        assert not Screening.objects.exists()
    assert send(client, key).status_code == 200


def test_who_may_not_screen_is_refused(people: Any, client_for: Any) -> None:
    assert send(client_for(people.analyst), uuid.uuid4()).status_code == 403

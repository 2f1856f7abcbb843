"""An answer that is kept under a key is no way around a wall: not later, not without a trace, not a second time."""

import json
import uuid
from typing import Any

from django.db import connection
from django.http import HttpResponse, JsonResponse

from palermo.kernel.access.context import acting
from palermo.kernel.access.policy import granted
from palermo.kernel.audit.models import Entry
from palermo.kernel.commands.models import Command
from palermo.rooms.cases.tests.conftest import opened
from palermo.rooms.door import actions as door
from palermo.rooms.door.models import HelpRequest
from palermo.web.commands import _is_done
from palermo.web.room import subject


def send(client: Any, address: str, key: Any, body: Any = None) -> Any:
    return client.post(
        address,
        json.dumps(body or {}),
        content_type="application/json",
        headers={"Idempotency-Key": str(key)},
    )


def test_who_lost_access_meanwhile_is_told_that_it_was_done_and_nothing_else(
    people: Any, client_for: Any
) -> None:
    with acting(people.case_worker.viewer) as viewer:
        case = opened(viewer)
    client, key = client_for(people.case_worker), uuid.uuid4()
    address = "/api/cases/notes"
    body = {"form": "note-1", "case": case.code, "text": "Calm.", "begun_at": "2026-01-01T10:00:00Z"}
    first = send(client, address, key, body)
    assert first.status_code == 200, first.content
    assert str(case.pk) in first.content.decode()
    assert send(client, address, key, body).content == first.content
    for person in (people.supervisor, people.case_worker):
        with acting(person.viewer), connection.cursor() as cursor:
            cursor.execute("SELECT access_revoke(id) FROM access_grant WHERE object_id = %s", [case.pk])
    with acting(people.case_worker.viewer):
        assert not granted(case.pk, "case")
    again = send(client, address, key, body)
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.content == b""


def test_a_telephone_is_revealed_anew_each_time_and_never_kept(people: Any, client_for: Any) -> None:
    with acting(people.supervisor.viewer) as viewer:
        house = people.organisation.pk
        door.set_desk(actor=viewer, organisation_id=house, is_open=True, languages=["en"])
    asked = door.Asked(house, ("legal",), "soon", "phone", phone="+39 091 555 0101", text="Call after six.")
    door.ask_for_help(asked, nonce="told-once")
    with acting(people.case_worker.viewer):
        request = HelpRequest.objects.get(organisation_id=house)
    client, key = client_for(people.case_worker), uuid.uuid4()
    address = f"/api/door/requests/{request.pk}/telephone"
    for _time in range(2):
        told = send(client, address, key)
        assert (told.status_code, "555 0101" in told.content.decode()) == (200, True), told.content
        assert "Idempotent-Replay" not in told.headers
    with acting(people.case_worker.viewer):
        assert not Command.objects.filter(key=key).exists()
    with acting(people.case_worker.viewer):
        assert Entry.objects.filter(object_id=request.pk, action__contains="phone").count() == 2


def test_a_code_that_is_shown_once_is_not_kept(people: Any, client_for: Any) -> None:
    with acting(people.case_worker.viewer) as viewer:
        case = opened(viewer)
        about = subject(viewer, "case", case.pk)
    client, key = client_for(people.case_worker), uuid.uuid4()
    told = [send(client, f"/api/door/cases/{about.key}/page", key) for _time in range(2)]
    assert [one.status_code for one in told] == [200, 200], told[0].content
    assert told[0].json()["code"] != told[1].json()["code"]
    with acting(people.case_worker.viewer):
        assert not Command.objects.filter(key=key).exists()


def test_a_file_is_no_answer_that_is_kept() -> None:
    file = HttpResponse("{}", content_type="application/json")
    file.headers["Content-Disposition"] = 'attachment; filename="out.json"'
    assert not _is_done(file)
    assert _is_done(JsonResponse({"id": 1}))


def test_a_key_at_the_public_door_ties_nothing_to_the_account(people: Any, client_for: Any) -> None:
    client, key = client_for(people.case_worker), uuid.uuid4()
    answer = send(client, "/api/door/public/en/opened", key, {"code": "K7QM-3XPA-9TRD-WHE4"})
    assert answer.status_code in (422, 404), answer.content
    with acting(people.case_worker.viewer):
        assert not Command.objects.exists()

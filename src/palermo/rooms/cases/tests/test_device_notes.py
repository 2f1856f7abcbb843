"""Notes from a device: sent twice, at once, after a crash; carried out once, and never over a change unseen."""

import json
import threading
import uuid
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.utils import timezone

from palermo.kernel.access.cast import make_cast, signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.commands import actions as commands
from palermo.kernel.commands.models import Command
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.models import Case, Note
from palermo.rooms.cases.tests.conftest import opened

ADDRESS = "/api/cases/notes"
TEXT = "Met at the harbour, calm, wants to call a sister."


def draft(of: Case, **more: Any) -> dict[str, Any]:
    written = timezone.now() - timedelta(days=2)
    return {
        "form": "note-1", "case": of.code, "text": TEXT, "begun_at": written.isoformat(),
        "base": {"state": of.state, "risk": of.risk}, **more,
    }  # fmt: skip


def send(client: Any, body: dict[str, Any], key: Any, address: str = ADDRESS) -> Any:
    return client.post(
        address, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": str(key)}
    )


def texts(people: Any, case: Case) -> list[str]:
    with acting(people.case_worker.viewer) as viewer:
        return [note.text for note in queries.notes(viewer, case)]


def test_a_repeat_gives_the_same_answer_and_one_note(people: Any, case: Case, client_for: Any) -> None:
    client, key, body = client_for(people.case_worker), uuid.uuid4(), draft(case)
    first, again = send(client, body, key), send(client, body, key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert first.json()["url"] == f"/cases/{case.pk}/"
    assert ("Idempotent-Replay" in first.headers, again.headers["Idempotent-Replay"]) == (False, "true")
    assert texts(people, case) == [TEXT]
    with acting(people.case_worker.viewer):
        note = Note.objects.get(case=case)
        assert timedelta(days=1) < note.written_at - note.begun_at < timedelta(days=3)


def test_the_same_key_with_other_content_is_refused(people: Any, case: Case, client_for: Any) -> None:
    client, key = client_for(people.case_worker), uuid.uuid4()
    assert send(client, draft(case), key).status_code == 200
    other = send(client, draft(case, text="Something else."), key)
    assert (other.status_code, other.json()["rule"]) == (422, "commands.other_content")
    assert texts(people, case) == [TEXT]
    assert send(client, draft(case), "not-a-key").status_code == 400


def test_a_key_belongs_to_its_account(people: Any, case: Case, client_for: Any) -> None:
    key, body = uuid.uuid4(), draft(case)
    assert send(client_for(people.case_worker), body, key).status_code == 200
    stranger = send(client_for(people.other_worker), body, key)
    assert (stranger.status_code, b"url" in stranger.content) == (404, False)
    with acting(people.other_worker.viewer):
        assert not Command.objects.exists()


def test_what_fails_keeps_nothing_and_may_be_sent_again(people: Any, case: Case, client_for: Any) -> None:
    client, key = client_for(people.case_worker), uuid.uuid4()
    assert send(client, draft(case, text="  "), key).status_code == 422
    assert send(client, draft(case, form="note-0"), key).json()["rule"] == "drafts.form"
    assert send(client, draft(case), key).status_code == 200
    assert texts(people, case) == [TEXT]


def test_a_case_that_has_changed_is_shown_and_not_written_over(
    people: Any, case: Case, client_for: Any
) -> None:
    client, key, body = client_for(people.case_worker), uuid.uuid4(), draft(case)
    with acting(people.supervisor.viewer) as viewer:
        actions.assess_risk(
            actor=viewer, case=queries.case(viewer, case.pk), risk="high",
            reason="The employer was seen at the gate.", expected_version=case.version,
        )  # fmt: skip
    stale = send(client, body, key)
    assert (stale.status_code, stale.json()["rule"]) == (412, "cases.note.base")
    assert stale.json()["changes"] == [
        {"field": "Risk to the person now", "base": "Not assessed", "mine": "Not assessed", "theirs": "High"}
    ]
    assert TEXT not in texts(people, case)
    assert send(client, draft(case, base={"state": case.state, "risk": "high"}), key).status_code == 200
    assert TEXT in texts(people, case)


def test_who_lost_access_is_told_the_same_as_for_no_case(people: Any, case: Case, client_for: Any) -> None:
    lost = send(client_for(people.other_worker), draft(case), uuid.uuid4())
    none = send(client_for(people.other_worker), draft(case, case="C-2222-22"), uuid.uuid4())
    assert (lost.status_code, lost.content) == (404, none.content)
    by_key = send(client_for(people.case_worker), draft(case, case=str(case.pk)), uuid.uuid4())
    assert by_key.status_code == 200


def test_a_form_page_sent_twice_adds_one_note(people: Any, case: Case, client_for: Any) -> None:
    client, key = client_for(people.case_worker), str(uuid.uuid4())
    said = {"text": TEXT, "go": "add", "csrfmiddlewaretoken": "a"}
    first = client.post(f"/cases/{case.pk}/notes/", said, headers={"Idempotency-Key": key})
    again = client.post(
        f"/cases/{case.pk}/notes/", {**said, "csrfmiddlewaretoken": "b"},
        headers={"Idempotency-Key": key, "X-Sent-By": "script"},
    )  # fmt: skip
    assert (first.status_code, again.status_code) == (302, 200)
    assert again.headers["X-Location"] == first.headers["Location"]
    assert texts(people, case) == [TEXT]


def test_the_table_shows_nobody_what_was_written(people: Any, case: Case, client_for: Any) -> None:
    key = uuid.uuid4()
    send(client_for(people.case_worker), draft(case), key)
    with acting(people.case_worker.viewer):
        kept = Command.objects.get(key=key)
    whole = bytes(kept.sealed) + bytes(kept.digest)
    assert str(case.pk).encode() not in whole
    assert b"harbour" not in whole


class TestOnConnectionsOfTheirOwn:
    """What only committed data can show."""

    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture
    def cast(self) -> Any:
        return make_cast()

    def test_two_sent_at_once_are_one(self, cast: Any) -> None:
        with acting(cast.case_worker.viewer) as viewer:
            case = opened(viewer)
        key, body = uuid.uuid4(), draft(case)
        clients = [signed_in_client(cast.case_worker) for _number in range(4)]
        gate, said = threading.Barrier(len(clients)), []

        def one(client: Any) -> None:
            try:
                gate.wait(20)
                said.append(send(client, body, key).content)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=[client]) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(said) == 4
        assert len(set(said)) == 1
        assert texts(cast, case) == [TEXT]

    def test_killed_in_the_middle_leaves_neither_note_nor_key(
        self, cast: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The server dies after the note is written and before the answer is kept."""
        with acting(cast.case_worker.viewer) as viewer:
            case = opened(viewer)
        client, key, body = signed_in_client(cast.case_worker), uuid.uuid4(), draft(case)

        def dies(**_given: Any) -> None:
            raise SystemExit("killed")

        with monkeypatch.context() as patch:
            patch.setattr("palermo.web.commands.keep", dies)
            with pytest.raises(SystemExit):
                send(client, body, key)
        assert texts(cast, case) == []
        assert send(client, body, key).status_code == 200
        assert send(client, body, key).status_code == 200
        assert texts(cast, case) == [TEXT]

    def test_a_twin_that_is_still_at_work_is_said_and_nothing_hangs(
        self, cast: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(commands, "PATIENCE", 0.2)
        with acting(cast.case_worker.viewer) as viewer:
            case = opened(viewer)
        key, held, free = uuid.uuid4(), threading.Event(), threading.Event()

        def at_work() -> None:
            try:
                with acting(cast.case_worker.viewer) as viewer:
                    commands.claim(actor=viewer, key=key, asked=b"the same")
                    held.set()
                    free.wait(20)
            finally:
                connections.close_all()

        other = threading.Thread(target=at_work)
        other.start()
        assert held.wait(20)
        busy = send(signed_in_client(cast.case_worker), draft(case), key)
        free.set()
        other.join(20)
        assert (busy.status_code, busy.json()["rule"]) == (409, "commands.busy")

    def test_they_are_forgotten_after_thirty_days_by_the_worker_alone(self, cast: Any, cluster: Any) -> None:
        with acting(cast.case_worker.viewer) as viewer:
            for key in (old := uuid.uuid4(), new := uuid.uuid4()):
                claimed = commands.claim(actor=viewer, key=key, asked=b"x")
                assert isinstance(claimed, commands.Claim)
                commands.keep(actor=viewer, claimed=claimed, answer=commands.Answer(200, text="{}"))
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "UPDATE commands_command SET at = now() - interval '31 days' WHERE key = %s", [old]
            )
        with psycopg.connect(cluster.dsn("palermo_job")) as worker:
            with pytest.raises(psycopg.errors.InsufficientPrivilege), worker.transaction():
                worker.execute("SELECT sealed FROM commands_command")
            # Even without a condition of its own it reaches only what is over.
            assert worker.execute("DELETE FROM commands_command WHERE at < now()").rowcount == 1
        with acting(cast.case_worker.viewer):
            assert [kept.key for kept in Command.objects.all()] == [new]

    test_they_are_forgotten_after_thirty_days_by_the_worker_alone.pytestmark = [  # type: ignore[attr-defined]
        pytest.mark.django_db(transaction=True, databases=["default", "owner"])
    ]

"""Asking without a name: the code, the way back, the worker's side, erasing, and what nobody may read."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, NotFound, StepUpNeeded
from palermo.rooms.door import actions, queries
from palermo.rooms.door.actions import codes
from palermo.rooms.door.models import Contact, HelpRequest, Word

REFUSALS = ("permission denied", "not yours to give", "does not open that", "only the system erases")
SECRET = "Please come to the back door."


def only(viewer: Viewer) -> HelpRequest:
    with acting(viewer):
        return HelpRequest.objects.get()


def test_ask_answer_come_back_write_again_and_erase(people: Any, desk: Any, door: Any) -> None:
    sent = door.ask(desk)
    code = door.code_in(sent)
    worker = signed_in_client(people.first_responder)
    assert "A safe place to stay" in worker.get("/door/desk/").content.decode()
    found = only(people.first_responder.viewer)
    page = worker.get(f"/door/desk/{found.pk}/").content.decode()
    assert SECRET in page
    assert code not in page
    reply = {"text": "We can meet at the library.", "version": found.version}
    assert worker.post(f"/door/desk/{found.pk}/reply/", reply).status_code == 302
    opened = door.come(code.lower().replace("-", " "))
    assert "We can meet at the library." in opened.content.decode()
    assert "Set-Cookie" not in opened.headers
    assert code not in opened.content.decode()
    again = door.send(opened, "write/", text="Not before dark.")
    assert "Not before dark." in again.content.decode()
    assert "Not before dark." in worker.get(f"/door/desk/{found.pk}/").content.decode()
    assert "Tick the box" in door.send(again, "erase/").content.decode()
    assert "are gone" in door.send(again, "erase/", sure="1").content.decode()
    assert door.come(code).status_code == 422
    page = worker.get(f"/door/desk/{found.pk}/").content.decode()
    assert "were erased" in page
    assert SECRET not in page
    with acting(people.first_responder.viewer), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM vault_textkey WHERE object_id = %s", [found.pk])
        assert cursor.fetchone()[0] == 0
        assert Word.objects.count() == 0
        assert only(people.first_responder.viewer).state == "closed"


def test_the_telephone_is_sealed_and_shown_with_a_trace(people: Any, desk: Any, door: Any) -> None:
    door.ask(desk, answer_by="phone", phone="+99 555 1234")
    found = only(people.first_responder.viewer)
    with acting(people.first_responder.viewer):
        assert b"555" not in bytes(Contact.objects.get().sealed)
    worker = signed_in_client(people.first_responder)
    assert "555 1234" not in worker.get(f"/door/desk/{found.pk}/").content.decode()
    assert "555 1234" in worker.post(f"/door/desk/{found.pk}/phone/").content.decode()
    with acting(people.first_responder.viewer), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM audit_entry WHERE action = 'door.request.phone' AND object_id = %s",
            [found.pk],
        )
        assert cursor.fetchone()[0] == 1
    stale = replace(people.first_responder.viewer, stepped_up=False)
    with acting(stale), pytest.raises(StepUpNeeded):
        actions.reveal_phone(actor=stale, request=found)


def test_nothing_that_names_a_line_or_a_device_is_stored(people: Any, desk: Any) -> None:
    """Every text of every row of the house, after somebody asked from a line and a device that would be known."""
    from .conftest import Door

    door = Door()
    door.client = Client(enforce_csrf_checks=True, REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT="Tellophone/9")
    code = door.code_in(door.ask(desk))
    door.come(code)
    door.come("wrong")
    with acting(people.first_responder.viewer), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute("SELECT has_table_privilege(current_user, %s, 'SELECT')", [f"public.{table}"])
            if not cursor.fetchone()[0] or table.startswith("audit_"):
                continue
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                assert not re.search(r"203\.0\.113\.77|Tellophone", row), table
                assert code not in row, table
                assert SECRET not in row, table


def test_a_form_sent_twice_makes_one_request_and_gives_one_code(people: Any, desk: Any, door: Any) -> None:
    hidden = door.token("ask/", door.get("ask/").content.decode())
    given = {
        **hidden, "help": ["talk"], "urgency": "soon", "organisation": str(desk.organisation_id), "answer_by": "code",
        "text": "Hello",
    }  # fmt: skip
    first, second = (door.client.post("/door/en/ask/", given) for _n in range(2))
    assert door.code_in(first) == door.code_in(second)
    with acting(people.first_responder.viewer):
        assert HelpRequest.objects.count() == 1
        assert Word.objects.count() == 1
    with acting(Viewer.operator()):
        HelpRequest.objects.update(created_at=timezone.now() - timedelta(hours=1))
    late = door.client.post("/door/en/ask/", given)
    assert late.status_code == 422
    assert door.code_in(first) not in late.content.decode()


def test_a_form_that_is_not_ours_is_refused(people: Any, desk: Any, door: Any) -> None:
    asked = {
        "help": ["talk"],
        "urgency": "soon",
        "organisation": str(desk.organisation_id),
        "answer_by": "code",
    }
    hidden = door.token("ask/", door.get("ask/").content.decode())
    other = door.token("code/", door.get("code/").content.decode())
    for bad, headers in (
        ({}, {}),
        ({"form": "forged"}, {}),
        (other, {}),
        (hidden, {"HTTP_SEC_FETCH_SITE": "cross-site"}),
    ):
        answer = door.client.post("/door/en/ask/", {**asked, **bad}, **headers)
        assert answer.status_code == 403
        assert "Set-Cookie" not in answer.headers
    with acting(people.first_responder.viewer):
        assert HelpRequest.objects.count() == 0


def test_a_token_and_a_ticket_end(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    token, ticket = codes.form_token("ask"), codes.ticket_for(b"x" * 32)
    assert codes.read_form_token(token, "ask")
    assert codes.read_form_token(token, "code") is None
    assert codes.read_ticket(ticket) == b"x" * 32
    assert codes.read_ticket(token) is None
    monkeypatch.setattr(codes, "FORM_SECONDS", -1)
    monkeypatch.setattr(codes, "TICKET_SECONDS", -1)
    assert codes.read_form_token(token, "ask") is None
    assert codes.read_ticket(ticket) is None


def test_a_code_has_74_bits_and_its_check_sign_finds_slips(db: None) -> None:
    import math

    assert math.log2(len(codes.ALPHABET) ** codes.SIGNS) > 74
    code = codes.new_code().replace("-", "")
    right = codes.hash_of(code)
    assert codes.hash_of(" ".join(code.lower())) == right
    eastern = {str(n): chr(0x660 + n) for n in range(10)}
    assert codes.hash_of("".join(eastern.get(sign, sign) for sign in code)) == right
    checked = codes.ALPHABET.index(code[-1])
    for at in range(codes.SIGNS):
        for sign in codes.ALPHABET:
            wrong = code[:at] + sign + code[at + 1 : codes.SIGNS]
            assert (codes._check(wrong) == codes.ALPHABET[checked]) == (sign == code[at])
        if at and code[at] != code[at - 1]:
            turned = code[: at - 1] + code[at] + code[at - 1] + code[at + 1 : codes.SIGNS]
            assert codes._check(turned) != code[-1]


def test_every_wrong_code_is_answered_alike_and_held_back(
    people: Any, desk: Any, door: Any, slept: list[float]
) -> None:
    """Alike in bytes but for the tokens, and each answer is held back to one length: nothing to measure."""
    code = door.code_in(door.ask(desk))
    slip = code[:-1] + ("2" if code[-1] != "2" else "3")
    never = codes.new_code()
    answers = [door.come(typed) for typed in (slip, never, "", "K" * 60)]
    bodies = {re.sub(r'value="[^"]+"', "", answer.content.decode()) for answer in answers}
    assert {answer.status_code for answer in answers} == {422}
    assert len(bodies) == 1
    door.come(code)
    assert len(slept) == 5
    from palermo.rooms.door.actions import limits

    assert all(0 <= each <= limits.EVEN_SECONDS for each in slept)


def test_who_guesses_is_slowed_down_and_others_are_not(people: Any, desk: Any, door: Any) -> None:
    code = door.code_in(door.ask(desk))
    for _n in range(10):
        assert door.come(codes.new_code()).status_code == 422
    assert door.come(codes.new_code()).status_code == 429
    assert door.come(code).status_code == 429
    elsewhere = type(door)()
    elsewhere.client = Client(enforce_csrf_checks=True, REMOTE_ADDR="198.51.100.9")
    assert elsewhere.come(code).status_code == 200


def test_walls_in_raw_sql(people: Any, desk: Any, door: Any) -> None:
    code = door.code_in(door.ask(desk, answer_by="phone", phone="+99 555 1234"))
    found = only(people.first_responder.viewer)
    tables = ("door_helprequest", "door_word", "door_contact", "door_desk")
    for viewer in (
        Viewer.anonymous(),
        people.other_worker.viewer,
        people.stranger.viewer,
        people.coordinator.viewer,
        people.administrator.viewer,
    ):
        with acting(viewer), connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"SELECT count(*) FROM {table}")
                assert cursor.fetchone()[0] == 0, (viewer.roles, table)
            cursor.execute("SELECT kind FROM door_find(%s)", [b"\0" * 32])
            assert cursor.fetchone()[0] is None
            cursor.execute("SELECT count(*) FROM door_words(%s, %s)", [b"\0" * 32, found.pk])
            assert cursor.fetchone()[0] == 0
    with acting(Viewer.operator()), connection.cursor() as cursor:
        for table, rows in (("door_helprequest", 1), ("door_word", 0), ("door_contact", 0)):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0] == rows, table
    forbidden = [
        ("SELECT * FROM door_code", []),
        ("DELETE FROM door_word", []),
        ("UPDATE door_word SET from_person = true", []),
        ("SELECT door_erase(%s)", [found.pk]),
        ("SELECT door_put(%s, 'request', %s, NULL)", [b"\1" * 32, found.pk]),
        ("SELECT door_put(%s, 'page', %s, NULL)", [b"\1" * 32, found.pk]),
        ("SELECT door_write(%s, %s, %s, %s)", [b"\1" * 32, found.pk, found.pk, b"x"]),
    ]
    for viewer in (Viewer.anonymous(), people.other_worker.viewer, people.first_responder.viewer):
        for statement, values in forbidden:
            with (
                acting(viewer),
                connection.cursor() as cursor,
                pytest.raises(DatabaseError) as refused,
                transaction.atomic(),
            ):
                cursor.execute(statement, values)
            said = str(refused.value)
            assert any(words in said for words in REFUSALS), (statement, said)
    assert door.come(code).status_code == 200


def test_roles_and_other_houses(people: Any, desk: Any, door: Any) -> None:
    door.ask(desk)
    found = only(people.first_responder.viewer)
    for member in (people.other_worker, people.coordinator, people.stranger, people.analyst):
        client = signed_in_client(member)
        assert client.get(f"/door/desk/{found.pk}/").status_code == 404
        assert client.post(f"/door/desk/{found.pk}/reply/", {"text": "x", "version": 1}).status_code == 404
    assert "Nobody waits" not in signed_in_client(people.supervisor).get("/door/desk/").content.decode()
    assert (
        "does not answer at the door yet"
        in signed_in_client(people.other_worker).get("/door/desk/").content.decode()
    )


def test_arrange_links_a_case_and_copies_nothing(people: Any, desk: Any, about: Any, door: Any) -> None:
    code = door.code_in(door.ask(desk))
    found = only(people.case_worker.viewer)
    with acting(people.case_worker.viewer) as viewer:
        actions.reply(actor=viewer, request=found, text="We are here.", expected_version=found.version)
    client = signed_in_client(people.case_worker)
    sent = {"arrange-case": "C-0000-0000", "arrange-version": found.version}
    assert "You hold no case" in client.post(f"/door/desk/{found.pk}/arrange/", sent).content.decode()
    sent["arrange-case"] = about.code
    assert client.post(f"/door/desk/{found.pk}/arrange/", sent).status_code == 302
    found = only(people.case_worker.viewer)
    assert (found.state, found.case_id) == ("helped", about.key)
    assert "Help was arranged" in door.come(code).content.decode()
    assert SECRET not in client.get(f"/cases/{about.key}/").content.decode()


def test_a_supervisor_closes_misuse_and_its_words_go(people: Any, desk: Any, door: Any) -> None:
    code = door.code_in(door.ask(desk))
    found = only(people.supervisor.viewer)
    with acting(people.supervisor.viewer) as viewer:
        actions.dismiss(
            actor=viewer, request=found, reason="An advertisement.", expected_version=found.version
        )
        assert Word.objects.count() == 0
    assert door.come(code).status_code == 422


def test_thirty_days_of_silence_erase_and_a_word_of_the_person_counts(
    people: Any, desk: Any, door: Any
) -> None:
    code = door.code_in(door.ask(desk))
    with acting(Viewer.operator()):
        HelpRequest.objects.update(last_at=timezone.now() - timedelta(days=31))
    door.send(door.come(code), "write/", text="Still here.")
    assert actions.sweep() == 0
    with acting(Viewer.operator()):
        HelpRequest.objects.update(last_at=timezone.now() - timedelta(days=31))
    assert actions.sweep() == 1
    assert actions.sweep() == 0
    assert door.come(code).status_code == 422
    assert only(people.supervisor.viewer).erased_at is not None


def test_a_desk_is_opened_by_its_own_supervisor_alone(people: Any, door: Any) -> None:
    for member, status in ((people.case_worker, 403), (people.coordinator, 403), (people.supervisor, 200)):
        assert signed_in_client(member).get("/door/desk/settings/").status_code == status
    with acting(people.supervisor.viewer) as viewer, pytest.raises(NotFound):
        actions.set_desk(
            actor=viewer, organisation_id=people.other_organisation.pk, is_open=True, languages=[]
        )
    signed_in_client(people.supervisor).post("/door/desk/settings/", {"is_open": "on", "languages": ["en"]})
    assert "Harbour House" in door.get("ask/").content.decode()


def test_a_reply_without_words_is_refused(people: Any, desk: Any, door: Any) -> None:
    door.ask(desk)
    found = only(people.first_responder.viewer)
    with acting(people.first_responder.viewer) as viewer, pytest.raises(Conflict):
        actions.reply(actor=viewer, request=found, text="  ", expected_version=found.version)


def test_whom_nobody_has_answered_and_who_is_not_safe_come_first(people: Any, desk: Any, door: Any) -> None:
    for urgency in ("later", "now", "soon", "now"):
        door.ask(desk, urgency=urgency)
    with acting(people.case_worker.viewer) as viewer:
        first = queries.requests(viewer)[0]
        actions.reply(actor=viewer, request=first, text="We come.", expected_version=first.version)
        listed = [(row.state, row.urgency) for row in queries.requests(viewer)]
    assert listed == [("received", "now"), ("received", "soon"), ("received", "later"), ("in_contact", "now")]

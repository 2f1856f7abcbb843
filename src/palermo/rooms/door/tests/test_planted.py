"""A name and a telephone given at the door stay where they were given: with who answers, and after a trace."""

from typing import Any

import pytest
from django.db import connection

from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.context import acting
from palermo.rooms.door.models import HelpRequest

NAME, PHONE = "Zzyvandoria", "+99 555 739 1739"
PAGES = ("/home/", "/door/desk/", "/door/desk/?closed=1", "/door/complaints/", "/door/feedback/")
DATA = ("/api/door/requests", "/api/door/complaints", "/api/door/feedback")


@pytest.fixture
def asked(people: Any, desk: Any, door: Any) -> HelpRequest:
    answer = door.ask(desk, answer_by="phone", phone=PHONE, text=f"My name is {NAME}, call after dark.")
    assert answer.status_code == 200
    for word in (NAME, PHONE):
        assert word not in answer.content.decode()
    with acting(people.case_worker.viewer):
        return HelpRequest.objects.get()


@pytest.mark.parametrize(
    "role",
    [
        "coordinator",
        "analyst",
        "administrator",
        "prosecutor",
        "competent_authority",
        "other_worker",
        "stranger",
    ],
)
def test_who_does_not_answer_reads_neither_anywhere(people: Any, asked: HelpRequest, role: str) -> None:
    client = signed_in_client(getattr(people, role))
    own = (f"/door/desk/{asked.pk}/", f"/api/door/requests/{asked.pk}")
    for address in (*PAGES, *DATA, *own):
        answer = client.get(address)
        text = answer.content.decode()
        assert NAME not in text, address
        assert "739 1739" not in text, address
        if address in own:
            assert answer.status_code in (403, 404), address


def test_who_answers_reads_the_words_and_the_telephone_only_when_it_is_asked_for(
    people: Any, asked: HelpRequest, caplog: Any
) -> None:
    caplog.set_level("DEBUG")
    client = signed_in_client(people.case_worker)
    for address in (*PAGES, *DATA):
        text = client.get(address).content.decode()
        assert NAME not in text, address
        assert "739 1739" not in text, address
    page = client.get(f"/door/desk/{asked.pk}/").content.decode()
    assert NAME in page
    assert "739 1739" not in page
    assert "739 1739" in client.post(f"/door/desk/{asked.pk}/phone/").content.decode()
    assert "739 1739" not in client.get(f"/door/desk/{asked.pk}/").content.decode()
    assert "739 1739" not in caplog.text
    assert NAME not in caplog.text


def test_jobs_and_trail_and_rows_hold_neither(people: Any, asked: HelpRequest) -> None:
    with acting(people.case_worker.viewer), connection.cursor() as cursor:
        for table in ("door_helprequest", "door_word", "door_contact", "audit_entry", "access_grant"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            rows = " ".join(row[0] for row in cursor.fetchall())
            assert rows, table
            for word in (NAME, PHONE):
                assert word not in rows, table
                assert word.encode().hex() not in rows, table

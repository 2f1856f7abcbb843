"""The pages of the ledger, as the worker, the supervisor and a stranger meet them."""

from typing import Any

import pytest
from django.urls import reverse

from palermo.kernel.access.cast import signed_in_client
from palermo.web.room import Subject

GIVEN = {
    "purpose": "help", "categories": ["needs"], "decision": "given", "language": "fr", "interpreting": "shared",
    "speaker": "person", "child_view": "",
}  # fmt: skip


def url(name: str, about: Subject, *more: Any) -> str:
    return reverse(f"consents:{name}", args=[about.key, *more])


def test_the_worker_asks_writes_down_and_takes_back(people: Any, about: Subject) -> None:
    client = signed_in_client(people.case_worker)
    page = client.get(url("of-case", about)).content.decode()
    assert "Nobody has been asked yet" in page
    assert "aria-current" in page
    form = client.get(url("record", about) + "?purpose=help").content.decode()
    assert "so that our own team can help you?" in form
    assert client.post(url("record", about), GIVEN).status_code == 302
    ledger = client.get(f"/api/consents/cases/{about.key}/consents").json()
    entry = ledger["entries"][0]["id"]
    assert client.post(url("withdraw", about, entry), {"note": "by phone"}).status_code == 302
    page = client.get(url("of-case", about)).content.decode()
    assert "Taken back" in page
    assert "by phone" in page


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_question_is_read_out_in_the_language_of_the_page(
    people: Any, about: Subject, language: str
) -> None:
    client = signed_in_client(people.case_worker)
    client.cookies["django_language"] = language
    page = client.get(url("paper", about, "justice")).content.decode()
    assert "may we tell the police" not in page.lower()
    assert "Vibbletonova" not in page


def test_a_stranger_gets_what_everybody_gets_for_nothing(people: Any, about: Subject) -> None:
    client = signed_in_client(people.other_worker)
    for name in ("of-case", "record", "ask"):
        assert client.get(url(name, about)).status_code == 404
    assert client.get(f"/api/consents/cases/{about.key}/consents").status_code == 404


def test_the_page_asks_the_database_as_often_for_many_entries_as_for_one(
    people: Any, about: Subject, django_assert_max_num_queries: Any
) -> None:
    client = signed_in_client(people.case_worker)
    for _n in range(12):
        client.post(url("record", about), GIVEN)
    with django_assert_max_num_queries(24):
        assert client.get(url("of-case", about)).status_code == 200

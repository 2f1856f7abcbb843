"""The character NUL, which no database text can hold, is refused in one place for pages and API."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/cases/?after=%00", "/cases/?q=a%00b", "/cases/?%00=1", "/identification/?q=%00",
        "/api/cases/cases?after=%00", "/api/identification/screenings?q=%00",
    ],
)  # fmt: skip
def test_it_is_refused_in_an_address(people: Any, client_for: Any, address: str) -> None:
    assert client_for(people.case_worker).get(address).status_code == 400


def test_it_is_refused_in_forms_of_both_kinds_and_in_json(people: Any, client_for: Any) -> None:
    client = client_for(people.case_worker)
    encoded = "application/x-www-form-urlencoded"
    api = "/api/identification/screenings"
    assert client.post("/identification/start/", {"event": "a\0b"}).status_code == 400
    assert client.post("/identification/start/", "event=a%00b", content_type=encoded).status_code == 400
    for text in (r'{"event": "a\u0000b"}', r'{"event": "a\\\u0000b"}'):
        answer = client.post(api, text, content_type="application/json")
        assert (answer.status_code, answer.json()["rule"]) == (400, "web.text.nul")
    for body, kind in ((r'{"event": "\u0000"}'.encode("utf-16"), "application/json"), (text, "text/plain")):
        assert client.generic("POST", api, body, content_type=kind).status_code == 400
    kept = client.post(api, r'{"event": "a\\u0000b"}', content_type="application/json")
    assert (kept.status_code, kept.json()["event"]) == (200, r"a\u0000b"), "a text about it is only a text"


def test_the_page_says_so_in_plain_words() -> None:
    answer = Client().get("/about/?x=%00")
    assert answer.status_code == 400
    assert b"This request could not be read" in answer.content

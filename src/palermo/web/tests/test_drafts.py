"""The page of drafts is the same for everybody, so that a device may keep it; the half of a key is for a session."""

import uuid
from typing import Any

import pytest

pytestmark = pytest.mark.django_db
LINK = "/drafts/link/"


def test_the_page_holds_nothing_of_who_asks(people: Any, client: Any, client_for: Any) -> None:
    mine = client_for(people.case_worker)
    mine.post("/language/", {"language": "en"})
    seen = mine.get("/drafts/")
    assert seen.content == client.get("/drafts/").content
    assert b"csrfmiddlewaretoken" not in seen.content
    assert "Set-Cookie" not in client.get("/drafts/").headers


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_it_is_in_the_language_of_the_reader(client: Any, language: str) -> None:
    client.cookies["django_language"] = language
    text = client.get("/drafts/").content.decode()
    assert f'lang="{language}"' in text
    assert ('dir="rtl"' in text) is (language == "ar")


def test_the_half_of_a_key_is_for_one_person_and_one_device(
    people: Any, client: Any, client_for: Any
) -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    assert client.get(LINK, {"device": one}).json() == {"signed_in": False}

    def half(who: Any, device: Any) -> str:
        return str(client_for(who).get(LINK, {"device": device}).json()["half"])

    first = half(people.case_worker, one)
    assert first == half(people.case_worker, one)
    assert len({first, half(people.case_worker, other), half(people.supervisor, one)}) == 3
    assert "half" not in client_for(people.case_worker).get(LINK, {"device": "x"}).json()
    analyst = client_for(people.analyst).get(LINK, {"device": one}).json()
    assert (analyst["allowed"], "half" in analyst) == (False, False)


def test_the_pseudonym_of_an_owner_is_not_his_id(people: Any, client_for: Any) -> None:
    found = client_for(people.case_worker).get(LINK).json()
    assert str(people.case_worker.pk).replace("-", "") not in found["owner"].replace("-", "")
    assert found["owner"] != client_for(people.supervisor).get(LINK).json()["owner"]


def test_a_site_may_allow_no_drafts(people: Any, client_for: Any, settings: Any) -> None:
    settings.PALERMO_DRAFT_DAYS = 0
    mine = client_for(people.case_worker)
    assert [mine.get(f"/drafts/{part}").status_code for part in ("", "worker.js")] == [404, 404]
    found = mine.get(LINK, {"device": uuid.uuid4()}).json()
    assert (found["allowed"], "half" in found) == (False, False)
    assert b"/drafts/" not in mine.get("/about/").content.replace(b"/drafts/link/", b"")


def test_the_worker_may_stand_for_the_whole_site_and_holds_no_data(client: Any) -> None:
    answer = client.get("/drafts/worker.js")
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert b"/drafts/" in answer.content
    assert "worker-src 'self'" in client.get("/drafts/").headers["Content-Security-Policy"]

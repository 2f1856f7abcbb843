"""The shell's own pages and every error page: what they say, what they hide, and what they never hold."""

import re
from typing import Any

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("palermo.web.tests.urls")]


def text_of(response: Any) -> str:
    return str(response.content.decode())


def assert_nothing_inline(html: str) -> None:
    """The content security policy would refuse these; a page must not need them."""
    assert not re.search(r"<[^>]+\sstyle=", html)
    assert not re.search(r"<[^>]+\son\w+=", html)
    assert "<style" not in html
    assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>", html)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)


@pytest.mark.parametrize("path", ["/", "/public/", "/about/"])
def test_the_public_may_read_the_public_pages(client: Client, path: str) -> None:
    response = client.get(path)
    html = text_of(response)
    assert response.status_code == 200
    assert html.count("<h1>") == 1
    assert "data-leave" in html
    assert 'href="#page"' in html
    assert_nothing_inline(html)


def test_home_asks_the_public_to_sign_in(client: Client) -> None:
    response = client.get("/home/")
    assert response.status_code == 302
    assert response["Location"].endswith("/login/?next=/home/")


def test_home_greets_with_what_is_due_and_names_the_organisation(people: Any, client_for: Any) -> None:
    html = text_of(client_for(people.case_worker).get("/home/"))
    assert "What is due" in html
    assert people.organisation.name in html
    assert "Case manager" in html
    assert_nothing_inline(html)


def test_the_front_door_leads_staff_to_their_work(people: Any, client_for: Any) -> None:
    assert client_for(people.analyst).get("/")["Location"] == "/home/"


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")])
def test_the_language_is_switched_by_a_form_and_turns_the_page(
    client: Client, language: str, direction: str
) -> None:
    assert client.post("/language/", {"language": language, "next": "/about/"})["Location"] == "/about/"
    html = text_of(client.get("/about/"))
    assert f'<html lang="{language}" dir="{direction}"' in html
    assert ("palermo.rtl.css" in html) is (direction == "rtl")


def test_the_theme_is_remembered_without_a_script(client: Client) -> None:
    response = client.post("/theme/", {"theme": "dark", "next": "/about/"})
    assert response["Location"] == "/about/"
    assert 'data-bs-theme="dark"' in text_of(client.get("/about/"))


@pytest.mark.parametrize("data", [{"theme": "pink"}, {"theme": '"><script>'}, {}])
def test_an_unknown_theme_changes_nothing(client: Client, data: dict[str, str]) -> None:
    client.post("/theme/", data)
    assert 'data-bs-theme="auto"' in text_of(client.get("/about/"))


def test_the_theme_form_never_leads_to_another_site(client: Client) -> None:
    assert client.post("/theme/", {"theme": "dark", "next": "https://example.org/"})["Location"] == "/"


def test_leaving_clears_what_the_public_left_and_says_nothing_to_the_next_site(client: Client) -> None:
    response = client.get("/leave/")
    assert response.status_code == 302
    assert "cookies" in response["Clear-Site-Data"]
    assert response["Referrer-Policy"] == "no-referrer"


def test_leaving_does_not_sign_staff_out(people: Any, client_for: Any) -> None:
    client = client_for(people.analyst)
    assert "Clear-Site-Data" not in client.get("/leave/")
    assert client.get("/home/").status_code == 200


def test_health_says_ok_and_nothing_else(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.content, response["Content-Type"]) == (b"ok\n", "text/plain")


def test_pages_are_not_kept_and_carry_the_policy(client: Client) -> None:
    response = client.get("/about/")
    assert response["Cache-Control"] == "no-store"
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_foreign_object_and_a_missing_page_are_the_same_byte_for_byte(client: Client) -> None:
    foreign, missing = (
        client.get("/fail/foreign/"),
        client.get("/cases/00000000-0000-4000-8000-000000000000/x/y/"),
    )
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert "secret sentence" not in text_of(foreign)


def test_the_same_holds_for_programs(client: Client) -> None:
    foreign, missing = client.get("/api/fail/foreign/"), client.get("/api/nothing/here/")
    assert foreign.json() == missing.json() == {"error": "Not Found"}


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("refused", 403, "Your role does not include this."),
        ("conflict", 409, "closed"),
        ("stale", 412, "Three versions side by side"),
        ("invalid", 422, "The day is in the future."),
        ("bare", 405, "use the buttons"),
    ],
)
def test_each_refusal_is_a_page_with_a_way_forward(client: Client, name: str, status: int, said: str) -> None:
    response = client.get(f"/fail/{name}/")
    html = text_of(response)
    assert response.status_code == status
    assert said in html
    assert "Start from home" in html
    assert_nothing_inline(html)


def test_a_bare_answer_keeps_its_headers(client: Client) -> None:
    assert client.get("/fail/bare/")["Allow"] == "POST"


def test_programs_get_the_rule_the_state_and_every_problem(client: Client) -> None:
    assert client.get("/api/fail/conflict/").json()["state"] == "closed"
    assert client.get("/api/fail/refused/").json()["rule"] == "x.y.z"
    problems = client.get("/api/fail/invalid/").json()["problems"]
    assert problems == [{"field": "day", "message": "The day is in the future.", "rule": "future"}]


def test_a_step_up_leads_to_the_confirmation_and_back(client: Client) -> None:
    response = client.get("/fail/step-up/?tab=2")
    assert response.status_code == 302
    assert response["Location"].endswith("/reauthenticate/?next=%2Ffail%2Fstep-up%2F%3Ftab%3D2")


def test_a_step_up_after_a_form_leads_back_to_the_page_of_the_form(client: Client) -> None:
    ours = client.post("/fail/step-up/", headers={"referer": "http://testserver/cases/1/"})
    foreign = client.post("/fail/step-up/", headers={"referer": "https://example.org/x"})
    assert ours["Location"].endswith("?next=%2Fcases%2F1%2F")
    assert foreign["Location"].endswith("?next=%2Fhome%2F")


def test_a_fault_of_ours_says_nothing_about_itself(client: Client) -> None:
    client.raise_request_exception = False
    response = client.get("/fail/broken/")
    assert response.status_code == 500
    assert "a fault of ours" not in text_of(response)
    assert "Nothing was saved" in text_of(response)


def test_a_form_without_its_token_is_refused_in_plain_words() -> None:
    response = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "nobody"})
    assert response.status_code == 403
    assert "open for too long" in text_of(response)


def test_the_page_of_every_component_needs_nothing_inline(client: Client) -> None:
    assert_nothing_inline(text_of(client.get("/styleguide/")))


@pytest.mark.parametrize("path", ["/", "/public/", "/about/"])
def test_a_visitor_gets_no_cookie_before_choosing_something(client: Client, path: str) -> None:
    assert not client.get(path).cookies
    assert list(client.post("/theme/", {"theme": "dark", "next": path}).cookies) == ["theme"]

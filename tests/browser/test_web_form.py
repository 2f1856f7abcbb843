"""The shipped survey of practitioners in a real browser: filled in, sent once, and found with the right answers."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from palermo.fieldwork import forms as shipped
from palermo.kernel.access.cast import make_cast
from palermo.kernel.access.context import acting
from palermo.rooms.observatory import actions
from palermo.rooms.observatory.models import Submission
from palermo.rooms.observatory.tests.conftest import VALUES, flattened
from palermo.web.tests.conftest import plain_static_names  # noqa: F401
from tests.browser.conftest import picture
from tests.browser.form_reader import Reader, abroad, findings, refuse_consent, watched
from tests.browser.test_drafts import come, sign_in_elsewhere  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DRAFT = """
| survey |
|  | type | name | label |
|  | integer | age | Age in years |
| settings |
|  | form_id | form_title | version |
|  | another | Another form | 1 |
"""
LONG = 120_000  # a machine with much else to do
LANGUAGES = shipped.LANGUAGES
TAKEN = "[data-webform][data-state=taken]"
READY = "[data-webform][data-state=ready]"


@pytest.fixture
def study(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """A study with the survey of practitioners, published, and one site of the team of a supervisor."""
    for place in ("converting", "publishing"):
        monkeypatch.setattr(f"palermo.rooms.observatory.actions.{place}.validate", lambda xml: "a test")
    analyst = make_cast().analyst
    path = tmp_path / "s2.xlsx"
    shipped.write(shipped.sheets("S2"), path)
    with acting(analyst.viewer) as viewer:
        found = actions.open_study(actor=viewer, values=VALUES)
        actions.add_site(actor=viewer, study=found, name="Harbour office")
        version = actions.add_form(actor=viewer, study=found, source=path.read_bytes())
        for name, content in shipped.media().items():
            actions.add_media(actor=viewer, version=version, name=name, content=content)
        actions.publish_form(actor=viewer, version=version, expected_version=version.version)
    return SimpleNamespace(analyst=analyst, study=found, version=version)


def patient(page: Any) -> Any:
    """A page that waits as long as a busy machine needs."""
    page.set_default_timeout(LONG)
    return page


def address(study: Any) -> str:
    return reverse("observatory:fill", args=[study.study.pk, study.version.pk])


@pytest.fixture
def visitor_at(chromium: Any) -> Iterator[Any]:
    """A browser of somebody who has no account."""
    contexts: list[Any] = []

    def go() -> Any:
        contexts.append(chromium.new_context(viewport={"width": 360, "height": 800}))
        return contexts[-1].new_page()

    yield go
    for context in contexts:
        context.close()


def arrived(study: Any) -> dict[tuple[str, int], Any]:
    """The answers of the one record, by path and turn."""
    with acting(study.analyst.viewer) as viewer:
        record = Submission.objects.get()
    flattened(record)
    with acting(study.analyst.viewer) as viewer:
        rows = actions.answer_rows(actor=viewer, submission=Submission.objects.get())
    return {
        (f"{row['repeat_path']}/{name}", row["ordinals"][0] if row["ordinals"] else 0): value
        for row in rows
        for name, value in row["values"].items()
    }


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 1280), ("ar", 360)])
def test_the_survey_of_practitioners_is_filled_in_and_arrives(
    study: Any,
    come: Any,  # noqa: F811
    live_server: Any,
    language: str,
    width: int,
) -> None:
    page = patient(come(study.analyst, language=language, width=width))
    asked = watched(page)
    page.goto(live_server.url + address(study))
    page.locator(READY).wait_for()
    assert page.locator("#form-language").input_value() == LANGUAGES[language]
    assert page.locator("[data-place]").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert findings(page) == []
    picture(page, f"web-form-{language}-{width}")
    reader = Reader(page, study.version.schema, language)
    reader.go_through()
    page.locator(".button-add-instance").click()
    reader.go_through()
    picture(page, f"web-form-filled-{language}-{width}")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    # Two presses at once, as an impatient hand makes them.
    page.evaluate(
        "() => { const send = document.querySelector('.footer button'); send.click(); send.click(); }"
    )
    page.locator(TAKEN).wait_for(state="attached")
    assert findings(page) == []
    picture(page, f"web-form-sent-{language}-{width}")
    found = arrived(study)
    assert {key: found.get(key) for key in reader.said} == reader.said
    assert {turn for path, turn in reader.said if path.startswith("/interview/routes/")} == {1, 2}
    assert abroad(asked, live_server.url) == []
    assert [said for said in page.said if "Content Security Policy" in said or "Error" in said] == []


def link(study: Any, records: int = 1) -> Any:
    with acting(study.analyst.viewer) as viewer:
        return actions.make_link(
            actor=viewer, version=study.version, label="K-01", site=None, days=3, records=records
        )


def test_a_link_whose_answer_is_lost_makes_one_record_and_then_opens_nothing(
    study: Any,
    visitor_at: Any,
    live_server: Any,
) -> None:
    issued = link(study)
    page = patient(visitor_at())
    asked = watched(page)
    page.goto(actions.link_address(issued, live_server.url))
    page.locator(READY).wait_for()
    assert findings(page) == []
    refuse_consent(page)
    picture(page, "web-form-link")
    statuses: list[int] = []

    def swallow(route: Any) -> None:
        """The server gets it and answers; the first answer never arrives."""
        answer = route.fetch()
        statuses.append(answer.status)
        route.abort() if len(statuses) == 1 else route.fulfill(response=answer)

    page.route("**/send/", swallow)
    page.locator(".footer button").click()
    page.locator("[data-webform][data-state=unknown]").wait_for()
    assert "one record" in page.locator("[data-told]").inner_text()
    assert page.locator("[data-place]").get_attribute("inert") is not None
    picture(page, "web-form-lost")
    page.locator("[data-told] button").click()
    page.locator(TAKEN).wait_for(state="attached")
    assert statuses == [201, 202]
    with acting(study.analyst.viewer):
        assert Submission.objects.count() == 1
    assert abroad(asked, live_server.url) == []
    # No log has the key: it was in no address that was asked for.
    assert [url for url in asked if issued.secret in urlsplit(url)._replace(fragment="").geturl()] == []
    page.locator("[data-told] button").click()
    page.locator("[data-webform][data-state=stopped]").wait_for(state="attached")
    assert "used as often" in page.locator("[data-told]").inner_text()


def test_leaving_asks_first_and_a_draft_is_tried_without_sending(
    study: Any,
    come: Any,  # noqa: F811
    live_server: Any,
) -> None:
    page = patient(come(study.analyst))
    page.goto(live_server.url + address(study))
    page.locator(READY).wait_for()
    refuse_consent(page)
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.close(run_before_unload=True)
    page.locator(READY).wait_for()
    with acting(study.analyst.viewer) as viewer:
        draft = actions.add_form(actor=viewer, study=study.study, source=DRAFT.encode(), kind="md")
    trial = patient(come(study.analyst))
    sent = watched(trial)
    trial.goto(live_server.url + reverse("observatory:fill", args=[study.study.pk, draft.pk]))
    trial.locator(READY).wait_for()
    trial.locator("[data-place] input[inputmode=numeric]").focus()
    trial.keyboard.type("3")
    trial.keyboard.press("Tab")
    trial.locator(".footer button").click()
    trial.locator("[data-told] .alert", has_text="nothing was sent").wait_for()
    assert [url for url in sent if url.endswith("/send/")] == []
    assert asked == ["beforeunload"]


def test_who_was_signed_out_meanwhile_signs_in_elsewhere_and_sends_again(
    study: Any,
    come: Any,  # noqa: F811
    live_server: Any,
) -> None:
    page = patient(come(study.analyst))
    page.goto(live_server.url + address(study))
    page.locator(READY).wait_for()
    refuse_consent(page)
    page.context.clear_cookies(name="session")
    page.locator(".footer button").click()
    page.locator("[data-webform][data-state=signedOut]").wait_for()
    assert "signed out" in page.locator("[data-told]").inner_text()
    sign_in_elsewhere(page, live_server.url, study.analyst)
    page.locator("[data-told] button").click()
    page.locator(TAKEN).wait_for(state="attached")
    with acting(study.analyst.viewer):
        assert Submission.objects.count() == 1

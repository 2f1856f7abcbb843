"""An editor says what a court made of an issue, a second person publishes it, and an edition is frozen."""

import time
from typing import Any

import pytest

from tests.browser.journey import press
from tests.browser.story import answer, at, fits, follow, said, send, through_menu

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_from_a_decision_to_an_edition(language: str, width: int, stage_of: Any) -> None:
    stage, mark = stage_of(language, width), str(time.time_ns())[-7:]
    page = stage.come("knowledge-editor")
    through_menu(page, "/digest/")
    follow(page, "/digest/cases/")
    answer(page, {"q": "Chowdury"})
    press(page, page.locator("main form button[type=submit]").first)
    follow(page, "/digest/findings/chowdury-v-greece/new/")
    answer(page, {"issue": "money", "stage": "international", "standing": "remark", "bears_on": "purpose",
                  "direction": "strengthens", "note": f"Wages that were never paid ({mark})."})  # fmt: skip
    stage.look(page, "digest-new", search=True)
    send(page, expect=r"/digest/finding/[0-9a-f-]{36}/$")
    finding = page.url
    press(page, page.locator("main button[value=submit]").first)
    assert not page.locator("main button[value=publish]").count(), said(page)
    second = stage.sure("coordinator")
    through_menu(second, "/digest/")
    stage.look(second, "digest-waiting", search=True)
    second.goto(finding)
    press(second, second.locator("main button[value=publish]").first)
    fits(second)
    second.goto(stage.url + "/digest/editions/freeze/")
    answer(second, {"title": f"Edition of {mark}"})
    send(second, expect=r"/digest/public/editions/\d+/$")
    stage.look(second, "digest-edition", search=True)
    edition = second.url
    anybody = stage.visitor(language=language, width=width, open_at="/digest/public/")
    stage.look(anybody, "digest-issues", search=True)
    follow(anybody, "/digest/public/issues/documents/")
    assert mark in anybody.locator("main").inner_text(), said(anybody)
    stage.look(anybody, "digest-issue", search=True)
    anybody.goto(edition)
    assert mark in anybody.locator("main").inner_text()
    at(anybody, r"/editions/\d+/$")
    told = anybody.request.get(edition + "docx/")
    assert told.status == 200
    assert told.body()[:2] == b"PK"
    assert anybody.said == []
    stage.end()

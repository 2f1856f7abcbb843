"""A drafter compares the law of two States on one article; an editor reads a law against a row, a second person agrees.

On the demonstration's two invented States. Everything is found by name, address or the words of the invented laws.
"""

import time
from typing import Any

import pytest

from tests.browser.journey import press
from tests.browser.story import answer, at, fits, follow, said, send, through_menu

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TEXT = "Article 1. Witnesses\nThis rule (invented) protects witnesses.\nArticle 2. Penalty\nWho breaks it is fined.\n"


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 1280), ("ar", 360)])
def test_two_states_on_one_article(language: str, width: int, palermo_running: Any, stage_of: Any) -> None:
    stage = stage_of(language, width)
    page = stage.visitor(language=language, width=width, open_at="/legislation/public/")
    follow(page, "/legislation/public/rows/?instrument=TIP")
    stage.look(page, "law-rows", search=True)
    assert page.locator("td.heat-met").count() >= 4, said(page)
    assert "/legislation/public/states/XPB/" in page.content()
    follow(page, "/rows/tip-3-b/")
    words = page.locator("main").inner_text()
    assert "Le consentement de la victime est sans effet." in words
    assert "The Act is silent on consent." in words
    stage.look(page, "law-row", search=True)
    follow(page, "/legislation/public/laws/")
    stage.look(page, "law-text", search=True)
    page.go_back()
    follow(page, "/states/XPA/")
    stage.look(page, "law-state", search=True)
    follow(page, "/states/XPA/needs/")
    stage.look(page, "law-needs", search=True)
    page.goto(palermo_running.url + "/legislation/public/?country=XPA")
    follow(page, "/legislation/public/laws/")
    follow(page, "/compare/")
    assert "vulnerability" in " ".join(page.locator("ins").all_inner_texts())
    stage.look(page, "law-compare", search=True)
    assert page.said == []


def stepped(page: Any, step: str) -> None:
    press(page, page.locator(f"main button[name=step][value={step}]:visible").first)
    fits(page)


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_a_law_is_entered_read_and_published(language: str, width: int, stage_of: Any) -> None:
    stage, mark = stage_of(language, width), str(time.time_ns())[-7:]
    page = stage.come("knowledge-editor")
    through_menu(page, "/legislation/")
    follow(page, "/legislation/laws/new/")
    answer(page, {"title": f"Rule on witnesses {mark} (invented)", "country": "XPA", "number": mark,
                  "adopted": "2020-01-02", "language": "en", "kind": "regulation"})  # fmt: skip
    stage.look(page, "law-new", search=True)
    send(page, expect=r"/legislation/law/[0-9a-f-]{36}/$")
    law = page.url
    follow(page, "/text/")
    answer(page, {"valid_from": "2020-02-01", "body": TEXT})
    send(page, expect=r"/legislation/wording/[0-9a-f-]{36}/$")
    wording = page.url
    assert page.locator("#art_2").count() == 1, said(page)
    page.goto(stage.url + "/legislation/readings/XPA/tip-6-1/?on=2021-01-01")
    option = page.locator("select[name=relied] option", has_text="Article 1 Witnesses").first
    page.locator("select[name=relied]").select_option(option.get_attribute("value"))
    answer(
        page,
        {"standing": "partly", "reasons": f"Only witnesses are protected ({mark}).", "confidence": "high"},
    )
    stage.look(page, "law-reading", search=True)
    send(page, expect=r"/legislation/reading/[0-9a-f-]{36}/$")
    reading = page.url
    for address in (law, wording, reading):
        page.goto(address)
        stepped(page, "submit")
        assert not page.locator("button[value=publish]").count(), "who wrote it publishes it"
    second = stage.sure("coordinator")
    through_menu(second, "/legislation/")
    stage.look(second, "law-waiting", search=True)
    for address in (law, wording, reading):
        second.goto(address)
        stepped(second, "publish")
        at(second, r"/legislation/(law|wording|reading)/[0-9a-f-]{36}/$")
    anybody = stage.visitor(
        language=language, width=width, open_at="/legislation/public/rows/tip-6-1/?on=2021-01-01"
    )
    words = anybody.locator("main").inner_text()
    assert mark in words, words[:1500]
    assert "This rule (invented) protects witnesses." in words
    stage.end()

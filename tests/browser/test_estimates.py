"""An analyst brings a table of three lists, looks at the overlap, runs methods, compares, and two persons agree."""

import re
import time
from typing import Any

import pytest

from tests.browser.journey import press
from tests.browser.story import answer, at, fits, follow, said, send, through_menu

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# Three lists that see people independently of each other: 100 of every 400 people on each.
TABLE = (
    "Police,Shelter,Hotline,count\n1,0,0,169\n0,1,0,168\n0,0,1,170\n1,1,0,57\n1,0,1,55\n0,1,1,56\n1,1,1,19\n"
)


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_from_a_table_to_an_agreed_number(language: str, width: int, stage_of: Any) -> None:
    stage, title = stage_of(language, width), f"Lists of {str(time.time_ns())[-7:]}"
    page = stage.sure("analyst")
    through_menu(page, "/estimates/")
    follow(page, "/estimates/new/")
    answer(page, {"title": title, "crime": "trafficking", "year_from": 2024, "year_to": 2024, "text": TABLE})
    send(page, expect=r"/estimates/[0-9a-f-]{36}/$")
    study = page.url
    the_overlap_answers(page)
    stage.look(page, "estimates-overlap", search=True)
    follow(page, "/run/")
    answer(page, {"methods": ["main", "stepwise", "chao"], "bootstrap": 200, "checks": True})
    send(page, expect=r"/estimates/[0-9a-f-]{36}/[0-9a-f-]{36}/$")
    finished(page)
    stage.look(page, "estimates-methods", search=True)
    arrows_tell(page)
    follow(page, "/0/")
    assert page.locator(".chart-frame svg").count() >= 2, said(page)
    stage.look(page, "estimates-result", search=True)
    follow(page, "/propose/")
    answer(page, {"why": "The three lists work apart from each other, and the methods agree."})
    send(page, expect=re.escape(study) + "$")
    assert not page.locator("main a[href$='/agree/']").count(), "who proposes does not agree"
    second = stage.sure("coordinator")
    second.goto(study)
    follow(second, "/agree/")
    press(second, second.locator("main form button[type=submit]").first)
    at(second, re.escape(study) + "$")
    assert not second.locator("main a[href$='/agree/']").count()
    stage.look(second, "estimates-agreed", search=True)
    assert page.request.get(study + "file/").text().count("\n") >= 8
    stage.end()


def the_overlap_answers(page: Any) -> None:
    """Two lists are chosen by their buttons: the people on both are said, the other columns grow faint."""
    buttons = page.locator(".picture-lists button")
    assert buttons.count() == 3, said(page)
    buttons.nth(0).click()
    buttons.nth(1).click()
    assert buttons.nth(0).get_attribute("aria-pressed") == "true"
    assert page.locator("[data-kind=history].is-faint").count() == 5
    told = page.locator(".chart-said").first.inner_text()
    assert digits(told)[-2:] == [76, 2], told  # 57 + 19 people, two of the columns
    fits(page)


def arrows_tell(page: Any) -> None:
    """With the keyboard alone the picture tells each estimate, also where the page reads from right to left."""
    page.locator(".chart-frame").first.focus()
    page.keyboard.press("Home")
    first = page.locator(".chart-said").first.inner_text()
    page.keyboard.press("End")
    last = page.locator(".chart-said").first.inner_text()
    assert first
    assert last != first
    assert digits(last), last


def digits(words: str) -> list[int]:
    return [int(one.translate(ARABIC)) for one in re.findall(r"[0-9٠-٩]+", words.replace(",", ""))]


ARABIC = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


def finished(page: Any) -> None:
    """The page renews itself until the run is done."""
    page.locator("main a[href$='/file/']").wait_for(timeout=240_000)  # the head of the page follows
    assert page.locator("main tbody tr").count() == 3, said(page)
    fits(page)

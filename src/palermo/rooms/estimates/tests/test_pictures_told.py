"""Pictures of a study in a real browser: what a mark stands for is said, lists are chosen, nothing is broken by it."""

from typing import Any

import pytest
from django.urls import reverse

from palermo.rooms.estimates.tests.conftest import carried_out, study_of
from palermo.web.tests.conftest import plain_static_names, violations, visit  # noqa: F401

TOGETHER = """A,B,C,D,count
1,0,0,0,54
0,1,0,0,63
0,0,1,0,71
0,0,0,1,60
1,1,0,0,62
1,0,1,0,9
0,1,1,0,14
0,0,1,1,11
1,0,0,1,10
1,1,1,0,12
"""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def said(page: Any) -> str:
    text: str = page.locator(".chart-said").first.inner_text()
    return text.replace("\u2068", "").replace("\u2069", "")


def test_lists_are_chosen_and_their_people_added_up(
    people: Any,
    client_for: Any,
    visit: Any,  # noqa: F811
) -> None:
    study = study_of(people.analyst)
    session = client_for(people.analyst).cookies["session"].value
    page = visit(reverse("estimates:study", args=[study.pk]), session=session)
    buttons = page.get_by_role("group", name="Keep the people who were on:").get_by_role("button")
    buttons.nth(0).focus()
    page.keyboard.press("Enter")
    assert buttons.nth(0).get_attribute("aria-pressed") == "true"
    assert said(page) == "on A: 78 people in 4 of the columns drawn"
    page.locator(".picture-overlap [data-kind=list]").nth(1).click()
    assert said(page) == "on A + B: 15 people in 2 of the columns drawn"
    assert page.locator(".picture-overlap .is-faint").count() == 5
    assert violations(page) == []
    buttons.nth(0).click()
    buttons.nth(1).click()
    assert said(page) == ""
    assert page.locator(".picture-overlap .is-faint").count() == 0


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (360, "ar")])
def test_marks_are_walked_with_the_arrow_keys(
    people: Any,
    client_for: Any,
    visit: Any,  # noqa: F811
    width: int,
    language: str,
) -> None:
    run = carried_out(people.analyst, study_of(people.analyst, TOGETHER), methods=("stepwise",))
    session = client_for(people.analyst).cookies["session"].value
    path = reverse("estimates:result", args=[run.study_id, run.pk, 0])
    page = visit(path, width=width, language=language, session=session)
    assert page.locator(".picture-sensitivity, .picture-path, .picture-residuals").count() == 3
    page.locator(".chart-frame").first.focus()
    page.keyboard.press("ArrowRight")
    first = said(page)
    page.keyboard.press("ArrowRight")
    assert said(page) not in ("", first)
    page.keyboard.press("Home")
    assert said(page) == first
    page.keyboard.press("Escape")
    assert said(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.said == []
    assert violations(page) == []

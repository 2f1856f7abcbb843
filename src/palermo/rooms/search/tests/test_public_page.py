"""A precedent on abuse of vulnerability found from an Arabic question, in a real browser, on a phone and wide."""

import os
from typing import Any

import pytest
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.caselaw import actions
from palermo.rooms.search.tests.conftest import FACTS, told
from palermo.web.tests.conftest import plain_static_names, violations, visit  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUESTION = "هل يعد استغلال حالة استضعاف العمال اتجارا؟"


def seen(page: Any, name: str) -> None:
    """Keep a picture, where somebody wants to look at one."""
    if folder := os.environ.get("PALERMO_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (360, "ar"), (360, "fr")])
def test_a_precedent_is_found_from_an_arabic_question(
    visit: Any,  # noqa: F811
    transactional_db: None,
    width: int,
    language: str,
) -> None:
    values = [told(f"c-{tongue}", tongue, facts) for tongue, facts in FACTS.items()]
    values[0]["codings"] = [
        {"kind": "means", "concept": "abuse_of_vulnerability", "standing": "found_proved"}
    ]
    with acting(Viewer.operator()) as viewer:
        assert actions.bring_in(actor=viewer, values=values).problems == ()
    page = visit(reverse("search:page"), width=width, language=language)
    page.fill("#q", QUESTION)
    page.press("#q", "Enter")
    link = page.locator(f"a[href='{reverse('caselaw:case', args=['c-en'])}']")
    link.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    seen(page, f"search-{language}-{width}")
    page.locator("main li.card a").first.wait_for()
    page.goto(page.url.split("/search")[0] + reverse("thesaurus:concept", args=["abuse_of_vulnerability"]))
    page.locator(f"a[href='{reverse('caselaw:case', args=['c-en'])}']").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    seen(page, f"concept-{language}-{width}")
    page.goto(page.url.split("/thesaurus")[0] + reverse("thesaurus:tree"))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    seen(page, f"tree-{language}-{width}")
    assert page.said == []

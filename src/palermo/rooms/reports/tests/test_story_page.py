"""A published story in a real browser: wide and on a phone, in two directions."""

from typing import Any

import pytest
from django.urls import reverse

from palermo.rooms.reports.tests import conftest
from palermo.rooms.reports.tests.conftest import put, released, words
from palermo.rooms.reports.tests.test_stories import legs, out, story
from palermo.web.tests.conftest import plain_static_names, violations, visit  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def published(people: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a story with a map and words."""
    monkeypatch.setattr(conftest, "rows", legs)
    route = released(people, 2026, None, None, None)
    made = story(people.analyst)
    for place in ("First leg", "Second leg"):
        text = words(f"{place}: people wait for weeks.\n\nThey pay before they leave.")
        put(
            people.analyst,
            made,
            kind="map",
            titles=words(place),
            texts=text,
            source=route.identifier,
            part="legs",
        )
    return reverse("reports:landing", args=[out(people, made).identifier])


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (360, "ar"), (360, "fr")])
def test_it_is_read_on_every_screen(visit: Any, published: str, width: int, language: str) -> None:  # noqa: F811
    page = visit(published, width=width, language=language)
    assert page.locator(".story-step .flow-svg").count() == 2
    page.locator(".story-pictures details summary").first.click()
    page.locator(".story-pictures table").first.wait_for(state="visible")
    page.locator(".flow-svg .map-flow").first.dispatch_event("pointerover", {"bubbles": True})
    assert page.locator(".chart-said").first.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.said == []
    assert violations(page) == []

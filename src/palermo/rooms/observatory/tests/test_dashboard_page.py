"""The dashboard of a round in a real browser: it follows what comes in, wide, and on a phone from right to left."""

import os
from typing import Any

import pytest
from django.urls import reverse

from palermo.rooms.observatory.tests.test_dashboard import looked, turned
from palermo.rooms.observatory.tests.test_indicators import many, sent, survey  # noqa: F401
from palermo.web.tests.conftest import plain_static_names, violations, visit  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (360, "ar")])
def test_it_follows_what_comes_in(
    people: Any,
    client_for: Any,
    survey: Any,  # noqa: F811
    visit: Any,  # noqa: F811
    width: int,
    language: str,
) -> None:
    study, account = survey
    turned(study, account)
    session = client_for(people.analyst).cookies["session"].value
    page = visit(
        reverse("observatory:live", args=[study.pk]), width=width, language=language, session=session
    )
    assert page.locator("#live-now li strong").count() == 2
    assert page.locator("#live-now dd").first.inner_text() == "100"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if folder := os.environ.get("PALERMO_PICTURES"):
        page.screenshot(path=f"{folder}/dashboard-{width}-{language}.png", full_page=True)
    assert violations(page) == []
    # Whoever stands in a table stays there, and a mark of ours on the window shows that nothing was loaded anew.
    page.evaluate("window.stayed = true")
    page.locator("#live-values").focus()
    sent(account, many(1, seed=77), 500)
    looked(study)
    page.locator("#live-now dd", has_text="101").first.wait_for(timeout=90_000)
    assert page.evaluate("window.stayed && document.activeElement.id") == "live-values"
    assert "101" in page.locator("#live-now-said").inner_text()
    assert page.said == []

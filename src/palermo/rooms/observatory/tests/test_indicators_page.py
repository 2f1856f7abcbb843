"""The indicators of a study in a real browser: wide, and on a phone from right to left."""

from typing import Any

import pytest
from django.urls import reverse

from palermo.rooms.observatory.tests.test_indicators import computed, many, sent, survey  # noqa: F401
from palermo.web.tests.conftest import plain_static_names, violations, visit  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (360, "ar")])
def test_it_is_read_on_every_screen(
    people: Any,
    client_for: Any,
    survey: Any,  # noqa: F811
    visit: Any,  # noqa: F811
    width: int,
    language: str,
) -> None:
    study, account = survey
    sent(account, many(35))
    computed(study)
    session = client_for(people.analyst).cookies["session"].value
    path = reverse("observatory:indicators", args=[study.pk]) + "?basis=received"
    page = visit(path, width=width, language=language, session=session)
    assert page.locator(".flow-svg .map-flow").count() == 3
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.said == []
    assert violations(page) == []
    page.goto(page.url.split("indicators")[0])
    assert page.locator("a[href$='/indicators/']").count() == 1

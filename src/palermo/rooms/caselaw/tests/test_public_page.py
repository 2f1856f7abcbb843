"""The public pages in a real browser: wide and on a phone, in two directions, with nothing to complain about."""

from typing import Any

import pytest
from django.urls import reverse

from palermo.judgments.starter import starter
from palermo.judgments.synthetic import synthetic
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.caselaw.actions import bring_in
from palermo.web.tests.conftest import plain_static_names, violations, visit  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def collection(transactional_db: None) -> None:
    with acting(Viewer.operator()) as system:
        assert bring_in(actor=system, values=[*starter(), *synthetic(60, 1)]).problems == ()


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (360, "ar"), (360, "fr")])
def test_a_case_is_found_narrowed_down_and_read(
    visit: Any,  # noqa: F811
    collection: None,
    width: int,
    language: str,
) -> None:
    def sound(page: Any) -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []
        assert page.said == []

    page = visit(reverse("caselaw:public") + "?q=servitude", width=width, language=language)
    sound(page)
    first = page.locator("main ol h2 a").first
    first.wait_for()
    page.locator("main details.fold > summary").first.click()
    chosen = page.locator("main nav a[href*='crime=servitude']").first
    chosen.wait_for(state="visible")
    with page.expect_navigation():
        chosen.click()
    page.locator("main nav a[aria-current=true]").first.wait_for(state="visible")
    sound(page)
    with page.expect_navigation():
        page.locator("main ol h2 a[href*='siliadin']").click()
    page.locator("main .alert-warning").first.wait_for()
    sound(page)

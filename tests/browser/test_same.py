"""One person under two codes, in a real browser: found, proposed, confirmed by a colleague, undone with a reason."""

from typing import Any

import pytest
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.vault.identity import Identity
from palermo.rooms.cases.tests.conftest import FAMILY, opened
from palermo.web.tests.conftest import plain_static_names, violations  # noqa: F401
from tests.browser.conftest import picture
from tests.browser.journey import press
from tests.browser.test_drafts import cast, come  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two(cast: Any) -> tuple[Any, Any]:  # noqa: F811
    """The same person, written down twice in one house."""
    with acting(cast.case_worker.viewer) as viewer:
        first = opened(viewer)
        second = opened(
            viewer, identity=Identity(family_name=FAMILY, given_names="Zarquela", birth_date="1998")
        )
    return first, second


def fits(page: Any) -> bool:
    return bool(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_from_finding_it_to_undoing_it(
    cast: Any,  # noqa: F811
    come: Any,  # noqa: F811
    live_server: Any,
    two: tuple[Any, Any],
    language: str,
    width: int,
) -> None:
    first, second = two
    page = come(cast.case_worker, language=language, width=width)
    page.goto(live_server.url + reverse("cases:person", args=[first.pk]))
    press(page, page.locator("button[value=look]"))
    found = page.locator("form", has_text=second.person_code)
    picture(page, f"same-found-{language}-{width}")
    assert violations(page) == []
    assert fits(page)
    found.locator("select[name=ground]").select_option("facts")
    press(page, found.locator("button[value=propose]"))
    pair = page.url
    assert "/same/" in pair
    other = come(cast.supervisor, language=language, width=width)
    other.goto(live_server.url + "/account/notices/")
    press(other, other.locator(f"a[href='{pair.removeprefix(live_server.url)}']"))
    picture(other, f"same-asked-{language}-{width}")
    assert violations(other) == []
    assert fits(other)
    press(other, other.locator("button[value=confirm]"))
    page.goto(live_server.url + reverse("cases:case", args=[second.pk]))
    assert first.person_code in page.locator("main").inner_text()
    picture(page, f"same-sign-{language}-{width}")
    page.goto(pair)
    page.locator("select[name=ground]").select_option("mistake")
    press(page, page.locator("button[value=undo]"))
    assert page.locator("button[value=undo]").count() == 0
    assert page.locator("ol.timeline > li").count() == 3
    page.goto(live_server.url + reverse("cases:case", args=[second.pk]))
    assert first.person_code not in page.locator("main").inner_text()

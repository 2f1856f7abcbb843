"""The public pages in a real browser: wide and on a phone, in two directions, with nothing to complain about."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.treaties.actions import import_lines
from palermo.web.tests.conftest import plain_static_names, violations, visit  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KNOWN = Path(__file__).parent / "data" / "known.csv"


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (360, "ar"), (360, "fr")])
def test_who_is_bound_is_read_on_every_screen(
    visit: Any,  # noqa: F811
    transactional_db: None,
    width: int,
    language: str,
) -> None:
    with acting(Viewer.operator()) as system:
        assert import_lines(actor=system, content=KNOWN.read_bytes()).added > 50
    for address in (
        reverse("treaties:public"),
        reverse("treaties:sheet", args=["TIP"]) + "?on=2015-04-12",
        reverse("treaties:state", args=["FRA"]),
        reverse("treaties:changes", args=["TIP"]) + "?from=2001-01-01&to=2015-04-12",
        reverse("treaties:years", args=["TIP"]),
    ):
        page = visit(address, width=width, language=language)
        page.locator("main table, main figure svg").first.wait_for(state="attached")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []
        assert page.said == []

"""The door in a real browser, as narrow as an old phone, in both directions, with and without script."""

import os
from pathlib import Path
from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.rooms.door import actions
from palermo.web.tests.conftest import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("PALERMO_PICTURES")


@pytest.fixture(autouse=True)
def built_static_names(settings: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "palermo.web.storage.StaticStorage"}}


def picture(page: Any, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"door-{name}.png"), full_page=True)


def fits(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_the_way_in_and_back_without_script_or_cookie(
    transactional_db: None, people: Any, visit: Any
) -> None:
    with acting(people.supervisor.viewer) as viewer:
        actions.set_desk(actor=viewer, organisation_id=people.organisation.pk, is_open=True, languages=["en"])
    for lang, width in (("ar", 240), ("fr", 1280)):
        for name in ("", "help/", "services/", "safety/", "ask/", "code/"):
            page = visit(f"/door/{lang}/{name}", width=width)
            assert fits(page), (lang, width, name)
            assert page.said == [], page.said
            if name in ("", "ask/", "code/"):
                assert violations(page) == [], (lang, name)
            picture(page, f"{lang}-{width}-{name.strip('/') or 'rights'}")
            page.context.close()
    page = visit("/door/ar/ask/", width=240, script=False)
    before = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    page.check("input[name=help][value=talk]")
    page.check("input[name=urgency][value=soon]")
    page.fill("textarea", "مرحبا")
    page.click("main button")
    code = page.inner_text(".code")
    picture(page, "sent")
    assert fits(page)
    page.goto(page.url.replace("/ask/", "/code/"))
    page.fill("#id_code", code)
    page.click("main button")
    page.get_by_text("مرحبا").first.wait_for()
    assert code not in page.content()
    assert fits(page)
    picture(page, "thread")
    assert {cookie["name"]: cookie["value"] for cookie in page.context.cookies()} == before


def test_leaving_replaces_the_page_in_the_history(
    transactional_db: None, people: Any, visit: Any, settings: Any
) -> None:
    settings.PALERMO_NEUTRAL_PAGE = "/healthz"
    for script in (True, False):
        page = visit("/door/en/", script=script, width=360)
        page.goto(page.url + "safety/")
        page.click("a.leave")
        page.wait_for_url("**/healthz")
        page.go_back()
        assert page.url.endswith("/door/en/" if script else "/door/en/safety/")

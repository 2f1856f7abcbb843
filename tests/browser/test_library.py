"""A paper in a real browser: brought in, published by a second person, found by a word of its text, and cited."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from palermo.kernel.access.cast import make_cast, member, signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Role
from palermo.rooms.library.actions import demo_library
from palermo.rooms.library.tests.conftest import worked
from palermo.web.tests.conftest import plain_static_names, violations, visit  # noqa: F401
from tests.browser.conftest import picture
from tests.browser.journey import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXTS = {
    "en": ("On quiet harbours", "The keeper of the lighthouse counted the pelicans at dawn.", "pelican"),
    "ar": ("عن الموانئ الهادئة", "عدّ حارس المنارة طيور البجع عند الفجر وكتب عددها.", "المنارة"),
}


def cookie(person: Any) -> str:
    return str(signed_in_client(person).cookies[settings.SESSION_COOKIE_NAME].value)


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (360, "ar")])
def test_a_paper_is_brought_in_published_found_and_cited(
    visit: Any,  # noqa: F811
    transactional_db: None,
    tmp_path: Path,
    width: int,
    language: str,
) -> None:
    cast = make_cast()
    with acting(Viewer.operator()):
        editor = member("editor-of-papers", Role.EDITOR, cast.organisation)
    demo_library(cast=cast)
    title, text, word = TEXTS[language]
    file = tmp_path / "paper.txt"
    file.write_text(text, "utf-8")

    def sound(page: Any, name: str) -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []
        assert page.said == []
        picture(page, f"library-{name}-{language}-{width}")

    page = visit(reverse("library:new"), width=width, language=language, session=cookie(editor))
    page.fill("[name=palermo_id]", "on-quiet-harbours")
    if language != "en":
        page.locator(f"details:has([name=title_{language}]) > summary").click()
    page.fill(f"[name=title_{language}]", title)
    page.select_option("select[name=language]", language)
    page.select_option("[name=concepts]", ["consent"])
    sound(page, "form")
    press(page, page.locator("main form button[type=submit]").first)
    page.set_input_files("[name=file]", str(file))
    page.select_option("form[action$='/files/'] select[name=language]", language)
    press(page, page.locator("form[action$='/files/'] button[type=submit]"))
    worked()
    press(page, page.locator("button[name=step][value=submit]"))
    assert page.locator("button[name=step][value=publish]").count() == 0
    sound(page, "waits")
    desk = page.url.partition("/library/")[2]

    page = visit(f"/library/{desk}", width=width, language=language, session=cookie(cast.coordinator))
    press(page, page.locator("button[name=step][value=publish]"))
    page.locator("button[name=step][value=withdraw]").wait_for()

    page = visit(reverse("library:public"), width=width, language=language)
    page.fill("#q", word)
    press(page, page.locator("form[role=search] button[type=submit]"))
    page.locator("main mark").first.wait_for()
    sound(page, "found")
    press(page, page.locator("main ol h2 a").first)
    assert title in page.locator("h1").inner_text()
    assert title in page.locator("#cite + p").inner_text()
    with page.expect_download() as brought:
        page.click(f"a[href='{reverse('library:bibtex', args=['on-quiet-harbours'])}']")
    assert title in Path(brought.value.path()).read_text("utf-8")
    sound(page, "paper")

    page.goto(page.url.partition("/library/")[0] + reverse("search:page") + f"?q={word}")
    page.locator(f"a[href='{reverse('library:item', args=['on-quiet-harbours'])}']").wait_for()
    for name, address in (("directory", "authorities"), ("starter", "public")):
        page.goto(page.url.partition("/search/")[0].partition("/library/")[0] + reverse(f"library:{address}"))
        sound(page, name)


def test_a_contact_is_opened_on_record(visit: Any, transactional_db: None) -> None:  # noqa: F811
    cast = make_cast()
    demo_library(cast=cast)
    way = reverse("library:authority", args=["xpa-sea"])
    page = visit(way)
    assert "+00 000" not in page.content()
    page = visit(way, width=360, language="ar", session=cookie(cast.prosecutor))
    press(page, page.locator("form[action$='/contacts/'] button"))
    page.get_by_text("+00 000 0000").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []
    picture(page, "library-contacts-ar-360")

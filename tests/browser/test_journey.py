"""From a first contact to a public figure, as people do it, in English and in Arabic.

screening -> search -> case -> reveal (audited) -> register -> national table -> public table
"""

import json

import pytest

from tests.browser import journey
from tests.browser.conftest import picture, violations
from tests.browser.journey import FAMILY, GIVEN

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TRAFFICKED = ("act.recruited", "start.deceived_job", "there.documents", "form.labour")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_from_a_first_contact_to_a_public_figure(
    language, palermo_running, visitor, sign_in, palermo_command
):
    url = palermo_running.url
    page = visitor(language=language)
    sign_in(page, "case-worker")
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    picture(page, f"home-{language}")

    journey.screen(page, url, TRAFFICKED, no=("age.child_now", "age.child_then", "age.doubt", "som.entry"))
    picture(page, f"screening-{language}")
    assert page.locator("input[name=outcome]:checked").count() == 0, "a decision is never made for the person"
    journey.decide(page, "tip", "Three indicators and the papers were kept.")

    journey.search_before_create(page, FAMILY, GIVEN, "1994")
    assert FAMILY not in page.url
    picture(page, f"search-{language}")
    case_url = journey.open_case(page, FAMILY, GIVEN, "1994")
    assert not seen(page), "the case page shows a code, not a name"
    picture(page, f"case-{language}")
    assert violations(page) == []

    shown = journey.reveal(page, case_url)
    assert FAMILY in shown
    assert GIVEN in shown
    assert FAMILY not in page.url + page.title()
    page.reload()
    assert not seen(page), "what was revealed is shown once"
    before = page.goto(case_url + "trail/")
    assert before.status == 200
    picture(page, f"trail-{language}")
    assert page.locator("main").inner_text().count("Case Worker") >= 2

    # The person is found again, by another spelling and the other order of names.
    page.goto(url + "/cases/open/")
    page.fill("input[name=family_name]", "Zivandoria")
    page.fill("input[name=given_names]", GIVEN)
    page.fill("input[name=birth_date]", "1994")
    journey.press(page, page.locator("main form button[type=submit]").first)
    assert page.locator(f"a[href='{case_url.removeprefix(url)}']").count() >= 1
    journey.sign_out(page, url)

    entries = json.loads(palermo_command("audit", "verify", "--json").stdout)
    assert entries["ok"] is True
    numbers(page, url, language, sign_in, case_url)
    # The one complaint is the browser's own about the case that does not exist for the analyst.
    assert len(page.said) == 1, page.said
    assert "404" in page.said[0]


def seen(page) -> bool:
    """Whether the invented name is anywhere in the page, its title or its address."""
    return FAMILY in page.content() + page.title() + page.url


def numbers(page, url, language, sign_in, case_url) -> None:
    """The analyst sees the register without identity, the national table, and the public sees the published one."""
    sign_in(page, "analyst")
    assert page.goto(case_url).status == 404
    page.goto(url + "/register/")
    assert page.locator("main a[href*='/register/']").count() > 0
    assert not seen(page)
    picture(page, f"register-{language}")
    page.goto(url + "/statistics/glotip/")
    assert page.locator("main table").count() > 0
    assert page.locator("main figure svg").count() > 0
    picture(page, f"national-{language}")
    assert violations(page) == []
    journey.sign_out(page, url)
    answer = page.goto(url + "/statistics/public/glotip/")
    assert answer.status == 200
    assert page.locator("main table").count() > 0
    picture(page, f"public-{language}")
    assert violations(page) == []


def test_a_stranger_gets_404_everywhere(palermo_running, visitor, sign_in):
    """What another organisation holds does not exist for you, and says so in the same words as any wrong address."""
    url = palermo_running.url
    page = visitor()
    sign_in(page, "case-worker")
    page.goto(url + "/cases/")
    case = page.locator("main a[href^='/cases/']").evaluate_all(
        "links => links.map(l => l.getAttribute('href')).filter(h => /^.cases.[0-9a-f-]{36}.$/.test(h))[0]"
    )
    page.goto(url + "/identification/")
    screening = page.locator("main a").evaluate_all(
        "links => links.map(l => l.getAttribute('href')).filter(h => /^.identification.[0-9a-f-]{36}.$/.test(h))[0]"
    )
    journey.sign_out(page, url)
    sign_in(page, "other-worker")
    missing = page.goto(url + "/cases/00000000-0000-4000-8000-000000000000/")
    body = missing.body()
    assert missing.status == 404
    for address in (case, case + "notes/", case + "trail/", case + "identity/", case + "print/", screening):
        answer = page.goto(url + address)
        assert (answer.status, answer.body()) == (404, body) if not address.endswith("notes/") else answer.status in (
            404, 405,
        ), address  # fmt: skip


def test_the_core_tasks_work_without_a_script_on_a_phone(palermo_running, visitor, sign_in):
    url = palermo_running.url
    page = visitor(width=360, script=False)
    sign_in(page, "first-responder")
    picture(page, "phone-home")
    journey.screen(page, url, ("som.entry",))
    picture(page, "phone-screening")
    wide = page.locator("main")
    assert wide.bounding_box()["width"] <= 360
    journey.decide(page, "neither_yet", "Too little is known; we meet again tomorrow.")
    assert page.locator("main form[action$='/again/']").count() == 1

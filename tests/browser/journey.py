"""The steps of the journey, one function each; they find things by name and address, so any language will do."""

import re
from typing import Any

FAMILY, GIVEN = "Zzyvandoria", "Quillamene"  # invented, and in no other text of the house


def press(page: Any, button: Any) -> None:
    """Press a button that sends a form, and wait for the page that answers."""
    with page.expect_navigation():
        button.click()


def go_on(page: Any, name: str, value: str) -> None:
    """Press the visible button of a form that sends name=value."""
    press(page, page.locator(f".form-actions button[name={name}][value={value}]").first)


def screen(page: Any, url: str, yes: tuple[str, ...], no: tuple[str, ...] = ()) -> str:
    """A whole screening; every question but these stays "not known". Returns the summary's address."""
    page.goto(url + "/identification/start/")
    press(page, page.locator("main form button[type=submit]").first)
    answer_questions(page, yes, no)
    return str(page.url)


def answer_questions(page: Any, yes: tuple[str, ...], no: tuple[str, ...] = ()) -> None:
    """Every part of a screening that was begun; each question but these stays "not known"."""
    wanted = {*(f"{code}=yes" for code in yes), *(f"{code}=no" for code in no)}
    for _section in range(20):
        if not page.locator("form#answers").count():
            return
        asked = page.locator("form#answers input[type=radio]").evaluate_all(
            "all => all.map(e => e.name + '=' + e.value)"
        )
        for one in wanted.intersection(asked):
            name, _equals, value = one.partition("=")
            page.check(f"form#answers input[name='{name}'][value={value}]")
        go_on(page, "go", "next")


def decide(page: Any, outcome: str, reason: str) -> None:
    page.check(f"input[name=outcome][value={outcome}]")
    page.fill("textarea[name=reason]", reason)
    press(page, page.locator("form[action$='/decide/'] button[type=submit]").first)


def search_before_create(page: Any, family: str, given: str, year: str) -> None:
    press(page, page.locator("a[href*='/cases/open/']").first)
    page.fill("input[name=family_name]", family)
    page.fill("input[name=given_names]", given)
    page.fill("input[name=birth_date]", year)
    press(page, page.locator("main form button[type=submit]").first)


def open_case(page: Any, family: str, given: str, birth: str) -> str:
    """From the search's answer to the case. Returns the case's address."""
    press(page, page.locator("form[action$='/cases/open/person/'] button[type=submit]").last)
    page.fill("input[name=family_name]", family)
    page.fill("input[name=given_names]", given)
    page.fill("input[name=birth_date]", birth)
    for box in ("input[name=crime][value=tip]", "input[name=child][value=no]"):
        if page.locator(box).count():  # From a screening, both are known already.
            page.check(box)
    page.fill("textarea[name=reason]", "Came to the door and asked for help.")
    press(page, page.locator("main form button[type=submit]").first)
    assert re.search(r"/cases/[0-9a-f-]{36}/$", page.url), page.url
    return str(page.url)


def reveal(page: Any, case_url: str) -> str:
    """Reveal the name with a purpose; returns what the page then shows."""
    page.goto(case_url + "identity/")
    for box in page.locator("input[name=fields_wanted]").all():
        if box.get_attribute("value") in ("family_name", "given_names"):
            box.check()
        else:
            box.uncheck()
    page.locator("select[name=purpose]").select_option(index=1)
    for words in page.locator("main form textarea, main form input[type=text]").all():
        words.fill("To take the person to the doctor.")
    press(page, page.locator("main form button[type=submit]").first)
    return str(page.locator("main").inner_text())


def sign_out(page: Any, url: str) -> None:
    page.goto(url + "/account/logout/")
    press(page, page.locator("main form button[type=submit]").first)

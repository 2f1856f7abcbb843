"""What the hands of a user do on any page: follow a link that is shown, tick, choose, write, press the one button.

Everything is found by name, address or data attribute, so that a story is told in any language. A step that is not on
the screen fails here with the address of the page, which is the point of telling stories.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.browser.conftest import picture, violations

MAIN = "main"


def at(page: Any, pattern: str) -> re.Match[str]:
    """The page's address fits the pattern; else say where we are and what it says."""
    found = re.search(pattern, page.url)
    assert found, f"{page.url} is not {pattern}: {said(page)}"
    return found


def said(page: Any) -> str:
    """The first words of the page, for a message of a failed step."""
    return str(page.locator(MAIN).first.inner_text())[:1500]


def follow(page: Any, address: str, *, which: int = 0) -> None:
    """Follow a link of the page itself (not of the menu) whose address ends or begins so; it must be visible."""
    links = page.locator(f"{MAIN} a[href*='{address}']:visible")
    assert links.count() > which, f"no link to {address} on {page.url}: {said(page)}"
    with page.expect_navigation():
        links.nth(which).click()
    fits(page)


def through_menu(page: Any, address: str) -> None:
    """Follow an entry of the menu, opening it first where it is folded away (a phone)."""
    entry = page.locator(f"#menu a[href$='{address}']")
    assert entry.count(), f"no menu entry {address} on {page.url}"
    if not entry.first.is_visible():
        page.locator("a.bar-menu").click()
    with page.expect_navigation():
        entry.first.click()
    fits(page)


def fits(page: Any) -> None:
    """Nothing sticks out sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def write(page: Any, **texts: str) -> None:
    for name, text in texts.items():
        page.locator(f"{MAIN} [name='{name}']:visible").first.fill(text)


def choose(page: Any, **values: str) -> None:
    """A list, a round or a square box, whichever the form has for that name."""
    for name, value in values.items():
        box = page.locator(f"{MAIN} input[name='{name}'][value='{value}']")
        if box.count():
            box.first.check()
        else:
            page.locator(f"{MAIN} select[name='{name}']").first.select_option(value)


def choose_words(page: Any, name: str, words: str) -> None:
    """The entry of a list that holds these words: a proper name, the same in every language."""
    option = page.locator(f"{MAIN} select[name='{name}'] option", has_text=words).first
    page.locator(f"{MAIN} select[name='{name}']").first.select_option(option.get_attribute("value"))


def tick(page: Any, *names: str) -> None:
    for name in names:
        page.locator(f"{MAIN} input[type=checkbox][name='{name}']").first.check()


def tick_words(page: Any, name: str, words: str) -> None:
    """The box beside a proper name."""
    page.locator(f"{MAIN} label", has_text=words).locator(f"input[name='{name}']").or_(
        page.locator(f"{MAIN} .form-check", has_text=words).locator(f"input[name='{name}']")
    ).first.check()


def send(page: Any, form: str = "form", *, expect: str = "") -> None:
    """Press the main button of a form, and arrive at `expect`."""
    button = page.locator(f"{MAIN} {form} button[type=submit]:visible").first
    with page.expect_navigation():
        button.click()
    fits(page)
    if expect:
        at(page, expect)


@contextmanager
def looked_at(page: Any, name: str, check: bool = True) -> Iterator[None]:
    """What is done inside ends on a page that is kept as a picture and found accessible."""
    yield
    picture(page, name)
    if check:
        assert violations(page) == [], page.url


Person = Callable[[str], Any]

"""What the stories share: a stage on which people come, already signed in where they can be, and their hands.

Everything is found by name, address or data attribute, never by its words, so that a story reads the same in every
language. A step that is not on the screen fails here with the address and the words of the page: stories follow links
and buttons only, as somebody would who has never seen palermo. Nothing sleeps: each hand waits for the page it opens.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.browser.conftest import enter_code, picture, violations
from tests.browser.journey import press

MAIN = "main"
# Every story runs whole in these two; in the other languages and widths a shorter walk looks at the same pages.
WHOLE = [("en", 1280), ("ar", 360)]
SHORT = [("en", 360), ("fr", 1280), ("fr", 360), ("ar", 1280)]
# Where pages are searched for what a screen reader would stumble on: the narrow one, whose menu and tables fold.
SEARCHED = ("ar", 360)


@dataclass
class Stage:
    """One telling of a story: language, width, and a browser for each person who comes."""

    url: str
    language: str
    width: int
    visitor: Callable[..., Any]
    sign_in: Callable[..., None]
    pages: dict[str, Any] = field(default_factory=dict)
    # user -> cookies of a session that is open already: nobody signs in twice, nobody waits for a fresh code.
    sessions: dict[str, Any] = field(default_factory=dict)

    def come(self, username: str) -> Any:
        """The page of somebody who is signed in and at home."""
        if username not in self.pages:
            page = self.visitor(language=self.language, width=self.width, open_at="")
            if username in self.sessions:
                page.context.add_cookies(self.sessions[username])
            page.goto(self.url + "/home/")
            if "/account/login" in page.url:
                self.sign_in(page, username, self.url)
                self.keep(username, page)
                at_home(self.url, page)
            direction = page.locator("html").get_attribute("dir")
            assert direction == ("rtl" if self.language == "ar" else "ltr")
            page.said.clear()
            self.pages[username] = page
        return self.pages[username]

    def sure(self, username: str) -> Any:
        """The same, freshly confirmed: for steps that ask for it, on a machine where minutes pass between them."""
        page = self.come(username)
        page.goto(self.url + "/account/reauthenticate/?next=/home/")
        enter_code(page)
        at(page, r"/home/$")
        self.keep(username, page)
        return page

    def keep(self, username: str, page: Any) -> None:
        """Keep the session for the next telling; a confirmation in between has given it another key."""
        self.sessions[username] = [
            cookie for cookie in page.context.cookies() if cookie["name"] != "django_language"
        ]

    def look(self, page: Any, name: str, *, search: bool = False) -> None:
        """Keep a picture; nothing sticks out sideways; with `search`, nothing is wrong for a screen reader."""
        picture(page, f"{name}-{self.language}-{self.width}")
        fits(page)
        if search and (self.language, self.width) == SEARCHED:
            found = violations(page)
            assert not found, f"{name}: {found}"

    def end(self) -> None:
        """No browser had anything to complain about, and the sessions stay open for the next telling."""
        for username, page in self.pages.items():
            assert page.said == [], username
            self.keep(username, page)


def at_home(url: str, page: Any) -> None:
    """The page where everybody begins. A machine with no time left says so and asks to look again in a moment."""
    for _look in range(6):
        answer = page.goto(url + "/home/")
        if answer.status != 503:
            break
        page.wait_for_timeout(15_000)
        page.said.clear()
    assert answer.status == 200, f"{answer.status}: {said(page)}"


def said(page: Any) -> str:
    """The first words of the page, for the message of a failed step."""
    return str(page.locator(MAIN).first.inner_text())[:1500]


def at(page: Any, pattern: str) -> re.Match[str]:
    """The page's address fits the pattern; else say where we are and what it says."""
    found = re.search(pattern, page.url)
    assert found, f"{page.url} is not {pattern}: {said(page)}"
    return found


def fits(page: Any) -> None:
    """Nothing sticks out sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def follow(page: Any, link: str, *, which: int = 0) -> None:
    """Follow a link of the page itself (not of the menu): a part of its address, or a selector. Folds are opened."""
    links = page.locator(f"{MAIN} {link}" if "[" in link else f"{MAIN} a[href*='{link}']:visible")
    if links.count() <= which and "[" not in link:
        links = page.locator(f"{MAIN} a[href*='{link}']")
    assert links.count() > which, f"no link to {link} on {page.url}: {said(page)}"
    unfold(links.nth(which))
    press(page, links.nth(which))
    fits(page)


def through_menu(page: Any, address: str) -> None:
    """Follow an entry of the menu, opening it first where it is folded away (a phone)."""
    entry = page.locator(f"#menu a[href$='{address}']")
    page.wait_for_load_state("load")
    assert entry.count(), f"no menu entry {address} on {page.url}: {said(page)}"
    if not entry.first.is_visible():
        page.locator("a.bar-menu").click()
    press(page, entry.first)
    fits(page)


def unfold(element: Any) -> None:
    """Open every fold around an element, as a reader does who looks for it."""
    element.evaluate(
        "e => { for (let d = e.closest('details'); d; d = d.parentElement.closest('details')) d.open = true }"
    )


def answer(page: Any, answers: dict[str, Any], form: str = "form") -> None:
    """Answer a form by the names of its fields: a text, a choice, a tick (True), or several ticks (a list)."""
    for name, value in answers.items():
        boxes = page.locator(f"{MAIN} {form} [name='{name}']:not([type=hidden])")
        assert boxes.count(), f"{name} is not asked on {page.url}: {said(page)}"
        kind = boxes.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
        unfold(boxes.first)
        if kind == "select":
            boxes.first.select_option(**value if isinstance(value, dict) else {"value": str(value)})
        elif kind in ("radio", "checkbox"):
            for one in value if isinstance(value, (list, tuple)) else [value]:
                (
                    boxes.first
                    if one is True
                    else page.locator(f"{MAIN} {form} [name='{name}'][value='{one}']").first
                ).check()
        else:
            boxes.first.fill(str(value))


def fill(page: Any, **answers: Any) -> None:
    """The same, where the names of the fields are words."""
    answer(page, answers)


def choose_words(page: Any, name: str, words: str) -> None:
    """The entry of a list that holds these words: a proper name, the same in every language."""
    option = page.locator(f"{MAIN} select[name='{name}'] option", has_text=words).first
    page.locator(f"{MAIN} select[name='{name}']").first.select_option(option.get_attribute("value"))


def tick_words(page: Any, name: str, words: str) -> None:
    """The box beside a proper name."""
    page.locator(f"{MAIN} label", has_text=words).locator(f"input[name='{name}']").or_(
        page.locator(f"{MAIN} .form-check", has_text=words).locator(f"input[name='{name}']")
    ).first.check()


def tick_all(page: Any) -> None:
    """Confirm every sentence that must be confirmed."""
    for box in page.locator(f"{MAIN} input[type=checkbox][required]").all():
        box.check()


def send(page: Any, form: str = "form", *, expect: str = "") -> None:
    """Press the button of a form that sends it, be told that nothing is wrong, and arrive at `expect`."""
    began = time.monotonic()
    buttons = page.locator(f"{MAIN} {form} .form-actions button[type=submit]:visible")
    if not buttons.count():
        buttons = page.locator(f"{MAIN} {form} button[type=submit]:visible")
    assert buttons.count(), f"nothing to press on {page.url}: {said(page)}"
    press(page, buttons.first)
    wrong = page.locator(
        f"{MAIN} .error-summary, {MAIN} .is-invalid, {MAIN} .invalid-feedback, {MAIN} .errorlist"
    )
    assert not wrong.count(), f"{page.url}: {wrong.first.inner_text()}"
    assert time.monotonic() - began < 20, "a page must answer"
    fits(page)
    if expect:
        at(page, expect)


def send_refused(page: Any) -> None:
    """Press it and be refused, on a new page or on the same; the browser's own line about that is let go."""
    page.locator(f"{MAIN} form .form-actions button[type=submit]:visible").first.click()
    page.locator(f"{MAIN} .error-summary, {MAIN} [data-link-lost]").first.wait_for()
    page.said.clear()

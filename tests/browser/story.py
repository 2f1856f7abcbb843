"""What the stories share: people who come and sign in, forms that are answered by the names of their fields.

Nothing is found by its words, so that a story reads the same in every language. Where the next step is not on the
screen, a story stops: it follows links and buttons only, as somebody would who has never seen palermo.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.browser.conftest import picture, violations
from tests.browser.journey import press

# Every story runs whole in these two; in the other languages and widths a shorter walk looks at the same pages.
WHOLE = [("en", 1280), ("ar", 360)]
SHORT = [("en", 360), ("fr", 1280), ("fr", 360), ("ar", 1280)]
NARROW = 360


@dataclass
class Stage:
    """One telling of a story: language, width, and a browser for each person who comes."""

    url: str
    language: str
    width: int
    visitor: Callable[..., Any]
    sign_in: Callable[..., None]
    pages: dict[str, Any] = field(default_factory=dict)
    # user -> cookies of a session that is open already: nobody waits half a minute for a fresh code.
    sessions: dict[str, Any] = field(default_factory=dict)

    def come(self, username: str) -> Any:
        """The page of somebody who is signed in and at home."""
        if username not in self.pages:
            page = self.visitor(language=self.language, width=self.width)
            if username in self.sessions:
                page.context.add_cookies(self.sessions[username])
            page.goto(self.url + "/home/")
            if "/account/login" in page.url:
                self.sign_in(page, username, self.url)
                self.sessions[username] = [
                    cookie for cookie in page.context.cookies() if cookie["name"] != "django_language"
                ]
                page.goto(self.url + "/home/")
            direction = page.locator("html").get_attribute("dir")
            assert direction == ("rtl" if self.language == "ar" else "ltr")
            page.said.clear()
            self.pages[username] = page
        return self.pages[username]

    def look(self, page: Any, name: str) -> None:
        """Keep a picture; nothing is wrong for a screen reader, and nothing is wider than the screen."""
        picture(page, f"{name}-{self.language}-{self.width}")
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{name} is {wide} pixels wider than the screen"
        assert violations(page) == [], name

    def quiet(self) -> None:
        """No browser had anything to complain about."""
        for username, page in self.pages.items():
            assert page.said == [], username


def open_menu_entry(page: Any, path: str) -> None:
    """Go where the menu leads, on a phone too: the entry must be in it."""
    link = page.locator(f"nav a[href='{path}']").first
    assert link.count(), f"{path} is not in the menu"
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + path)


def follow(page: Any, selector: str) -> None:
    """Follow a link that is on the screen, opening what it is folded into."""
    link = page.locator(f"main {selector}").first
    assert link.count(), f"{selector} is not on {page.url}"
    unfold(link)
    press(page, link)


def unfold(element: Any) -> None:
    """Open every fold around an element, as a reader does who looks for it."""
    element.evaluate(
        "e => { for (let d = e.closest('details'); d; d = d.parentElement.closest('details')) d.open = true }"
    )


def answer(page: Any, answers: dict[str, Any], form: str = "main form") -> None:
    """Answer a form by the names of its fields: a text, a choice, a tick (True), or several ticks (a list)."""
    for name, value in answers.items():
        boxes = page.locator(f"{form} [name='{name}']:not([type=hidden])")
        assert boxes.count(), f"{name} is not asked on {page.url}"
        kind = boxes.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
        unfold(boxes.first)
        if kind == "select":
            boxes.first.select_option(**value if isinstance(value, dict) else {"value": str(value)})
        elif kind in ("radio", "checkbox"):
            for one in value if isinstance(value, (list, tuple)) else [value]:
                chosen = (
                    boxes.first if one is True else page.locator(f"{form} [name='{name}'][value='{one}']")
                )
                chosen.check()
        else:
            boxes.first.fill(str(value))


def send(page: Any, form: str = "main form") -> None:
    """Press the one button of a form that sends it, and be told nothing is wrong."""
    began = time.monotonic()
    press(page, page.locator(f"{form} .form-actions button[type=submit]").first)
    wrong = page.locator("main .error-summary, main .is-invalid, main .invalid-feedback, main .errorlist")
    assert not wrong.count(), f"{page.url}: {wrong.first.inner_text()}"
    assert time.monotonic() - began < 20, "a page must answer"

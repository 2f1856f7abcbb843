"""A rapporteur's year in one sitting: counted, drafted, made, reviewed and approved by two others, read by the public.

Then the same for synthetic rows of persons, which have to wait for their attacks and their booking in the ledger; and
the yearly report with the figures that came out.
"""

import hashlib
import re
import time
from typing import Any

from tests.browser import story_report
from tests.browser.journey import press
from tests.browser.story import Stage, answer, at, at_home, follow, said, send, through_menu

PURPOSE = "For the yearly report of the national rapporteur, and for whoever checks it."
REASON = "I read every check and both files; nobody can be found in them."
IDENTIFIER = re.compile(r"/releases/public/(PALERMO-[A-Z]+-[A-Z0-9]+-\d{4}\.\d+)/$")
MAKER, REVIEWER, APPROVER = "analyst", "second-analyst", "coordinator"
LONGEST = 400  # seconds for a run in the worker


def wait_until(page: Any, selector: str, seconds: float = LONGEST) -> None:
    """Look again until it is there, as somebody does who waits."""
    until = time.monotonic() + seconds
    while not page.locator(selector).count():
        assert time.monotonic() < until, f"{page.url} never shows {selector}: {said(page)}"
        page.wait_for_timeout(1000)
        page.reload()


def drafted(stage: Stage, page: Any, product: str, source: str, **answers: Any) -> str:
    """A draft in two steps; its address."""
    through_menu(page, "/releases/")
    stage.look(page, "releases", search=True)
    press(page, page.locator("a[href$='/releases/new/']").first)
    stage.look(page, "release-choose", search=True)
    follow(page, f"product={product}&source={source}")
    answer(page, {"purpose": PURPOSE, **answers})
    stage.look(page, f"release-{product}-edit", search=True)
    send(page)
    at(page, r"/releases/[0-9a-f-]{36}/$")
    stage.look(page, f"release-{product}-draft")
    return str(page.url)


def made(stage: Stage, page: Any, product: str) -> None:
    """Made in the background; its checks are read, and nobody judges what he prepared."""
    press(page, page.locator("form[action$='/run/'] button").first)
    stage.look(page, f"release-{product}-running")
    wait_until(page, "a[href$='/edit/']")
    assert page.locator("#checks").count()
    assert page.locator("main [data-level]").count(), said(page)
    assert not page.locator("main [data-level=block]").count(), said(page)
    stage.look(page, f"release-{product}-checked", search=True)
    assert not page.locator("a[href$='/review/'], a[href$='/approve/']").count()


def judged(stage: Stage, username: str, address: str, what: str) -> Any:
    """Another person finds it in what waits for him, and answers for it."""
    page = stage.sure(username)
    waiting = page.locator(f"main a[href='{address.removeprefix(stage.url)}']")
    assert waiting.count(), f"{username} is not told: {said(page)}"
    press(page, waiting.first)
    press(page, page.locator(f"a[href$='/{what}/']").first)
    stage.look(page, f"release-{what}", search=True)
    answer(page, {"reason": REASON})
    send(page, expect=r"/releases/[0-9a-f-]{36}/$")
    return page


def read_by_all(stage: Stage, page: Any, product: str) -> str:
    """What the public sees: an address for ever, files with the fingerprints that are printed beside them."""
    press(page, page.locator("a[href*='/releases/public/PALERMO-']").first)
    found = at(page, IDENTIFIER.pattern).group(1)
    stage.look(page, f"release-{product}-public", search=True)
    anybody = stage.visitor(language=stage.language, width=stage.width, open_at="")
    answered = anybody.goto(page.url)
    assert answered.status == 200
    words = anybody.content()
    files = anybody.locator("main a[href*='/files/']").evaluate_all("all => all.map(a => a.href)")
    assert any(link.endswith("/data.csv") for link in files), files
    assert not any(link.endswith("/risk.json") for link in files)
    for link in dict.fromkeys(files):
        body = anybody.request.get(link)
        assert body.status == 200
        assert hashlib.sha256(body.body()).hexdigest() in words, link
    assert anybody.request.get(page.url + "files/risk.json").status == 404
    return found


def released(stage: Stage, product: str, source: str, **answers: Any) -> str:
    """One release by three persons; its identifier."""
    page = stage.come(MAKER)
    at_home(stage.url, page)
    address = drafted(stage, page, product, source, **answers)
    made(stage, page, product)
    judged(stage, REVIEWER, address, "review")
    out = judged(stage, APPROVER, address, "approve")
    stage.look(out, f"release-{product}-published")
    return read_by_all(stage, out, product)


def tell(stage: Stage) -> None:
    """The whole story: a table of counts, then synthetic rows, then the ledger and what anybody finds."""
    tables = released(stage, "count_tables", "glotip")
    rows = released(
        stage, "microdata", "register", year_from=2016, year_to=2025, columns=["sex", "majority"], epsilon=0.5
    )
    page = stage.come(MAKER)
    page.goto(stage.url + "/releases/ledger/")
    stage.look(page, "release-ledger", search=True)
    page.goto(stage.url + "/releases/public/")
    stage.look(page, "releases-public", search=True)
    words = page.content()
    assert tables in words
    assert rows in words
    stage.end()
    story_report.tell(stage, tables, "age")


def walk(stage: Stage) -> None:
    """The short walk: every page inside, in another language and width; nothing is changed."""
    page = stage.come(MAKER)
    for where, name in (
        ("", "list"), ("new/", "new"), ("new/?product=microdata&source=register", "rows"), ("ledger/", "ledger"),
        ("compare/", "compare"), ("public/", "public"),
    ):  # fmt: skip
        page.goto(f"{stage.url}/releases/{where}")
        stage.look(page, f"releases-{name}")
    page.goto(stage.url + "/releases/")
    one = page.locator("main th a[href^='/releases/']")
    if one.count():
        press(page, one.first)
        stage.look(page, "releases-one")
    stage.end()

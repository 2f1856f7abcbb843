"""The yearly report of a national rapporteur, made of what was just released: written by one, let out by two others."""

import hashlib
from typing import Any

from tests.browser.journey import press
from tests.browser.story import Stage, answer, at, follow, said, send, through_menu

YEAR = 2025
WORDS = "What was detected is told here; who was never detected is estimated elsewhere."
REASON = "I read it on the screen and on paper, and compared every table with its release."
REPORT = r"/reports/[0-9a-f-]{36}/(#section-.+)?$"
WRITER, REVIEWER, APPROVER = "analyst", "second-analyst", "coordinator"


def begun(stage: Stage) -> Any:
    """A report with the chapters that are asked for."""
    page = stage.come(WRITER)
    page.goto(stage.url + "/home/")
    through_menu(page, "/reports/")
    stage.look(page, "reports", search=True)
    answer(page, {"year": YEAR})
    send(page, expect=REPORT)
    stage.look(page, "report-outline", search=True)
    return page


def with_figures(stage: Stage, page: Any, released: str, kind: str, breakdown: str) -> None:
    """A section at the end with figures of a release."""
    press(page, page.locator(f"main a[href$='add/?kind={kind}']").last)
    option = page.locator(f"select[name=figures] option[value='{released}|{breakdown}']")
    assert option.count(), said(page)
    page.locator("select[name=figures]").select_option(f"{released}|{breakdown}")
    answer(page, {"title_en": "Detected victims", "title_fr": "Victimes détectées", "text_en": WORDS})
    stage.look(page, f"report-{kind}", search=True)
    send(page, expect=REPORT)
    assert released in page.content()


def recommended(stage: Stage, page: Any) -> None:
    follow(page, "/recommendations/add/")
    answer(page, {"text_en": "Every border post has an interpreter whom it can call."})
    stage.look(page, "report-recommend", search=True)
    send(page, expect=REPORT)


def judged(stage: Stage, username: str, address: str, what: str) -> Any:
    page = stage.sure(username)
    waiting = page.locator(f"main a[href='{address.removeprefix(stage.url)}']")
    assert waiting.count(), f"{username} is not told: {said(page)}"
    press(page, waiting.first)
    press(page, page.locator(f"a[href$='/{what}/']").first)
    stage.look(page, f"report-{what}", search=True)
    answer(page, {"reason": REASON})
    send(page, expect=REPORT)
    return page


def read_by_all(stage: Stage, page: Any, released: str) -> None:
    """The public reads the same figures on the page, on paper and in Word, with the fingerprints told."""
    press(page, page.locator("a[href*='/reports/public/PALERMO-']").first)
    at(page, r"/reports/public/PALERMO-[A-Z]+-REPORT-\d{4}\.\d+/$")
    stage.look(page, "report-public", search=True)
    anybody = stage.visitor(language=stage.language, width=stage.width, open_at="")
    assert anybody.goto(page.url).status == 200
    words = anybody.content()
    assert released in words
    files = dict.fromkeys(
        anybody.locator("main a[href*='/files/']").evaluate_all("all => all.map(a => a.href)")
    )
    assert {link.rsplit(".")[-1] for link in files} >= {"pdf", "docx", "json"}, files
    for link in files:
        body = anybody.request.get(link)
        assert body.status == 200
        assert hashlib.sha256(body.body()).hexdigest() in words, link
    anybody.goto(stage.url + "/reports/public/")
    stage.look(anybody, "reports-public", search=True)


def tell(stage: Stage, released: str, breakdown: str) -> None:
    """The whole story with one released table, of which one breakdown is shown."""
    page = begun(stage)
    address = page.url
    with_figures(stage, page, released, "table", breakdown)
    with_figures(stage, page, released, "chart", breakdown)
    recommended(stage, page)
    follow(page, "/preview/")
    stage.look(page, "report-preview", search=True)
    page.goto(address)
    press(page, page.locator("form[action$='/submit/'] button").first)
    at(page, REPORT)
    stage.look(page, "report-submitted", search=True)
    judged(stage, REVIEWER, address, "review")
    read_by_all(stage, judged(stage, APPROVER, address, "approve"), released)
    stage.end()

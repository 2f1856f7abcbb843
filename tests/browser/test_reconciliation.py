"""Three lists of two organisations become one reviewed register, and an estimate that carries the doubt about links.

The coordinator declares, whoever runs the instance brings two files in and a holder the third over the web, reviewers
of both sides answer by keys, the coordinator counts each person once in the national register, the analyst estimates.
Names are in no page of those who may not see them and in no table in the clear.
"""

import csv
import re
import time
from typing import Any

import pytest

from palermo.linkage import generator
from palermo.linkage.people import FIELDS
from tests.browser import planted
from tests.browser.journey import press
from tests.browser.story import at, follow, said, through_menu

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HOLDERS = (("Harbour House", "police"), ("Northern Shelter", "ngo"), ("Harbour House", "shelter"))
BASIS = "Act on the national mechanism, article 12"
PURPOSE = "To count each person once and to estimate how many nobody met."


def wait_for(page: Any, selector: str, seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while not page.locator(selector).count():
        assert time.monotonic() < until, f"{page.url} never shows {selector}: {said(page)}"
        assert not page.locator("#run-now code").count(), said(page)
        page.wait_for_timeout(1000)
        page.reload()


def opened(page: Any, mark: str, names: list[str]) -> str:
    """A reconciliation with three declared lists. Returns its address."""
    through_menu(page, "/reconciliation/")
    follow(page, "/reconciliation/new/")
    page.fill("input[name=title]", f"Three lists {mark}")
    page.fill("textarea[name=purpose]", PURPOSE)
    press(page, page.locator("main form button[type=submit]").first)
    address = page.url
    for (holder, _kind), name in zip(HOLDERS, names, strict=True):
        follow(page, "/lists/declare/")
        page.fill("input[name=name]", name)
        page.select_option("select[name=organisation]", label=holder)
        page.fill("input[name=legal_basis]", BASIS)
        press(page, page.locator("main form button[type=submit]").first)
        at(page, r"/reconciliation/[0-9a-f-]{36}/$")
    return str(address)


def linked(page: Any, address: str) -> str:
    """Link the lists and wait. Returns the address of the linkage."""
    page.goto(address)
    press(
        page, page.locator("main form[action$='/link/'] button, header form[action$='/link/'] button").first
    )
    at(page, r"/runs/[0-9a-f-]{36}/$")
    wait_for(page, "#found")
    return str(page.url)


def reviewed(page: Any, address: str, most: int) -> int:
    """Answer pairs by keys, as the comparison suggests: 1 the same, 2 different. Returns how many."""
    page.goto(address + "review/")
    if page.locator("form[action$='/review/begin/']").count():
        press(page, page.locator("form[action$='/review/begin/'] button").first)
    for place in range(most):
        if "/pairs/" not in page.url:
            return place
        against = page.locator("#comparison").locator("xpath=../..").locator(".badge-bad").count()
        with page.expect_navigation():
            page.keyboard.press("2" if against else "1")
    return most


def brought(page: Any, address: str, path: Any) -> None:
    """The holder brings a file in over the web: the file, its columns as they are guessed, then what became of it."""
    page.goto(address)
    press(page, page.locator("main a[href$='/bring/']").first)
    page.set_input_files("input[type=file]", str(path))
    press(page, page.locator("main form button[type=submit]").first)
    at(page, r"/files/[0-9a-f-]{36}/$")
    assert page.locator("select[name=given_name]").input_value() == "First name", said(page)
    press(page, page.locator("main form button[type=submit]").first)
    wait_for(page, "#upload-done")


def registered(page: Any, address: str) -> tuple[int, int]:
    """Count the people in the national register. Returns records and persons as the page says them.

    The register follows every change of links, a moment after it: until then the page tells two numbers.
    """
    page.goto(address)
    follow(page, "/register/")
    page.check("input[name=by][value=standing]")
    press(page, page.locator("main form button[type=submit]").first)
    at(page, r"/reconciliation/[0-9a-f-]{36}/$")
    until = time.monotonic() + 120
    while True:
        words = page.locator("#in-the-register").inner_text()
        records, lists, persons = (int(part.replace(",", "")) for part in re.findall(r"[\d,]*\d", words))
        if persons and page.locator(f"text={persons:,} people").count():
            assert lists == len(HOLDERS), words
            return records, persons
        assert time.monotonic() < until, f"{words}: {said(page)}"
        page.wait_for_timeout(1000)
        page.reload()


@pytest.mark.parametrize(("language", "width"), [("en", 1280)])
def test_three_lists_to_an_estimate_with_linkage_error(
    language: str, width: int, palermo_running: Any, palermo_command: Any, stage_of: Any, tmp_path: Any
) -> None:
    stage, mark = stage_of(language, width), str(time.time_ns())[-7:]
    found = generator.invent(500, noise=0.3, seed=int(mark) % 1000, lists=generator.FIVE[:3])
    names = [f"{kind} {mark}" for _holder, kind in HOLDERS]
    began = planted.now(palermo_running.home)
    coordinator = stage.come("coordinator")
    address = opened(coordinator, mark, names)
    for name, one in zip(names, found.lists, strict=True):
        path = tmp_path / f"{name}.csv"
        by_web = name == names[1]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow("First name" if by_web and field == "given_name" else field for field in FIELDS)
            writer.writerows(zip(*(one.columns[field] for field in FIELDS), strict=True))
        if by_web:
            holder = stage.sure("other-worker")
            brought(holder, address, path)
            stage.look(holder, "reconciliation-file", search=True)
            continue
        told = palermo_command("import", str(path), "--format", "people", "--source", name, "--json")
        assert told.returncode == 0, told.stderr
    linked(coordinator, address)
    stage.look(coordinator, "reconciliation-run", search=True)
    answered = reviewed(stage.sure("case-worker"), address, 12)
    stage.look(stage.come("case-worker"), "reconciliation-pair", search=True)
    answered += reviewed(stage.sure("other-worker"), address, 12)
    assert answered >= 5
    run = linked(coordinator, address)
    coordinator.goto(address)
    stage.look(coordinator, "reconciliation-project", search=True)
    records, persons = registered(stage.sure("coordinator"), address)
    assert records == sum(len(one.columns["record_id"]) for one in found.lists)
    assert persons < records
    stage.look(coordinator, "reconciliation-registered", search=True)
    follow(coordinator, "/people/")
    stage.look(coordinator, "reconciliation-people")
    press(coordinator, coordinator.locator("main tbody th a").first)
    follow(coordinator, "/register/R-")
    assert coordinator.locator("#together").count() == 1, said(coordinator)
    stage.look(coordinator, "register-together", search=True)
    together = coordinator.url
    coordinator.goto(address + "quality/")
    stage.look(coordinator, "reconciliation-quality", search=True)
    analyst = stage.come("analyst")
    analyst.goto(run)
    press(analyst, analyst.locator("form[action$='/hand-over/'] button").first)
    at(analyst, r"/reconciliation/histories/[0-9a-f-]{36}/$")
    stage.look(analyst, "reconciliation-histories")
    press(analyst, analyst.locator("a[href*='/estimates/new/?links=']").first)
    press(analyst, analyst.locator("main form button[type=submit]").first)
    at(analyst, r"/estimates/[0-9a-f-]{36}/$")
    follow(analyst, "/run/")
    for box in analyst.locator("input[name=methods]").all():
        box.set_checked(box.get_attribute("value") == "main")
    analyst.uncheck("input[name=checks]")
    analyst.fill("input[name=bootstrap]", "100")
    press(analyst, analyst.locator("main form button[type=submit]").first)
    wait_for(analyst, "main table th a[href*='/estimates/']")
    assert analyst.locator("main table .form-hint bdi").count() >= 1, said(analyst)
    stage.look(analyst, "reconciliation-estimate")
    stage.end()
    narrow = stage_of("ar", 360)
    seen = narrow.come("coordinator")
    for name, where in (("project", address), ("quality", address + "quality/"), ("together", together)):
        seen.goto(where)
        narrow.look(seen, f"reconciliation-{name}")
    words = [name for one in found.lists for name in one.columns["family_name"] if len(name) > 7][:5]
    assert planted.tables_with(palermo_running.home, words, since=began) == []
    written = planted.logs(palermo_running.home, palermo_running.process and palermo_running.process.stdout)
    assert not [name for name in words if name in written]
    for role in ("analyst", "administrator"):
        assert planted.pages_with(stage.come(role), words) == [], role

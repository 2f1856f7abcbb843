"""An assessment from its beginning to its report, in three languages: two answer apart and see nothing of each other.

The coordinator begins it, the analyst and the prosecutor answer, the coordinator settles where they differ, recommends,
finishes and takes the report. Nothing is found by its words, save the invented names of the people.
"""

import json
import time
from pathlib import Path
from typing import Any

import docx
import pytest

from tests.browser.journey import press
from tests.browser.story import answer, at, follow, said, through_menu

pytestmark = [pytest.mark.browser, pytest.mark.slow]
REASON = "Quavelmoor: section 9 of the draft says so."  # invented, and in no other text of the house
ASSESSORS = ("Analyst · National Office", "Prosecutor · National Office")


def begun(page: Any, title: str) -> str:
    """A new assessment by the toolkit on smuggling. Returns its address."""
    through_menu(page, "/assessments/")
    follow(page, "/assessments/new/")
    page.fill("input[name=title]", title)
    page.check("input[name=toolkit][value=som-justice]")
    page.select_option("select[name=country]", "XPA")
    for name in ASSESSORS:
        page.get_by_label(name, exact=True).check()
    press(page, page.locator("main form button[type=submit]").first)
    at(page, r"/assessments/[0-9a-f-]{36}/$")
    return str(page.url)


def answered(page: Any, value: str, *, reason: str = "") -> None:
    """Every choice of the part at hand."""
    if reason:
        page.locator("form#part details summary").first.click()
        page.fill("textarea[name='n:A1.1:law']", reason)
    for group in page.locator("form#part fieldset").all():
        box = group.locator(f"input[value={value}]")
        (box if box.count() else group.locator("input").first).check()


def filled(page: Any, title: str, law: str, *, reason: str = "") -> None:
    """Each part kept, then handed in. law: the answer to everything in the first part; the others are met."""
    follow(page, "/fill/A/")
    for part in "ABC":
        at(page, rf"/fill/{part}/$")
        answered(page, law if part == "A" else "met", reason=reason if part == "A" else "")
        press(page, page.locator("form#part .form-actions button").first)
    press(page, page.locator("form[action$='/hand-in/'] button").first)
    assert not page.locator("form[action$='/hand-in/']").count(), f"{title}: {said(page)}"


def form_and_back(palermo_command: Any, key: str, form: Path) -> None:
    """On the command line: an empty form goes out, is filled in one place, and comes back."""
    told = palermo_command("assessments", "form", key, "--out", str(form), "--assessor", "prosecutor")
    assert told.returncode == 0, told.stderr
    book = docx.Document(str(form))
    line = next(table for table in book.tables if table.rows[0].cells[0].text == "C2.3").rows[1]
    line.cells[1].text = "about ten"
    book.save(str(form))
    refused = palermo_command("assessments", "import", str(form), "--json")
    assert refused.returncode == 2
    assert [one.split(":")[0] for one in json.loads(refused.stdout)["unreadable"]] == ["C2.3 Answer"]
    line.cells[1].text = "12"
    book.save(str(form))
    for dry, changed in (("--dry-run", False), ("--json", True)):
        taken = palermo_command("assessments", "import", str(form), "--json", *([dry] if not changed else []))
        assert taken.returncode == 0, taken.stderr
        assert json.loads(taken.stdout)["changed"] is changed
        assert [one["measure"] for one in json.loads(taken.stdout)["changes"]] == ["C2.3"]


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 1280), ("ar", 360)])
def test_an_assessment_to_its_report(
    language: str, width: int, stage_of: Any, palermo_command: Any, tmp_path: Path
) -> None:
    stage = stage_of(language, width)
    title = f"Response {language} {str(time.time_ns())[-7:]}"
    lead, first, second = (stage.come(name) for name in ("coordinator", "analyst", "prosecutor"))
    address = begun(lead, title)
    stage.look(lead, "assessment-begun", search=True)

    if language == "en":
        form_and_back(palermo_command, address.rstrip("/").rpartition("/")[2], tmp_path / "form.docx")
    through_menu(first, "/assessments/")
    press(first, first.locator("main tbody th a", has_text=title))
    first.goto(address + "fill/A/")
    stage.look(first, "assessment-fill", search=True)
    first.goto(address)
    filled(first, title, "met", reason=REASON)

    for path in ("", "fill/A/", "answers/json/"):
        shown = second.request.get(address + path)
        assert shown.status == 200
        assert "Quavelmoor" not in shown.text(), path
    told = json.loads(second.request.get(address + "answers/json/").text())["answers"]
    assert {one["by"] for one in told} <= {"2"}
    second.goto(address + "fill/A/")
    kept = second.locator("form#part input[type=radio]:checked").evaluate_all("all => all.map(e => e.value)")
    assert set(kept) <= {""}
    assert "Quavelmoor" not in lead.request.get(address).text()
    lead.goto(address)
    stage.look(lead, "assessment-progress", search=True)

    second.goto(address)
    filled(second, title, "partly")
    lead.goto(address)
    follow(lead, "/reconcile/")
    stage.look(lead, "assessment-reconcile", search=True)
    assert "Quavelmoor" in said(lead)
    while lead.locator("article form").count():
        card = lead.locator("article form").first
        if card.locator("input[name=value][type=radio]").count():
            card.locator("input[name=value][value=partly]").check()
        else:
            card.locator("input[name=value]").fill("12")
        card.locator("input[name=note]").fill("One had read the draft.")
        press(lead, card.locator("button[type=submit]"))
    lead.goto(address)
    follow(lead, "/recommend/")
    answer(lead, {"text": "Put the draft into force.", "owner": "Parliament", "due": "2020-01-31"})
    press(lead, lead.locator("main form button[type=submit]").first)
    assert lead.locator("main .badge-bad").count() == 1  # overdue, in words
    stage.look(lead, "assessment-advice", search=True)
    follow(lead, "/reconcile/")
    press(lead, lead.locator("form[action$='/finish/'] button").first)
    at(lead, r"/report/$")
    stage.look(lead, "assessment-report", search=True)
    for ending in ("docx", "pdf"):
        taken = lead.request.get(f"{address}report/{ending}/")
        assert taken.status == 200, ending
        assert taken.body().startswith(b"PK" if ending == "docx" else b"%PDF-")
    if language == "en":
        printed = tmp_path / "report.pdf"
        told = palermo_command(
            "assessments", "report", address.rstrip("/").rpartition("/")[2], "--out", str(printed)
        )
        assert told.returncode == 0, told.stderr
        assert printed.read_bytes().startswith(b"%PDF-")
    stage.end()

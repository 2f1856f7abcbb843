"""A reader in front of a questionnaire: sees what is asked, answers, and writes down what was answered."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from palermo.fieldwork.forms import LANGUAGES
from palermo.web.tests.conftest import AXE

# What stands on the page without an answer: its id, what it asks, how often that was asked above it, its choices.
OPEN = """() => {
  const met = {};
  const shown = [...document.querySelectorAll('[data-place] .question-container')].filter((one) => one.offsetParent);
  return shown.map((one) => {
    const text = one.querySelector('.control-text label, .control-text legend, .control-text');
    const label = (text?.innerText ?? '').trim();
    met[label] = (met[label] ?? 0) + 1;
    const choices = [...one.querySelectorAll('input[type=radio], input[type=checkbox]')];
    const list = one.querySelector('.p-select');
    const typed = one.querySelector('input:not([type=radio]):not([type=checkbox]):not([readonly]), textarea');
    const chosen = choices[0]?.type === 'checkbox' ? 'many' : 'one';
    const dated = one.querySelector('.p-datepicker');
    const kind = list ? 'list' : dated ? 'date' : choices.length ? chosen : typed ? 'number' : 'note';
    const done = kind === 'note' || (list ? list.classList.contains('p-inputwrapper-filled')
      : choices.length ? choices.some((choice) => choice.checked) : Boolean(typed.value));
    return { id: one.id, label, turn: met[label], kind, done,
      options: choices.map((choice) => ({ id: choice.id, text: choice.closest('label').innerText.trim() })) };
  }).filter((one) => !one.done);
}"""


def watched(page: Any) -> list[str]:
    """Every address that the page asks for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def abroad(asked: list[str], home: str) -> list[str]:
    """Requests that left the host. What the page holds in itself (data:, blob:) leaves nothing."""
    return [url for url in asked if urlsplit(url).scheme not in ("data", "blob") and not url.startswith(home)]


def findings(page: Any) -> list[str]:
    """What axe finds on our part of the page; the renderer's own part is its makers'."""
    page.evaluate(AXE.read_text())
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    asked = "tags => axe.run({ include: [['body']], exclude: [['[data-place]']] }, { runOnly: tags })"
    found = page.evaluate(asked, rules)["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


class Reader:
    """Fills in whatever is asked, and writes down what it answered, by the names that the form itself has."""

    def __init__(self, page: Any, schema: dict[str, Any], language: str) -> None:
        self.page, self.name = page, LANGUAGES[language]
        self.fields = {f["label"][self.name]: f for f in schema["fields"] if f["control"]}
        self.repeats = schema["repeats"]
        self.said: dict[tuple[str, int], Any] = {}

    def go_through(self) -> None:
        for _round in range(12):
            waiting = self.page.evaluate(OPEN)
            if not waiting:
                return
            for one in waiting:
                if self.page.locator(f'[id="{one["id"]}"]').count():
                    self.answer(one)
        raise AssertionError([one["label"] for one in waiting])

    def answer(self, one: dict[str, Any]) -> None:
        field = self.fields[one["label"].split("\n")[0]]
        number = len(self.said)
        if one["kind"] == "number":
            told: Any = number + 1
            typed = self.page.locator(f'[id="{one["id"]}"] input')
            typed.focus()
            typed.press_sequentially(str(told))
            typed.press("Tab")
        elif one["kind"] == "date":
            told = self.first_of_the_month(one)
        elif one["kind"] == "list":
            told = self.chosen(field, self.pick_from_list(one, number))
        elif one["kind"] == "many":
            told = [self.tick(field, one["options"][n]) for n in (0, 2)]
        else:
            # The first answer: it agrees, is of age, and opens whatever else is asked.
            told = self.tick(field, one["options"][0 if number < 6 else number % len(one["options"])])
        turn = one["turn"] if any(field["path"].startswith(f"{r}/") for r in self.repeats) else 0
        self.said[field["path"], turn] = told

    def tick(self, field: dict[str, Any], option: dict[str, str]) -> str:
        self.page.locator(f'label[for="{option["id"]}"]').click()
        return self.chosen(field, option["text"])

    def pick_from_list(self, one: dict[str, Any], number: int) -> str:
        self.page.locator(f'[id="{one["id"]}"] .p-select').click()
        option = self.page.locator(".p-select-overlay li[role=option]").nth(number % 7)
        option.wait_for()
        text = str(option.inner_text()).strip()
        option.click()
        self.page.locator(".p-select-overlay").wait_for(state="detached")
        return text

    def first_of_the_month(self, one: dict[str, Any]) -> str:
        """A day is picked in the calendar that opens: the first of this month."""
        self.page.locator(f'[id="{one["id"]}"] .p-datepicker input').click()
        days = self.page.locator(
            ".p-datepicker-panel .p-datepicker-day-cell:not(.p-datepicker-other-month) span"
        )
        days.first.click()
        self.page.locator(".p-datepicker-panel").wait_for(state="detached")
        return datetime.now().astimezone().date().replace(day=1).isoformat()

    def chosen(self, field: dict[str, Any], text: str) -> str:
        codes = [code for code, words in field["choices"].items() if words.get(self.name) == text]
        # Choices from a file (the sites) are not in the form: the sample names them "Site 1" and so on.
        return codes[0] if codes else text.rpartition(" ")[2]


def refuse_consent(page: Any) -> None:
    """The shortest record there is: who does not agree is asked nothing more."""
    for one in page.evaluate(OPEN):
        if one["kind"] == "number":
            typed = page.locator(f'[id="{one["id"]}"] input')
            typed.focus()
            typed.press_sequentially("1")
            typed.press("Tab")
        elif one["kind"] == "one":
            page.locator(f'label[for="{one["options"][-1]["id"]}"]').click()

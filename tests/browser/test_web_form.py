"""The shipped survey of practitioners in a real browser: filled in, sent once, and found with the right answers."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from palermo.fieldwork import forms as shipped
from palermo.kernel.access.cast import make_cast
from palermo.kernel.access.context import acting
from palermo.rooms.observatory import actions
from palermo.rooms.observatory.models import Submission
from palermo.rooms.observatory.tests.conftest import VALUES, flattened
from palermo.web.tests.conftest import AXE, plain_static_names  # noqa: F401
from tests.browser.conftest import picture
from tests.browser.test_drafts import come, sign_in_elsewhere  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DRAFT = """
| survey |
|  | type | name | label |
|  | integer | age | Age in years |
| settings |
|  | form_id | form_title | version |
|  | another | Another form | 1 |
"""
LONG = 120_000  # a machine with much else to do
LANGUAGES = shipped.LANGUAGES
TAKEN = "[data-webform][data-state=taken]"
READY = "[data-webform][data-state=ready]"
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
    const kind = list ? 'list' : choices.length ? chosen : typed ? 'number' : 'note';
    const done = kind === 'note' || (list ? list.classList.contains('p-inputwrapper-filled')
      : choices.length ? choices.some((choice) => choice.checked) : Boolean(typed.value));
    return { id: one.id, label, turn: met[label], kind, done,
      options: choices.map((choice) => ({ id: choice.id, text: choice.closest('label').innerText.trim() })) };
  }).filter((one) => !one.done);
}"""


@pytest.fixture
def study(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """A study with the survey of practitioners, published, and one site of the team of a supervisor."""
    for place in ("converting", "publishing"):
        monkeypatch.setattr(f"palermo.rooms.observatory.actions.{place}.validate", lambda xml: "a test")
    analyst = make_cast().analyst
    path = tmp_path / "s2.xlsx"
    shipped.write(shipped.sheets("S2"), path)
    with acting(analyst.viewer) as viewer:
        found = actions.open_study(actor=viewer, values=VALUES)
        actions.add_site(actor=viewer, study=found, name="Harbour office")
        version = actions.add_form(actor=viewer, study=found, source=path.read_bytes())
        for name, content in shipped.media().items():
            actions.add_media(actor=viewer, version=version, name=name, content=content)
        actions.publish_form(actor=viewer, version=version, expected_version=version.version)
    return SimpleNamespace(analyst=analyst, study=found, version=version)


def address(study: Any) -> str:
    return reverse("observatory:fill", args=[study.study.pk, study.version.pk])


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


@pytest.fixture
def visitor_at(chromium: Any) -> Iterator[Any]:
    """A browser of somebody who has no account."""
    contexts: list[Any] = []

    def go() -> Any:
        contexts.append(chromium.new_context(viewport={"width": 360, "height": 800}))
        return contexts[-1].new_page()

    yield go
    for context in contexts:
        context.close()


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

    def chosen(self, field: dict[str, Any], text: str) -> str:
        codes = [code for code, words in field["choices"].items() if words.get(self.name) == text]
        # Choices from a file (the sites) are not in the form: the sample names them "Site 1" and so on.
        return codes[0] if codes else text.rpartition(" ")[2]


def arrived(study: Any) -> dict[tuple[str, int], Any]:
    """The answers of the one record, by path and turn."""
    with acting(study.analyst.viewer) as viewer:
        record = Submission.objects.get()
    flattened(record)
    with acting(study.analyst.viewer) as viewer:
        rows = actions.answer_rows(actor=viewer, submission=Submission.objects.get())
    return {
        (f"{row['repeat_path']}/{name}", row["ordinals"][0] if row["ordinals"] else 0): value
        for row in rows
        for name, value in row["values"].items()
    }


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 1280), ("ar", 360)])
def test_the_survey_of_practitioners_is_filled_in_and_arrives(
    study: Any,
    come: Any,  # noqa: F811
    live_server: Any,
    language: str,
    width: int,
) -> None:
    page = come(study.analyst, language=language, width=width)
    asked = watched(page)
    page.goto(live_server.url + address(study))
    page.locator(READY).wait_for(timeout=LONG)
    assert page.locator("#form-language").input_value() == LANGUAGES[language]
    assert page.locator("[data-place]").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert findings(page) == []
    picture(page, f"web-form-{language}-{width}")
    reader = Reader(page, study.version.schema, language)
    reader.go_through()
    page.locator(".button-add-instance").click()
    reader.go_through()
    picture(page, f"web-form-filled-{language}-{width}")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    # Two presses at once, as an impatient hand makes them.
    page.evaluate(
        "() => { const send = document.querySelector('.footer button'); send.click(); send.click(); }"
    )
    page.locator(TAKEN).wait_for(state="attached", timeout=LONG)
    assert findings(page) == []
    picture(page, f"web-form-sent-{language}-{width}")
    found = arrived(study)
    assert {key: found.get(key) for key in reader.said} == reader.said
    assert {turn for path, turn in reader.said if path.startswith("/interview/routes/")} == {1, 2}
    assert abroad(asked, live_server.url) == []
    assert [said for said in page.said if "Content Security Policy" in said or "Error" in said] == []


def link(study: Any, records: int = 1) -> Any:
    with acting(study.analyst.viewer) as viewer:
        return actions.make_link(
            actor=viewer, version=study.version, label="K-01", site=None, days=3, records=records
        )


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


def test_a_link_whose_answer_is_lost_makes_one_record_and_then_opens_nothing(
    study: Any,
    visitor_at: Any,
    live_server: Any,
) -> None:
    issued = link(study)
    page = visitor_at()
    asked = watched(page)
    page.goto(actions.link_address(issued, live_server.url))
    page.locator(READY).wait_for(timeout=LONG)
    assert findings(page) == []
    refuse_consent(page)
    picture(page, "web-form-link")
    statuses: list[int] = []

    def swallow(route: Any) -> None:
        """The server gets it and answers; the first answer never arrives."""
        answer = route.fetch()
        statuses.append(answer.status)
        route.abort() if len(statuses) == 1 else route.fulfill(response=answer)

    page.route("**/send/", swallow)
    page.locator(".footer button").click()
    page.locator("[data-webform][data-state=unknown]").wait_for(timeout=LONG)
    assert "one record" in page.locator("[data-told]").inner_text()
    assert page.locator("[data-place]").get_attribute("inert") is not None
    picture(page, "web-form-lost")
    page.locator("[data-told] button").click()
    page.locator(TAKEN).wait_for(state="attached", timeout=LONG)
    assert statuses == [201, 202]
    with acting(study.analyst.viewer):
        assert Submission.objects.count() == 1
    assert abroad(asked, live_server.url) == []
    # No log has the key: it was in no address that was asked for.
    assert [url for url in asked if issued.secret in urlsplit(url)._replace(fragment="").geturl()] == []
    page.locator("[data-told] button").click()
    page.locator("[data-webform][data-state=stopped]").wait_for(state="attached", timeout=LONG)
    assert "used as often" in page.locator("[data-told]").inner_text()


def test_leaving_asks_first_and_a_draft_is_tried_without_sending(
    study: Any,
    come: Any,  # noqa: F811
    live_server: Any,
) -> None:
    page = come(study.analyst)
    page.goto(live_server.url + address(study))
    page.locator(READY).wait_for(timeout=LONG)
    refuse_consent(page)
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.close(run_before_unload=True)
    page.locator(READY).wait_for()
    with acting(study.analyst.viewer) as viewer:
        draft = actions.add_form(actor=viewer, study=study.study, source=DRAFT.encode(), kind="md")
    trial = come(study.analyst)
    sent = watched(trial)
    trial.goto(live_server.url + reverse("observatory:fill", args=[study.study.pk, draft.pk]))
    trial.locator(READY).wait_for(timeout=LONG)
    trial.locator("[data-place] input[inputmode=numeric]").focus()
    trial.keyboard.type("3")
    trial.keyboard.press("Tab")
    trial.locator(".footer button").click()
    trial.locator("[data-told] .alert", has_text="nothing was sent").wait_for(timeout=LONG)
    assert [url for url in sent if url.endswith("/send/")] == []
    assert asked == ["beforeunload"]


def test_who_was_signed_out_meanwhile_signs_in_elsewhere_and_sends_again(
    study: Any,
    come: Any,  # noqa: F811
    live_server: Any,
) -> None:
    page = come(study.analyst)
    page.goto(live_server.url + address(study))
    page.locator(READY).wait_for(timeout=LONG)
    refuse_consent(page)
    page.context.clear_cookies(name="session")
    page.locator(".footer button").click()
    page.locator("[data-webform][data-state=signedOut]").wait_for(timeout=LONG)
    assert "signed out" in page.locator("[data-told]").inner_text()
    sign_in_elsewhere(page, live_server.url, study.analyst)
    page.locator("[data-told] button").click()
    page.locator(TAKEN).wait_for(state="attached", timeout=LONG)
    with acting(study.analyst.viewer):
        assert Submission.objects.count() == 1

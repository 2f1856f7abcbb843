"""An unaccompanied child, from a rescue to a durable solution; each step by who does it, through the screens alone."""

import re
from typing import Any

from django.utils import timezone

from tests.browser import journey
from tests.browser.journey import press
from tests.browser.story import Stage, answer, follow, send, send_refused

HEARD = {
    "view_manner": "told_us",
    "view_language": "ar",
    "view_text": "Wants to sleep, and to telephone the sister.",
}
CODE = re.compile(r"/case/[0-9a-f-]{36}/$")


def seventeen() -> str:
    """The month of birth of somebody who is 18 in four months: the passage to adulthood is due."""
    today = timezone.localdate()
    month = today.month + 4
    return f"{today.year - 18 + (month - 1) // 12}-{(month - 1) % 12 + 1:02}"


def rescue(stage: Stage, page: Any) -> None:
    """An event is opened, one person comes in: perhaps a child, and alone."""
    page.goto(stage.url + "/home/")
    press(page, page.locator("a[href='/encounters/']").last)
    follow(page, "a[href='/encounters/open/']")
    answer(page, {"kind": "sea_rescue", "place": "South mole", "expected": 1})
    stage.look(page, "child-event")
    send(page)
    answer(page, {"lines": "C1;c;m;ar;;x;"})
    stage.look(page, "child-intake")
    press(page, page.locator("button[name=do][value=lines]"))
    follow(page, "a.btn[href^='/encounters/']:not([href$='/table/'])")
    stage.look(page, "child-board")
    follow(page, "p a[href^='/encounters/person/']")


def stabilise(stage: Stage, page: Any) -> None:
    """Life first; then the five questions, which do not point to trafficking yet; then help."""
    answer(page, {"aid-aid": ["medical", "food", "water", "interpreter"]}, "form#aid")
    send(page, "form#aid")
    stage.look(page, "child-person")
    step(page, "stabilise")
    for name, value in (("trafficking", "no"), ("family", "yes"), ("asylum", "no"), ("violence", "yes")):
        answer(page, {f"q-{name}": value}, "form#answers")
    answer(page, {"q-detention": "no"}, "form#answers")
    send(page, "form#answers")
    step(page, "screen")


def step(page: Any, event: str, **answers: Any) -> None:
    """One step of a person met: its link, its questions, its button."""
    follow(page, f"a[href$='/move/{event}/']")
    answer(page, answers)
    send(page)


def helped(stage: Stage, page: Any) -> None:
    """Vulnerable: looked at on four levels, and a case is opened without a name."""
    for level in page.locator("main form#vulnerability [name^='v-'][value^='seen.']").all():
        level.evaluate("e => { e.closest('details').open = true }")
        level.check()
    send(page, "form#vulnerability")
    step(page, "vulnerable")
    stage.look(page, "child-assisted")


def screened_again(stage: Stage, page: Any) -> None:
    """Brought to another place, screened again: now there are indicators, and an identification begins."""
    answer(page, {"a-why": "moved"}, "form#again")
    send(page, "form#again")
    step(page, "rescreen", reason="Brought to the reception centre.")
    for name in ("family", "asylum", "violence", "detention"):
        answer(page, {f"q-{name}": "no"}, "form#answers")
    answer(page, {"q-trafficking": "yes", "q-violence": "yes"}, "form#answers")
    send(page, "form#answers")
    step(page, "screen")
    step(page, "trafficking_indicators")
    stage.look(page, "child-indicators", search=True)


def identified(stage: Stage, page: Any) -> None:
    """The screening for trafficking: the age is in doubt, and the decision is a person's; then back to the case."""
    person = page.url
    follow(page, "dl.facts a[href^='/identification/']")
    follow(page, "ol.due a[href^='/identification/']")
    journey.answer_questions(page, yes=("act.recruited", "form.labour", "age.doubt"), no=("age.child_now",))
    stage.look(page, "child-screening")
    journey.decide(page, "tip", "Two indicators, and the age is in doubt.")
    page.goto(person)
    follow(page, "dl.facts a[href*='/plan/screenings/']")
    stage.look(page, "child-taken-over")
    send(page)
    page.goto(person)
    follow(page, "dl.facts a[href^='/cases/']:not([href*='/plan/'])")


def begun(stage: Stage, page: Any) -> str:
    """From the tab of the case: not sure is a child at once, and three bodies are told. Returns the file's address."""
    follow(page, "nav.tabs a[href^='/children/case/']")
    asked = {"age": "not_sure", "situation": "unaccompanied", "language": "ar", "birth_month": seventeen()}
    answer(page, asked)
    stage.look(page, "child-begin")
    send(page)
    stage.look(page, "child-file")
    do(page, "notify", choose={"child_protection", "police", "coordinator"}, **HEARD)
    return str(page.url)


def do(page: Any, event: str, *, choose: frozenset[str] | set[str] = frozenset(), **answers: Any) -> None:
    """One step of the child's file: its link, its questions, its button. `choose`: the first that is offered."""
    follow(page, f"a[href$='/step/{event}/']")
    for name in choose:
        if not page.locator(f"main form [name='{name}']").input_value():
            answers[name] = {"index": 1}
    answer(page, answers)
    send(page)


def sheltered(stage: Stage, page: Any, case: str) -> None:
    """A place to sleep: the need, the services that fit a girl of seventeen, and the safe place by that service."""
    follow(page, f"a[href='/services/cases/{case}/']")
    answer(page, {"kind": "shelter", "urgency": "today"}, "form:has([name=urgency])")
    send(page, "form:has([name=urgency])")
    answer(page, {"sex": "female"}, "form.filters")
    press(page, page.locator("main form.filters button[type=submit]"))
    stage.look(page, "child-services")
    send(page, "form:has([name=service])")
    follow(page, "a[href*='/step/place_safely/']")
    assert page.locator("main form [name=service]").input_value()
    answer(page, {"setting": "shelter", "away": True, "family_checked": True})
    stage.look(page, "child-place")
    send(page)


def guarded(stage: Stage, page: Any) -> None:
    """A guardian within 48 hours: the clock says so, and the name stays sealed."""
    stage.look(page, "child-guardian-due")
    do(
        page,
        "appoint_guardian",
        kind="state_guardian",
        organisation={"index": 1},
        name="Wimbolda Tarrenfex",
        reach="+99 555 0101",
        independent=True,
        no_conflict=True,
    )
    assert "Wimbolda" not in page.content()


def weighed(stage: Stage, page: Any, event: str) -> None:
    """The best interests, element by element, with the guardian and the child."""
    follow(page, f"a[href$='/step/{event}/']")
    for name in {box.get_attribute("name") for box in page.locator("main form [name^='on_']").all()}:
        page.locator(
            f"main form [name='{name}'][value='{'concern' if name == 'on_exploiters' else 'good'}']"
        ).check()
    answer(page, {**HEARD, "guardian_text": "Asks for a school place.", "guardian_agrees": "yes",
                  "text": "Safety weighs most now."})  # fmt: skip
    stage.look(page, f"child-{event}")
    send(page)


PANEL = {"sits_social": "agrees", "sits_health": "agrees", "sits_police": "dissents",
         "why_police": "Would rather have waited for the statement.", "chair_sector": "social",
         "text": "The child stays in protection."}  # fmt: skip


def panel(stage: Stage, page: Any) -> None:
    """Three sectors; one dissents, and it is minuted."""
    do(page, "decide_panel", **PANEL, answer="protect", **HEARD, reason="Decided in one meeting.")
    assert PANEL["why_police"] in page.content()
    stage.look(page, "child-panel", search=True)
    do(page, "begin_protection", measure="residential")


def traced(stage: Stage, page: Any) -> None:
    """An aunt is found: contact only after a safety check, and only if the child wishes it."""
    follow(page, "a[href$='/record/family/']")
    asked = {"relation": {"index": 1}, "safety": "not_checked", "child_wishes": "yes", "contact": "made",
             "text": "An aunt, two days away."}  # fmt: skip
    answer(page, asked)
    send_refused(page)  # No contact before the safety check.
    stage.look(page, "child-family-refused")
    answer(page, {"safety": "safe"})
    send(page)


def solved(stage: Stage, page: Any, supervisor: Any) -> None:
    """Close to 18: the passage is planned first; then a durable solution by a panel; then two persons close."""
    home = page.url
    parts = page.locator("main form [name=parts]")
    follow(page, "a[href$='/step/plan_ageing_out/']")
    answer(
        page, {"parts": [box.get_attribute("value") for box in parts.all()], "text": "School, then a flat."}
    )
    stage.look(page, "child-ageing")
    send(page)
    do(page, "decide_solution", solution={"index": 1}, options="To stay and learn; or to the aunt.",
       safety_checked=True, guardian_agrees=True, **PANEL, **HEARD, reason="After the second meeting.")  # fmt: skip
    stage.look(page, "child-solution")
    supervisor.goto(home)
    do(supervisor, "propose_close", reason="A home, a school, a guardian.")
    page.goto(home)
    do(page, "close", guardian_agrees=True, child_told=True, **HEARD, reason="Everybody agrees.")
    stage.look(page, "child-closed", search=True)


def tell(stage: Stage) -> None:
    """The whole story."""
    first = stage.come("first-responder")
    rescue(stage, first)
    worker, person = stage.come("case-worker"), first.url
    worker.goto(person)
    stabilise(stage, worker)
    helped(stage, worker)
    screened_again(stage, worker)
    identified(stage, worker)
    child = begun(stage, worker)
    case = child.rstrip("/").rsplit("/", 1)[1]
    protector = stage.come("child-protector")
    mine = f"a[href='/children/case/{case}/']"
    if not protector.locator(f"main {mine}").count():  # Home shows what comes first, and leads to the rest.
        follow(protector, "?all=1")
    follow(protector, mine)
    sheltered(stage, protector, case)
    guarded(stage, protector)
    worker.goto(child)
    weighed(stage, worker, "assess_provisionally")
    weighed(stage, protector, "complete_bia")
    panel(stage, protector)
    traced(stage, protector)
    solved(stage, protector, stage.come("supervisor"))
    stage.end()


def walk(stage: Stage) -> None:
    """The short walk: the same pages on the children of the demonstration, nothing is changed."""
    page = stage.come("child-protector")
    page.goto(stage.url + "/children/")
    stage.look(page, "children-list")
    cases = page.locator("main th a[href^='/children/case/']")
    for address in cases.evaluate_all("links => links.map(l => l.getAttribute('href'))")[:2]:
        page.goto(stage.url + address)
        stage.look(page, "children-file", search=True)
        for link in page.locator("main a[href*='/step/']").evaluate_all("l => l.map(e => e.href)")[:2]:
            page.goto(link)
            stage.look(page, "children-step")
    stage.end()

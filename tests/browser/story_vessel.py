"""A rescued vessel with 40 persons: life first, children first, five questions; three turn out to be victims."""

import re
from typing import Any

from tests.browser import journey
from tests.browser.journey import press
from tests.browser.story import Stage, answer, follow, send, send_refused
from tests.browser.story_child import step

PERSONS = 40
VICTIMS = (9, 17, 23)
ASYLUM = (4, 5, 6, 12)
HURT, RETURNS = 15, 20
CHILDREN = (1, 2, 5, 6)
NO = {"trafficking": "no", "family": "no", "asylum": "no", "violence": "no", "detention": "no"}


def lines() -> str:
    """Forty lines as they are typed on a quay: two children alone, a mother with two, one who is hurt."""
    age = {1: "15", 2: "c", 4: "31", 5: "3", 6: "7"}
    rows = []
    for number in range(1, PERSONS + 1):
        family = "K" if number in (4, 5, 6) else ""
        alone = "x" if number in (1, 2) else ""
        doctor = "x" if number == HURT else ""
        sex = "f" if number in (2, 4, 6) else "m"
        rows.append(f"W{number:02};{age.get(number, '28')};{sex};ar;{family};{alone};{doctor}")
    return "\n".join(rows)


def landed(stage: Stage, page: Any) -> str:
    """The event, and everybody in it from one paste; returns the address of the board."""
    press(page, page.locator("a[href='/encounters/']").last)
    follow(page, "a[href='/encounters/open/']")
    answer(page, {"kind": "vessel", "place": "North pier", "expected": PERSONS})
    send(page)
    stage.look(page, "vessel-intake")
    answer(page, {"lines": lines()})
    press(page, page.locator("button[name=do][value=lines]"))
    follow(page, "p a[href^='/encounters/']")
    stage.look(page, "vessel-board")
    boxes = page.locator("main input[name=person]")
    assert boxes.count() == PERSONS
    first = [boxes.nth(n).get_attribute("id") for n in range(2)]
    assert first == ["p1", "p2"], "children alone come first"
    return str(page.url)


def linked(stage: Stage, page: Any, board: str) -> None:
    """The mother and her children are linked; a link that was wrong is taken back."""
    person(page, board, 4)
    for other in (5, 6):
        answer(page, {"l-relation": "parent", "l-other": other}, "form#link")
        send(page, "form#link")
    stage.look(page, "vessel-family")
    answer(page, {"l-relation": "sibling", "l-other": 30}, "form#link")
    send(page, "form#link")
    follow(page, "a[href*='/link/'] >> nth=2")
    stage.look(page, "vessel-unlink")
    answer(page, {"apart": True})  # Number 30 is nobody's brother, and no longer of the family.
    press(page, page.locator("button[name=do][value=remove]"))
    assert page.locator("main a[href*='/link/']").count() == 2


def person(page: Any, board: str, number: int) -> None:
    """From the board to a person."""
    if page.url != board:
        page.goto(board)
    row = page.locator(f"main tr:has(#p{number}) a[href^='/encounters/person/']").first
    press(page, row)


def together(page: Any, board: str, numbers: Any, what: str, **answers: Any) -> None:
    """Tick, choose, confirm: the same for all of them."""
    if page.url != board:
        page.goto(board)
    first, *others = numbers
    page.check(f"#p{first}")
    page.evaluate("all => all.forEach(n => document.getElementById('p' + n).click())", others)
    page.select_option("#step", what)
    press(page, page.locator("main form:has(#step) button[type=submit]").first)
    answer(page, answers)
    send(page)
    assert page.url == board
    assert not page.locator("main .alert-warning").count(), page.locator("main").inner_text()


def cared_for(stage: Stage, page: Any, board: str) -> None:
    """Life first for everybody at once, children in front; then the five questions."""
    everybody = range(1, PERSONS + 1)
    together(page, board, everybody, "aid", aid=["medical", "food", "water", "interpreter"])
    together(page, board, everybody, "stabilise")
    special = {*VICTIMS, *ASYLUM, *CHILDREN, HURT}
    together(page, board, VICTIMS, "answers", **{**NO, "trafficking": "yes"})
    together(page, board, ASYLUM, "answers", **{**NO, "asylum": "yes", "family": "yes"})
    together(page, board, (1, 2), "answers", **{**NO, "family": "yes"})
    together(page, board, (HURT,), "answers", **{**NO, "violence": "yes"})
    together(page, board, [n for n in everybody if n not in special], "answers", **NO)
    together(page, board, everybody, "screen")
    stage.look(page, "vessel-triaged", search=True)


def asylum(stage: Stage, page: Any, board: str) -> None:
    """A wish for asylum: the consulate is not named, and the step that would name it is not offered."""
    person(page, board, 12)
    assert page.locator("main .alert-danger").count(), "the page says it in red"
    assert not page.locator("main a[href$='/move/no_need/']").count()
    stage.look(page, "vessel-asylum", search=True)
    together(page, board, ASYLUM, "asylum_claim")


def victims(stage: Stage, page: Any, board: str) -> list[str]:
    """Each of the three is screened for trafficking and gets a case. Returns the addresses of the cases."""
    found = []
    for count, number in enumerate(VICTIMS):
        person(page, board, number)
        step(page, "trafficking_indicators")
        follow(page, "dl.facts a[href^='/identification/']")
        follow(page, "ol.due a[href^='/identification/']")
        journey.answer_questions(
            page, yes=("act.recruited", "form.labour"), no=("age.child_now", "age.child_then", "age.doubt")
        )
        journey.decide(page, "tip", "Two indicators; papers were taken on board.")
        follow(page, "a.btn-primary[href*='/cases/open/']")
        answer(page, {"family_name": f"Quorvanel{number}", "given_names": "Istu", "birth_date": "1998"})
        send(page)
        found.append(journey.open_case(page, f"Quorvanel{number}", "Istu", "1998"))
        if not count:
            stage.look(page, "vessel-case")
    return found


def served(stage: Stage, page: Any, board: str) -> None:
    """Children and whoever is hurt are helped in a case; who needs nothing is told the rights, and goes free."""
    for number in (1, HURT):
        person(page, board, number)
        assess(page)
        step(page, "vulnerable")
    done = {*VICTIMS, *ASYLUM, *CHILDREN, HURT, RETURNS}
    rest = [number for number in range(1, PERSONS + 1) if number not in done]
    together(page, board, rest, "no_need", rights_told=True, helpline_told=True, consulate_told=True)
    stage.look(page, "vessel-served")


def assess(page: Any) -> None:
    """All four levels, nothing found."""
    for box in page.locator("main form#vulnerability [value^='seen.']").all():
        box.evaluate("e => { e.closest('details').open = true }")
        box.check()
    send(page, "form#vulnerability")


def returns(stage: Stage, page: Any, board: str, supervisor: Any) -> None:
    """One goes home by own choice: not before every risk is made sure of; then a supervisor closes."""
    person(page, board, RETURNS)
    assess(page)
    step(page, "vulnerable")
    home = page.url
    follow(page, "a[href$='/move/solution/']")
    answer(page, {"solution": "voluntary_return", "choice_informed": True})
    send_refused(page)  # A return is refused, and what was typed is still there.
    stage.look(page, "vessel-return-refused", search=True)
    page.goto(home)
    risks = [box.get_attribute("value") for box in page.locator("main form#return [name='r-found']").all()]
    answer(page, {"r-found": risks}, "form#return")
    send(page, "form#return")
    step(page, "solution", solution="voluntary_return", choice_informed=True)
    supervisor.goto(home)
    follow(supervisor, "a[href$='/move/done/']")
    answer(supervisor, {"outcome": {"index": 1}, "reason": "Arrived, and met at the airport."})
    send(supervisor)
    stage.look(supervisor, "vessel-returned")


def tell(stage: Stage) -> None:
    """The whole story."""
    first = stage.come("first-responder")
    board = landed(stage, first)
    worker = stage.come("case-worker")
    linked(stage, first, board)
    cared_for(stage, first, board)
    asylum(stage, first, board)
    cases = victims(stage, worker, board)
    assert len(set(cases)) == len(VICTIMS)
    assert all(re.search(r"/cases/[0-9a-f-]{36}/$", case) for case in cases)
    served(stage, worker, board)
    returns(stage, worker, board, stage.come("supervisor"))
    stage.end()


def walk(stage: Stage) -> None:
    """The short walk: the vessel of the demonstration, on every page that an event has; nothing is changed."""
    page = stage.come("case-worker")
    page.goto(stage.url + "/encounters/")
    stage.look(page, "events")
    follow(page, "th a[href^='/encounters/'] >> nth=-1")
    board = page.url
    stage.look(page, "event")
    for name in ("intake", "table", "print", "counts"):
        page.goto(f"{board}{name}/")
        stage.look(page, f"event-{name}")
    for number in (1, 4, 9, 12):
        person(page, board, number)
        stage.look(page, f"event-person-{number}")
    stage.end()

"""The story of a worker, told by what each person does on her own screen. `test_story_worker.py` plays it.

A labour inspector meets a man whose papers were taken. He is recognised, asked, referred; a shelter opens a case of
its own and helps; the authority decides; in the end he says himself how it was.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.browser import journey
from tests.browser.conftest import enter_code
from tests.browser.story import (
    Stage,
    at,
    choose_words,
    fill,
    follow,
    said,
    send,
    through_menu,
    tick_all,
    tick_words,
)  # fmt: skip

UUID = "[0-9a-f-]{36}"
INDICATORS = ("act.recruited", "start.deceived_job", "there.documents", "form.labour")
ADULT = ("age.child_now", "age.child_then", "age.doubt", "som.entry")
HOUSE, AUTHORITY = "Harbour House", "National Office"
NEED = "medical"
# The pages that no test of a room opens in a browser with all that is on them by then.
SEARCHED = ("status", "own-page", "closed")
SAID = "They listened, and I could sleep."


@dataclass
class Story:
    """Who is in it, each with a browser of his own, and what it has made so far."""

    stage: Stage
    stranger: Any  # a browser without an account: the person himself
    family: str
    given: str
    urls: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def look(self, page: Any, name: str) -> None:
        """A page of the story: kept as a picture, without the name, accessible."""
        self.stage.look(page, f"worker-{name}", search=name in SEARCHED)
        self.hides(page)

    def people(self, username: str) -> Any:
        """The page of whoever signed in so."""
        return self.stage.come(username)

    def hides(self, page: Any) -> None:
        """The page, its title and its address hold no part of the name."""
        whole = page.content() + page.title() + page.url
        for name in (self.family, self.given):
            assert name not in whole, f"{name} on {page.url}"


# The labour inspector.


def recognise(story: Story) -> None:
    """Screening, own decision, search, case."""
    page = story.people("labour-inspector")
    through_menu(page, "/identification/")
    follow(page, "/identification/start/")
    send(page)
    journey.answer_questions(page, INDICATORS, ADULT)
    journey.decide(page, "tip", "Recruited by deceit, papers taken, unpaid for months.")
    journey.search_before_create(page, story.family, story.given, "1991")
    journey.press(page, page.locator("form[action$='/cases/open/person/'] button[type=submit]").last)
    fill(page, family_name=story.family, given_names=story.given, birth_date="1991")
    fill(page, reason="Met at an inspection of a farm; asked for help.")
    send(page, expect=f"/cases/{UUID}/$")
    story.urls["first"] = page.url
    story.codes["first"] = page.locator("h1 .code, h1").first.inner_text()


def ask_consent(page: Any, case_url: str, purpose: str, categories: tuple[str, ...], to: str = "") -> None:
    """From the case: the tab of consents, the question, the answer as it was given."""
    case_id = case_url.rstrip("/").rsplit("/", 1)[1]
    page.goto(case_url)
    follow(page, f"/consents/case/{case_id}/")
    follow(page, f"/record/?purpose={purpose}")
    for category in categories:
        fill(page, categories=category)
    if to:
        tick_words(page, "recipients", to)
    fill(page, decision="given", language="ar", interpreting="present")
    # A consent to refer leads on to the referral that it was asked for; the others come back to the list.
    send(
        page, expect=rf"/referral/case/{UUID}/new/$" if purpose == "referral" else rf"/consents/case/{UUID}/$"
    )


def ask_and_refer(story: Story) -> None:
    """He agrees to be helped, to the shelter and to the authority; the shelter is asked at once."""
    page, case = story.people("labour-inspector"), story.urls["first"]
    ask_consent(page, case, "help", ("needs",))
    ask_consent(page, case, "identification", ("exploitation", "needs"), to=AUTHORITY)
    ask_consent(page, case, "referral", ("needs", "identity", "contact", "health"), to=HOUSE)
    choose_words(page, "target", HOUSE)
    fill(page, needs="A safe bed from tonight, and a doctor for the hand.", health="A cut on the right hand.")
    fill(page, also="identity")
    fill(page, urgent=True)
    send(page, expect=f"/referral/{UUID}/$")
    story.urls["referral"] = page.url
    story.look(page, "referral")
    follow(page, "/do/send/")
    if "/reauthenticate/" in page.url:
        # A name leaves with it: whoever signed in a while ago confirms who he is, before the page is shown.
        enter_code(page)
    send(page)
    at(page, f"/referral/{UUID}/$")


def refer_to_the_authority(story: Story) -> None:
    """Presumed: the rights are explained. Then the authority is told what he agreed to, under a code."""
    page = story.people("labour-inspector")
    page.goto(story.urls["first"])
    follow(page, "/identification/case/")
    step(page, "indicators")
    follow(page, "/step/refer/")
    choose_words(page, "authority", AUTHORITY)
    fill(page, **{
        "text-exploitation": "Worked on a farm for seven months; papers kept; no pay; could not leave.",
        "text-needs": "Shelter and a doctor were asked for today.",
    })  # fmt: skip
    tick_all(page)
    send(page)
    story.codes["status"] = code_on(page)
    story.look(page, "status")


def step(page: Any, event: str) -> None:
    """One step of the legal status that asks for confirmations at most."""
    follow(page, f"/step/{event}/")
    tick_all(page)
    send(page)


def code_on(page: Any) -> str:
    """The code of a status, as the title of its page says it."""
    found = re.search(r"V-[0-9A-Z]{4}-[0-9A-Z]{4}", page.title())
    assert found, page.title()
    return found.group()


# The shelter.


def receive(story: Story) -> None:
    """What is asked is acknowledged, accepted, and becomes a case of the shelter's own."""
    page = story.people("case-worker")
    through_menu(page, "/referral/")
    follow(page, path(story.urls["referral"]))
    story.hides(page)
    move_referral(page, "acknowledge")
    move_referral(page, "accept")
    follow(page, "/referral/case/")
    follow(page, "/cases/", which=1)
    at(page, f"/cases/{UUID}/$")
    story.urls["case"] = page.url
    story.look(page, "case")
    page = story.people("supervisor")
    through_menu(page, "/cases/")
    follow(page, path(story.urls["case"]))
    move_case(page, "accept")
    story.hides(page)


def path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def move_referral(page: Any, event: str, **answers: str) -> None:
    follow(page, f"/do/{event}/")
    fill(page, **answers)
    tick_all(page)
    send(page, expect=f"/referral/{UUID}/$")


def move_case(page: Any, event: str, **answers: str) -> None:
    """One move of the case; `reason` is written, all else chosen."""
    follow(page, f"/move/{event}/")
    reason = answers.pop("reason", "")
    fill(page, **answers)
    if reason:
        fill(page, reason=reason)
    tick_all(page)
    send(page, expect=f"/cases/{UUID}/$")


def find_a_doctor(story: Story) -> None:
    """The house asks for its own consent; what is needed first is recorded, and the best service planned."""
    page, case = story.people("case-worker"), story.urls["case"]
    ask_consent(page, case, "help", ("needs", "health"))
    follow(page, "/services/cases/")
    fill(page, kind=NEED, urgency="today")
    send(page, "form:has([name=kind])", expect="/services/needs/")
    send(
        page, "section form[method=post]:has([name=service])", expect="/services/cases/"
    )  # the best match, at the top
    story.hides(page)


def assess(story: Story) -> None:
    """Risk, the safety plan in his words, the four levels."""
    page, case = story.people("case-worker"), story.urls["case"]
    page.goto(case)
    follow(page, "/plan/")
    follow(page, "/plan/risk/")
    fill(page, risk="medium", cause="first")
    fill(page, reason="The employer knows the town and has asked for him.")
    send(page)
    page.goto(case)
    follow(page, "/plan/")
    follow(page, "/plan/safety/")
    for name in ("sign0", "step0", "call0"):
        page.locator(f"main select[name={name}]").select_option(index=1)
    fill(page, text0="Walks to the bakery and calls from there.")
    send(page)
    page.goto(case)
    follow(page, "/plan/")
    follow(page, "/plan/assessment/")
    page.locator("main input[name^=risks-]").first.check()
    page.locator("main input[name^=protective-]").first.check()
    fill(page, needs_recorded=True)
    send(page)
    story.hides(page)


def plan(story: Story) -> None:
    """A plan in his words, agreed with him, approved by another person."""
    page, case = story.people("case-worker"), story.urls["case"]
    page.goto(case)
    move_case(page, "complete_assessment")
    follow(page, "/plan/")
    send(page, "form[action$='/plan/begin/']")
    follow(page, "/plan/goal/")
    fill(page, kind="legal_aid")
    fill(page, text="I want the wages that were kept from me.")
    send(page)
    follow(page, "/plan/action/")
    fill(page, kind="legal_aid", doer="worker")
    fill(page, text="Go with him to the lawyer about the wages.", due_on=in_days(14))
    send(page)
    fill(page, language="ar")
    send(page, "form[action$='/plan/agree/']")
    page = story.people("supervisor")
    page.goto(case)
    follow(page, "/plan/")
    follow(page, "/plan/draft/")
    follow(page, "/move/approve_plan/")
    tick_all(page)
    send(page, expect=f"/cases/{UUID}/")
    story.look(page, "approved")


def in_days(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


# The authority.


def decide_reasonable(story: Story) -> None:
    """Reasonable grounds; the letter; recovery and the bar on removal begin by themselves."""
    page = story.people("competent-authority")
    through_menu(page, "/identification/authority/")
    page.locator("main a[href*='/identification/status/']", has_text=story.codes["status"]).first.click()
    page.wait_for_load_state()
    story.urls["status"] = page.url
    story.hides(page)
    rule(page, "rg_positive")
    assert page.locator("main .badge-ok").count(), "protected from removal"
    follow(page, "/certificate/")
    page.goto(story.urls["status"])
    follow(page, "/decision/", which=1)  # beside the one that writes down that it was explained
    at(page, f"/decision/{UUID}/$")
    story.look(page, "letter")


def rule(page: Any, event: str) -> None:
    follow(page, f"/step/{event}/")
    page.locator("main input[name=sentences]").first.check()
    fill(page, reasons="The papers were kept, nothing was paid, and he could not leave.")
    tick_all(page)
    send(page)


def serve(story: Story) -> None:
    """The inspector explains the letter to him, in Arabic, and writes down that he did."""
    page = story.people("labour-inspector")
    page.goto(story.urls["first"])
    follow(page, "/identification/case/")
    follow(page, "/served/")
    fill(page, language="ar")
    for name in ("way", "bearer"):
        page.locator(f"main select[name={name}]").select_option(index=1)
    fill(page, day=in_days(0))
    send(page)
    assert not page.locator("main a[href$='/served/']").count()
    story.look(page, "served")


def decide_conclusive(story: Story) -> None:
    """He asks in writing to have the decision now; it is positive."""
    page = story.people("competent-authority")
    page.goto(story.urls["status"])
    follow(page, "/step/early_request/")
    tick_all(page)
    fill(page, reason="His own letter of today, translated.")
    send(page)
    rule(page, "cg_positive")
    story.hides(page)


# Help, and what came of it.


def help_him(story: Story) -> None:
    """The doctor was there; the shelter tells the inspector how it goes, by codes."""
    page, case = story.people("case-worker"), story.urls["case"]
    page.goto(case)
    follow(page, "/services/cases/")
    follow(page, "/services/deliveries/")
    fill(page, state="delivered", outcome="helped")
    send(page, expect="/services/cases/")
    story.look(page, "delivered")
    follow(page, "/referral/case/")
    follow(page, path(story.urls["referral"]))
    move_referral(page, "first_service")
    move_referral(page, "feedback", progress="going_on")
    move_referral(page, "complete", outcome="helped")


def hear_of_it(story: Story) -> None:
    """The inspector hears how it went, and asks him whether help arrived."""
    page = story.people("labour-inspector")
    through_menu(page, "/referral/")
    follow(page, "box=out")
    follow(page, path(story.urls["referral"]))
    move_referral(page, "confirm", arrived="yes")
    story.look(page, "confirmed")


# The person himself.


def give_a_code(story: Story) -> None:
    """The worker gives him a code of his own and puts a question to him."""
    page = story.people("case-worker")
    page.goto(story.urls["case"])
    follow(page, "/door/case/")
    send(page, "form[action$='/give/']")
    story.codes["own"] = page.locator(
        "main bdi", has_text=re.compile(r"^[2-9A-Z]{4}(-[2-9A-Z]{4}){3}$")
    ).inner_text()
    story.look(page, "code")
    follow(page, "/question/")
    fill(page, purpose="contact_after_closure", categories="contact")
    send(page, expect=f"/door/case/{UUID}/$")
    assert story.codes["own"] not in page.content(), "a code is shown once"


def say_at_the_door(story: Story) -> None:
    """With the code, without an account: yes to the question, one consent back, how help was."""
    page = story.stranger()
    page.goto(re.sub(r"(https?://[^/]+)/.*", rf"\1/door/{story.stage.language}/", story.urls["case"]))
    with page.expect_navigation():
        page.locator(f"nav a[href='/door/{story.stage.language}/code/']").click()
    fill(page, code=story.codes["own"].lower().replace("-", " "))
    send(page)
    assert story.codes["own"] not in page.content() + page.url
    story.look(page, "own-page")
    send(page, "form[action$='/mine/answer/']")
    assert page.locator(".done").count() == 1, said(page)
    assert page.locator("form[action$='/mine/answer/']").count() == 0, "it was answered"
    fill(page, **{"f-face": "good"})
    fill(page, **{"f-text": SAID})
    send(page, "form[action$='/mine/feedback/']")
    assert page.locator(".done").count() == 1, said(page)
    story.look(page, "said")


# The end.


def close(story: Story) -> None:
    """Every action has a result, the risk is looked at once more, a second person agrees to the end."""
    page, case = story.people("case-worker"), story.urls["case"]
    page.goto(case)
    follow(page, "/plan/")
    follow(page, "/plan/result/")
    fill(page, result="done")
    send(page, expect="/plan/$")
    follow(page, "/plan/risk/")
    fill(page, risk="low", cause="exit")
    fill(page, reason="The employer was told to stay away; he has work and a room.")
    send(page)
    page.goto(case)
    move_case(page, "propose_closure", outcome="goals_met", reason="Wages paid, a room of his own, safe.")
    page = story.people("supervisor")
    page.goto(case)
    move_case(page, "approve_closure")
    story.look(page, "closed")
    through_menu(page, "/door/feedback/")
    assert SAID in page.locator("main").inner_text()
    page = story.people("case-worker")
    page.goto(case)
    story.hides(page)
    assert "/door/feedback/" not in page.content(), "who helps does not read it"


WHOLE = (
    recognise, ask_and_refer, refer_to_the_authority, receive, find_a_doctor, assess, plan, decide_reasonable, serve,
    decide_conclusive, help_him, hear_of_it, give_a_code, say_at_the_door, close,
)  # fmt: skip
SHORT = (recognise, ask_and_refer, receive, find_a_doctor, help_him, hear_of_it, give_a_code, say_at_the_door)

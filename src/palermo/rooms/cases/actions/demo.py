"""Invented people with invented stories, through the same actions as real ones: for the demonstration country.

Names are strung together from made-up syllables in several scripts; they belong to nobody.
"""

from typing import Any

import numpy as np

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.vault.identity import Identity
from palermo.rooms.cases.actions.demo_plan import before, told_again
from palermo.rooms.cases.actions.facts import change_facts
from palermo.rooms.cases.actions.moving import move_case
from palermo.rooms.cases.actions.notes import add_note
from palermo.rooms.cases.actions.opening import open_case
from palermo.rooms.cases.actions.risk import assess_risk
from palermo.rooms.cases.models import Case, Facts
from palermo.rooms.identification import actions as identification
from palermo.standards.instruments import instrument

SYLLABLES = {
    "latin": (
        ("Zu", "Bri", "Ta", "Wel", "Oku", "Fen"),
        ("ra", "lo", "mbi", "ska", "nui"),
        ("na", "vek", "tor", "li"),
    ),
    "arabic": (("زو", "با", "تي", "وا"), ("لو", "مي", "را"), ("نة", "ور", "ين")),
    "cyrillic": (("Зу", "Бре", "Та", "Вел"), ("ло", "ми", "ска"), ("на", "век", "ра")),
    "ethiopic": (("ዙ", "ብሪ", "ታ"), ("ሎ", "ሚ", "ራ"), ("ና", "ቬ", "ቶ")),
}
PLACES = (
    "Harbour, night shift",
    "Farm inspection",
    "Border post",
    "Helpline",
    "Hotel visit",
    "Rescue at sea",
    "",
)
COUNTRIES = ("NPL", "NGA", "ERI", "VNM", "MDA", "COL", "AFG", "MAR")
TIP_ANSWERS = (
    ("act.recruited", "start.deceived_job", "there.documents", "form.labour"),
    ("act.transported", "start.threats", "there.violence", "form.sexual"),
    ("act.harboured", "start.no_choice", "there.locked", "form.servitude"),
    ("act.received", "start.debt", "there.debt", "form.crime"),
)
OUTCOMES = (
    "tip", "som", "tip", "tip_and_som", "tip", "aggravated_som", "tip", "tip", "neither_yet", "tip",
)  # fmt: skip
SOM_ANSWERS = ("som.entry", "som.foreign", "som.money")
# (actor, event, statements, reason): the way through the machine, and the state where each story stops.
Step = tuple[str, str, dict[str, Any], str]
WAY: tuple[Step, ...] = (
    ("supervisor", "accept", {}, ""),
    ("case_worker", "complete_assessment", {}, ""),
    ("supervisor", "approve_plan", {}, ""),
    ("case_worker", "propose_closure", {"outcome": "goals_met", "handed_over": True}, "The goals are met."),
    ("supervisor", "approve_closure", {}, ""),
    ("case_worker", "ask_reopening", {}, "Threatened again."),
)
HOLD: Step = ("case_worker", "pause", {"pause_reason": "hospital"}, "In hospital.")
FOLLOW_UP: Step = ("case_worker", "follow_up", {"consented": True}, "")
STORIES = (
    WAY[:0], WAY[:1], WAY[:2], WAY[:3], WAY[:3], (*WAY[:3], HOLD), WAY[:4], WAY[:5], (*WAY[:5], FOLLOW_UP), WAY[:6],
)  # fmt: skip
NOTES = (
    "Came to the desk alone. Spoke quietly, wants to rest first.",
    "Saw the doctor together. Medicine for two weeks.",
    "Explained the rights sheet with the interpreter. Took the paper along.",
    "Worries about the younger sister. Agreed not to call the family yet.",
)


def invented_identity(rng: np.random.Generator) -> Identity:
    """A name, a partial birth date and a telephone of nobody."""
    first, middle, last = SYLLABLES[str(rng.choice(list(SYLLABLES)))]
    family = str(rng.choice(first)) + str(rng.choice(middle)) + str(rng.choice(last))
    given = str(rng.choice(first)) + str(rng.choice(last))
    return Identity(
        family_name=family,
        given_names=given,
        birth_date=str(int(rng.integers(1970, 2010))),
        phone=f"+99 555 {int(rng.integers(1000, 9999))}",
    )


def demo_cases(rng: np.random.Generator, n: int, *, cast: Any) -> int:
    """Make `n` cases of the cast's case worker in every state, each from a screening, and some screenings besides.

    `cast` is `kernel.access.cast.Cast`. Opens transactions of its own. Returns how many cases were made.
    """
    for number in range(n):
        story = STORIES[number % len(STORIES)]
        case = _opened(rng, cast.case_worker.viewer, number)
        _told(rng, cast.case_worker.viewer, case, number)
        for who, event, stated, reason in story:
            before(event, case.pk, cast, number)
            viewer = getattr(cast, who).viewer
            with acting(viewer):
                case = Case.objects.get(pk=case.pk)
                move_case(
                    actor=viewer,
                    case=case,
                    event=event,
                    reason=reason,
                    expected_version=case.version,
                    answers=stated,
                )
        told_again(case.pk, cast, number)
    for number in range(max(2, n // 8)):
        _unfinished(rng, cast.first_responder.viewer, number)
    return n


def _outcome(number: int) -> str:
    """About six in ten are trafficking, the rest smuggling, both, or not clear."""
    return OUTCOMES[number % len(OUTCOMES)]


def _answers(rng: np.random.Generator, outcome: str) -> dict[str, dict[str, str]]:
    yes: list[str] = ["private.alone", "private.safe", "private.language", "private.consent"]
    if outcome in ("tip", "tip_and_som"):
        yes += TIP_ANSWERS[int(rng.integers(len(TIP_ANSWERS)))]
    if outcome in ("som", "aggravated_som", "tip_and_som"):
        yes += SOM_ANSWERS
    if outcome == "aggravated_som":
        yes.append("som.danger")
    if rng.random() < 0.25:
        yes.append("age.child_now")
    if rng.random() < 0.3:
        yes.append("urgent.medical")
    found: dict[str, dict[str, str]] = {}
    for section in instrument().sections:
        # What was not asked stays away: nobody was told "no" on a person's behalf.
        given = {q.code: "yes" for q in section.questions if q.code in yes}
        given |= {q.code: "no" for q in section.questions if q.code not in yes and rng.random() < 0.25}
        if given:
            found[section.code] = given
    return found


def _opened(rng: np.random.Generator, viewer: Viewer, number: int) -> Case:
    outcome = _outcome(number)
    with acting(viewer):
        screening = identification.start_screening(actor=viewer, event=PLACES[number % len(PLACES)])
        for version, (section, given) in enumerate(_answers(rng, outcome).items(), start=1):
            identification.save_answers(
                actor=viewer, screening=screening, section=section, answers=given, expected_version=version
            )
        suggestion = identification.compute_suggestion(actor=viewer, screening=screening)
        identification.decide(
            actor=viewer,
            screening=screening,
            suggestion=suggestion,
            outcome=outcome,
            reason="Told in detail, consistent over two conversations.",
            expected_version=screening.version,
        )
        return open_case(
            actor=viewer,
            reason="Wants help and a safe place to sleep.",
            identity=invented_identity(rng),
            screening_id=screening.pk,
        )


def _told(rng: np.random.Generator, viewer: Viewer, case: Case, number: int) -> None:
    """Facts, risk and notes."""
    with acting(viewer):
        facts = Facts.objects.get(case_id=case.pk)
        values = {
            "sex": ("female", "female", "male")[number % 3],
            "age_group": "child" if case.child else "adult",
            "citizenships": [str(rng.choice(COUNTRIES))],
            "country": "NPL" if number % 7 == 0 else "",
        }
        change_facts(actor=viewer, facts=facts, values=values, expected_version=facts.version)
        risk = ("low", "medium", "high")[int(rng.integers(3))]
        assess_risk(
            actor=viewer,
            case=case,
            risk=risk,
            reason="As told in the first conversation.",
            expected_version=case.version,
        )
        for place in range(number % 3):
            add_note(actor=viewer, case=case, text=NOTES[(number + place) % len(NOTES)])


def _unfinished(rng: np.random.Generator, viewer: Viewer, number: int) -> None:
    """A screening that somebody has begun and not finished."""
    with acting(viewer):
        screening = identification.start_screening(actor=viewer, event=PLACES[number % len(PLACES)])
        identification.save_answers(
            actor=viewer,
            screening=screening,
            section="private",
            answers={"private.alone": "yes", "private.safe": "yes"},
            expected_version=1,
        )

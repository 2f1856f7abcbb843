"""The demonstration's assessments: an invented State's answer to smuggling, reconciled; and one just begun."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.rooms.assessments import queries
from palermo.rooms.assessments.actions.answering import Given, follow_up, recommend, save_answers, settle
from palermo.rooms.assessments.actions.opening import hand_in, open_assessment
from palermo.rooms.assessments.models import Assessment
from palermo.standards.toolkits import MATRIX, NUMBER, SCALE, TEXT, Measure

VALUES = {
    "title": "Palermia’s criminal justice response to the smuggling of migrants", "toolkit": "som-justice",
    "country": "XPA", "scope": "Land and sea borders, first-instance courts (invented).",
}  # fmt: skip
ROUND = ("met", "partly", "met", "not_met", "partly", "not_known", "met")
# Where the second assessor sees it another way: every sixth cell.
OTHERWISE = {"met": "partly", "partly": "not_met", "not_met": "partly", "not_known": "not_met"}
WORDS = {
    0: "Article 17 of the Migration Act covers it (invented).",
    3: "Three of five districts have no specialised prosecutor.",
    9: "No register counts this; two offices keep lists of their own.",
}
ADVICE = (
    ("A1.4", "Train prosecutors to raise aggravation where boats were overloaded.", "Prosecution service", -20),
    (
        "B1.2", "Open a financial inquiry beside every smuggling case with three or more migrants.",
        "Financial intelligence unit", 120,
    ),
    ("C1.3", "Record the testimony of smuggled migrants within ten days.", "Ministry of Justice", 300),
)  # fmt: skip


def demo_assessments(*, cast: Any) -> Assessment:
    """Led by the coordinator, answered by an analyst and a prosecutor."""
    today = timezone.localdate()
    period = {"starts": date(today.year - 1, 1, 1), "ends": date(today.year - 1, 12, 31)}
    pair = (cast.analyst, cast.prosecutor)
    asked = {"assessors": [str(one.pk) for one in pair]}
    with acting(cast.coordinator.viewer) as viewer:
        made = open_assessment(actor=viewer, values={**VALUES, **period, **asked})
        begun = open_assessment(
            actor=viewer,
            values={
                **VALUES, **period, **asked, "title": "Palermia’s national referral mechanism", "toolkit": "nrm",
                "scope": "The mechanism as it worked last year (invented).",
            },
        )  # fmt: skip
    for place, person in enumerate(pair):
        with acting(person.viewer) as viewer:
            save_answers(actor=viewer, assessment=made, given=_given(made, place))
            hand_in(actor=viewer, assessment=_fresh(made))
    with acting(pair[0].viewer) as viewer:
        some = dict(list(_given(begun, 0).items())[:12])
        save_answers(actor=viewer, assessment=begun, given=some)
    with acting(cast.coordinator.viewer) as viewer:
        _reconcile(viewer, _fresh(made), today)
    return made


def _fresh(one: Assessment) -> Assessment:
    return Assessment.objects.get(pk=one.pk)


def _given(of: Assessment, place: int) -> dict[tuple[str, str], Given]:
    toolkit = queries.toolkit_of(of)
    return {
        (code, dimension): Given(
            _value(toolkit.measures[code], number, place), WORDS.get(number, "") if place == 0 else "",
            ("Official gazette 2025/17 (invented)",) if number == 0 else (),
        )
        for number, (code, dimension) in enumerate(toolkit.cells)
        if number % 11 != 10  # Some cells nobody could answer.
    }  # fmt: skip


def _value(measure: Measure, number: int, place: int) -> str:
    if measure.answer == NUMBER:
        return "34"
    if measure.answer == TEXT:
        return "Labour agreements with two countries of origin; their effect was not studied (invented)."
    if measure.answer == SCALE:
        return "2" if place == 0 else "1"
    value = ROUND[number % len(ROUND)]
    if place and number % 6 == 5:
        value = OTHERWISE[value]
    if measure.answer == MATRIX:
        return value
    return {"met": "yes", "not_met": "no"}.get(value, value)


def _reconcile(viewer: Any, made: Assessment, today: date) -> None:
    """Half of the differences settled, so that the other half can be tried; three recommendations, one late."""
    rows = queries.differing(queries.beside(made))
    for one in rows[::2]:
        settle(
            actor=viewer, assessment=made, cell=(one.measure.code, one.dimension), value=one.values[1],
            note="The first had read the draft law, the second the law in force.",
        )  # fmt: skip
    for measure, text, owner, days in ADVICE:
        advice = recommend(
            actor=viewer,
            assessment=made,
            text=text,
            owner=owner,
            due=today + timedelta(days),
            measure=measure,
        )
    follow_up(
        actor=viewer, recommendation=advice, values={"state": "under_way", "note": "A bill is pending (invented)."},
        expected_version=advice.version,
    )  # fmt: skip

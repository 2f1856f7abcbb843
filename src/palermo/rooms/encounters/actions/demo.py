"""An invented vessel with 40 persons, through the same actions as real ones: for the demonstration country."""

import uuid
from typing import Any

import numpy as np

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.encounters.actions.asking import assess, link_family
from palermo.rooms.encounters.actions.intake import add_lines
from palermo.rooms.encounters.actions.many import aid_many, answer_many, move_many
from palermo.rooms.encounters.actions.moving import move
from palermo.rooms.encounters.actions.opening import change_event, open_event
from palermo.rooms.encounters.models import QUESTIONS, Event, Migrant
from palermo.standards import codelist

PERSONS = 40
SCREENED = 26
# By number: three of the forty turn out to have indicators of trafficking.
INDICATORS = (9, 17, 23)
ASYLUM = (4, 5, 6, 12)
HURT = (12, 15)
HELPED = (15,)
FIRST_AID = ("medical", "food", "water", "clothing", "interpreter")
LANGUAGES = ("ar", "fr", "ha", "ti", "so", "bn")


def demo_encounters(rng: np.random.Generator, *, cast: Any) -> int:
    """One vessel: some still in emergency, most screened, three with indicators. Returns how many persons there are.

    `cast` is `kernel.access.cast.Cast`; opens transactions of its own.
    """
    with acting(cast.case_worker.viewer) as viewer:
        event = open_event(
            actor=viewer, kind="sea_rescue", place="Harbour of Palermia, north pier", expected=44,
            travelled="sea", border="sea"
        )  # fmt: skip
        change_event(
            actor=viewer, event=event, expected=44, dead=1, missing=3, expected_version=event.version
        )
        add_lines(actor=viewer, event=event, text="\n".join(_lines(rng)), key=uuid.uuid4())
        link_family(actor=viewer, event=event, one=4, other=5, relation="parent")
        link_family(actor=viewer, event=event, one=4, other=6, relation="parent")
        _screen(viewer, event)
        _decide(viewer, event)
        return Migrant.objects.filter(event_id=event.pk).count()


def _lines(rng: np.random.Generator) -> list[str]:
    """Forty lines as they are typed on a quay: two children alone, one family, the others grown up."""
    lines = []
    for number in range(1, PERSONS + 1):
        age = {1: "15", 2: "c", 4: "31", 5: "3", 6: "7"}.get(number, str(int(rng.integers(18, 46))))
        sex = "f" if number in (2, 4, 6, 9, 17) else str(rng.choice(["m", "m", "m", "f"]))
        alone = "x" if number in (1, 2) else ""
        doctor = "x" if number in (12, 30) else ""
        language = LANGUAGES[int(rng.integers(len(LANGUAGES)))]
        lines.append(f"W{number:03};{age};{sex};{language};;{alone};{doctor}")
    return lines


def _versions(event: Event, numbers: Any) -> dict[uuid.UUID, int]:
    rows = Migrant.objects.filter(event_id=event.pk, number__in=list(numbers))
    return dict(rows.values_list("pk", "version"))


def _screen(viewer: Viewer, event: Event) -> None:
    """First help for most, then the five questions."""
    first = range(1, SCREENED + 1)
    aid_many(actor=viewer, event=event, chosen=_versions(event, first), given=FIRST_AID)
    move_many(actor=viewer, event=event, step="stabilise", chosen=_versions(event, first))
    for number in range(1, SCREENED - 2):
        answers = dict.fromkeys(QUESTIONS, "no") | {
            "trafficking": "yes" if number in INDICATORS else "no",
            "family": "yes" if number in (1, 2, 4, 5, 6) else "no",
            "asylum": "yes" if number in ASYLUM else "no",
            "violence": "yes" if number in HURT else "no",
        }
        answer_many(actor=viewer, event=event, chosen=_versions(event, [number]), answers=answers)
    done = range(1, SCREENED - 2)
    move_many(actor=viewer, event=event, step="screen", chosen=_versions(event, done))


def _decide(viewer: Viewer, event: Event) -> None:
    """Three go on as presumed victims, a family asks for asylum, one person is helped here."""
    move_many(actor=viewer, event=event, step="trafficking_indicators", chosen=_versions(event, INDICATORS))
    move_many(actor=viewer, event=event, step="asylum_claim", chosen=_versions(event, ASYLUM[:3]))
    levels = [code.code for code in codelist("palermo/vulnerability").children()]
    for row in Migrant.objects.filter(event_id=event.pk, number__in=HELPED).select_related("event"):
        found = ["risk.health", "risk.violence", "safe.plan", "risk.isolation"]
        assess(actor=viewer, migrant=row, kind="vulnerability", levels=levels, found=found)
        move(actor=viewer, migrant=row, event="vulnerable", expected_version=row.version)

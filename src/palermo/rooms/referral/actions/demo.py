"""Referrals of the demonstration country, in each state, through the same actions as real ones."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.rooms.cases import queries as cases
from palermo.rooms.consents import actions as consents
from palermo.rooms.referral import queries
from palermo.rooms.referral.actions.drafting import draft
from palermo.rooms.referral.actions.moving import move
from palermo.web.room import subject

Step = tuple[str, str, dict[str, Any]]
ANSWERED: tuple[Step, ...] = (
    ("supervisor", "send", {}),
    ("other_worker", "acknowledge", {}),
    ("other_worker", "accept", {}),
    ("other_worker", "first_service", {}),
    ("other_worker", "feedback", {"progress": "going_on"}),
    ("other_worker", "complete", {"outcome": "helped"}),
    ("case_worker", "confirm", {"arrived": "yes"}),
)
WAYS: tuple[tuple[Step, ...], ...] = (
    (),
    ANSWERED[:1],
    ANSWERED[:1],
    ANSWERED[:2],
    ANSWERED[:3],
    ANSWERED[:5],
    ANSWERED[:6],
    ANSWERED,
    (*ANSWERED[:2], ("other_worker", "decline", {"decline": "full"})),
    (*ANSWERED[:3], ("other_worker", "unable", {"outcome": "no_contact", "still_needed": ["medical"]})),
    (*ANSWERED[:1], ("case_worker", "revoke", {"ending": "other_help"})),
)
NEEDS = (
    ("shelter", "A safe bed from tonight, on a floor with a night guard."),
    ("medical", "A first examination this week, by a woman doctor if possible."),
    ("legal_aid", "Advice on residence before the end of the month."),
    ("psychosocial", "Somebody to talk to, once a week, with an interpreter."),
)


def demo_referrals(*, cast: Any) -> int:
    """One referral in each state, from the case worker's house to the other one. Returns how many were made."""
    with acting(cast.case_worker.viewer) as viewer:
        held = [row for row in cases.cases(viewer).rows if row.organisation_id == cast.organisation.pk]
    for number, way in enumerate(WAYS[: len(held)]):
        kind, needed = NEEDS[number % len(NEEDS)]
        made = _drafted(cast, held[number].pk, kind, needed, urgent=number % 4 == 1)
        for who, event, answers in way:
            viewer = getattr(cast, who).viewer
            with acting(viewer):
                row = queries.referral(viewer, made.pk)
                move(actor=viewer, row=row, event=event, expected_version=row.version, answers=answers)
    return min(len(WAYS), len(held))


def _drafted(cast: Any, case_id: Any, kind: str, needed: str, *, urgent: bool) -> Any:
    with acting(cast.case_worker.viewer) as viewer:
        about = subject(viewer, "case", case_id)
        # What the case is about goes along where it is known, and where no guardian has to be waited for.
        known = about.child is False and cases.case(viewer, case_id).crime != "neither_yet"
        told = ["needs", "exploitation"] if known else ["needs"]
        spoken: dict[str, Any] = (
            {} if about.child is False else {"speaker": "person_and_guardian", "child_view": "agrees"}
        )
        consents.record_consent(
            actor=viewer,
            about=about,
            purpose="referral",
            categories=told,
            recipients=[cast.other_organisation.pk],
            decision="given",
            language="en",
            interpreting="present",
            valid_until=timezone.now() + timedelta(days=180),
            **spoken,
        )
        return draft(
            actor=viewer,
            about=about,
            receiver_id=cast.other_organisation.pk,
            kind=kind,
            urgent=urgent,
            texts={"needs": needed},
            categories=told,
        )

"""Three referrals of the story's case to a clinic: one that helped, one that waits there, and a draft.

The clinic has a worker of its own: everybody else elsewhere stays a stranger to the case.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Organisation, OrganisationType, Role
from palermo.rooms.consents import actions as consents
from palermo.rooms.referral import actions, queries
from palermo.web.room import subject


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    with acting(Viewer.operator()):
        house = Organisation.objects.create(name="Hill Clinic", kind=OrganisationType.HEALTH)
        clinic = member("clinic-worker", Role.CASE_MANAGER, house)
    with acting(people.case_worker.viewer) as viewer:
        about = subject(viewer, "case", ids["case"])
        consents.record_consent(
            actor=viewer, about=about, purpose="referral", categories=["needs", "identity"], decision="given",
            language="en", interpreting="shared", recipients=[house.pk],
            valid_until=timezone.now() + timedelta(days=30),
        )  # fmt: skip
        made = [
            actions.draft(
                actor=viewer, about=about, receiver_id=house.pk, kind="medical",
                texts={"needs": "A doctor this week."}, categories=told,
            )
            for told in (["identity"], [], [])
        ]  # fmt: skip
    accepted, sent, begun = made
    step(people.case_worker, accepted, "send")
    for event in ("acknowledge", "accept"):
        step(clinic, accepted, event)
    step(clinic, accepted, "complete", outcome="helped")
    step(people.case_worker, accepted, "confirm", arrived="yes")
    step(people.case_worker, sent, "send")
    return {"referral": accepted.pk, "sent_referral": sent.pk, "draft_referral": begun.pk}


def step(person: Any, row: Any, event: str, **answers: Any) -> None:
    with acting(person.viewer) as viewer:
        now = queries.referral(viewer, row.pk)
        actions.move(actor=viewer, row=now, event=event, expected_version=now.version, answers=answers)

"""The ledger of the story's case: one consent, and one legal basis that waits for a second person."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.rooms.consents import actions
from palermo.web.room import subject


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    until = timezone.now() + timedelta(days=30)
    told: dict[str, Any] = {
        "purpose": "referral",
        "categories": ["needs"],
        "recipients": [people.other_organisation.pk],
        "valid_until": until,
    }
    with acting(people.case_worker.viewer) as viewer:
        about = subject(viewer, "case", ids["case"])
        consent = actions.record_consent(
            actor=viewer, about=about, decision="given", language="en", interpreting="shared", **told
        )
        legal = actions.ask_legal_basis(
            actor=viewer,
            about=about,
            ground="vital_interest",
            reason="Unconscious; the hospital asks for what is known.",
            **told,
        )
    return {"consent": consent.pk, "legal": legal.pk}

"""Drafts of a finding and of an introduction by the coordinator, on a case that is public, and one edition."""

from typing import Any

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.caselaw import actions as caselaw
from palermo.rooms.caselaw.models import Case
from palermo.rooms.digest import actions


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    told = {
        "palermo_id": "matrix-digest", "title": "State v. D2", "language": "en", "country": "FRA", "facts": "So.",
        "status": "published",
    }  # fmt: skip
    said = {
        "issue": "consent", "stage": "appeal", "standing": "ruling", "bears_on": "means", "direction": "neutral",
        "note": "It did not count.",
    }  # fmt: skip
    with acting(Viewer.operator()) as viewer:
        caselaw.bring_in(actor=viewer, values=[told])
        actions.bring_in(actor=viewer, values=[{**said, "case": "matrix-digest"}])
        actions.freeze(actor=viewer, title="An edition")
        case = Case.objects.get(palermo_id="matrix-digest")
    with acting(people.coordinator.viewer) as viewer:
        finding = actions.write_finding(actor=viewer, values={**said, "note": "A draft.", "case": case})
        intro = actions.write_intro(
            actor=viewer, values={"issue": "consent", "language": "en", "text": "Words."}
        )
    return {"digest_finding": finding.pk, "digest_intro": intro.pk}

"""A case that the coordinator has drafted."""

from typing import Any

from palermo.kernel.access.context import acting
from palermo.rooms.caselaw import actions
from palermo.rooms.caselaw.models import Case


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    told = {
        "palermo_id": "matrix-1", "title": "State v. D1", "language": "en", "country": "FRA", "facts": "It was so.",
        "status": "draft",
    }  # fmt: skip
    with acting(people.coordinator.viewer) as viewer:
        actions.bring_in(actor=viewer, values=[told])
        return {"caselaw_draft": Case.objects.get(palermo_id="matrix-1").pk}

"""A law with two texts that everybody reads, and drafts of a law, a text and a reading that the coordinator wrote."""

from datetime import date
from typing import Any

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.legislation import starter
from palermo.rooms.legislation import actions
from palermo.rooms.legislation.models import Law


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    day = date(2020, 1, 2)
    with acting(Viewer.operator()) as viewer:
        actions.bring_in(actor=viewer, values=starter.laws())
        public = Law.objects.get(uri=starter.FIRST).pk
    with acting(people.coordinator.viewer) as viewer:
        values = {"title": "An Act", "language": "en", "country": "XPA", "number": "9", "adopted": day}
        law = actions.write_law(actor=viewer, values=values)
        told = {"language": "en", "valid_from": day, "body": "Article 1. One\nWords."}
        wording = actions.write_wording(actor=viewer, law=law, values=told)
        said = {
            "country": "XPA",
            "row": "tip-3-a",
            "on": day,
            "standing": "not_met",
            "reasons": "It is silent.",
        }
        reading = actions.write_reading(actor=viewer, values=said)
    return {"law_public": public, "law_draft": law.pk, "law_wording": wording.pk, "law_reading": reading.pk}

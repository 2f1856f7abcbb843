"""The status of the story's person: referred to the authority, which has decided and asked for nothing yet."""

from typing import Any
from uuid import uuid4

from palermo.kernel.access.context import acting
from palermo.rooms.consents import actions as consents
from palermo.rooms.identification import actions, queries
from palermo.web.room import subject

TEXTS = {"exploitation": "Worked on a farm, papers taken.", "needs": "A safe place."}


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    office = people.competent_authority.viewer.organisation_id
    with acting(people.case_worker.viewer) as viewer:
        about = subject(viewer, "case", ids["case"])
        found = queries.of_case(viewer, about.key) or actions.presume(
            actor=viewer, person_id=about.person_id, person_code=about.person_code, case_id=about.key
        )
        consents.record_consent(
            actor=viewer, about=about, purpose="identification", categories=list(TEXTS), recipients=[office],
            decision="given", language="ar", interpreting="phone",
        )  # fmt: skip
        actions.set_detention(
            actor=viewer, found=found, detained=True, charged=False, expected_version=found.version
        )
        steps: tuple[tuple[str, dict[str, Any]], ...] = (
            ("indicators", {"urgent_first": True, "rights_explained": True}),
            ("refer", {"authority": str(office), "texts": TEXTS, "capacity_clear": True})
            if found.child is False
            else (
                "notify_child",
                {"authority": str(office), "texts": TEXTS, "child_heard": True, "bodies_told": True},
            ),
        )
        for event, given in steps:
            actions.move_status(
                actor=viewer, found=found, event=event, expected_version=found.version, given=given
            )
    event = "rg_positive" if found.child is False else "rg_positive_child"
    with acting(people.competent_authority.viewer) as viewer:
        actions.move_status(
            actor=viewer, found=found, event=event, expected_version=found.version,
            given={"reasons": "Consistent and supported by what was seen.", "panel_met": True},
        )  # fmt: skip
        ruling = queries.rulings(viewer, found)[0]
    return {"status": found.pk, "ruling": ruling.pk, "question": uuid4()}

"""A vessel with two persons, shared once with another house."""

from typing import Any
from uuid import uuid4

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.actions import add_organisation
from palermo.rooms.encounters import actions, queries


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    with acting(Viewer.operator()) as viewer:
        far = add_organisation(actor=viewer, name="Far Pier", kind="NGO")
    with acting(people.case_worker.viewer) as viewer:
        event = actions.open_event(actor=viewer, kind="vessel", place="North pier")
        actions.add_lines(actor=viewer, event=event, text="M1;16;f\nM2;30;m\nM3;30;m", key=uuid4())
        share = actions.share_event(
            actor=viewer,
            event=event,
            grantee_kind="organisation",
            grantee_id=far.pk,
            purpose="Beds for the night",
        )
        migrant = queries.persons(viewer, event)[0]
        link = actions.link_family(actor=viewer, event=event, one=1, other=2, relation="sibling")
    return {
        "encounter": event.pk,
        "encounter_share": share,
        "migrant": migrant.pk,
        "family_link": link.pk,
    }

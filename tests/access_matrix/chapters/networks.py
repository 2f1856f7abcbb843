"""A network that Harbour House coordinates: its first responder is the focal point, its case worker sent something.

What was sent went to a house of its own: everybody else elsewhere stays a stranger to it.
"""

from typing import Any

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Organisation, OrganisationType, Role
from palermo.rooms.networks import actions, queries
from palermo.rooms.networks.models import Part

SEEN = {"age": "adult", "thinks": "tip", "seen": ["there.documents"], "words": "Waits at the gate."}


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    house = people.organisation.pk
    with acting(Viewer.operator()):
        quiet = Organisation.objects.create(name="Quiet Harbour", kind=OrganisationType.NGO)
        member("quiet-worker", Role.CASE_MANAGER, quiet)
    with acting(people.supervisor.viewer) as viewer:
        network = actions.open_network(
            actor=viewer, name="Network of the harbour", sector="border", organisation_id=house
        )
        focal = actions.invite(
            actor=viewer,
            network=network,
            user_id=people.first_responder.pk,
            organisation_id=house,
            part=Part.FOCAL_POINT,
        )
    agree(people.first_responder, focal)
    with acting(people.case_worker.viewer) as viewer:
        wish = actions.ask_to_join(actor=viewer, network=network, organisation_id=house)
    agree(people.first_responder, wish)
    with acting(people.case_worker.viewer) as viewer:
        draft = actions.keep_draft(actor=viewer, network=network, answers=SEEN)
        targets = queries.receivers(viewer, network, [])
        to = next(target for target in targets if target.receiver_id == quiet.pk)
        given = actions.Sent(agrees=True, target=to, language="ar", interpreting="phone")
        sent = actions.send_notification(actor=viewer, draft=draft, sent=given)
    with acting(people.first_responder.viewer) as viewer:
        begun = actions.keep_draft(actor=viewer, network=network, answers=SEEN)
    return {"network": network.pk, "network_member": wish.pk, "network_draft": begun.pk, "notified": sent.pk}


def agree(person: Any, row: Any) -> None:
    with acting(person.viewer) as viewer:
        found = queries.member(viewer, row.pk)
        actions.move_member(actor=viewer, row=found, event="agree", expected_version=found.version)

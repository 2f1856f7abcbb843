"""A child of the story: its own case, reported to an agency that is no persona of the matrix."""

from typing import Any

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Organisation, OrganisationType, Role
from palermo.rooms.cases import actions as cases
from palermo.rooms.children import actions
from palermo.web.room import subject


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    with acting(Viewer.operator()):
        police = Organisation.objects.create(name="Coast Police", kind=OrganisationType.LAW_ENFORCEMENT)
        agency = Organisation.objects.create(name="Child Agency", kind=OrganisationType.CENTRAL_GOVERNMENT)
        member("child-agent", Role.CHILD_PROTECTION, agency)
    with acting(people.case_worker.viewer) as viewer:
        case = cases.open_case(actor=viewer, reason="Found alone at the harbour.", crime="tip", child=True)
        about = subject(viewer, "case", case.pk)
        child = actions.begin_child(actor=viewer, about=about, situation="unaccompanied", age="under_18")
        actions.take_step(
            actor=viewer,
            child=child,
            event="notify",
            expected_version=child.version,
            given={
                "child_protection": agency.pk,
                "police": police.pk,
                "coordinator": people.coordinator.viewer.organisation_id,
                "view_manner": "told_us",
                "view_language": "ar",
                "view_text": "Wants to sleep first.",
            },
        )
        # One whose protection nobody has begun: a file can be begun once only.
        begun = cases.open_case(actor=viewer, reason="Found with an aunt.", crime="tip", child=True)
    return {"child": child.pk, "child_to_begin": begun.pk}

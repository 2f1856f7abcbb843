"""A person's screening for trafficking, and the case that was open before it: nobody gets two cases."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import can
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.cases import queries as cases
from palermo.rooms.encounters.models import Migrant
from palermo.rooms.identification import queries as identification


def to_take_over(viewer: Viewer, migrant: Migrant) -> bool:
    """Whether the linked screening is decided, and is not part of the case that is open already."""
    if migrant.case_id is None or migrant.screening_id is None:
        return False
    if not can(viewer, "cases.plan.view", migrant.case_id):
        return False
    if identification.decided(viewer, migrant.screening_id) is None:
        return False
    linked = cases.screenings_of(viewer, cases.case(viewer, migrant.case_id))
    return all(row.screening_id != migrant.screening_id for row in linked)


def after_screening(viewer: Viewer, screening_id: UUID) -> tuple[str, str] | None:
    """(label, address) of what follows a decided screening of somebody met in an event who has a case; else None."""
    row = Migrant.objects.filter(screening_id=screening_id, case_id__isnull=False).first()
    if row is None or row.case_id is None or not can(viewer, "cases.case.view", row.case_id):
        return None
    if to_take_over(viewer, row):
        address = reverse("cases:plan-screening", args=[row.case_id, screening_id])
        return _("Take the screening over into the case"), address
    return _("Open the case"), reverse("cases:case", args=[row.case_id])

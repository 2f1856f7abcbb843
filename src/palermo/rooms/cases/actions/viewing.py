"""That somebody looked at a case is part of its story."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.audit.models import Entry
from palermo.rooms.cases import queries
from palermo.rooms.cases.models import Case

SAME_VISIT = timedelta(minutes=30)


def note_that_seen(*, actor: Viewer, case: Case) -> None:
    """Record that the actor looked at the case; once for a visit, so that the trail stays readable."""
    since = timezone.now() - SAME_VISIT
    if Entry.objects.filter(
        object_id=case.pk, actor=actor.user_id, action="cases.case.view", at__gte=since
    ).exists():
        return
    record(actor=actor, action="cases.case.view", object_kind="case", object_id=case.pk)


def look_at(*, actor: Viewer, case_id: UUID) -> Case:
    """The case, with the trace that the actor looked at it: for every answer that shows what is in it."""
    case = queries.case(actor, case_id)
    note_that_seen(actor=actor, case=case)
    return case

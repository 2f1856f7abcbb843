"""That somebody read a screening is on record: its answers and remarks are as sensitive as a case."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.audit.models import Entry
from palermo.rooms.identification import queries
from palermo.rooms.identification.models import Identification, Screening

SAME_VISIT = timedelta(minutes=30)
VIEWED = "identification.screening.view"
STATUS_VIEWED = "identification.status.view"


def note_that_seen(*, actor: Viewer, screening: Screening) -> None:
    """Record that the actor read the screening; once for a visit, so that the trail stays readable."""
    since = timezone.now() - SAME_VISIT
    if Entry.objects.filter(
        object_id=screening.pk, actor=actor.user_id, action=VIEWED, at__gte=since
    ).exists():
        return
    record(actor=actor, action=VIEWED, object_kind="screening", object_id=screening.pk)


def look_at(*, actor: Viewer, screening_id: UUID) -> Screening:
    """The screening, with the trace that the actor read it: for every answer that shows what was answered."""
    found = queries.screening(actor, screening_id)
    note_that_seen(actor=actor, screening=found)
    return found


def look_at_status(*, actor: Viewer, identification_id: UUID) -> Identification:
    """An identification, with the trace that the actor read it; once for a visit."""
    found = queries.status(actor, identification_id)
    since = timezone.now() - SAME_VISIT
    seen = Entry.objects.filter(object_id=found.pk, actor=actor.user_id, action=STATUS_VIEWED, at__gte=since)
    if not seen.exists():
        record(actor=actor, action=STATUS_VIEWED, object_kind="identification", object_id=found.pk)
    return found

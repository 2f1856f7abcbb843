"""That somebody looked at the file of a child is part of its story."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.audit.models import Entry
from palermo.rooms.children import queries
from palermo.rooms.children.models import ChildProtection

SAME_VISIT = timedelta(minutes=30)
ACTION = "children.child.view"


def look_at(*, actor: Viewer, case_id: UUID, printed: bool = False) -> ChildProtection:
    """The file, with one trace for a visit; every print leaves its own."""
    return looked_at(actor=actor, child=queries.child(actor, case_id), printed=printed)


def looked_at(*, actor: Viewer, child: ChildProtection, printed: bool = False) -> ChildProtection:
    """The same for a file that was read already in this transaction, by who may read it."""
    action = "children.child.print" if printed else ACTION
    since = timezone.now() - SAME_VISIT
    seen = Entry.objects.filter(object_id=child.pk, actor=actor.user_id, action=action, at__gte=since)
    if printed or not seen.exists():
        record(actor=actor, action=action, object_kind="case", object_id=child.pk)
    return child

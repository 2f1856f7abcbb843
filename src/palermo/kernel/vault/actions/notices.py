"""Telling those who look after a person that somebody elsewhere searched for someone like him."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.vault.models import MatchNotice


@transaction.atomic
def mark_notice_seen(*, actor: Viewer, notice_id: UUID) -> MatchNotice:
    """Somebody who holds the person has read the notice."""
    require(actor, "vault.notice.list")
    notice = MatchNotice.objects.filter(pk=notice_id).first()
    if notice is None:
        raise NotFound()
    if notice.seen_at is None:
        notice.seen_at = timezone.now()
        notice.save(update_fields=["seen_at"])
    return notice

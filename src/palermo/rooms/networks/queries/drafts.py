"""Unfinished notifications: their writer's alone, sealed, without any identity."""

import json
from typing import Any
from uuid import UUID

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.vault.texts import Owner, Place, open_texts
from palermo.rooms.networks.models import Draft
from palermo.rooms.networks.queries.networks import known


def owner_of(row: Draft) -> Owner:
    return Owner("notification", row.pk, row.organisation_id)


def place_of(row: Draft) -> Place:
    return Place("networks_draft", "sealed", row.pk, row.sealed_version)


def draft(viewer: Viewer, draft_id: UUID) -> Draft:
    """One's own unfinished notification. Raises NotFound."""
    known(viewer, "networks.notification.send")
    found = Draft.objects.select_related("network").filter(pk=draft_id, writer_id=viewer.user_id).first()
    if found is None:
        raise NotFound()
    return found


def drafts(viewer: Viewer) -> list[Draft]:
    """One's own unfinished notifications, the newest first."""
    return list(Draft.objects.filter(writer_id=viewer.user_id).select_related("network")[:50])


def answers_of(viewer: Viewer, row: Draft) -> dict[str, Any]:
    """What was written so far; empty where it was changed outside palermo (an alarm is recorded)."""
    (text,) = open_texts(actor=viewer, owner=owner_of(row), sealed=[(place_of(row), row.sealed)])
    return dict(json.loads(text)) if text else {}

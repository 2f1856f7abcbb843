"""Searches elsewhere for somebody like a person whom the viewer looks after."""

from dataclasses import dataclass

from django.db import models
from django.urls import reverse
from django.utils.translation import ngettext

from palermo.kernel.access.policy import can
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.vault.models import MatchNotice
from palermo.kernel.vault.queries import notices
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.queries.same import _cases
from palermo.web.room import Due

SHOWN = 50


@dataclass(frozen=True, slots=True)
class AskedElsewhere:
    """One organisation's search on one day, and the viewer's cases of the person who may be meant."""

    notice: MatchNotice
    cases: tuple[Case, ...]


def asked_elsewhere(viewer: Viewer) -> list[AskedElsewhere]:
    """What nobody has marked as seen first, then the newest."""
    rows = list(notices(viewer).order_by(models.F("seen_at").desc(nulls_first=True), "-at")[:SHOWN])
    cases = _cases(viewer, [row.person_id for row in rows])
    return [AskedElsewhere(row, tuple(cases.get(row.person_id, ()))) for row in rows]


def due_of_searches(viewer: Viewer) -> list[Due]:
    """One line for all searches elsewhere that nobody has looked at."""
    if not can(viewer, "vault.notice.list"):
        return []
    count = notices(viewer).filter(seen_at=None).count()
    if not count:
        return []
    title = ngettext(
        "Elsewhere somebody searched for a person like one of yours",
        "Elsewhere %(count)d searches were made for persons like some of yours",
        count,
    ) % {"count": count}
    return [Due(title=title, url=reverse("cases:asked"), level="soon")]

"""Inbox, outbox, and what is due. Who holds the case it came from sees what was sent; the receiver what it got."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.workflow import queries as workflow
from palermo.kernel.workflow.models import Deadline
from palermo.rooms.referral.models import Referral, Sending
from palermo.rooms.referral.queries.words import kind_name, state_name
from palermo.web.room import Due

INBOX, OUTBOX = "in", "out"
MOST = 200
ENDED = ("closed", "declined", "redirected", "expired", "revoked", "recalled", "withdrawn")
# What came back to the sender without help: it waits until somebody sends it elsewhere or puts it aside.
CAME_BACK = ("declined", "redirected", "expired")
WAITING = {
    INBOX: ("sent", "received", "accepted", "in_service"),
    OUTBOX: ("draft", "completed", "not_delivered"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One referral in a list. `case_code` is the viewer's own case, if he is on the side that has one."""

    row: Referral
    side: str
    state: str
    kind: str
    due_at: datetime | None
    came_back: bool


def side_of(viewer: Viewer, row: Referral) -> str:
    """OUTBOX where the viewer's organisation sent it, else INBOX."""
    return OUTBOX if row.organisation_id in viewer.organisation_ids else INBOX


def _rows(viewer: Viewer) -> QuerySet[Referral]:
    return Referral.objects.select_related("organisation", "receiver", "sender", "handler", "redirect_to")


def referral(viewer: Viewer, referral_id: UUID) -> Referral:
    """One envelope, as a Transfer where it is one. NotFound for everybody but its two sides."""
    require(viewer, "referral.referral.view", referral_id)
    found = _rows(viewer).filter(pk=referral_id).first()
    if found is None:
        raise NotFound()
    return found


def first_box(viewer: Viewer) -> tuple[str, str]:
    """(box, what of it) to begin with: the inbox by what waits; who only sends begins with what he sent.

    Where nothing in the outbox waits for its sender, everything open is shown, so that nobody lands on an empty list.
    """
    require(viewer, "referral.referral.list")
    mine = Q(organisation__in=viewer.organisation_ids)
    going = Referral.objects.exclude(state__in=ENDED)
    if going.filter(~mine).exists() or not Referral.objects.filter(mine).exists():
        return INBOX, "waiting"
    return OUTBOX, "waiting" if lines(viewer, box=OUTBOX, only="waiting") else "open"


def lines(viewer: Viewer, *, box: str, only: str = "") -> list[Line]:
    """The inbox or outbox, urgent and oldest first. `only`: "waiting" for me, "open", "ended", or empty for all."""
    require(viewer, "referral.referral.list")
    side = Q(organisation__in=viewer.organisation_ids)
    rows = _rows(viewer).filter(side if box == OUTBOX else ~side)
    if only == "ended":
        rows = rows.filter(state__in=ENDED)
    elif only == "open":
        rows = rows.exclude(state__in=ENDED)
    elif only == "waiting":
        waits = Q(state__in=WAITING[box])
        rows = rows.filter(waits | Q(pk__in=_unanswered()) if box == OUTBOX else waits)
    return _lines(viewer, list(rows.order_by("-urgent", "created_at", "id")[:MOST]))


def of_case(viewer: Viewer, case_id: UUID) -> list[Line]:
    """What was sent from a case and the referral that it came from, newest first."""
    require(viewer, "referral.case.view", case_id)
    rows = _rows(viewer).filter(Q(sending__case_id=case_id) | Q(receiving__case_id=case_id))
    return _lines(viewer, list(rows.order_by("-created_at", "-id")[:MOST]))


def _unanswered() -> QuerySet[Sending, UUID]:
    back = Sending.objects.filter(answered_at=None, referral__state__in=CAME_BACK)
    return back.values_list("referral_id", flat=True)


def _lines(viewer: Viewer, rows: list[Referral]) -> list[Line]:
    due: dict[UUID, datetime] = {}
    running = Deadline.objects.filter(met_at=None, cancelled_at=None, paused_at=None, fires=False)
    for key, at in running.filter(object_id__in=[r.pk for r in rows]).values_list("object_id", "due_at"):
        due[key] = min(at, due.get(key, at))
    back = set(_unanswered().filter(referral_id__in=[r.pk for r in rows]))
    return [
        Line(row, side_of(viewer, row), state_name(row), kind_name(row.kind), due.get(row.pk), row.pk in back)
        for row in rows
    ]


def due_for(viewer: Viewer) -> list[Due]:
    """What the viewer can do about referrals, with its limit; and what came back without help. Codes, no case."""
    if not viewer.is_person or not can(viewer, "referral.referral.list"):
        return []
    running = [d for kind in ("referral", "transfer") for d in workflow.due(viewer, object_kind=kind)]
    own = Exists(Sending.objects.filter(pk=OuterRef("pk")))
    seen = {
        row.pk: row
        for row in Referral.objects.filter(pk__in=[d.object_id for d in running]).annotate(own=own)
    }
    sends = ("send", "confirm", "revoke", "recall")
    found = [
        Due(title=f"{seen[d.object_id].code}: {d.label}", url=_url(d.object_id), due_at=d.due_at)
        for d in running
        if d.object_id in seen and (d.event in sends) == seen[d.object_id].own  # type: ignore[attr-defined]
    ]
    back = Referral.objects.filter(pk__in=_unanswered())[:20]
    words = _("%(code)s came back without help: send it elsewhere")
    return found + [Due(title=words % {"code": row.code}, url=_url(row.pk), level="soon") for row in back]


def codes_of(viewer: Viewer, keys: Sequence[UUID]) -> dict[UUID, str]:
    """The codes of these referrals, of those that the viewer may see."""
    if not can(viewer, "referral.referral.list"):
        return {}
    return dict(_rows(viewer).filter(pk__in=keys).values_list("pk", "code"))


def _url(referral_id: UUID) -> str:
    return reverse("referral:referral", args=[referral_id])

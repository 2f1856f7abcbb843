"""What was sent and what became of it: for who sent it, for who got it, and for the focal points of the network."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.workflow import queries as workflow
from palermo.rooms.networks.models import Answer, Behind, Member, Notification
from palermo.rooms.networks.queries.drafts import drafts
from palermo.rooms.networks.queries.networks import (
    is_focal,
    joined,
    known,
    led,
    own_memberships,
    training_state,
)
from palermo.rooms.networks.queries.words import ANSWERS, name, sector_name, state_name
from palermo.web.room import Due, Tile

MOST = 200
WAITS = ("sent", "overdue")


@dataclass(frozen=True, slots=True)
class Line:
    """One notification in a list. `answer`: what became of it, in general terms; empty before it was told."""

    row: Notification
    state: str
    sector: str
    answer: str
    late: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One answer of the receiver."""

    at: datetime
    words: str


def _rows() -> QuerySet[Notification]:
    return Notification.objects.select_related("network", "organisation", "receiver", "sender")


def _lines(rows: QuerySet[Notification]) -> list[Line]:
    found = list(rows[:MOST])
    said: dict[UUID, str] = {}
    for key, code in Answer.objects.filter(notification_id__in=[r.pk for r in found]).values_list(
        "notification_id", "code"
    ):
        said.setdefault(key, name(ANSWERS, code))
    return [
        Line(row, state_name(row), sector_name(row.sector), said.get(row.pk, ""), row.state == "overdue")
        for row in found
    ]


def notification(viewer: Viewer, notification_id: UUID) -> Notification:
    """One notification; NotFound for everybody but its sender, its receiver and the focal points of its network."""
    known(viewer, "networks.notification.view")
    found = _rows().filter(pk=notification_id).first()
    if found is None:
        raise NotFound()
    return found


def sent_before(viewer: Viewer, key: UUID) -> Notification | None:
    """What this very form has sent already, by the same person; None where it has not."""
    return _rows().filter(pk=key, sender_id=viewer.user_id).first()


def sent(viewer: Viewer) -> list[Line]:
    """What the viewer sent, newest first."""
    require(viewer, "networks.notification.view")
    return _lines(_rows().filter(sender_id=viewer.user_id))


def received(viewer: Viewer, *, waiting: bool = True) -> list[Line]:
    """What came to the viewer's organisation: what waits for an answer, the most urgent first; or everything."""
    require(viewer, "networks.notification.receive")
    rows = _rows().filter(receiver_id__in=viewer.organisation_ids)
    if waiting:
        return _lines(rows.filter(state__in=WAITS).order_by("answer_by", "id"))
    return _lines(rows)


def of_network(viewer: Viewer, network_id: UUID, *, late: bool = False) -> list[Line]:
    """What the members of a network sent, for its focal points: states and answers, nothing of a case."""
    led(viewer, network_id)
    if not is_focal(viewer, network_id):
        return []
    rows = _rows().filter(network_id=network_id)
    return _lines(rows.filter(state="overdue") if late else rows)


def told(viewer: Viewer, row: Notification) -> list[Told]:
    """What the receiver told, newest first."""
    return [Told(found.at, name(ANSWERS, found.code)) for found in row.answers.all()]


def behind(viewer: Viewer, row: Notification) -> Behind | None:
    """The case and referral behind it; None for the focal point and whoever holds neither."""
    return Behind.objects.filter(pk=row.pk).first()


def is_sender(viewer: Viewer, row: Notification) -> bool:
    return row.sender_id == viewer.user_id


def may_answer(viewer: Viewer, row: Notification) -> bool:
    """Whether the viewer's organisation is asked and he may answer for it."""
    mine = row.receiver_id in viewer.organisation_ids and row.state != "closed"
    return mine and can(viewer, "networks.notification.answer", row.pk)


def first_for(viewer: Viewer) -> list[Tile]:
    """The two-minute form, above everything else, for who belongs to a network."""
    if not viewer.is_person or not can(viewer, "networks.notification.send") or not joined(viewer):
        return []
    note = _(
        "You met somebody who may be trafficked, or needs help? Two minutes, help first, no name needed."
    )
    return [Tile(_("Notify now"), "", reverse("networks:notify"), note, "send")]


def due_for(viewer: Viewer) -> list[Due]:
    """Answers that are owed, invitations, training that is due, unfinished drafts, what was not answered in time."""
    if not viewer.is_person or not can(viewer, "networks.network.list"):
        return []
    return [*_owed(viewer), *_asked(viewer), *_own(viewer), *_led(viewer)]


def _owed(viewer: Viewer) -> list[Due]:
    if not can(viewer, "networks.notification.receive"):
        return []
    rows = Notification.objects.filter(receiver_id__in=viewer.organisation_ids, state__in=WAITS)
    return [
        Due(
            _("Tell the referrer what became of it · %(code)s") % {"code": row.code},
            reverse("networks:answer", args=[row.pk]),
            row.answer_by,
        )
        for row in rows.order_by("answer_by")[:10]
    ]


def _asked(viewer: Viewer) -> list[Due]:
    rows = own_memberships(viewer).filter(state="proposed", by_member=False)
    return [
        Due(
            _("You are invited: %(network)s") % {"network": row.network.name},
            reverse("networks:member", args=[row.pk]),
            level="soon",
        )
        for row in rows
    ]


def _own(viewer: Viewer) -> list[Due]:
    found = [
        Due(
            _("Training due: %(network)s") % {"network": row.network.name},
            reverse("networks:network", args=[row.network_id]),
            row.trained_until,
            level="soon" if row.trained_until is None else "",
        )
        for row in own_memberships(viewer).filter(state="member", part="member")
        if training_state(row) != "ok"
    ]
    if can(viewer, "networks.notification.send"):
        found += [
            Due(
                _("Finish the notification that you began"),
                reverse("networks:draft", args=[row.pk]),
                level="soon",
            )
            for row in drafts(viewer)[:5]
        ]
    return found


def _led(viewer: Viewer) -> list[Due]:
    """For focal points: who asks to join, and what was not answered in time."""
    found = []
    clocks = {row.object_id: row for row in workflow.due(viewer, object_kind="member")}
    waiting = Member.objects.filter(state="proposed", by_member=True).exclude(user_id=viewer.user_id)
    for row in waiting.select_related("network")[:10]:
        clock = clocks.get(row.pk)
        found.append(
            Due(
                _("Somebody asks to join: %(network)s") % {"network": row.network.name},
                reverse("networks:member", args=[row.pk]),
                clock.due_at if clock else None,
            )
        )
    for row in own_memberships(viewer).filter(state="member", part="focal_point"):
        late = Notification.objects.filter(network_id=row.network_id, state="overdue").count()
        if late:
            words = ngettext(
                "One first responder got no answer in time: %(network)s",
                "First responders who got no answer in time, %(n)s: %(network)s",
                late,
            )
            url = reverse("networks:sent", args=[row.network_id])
            found.append(Due(words % {"n": late, "network": row.network.name}, url, level="overdue"))
    return found

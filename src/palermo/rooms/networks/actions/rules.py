"""Guards and effects of the two machines of this room."""

from datetime import datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.notices import tell, tell_role
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Membership
from palermo.kernel.workflow.actions import effect, guard, on_enter
from palermo.kernel.workflow.rules import Inputs
from palermo.rooms.networks import queries
from palermo.rooms.networks.models import Member, Notification, Training
from palermo.rooms.networks.queries.words import ANSWERS
from palermo.standards import codelist

MEMBER, NOTIFICATION = "network_member", "notification"
# Who answers referrers in a house: those of them whom it has.
ANSWERERS = ("case_manager", "supervisor", "child_protection", "first_responder")


@guard("the_other_side_agrees", machine=MEMBER)
def the_other_side_agrees(obj: Member, actor: Viewer, inputs: Inputs) -> str:
    """Who was invited accepts himself; who asked is admitted by somebody else who leads the network."""
    if not obj.by_member:
        return "" if obj.user_id == actor.user_id else _("The person who was invited agrees, nobody else.")
    mine = obj.user_id != actor.user_id and queries.leads(actor, obj.network_id)
    return "" if mine else _("A focal point of the network agrees.")


@guard("actor_is_one_of_both_sides", machine=MEMBER)
def actor_is_one_of_both_sides(obj: Member, actor: Viewer, inputs: Inputs) -> str:
    mine = obj.user_id == actor.user_id or queries.leads(actor, obj.network_id)
    return "" if mine else _("Only the person and the focal points of the network do this.")


@guard("training_is_written_by_the_lead", machine=MEMBER, from_form=True)
def training_is_written_by_the_lead(obj: Member, actor: Viewer, inputs: Inputs) -> str:
    """The course was written down in this transaction, by somebody who leads the network, about somebody else."""
    row = inputs.get("training")
    written = (
        isinstance(row, Training)
        and row.member_id == obj.pk
        and row.written_by_id == actor.user_id != obj.user_id
    )
    return "" if written else _("A focal point writes down the training of another member.")


@on_enter(MEMBER, "member")
def joined(obj: Member, actor: Viewer, inputs: Inputs) -> None:
    """From now on; who proposed it learns that it was agreed."""
    obj.joined_at = timezone.now()
    obj.save(update_fields=["joined_at"])
    tell(obj.proposed_by_id, kind="network_joined")


@effect("training_counts", machine=MEMBER)
def training_counts(obj: Member, actor: Viewer, inputs: Inputs) -> None:
    """Trained until the day that holds longest; an older course that is written down late shortens nothing."""
    last = max(row.valid_until for row in Training.objects.filter(member_id=obj.pk))
    obj.trained_until = timezone.make_aware(datetime.combine(last, time.max.replace(microsecond=0)))
    obj.save(update_fields=["trained_until"])


@guard("answer_is_coded", machine=NOTIFICATION, from_form=True)
def answer_is_coded(obj: Notification, actor: Viewer, inputs: Inputs) -> str:
    return "" if inputs.get("answer") in codelist(ANSWERS) else _("Choose what became of it.")


@effect("tell_referrer", machine=NOTIFICATION)
def tell_referrer(obj: Notification, actor: Viewer, inputs: Inputs) -> None:
    """The referrer hears that there is an answer: a kind and a place, no word of it."""
    obj.answered_at = timezone.now()
    obj.save(update_fields=["answered_at"])
    tell(obj.sender_id, kind="network_answered", object_kind="notification", object_id=obj.pk)


@effect("tell_focal_points", machine=NOTIFICATION)
def tell_focal_points(obj: Notification, actor: Viewer, inputs: Inputs) -> None:
    """The focal points learn that nobody answered; without any, the supervisors of the coordinating organisation."""
    place: dict[str, Any] = {"object_kind": "notification", "object_id": obj.pk}
    points = queries.focal_points(obj.network)
    for user in points:
        tell(user.pk, kind="network_late", **place)
    if not points:
        tell_role(obj.network.organisation_id, "supervisor", kind="network_late")
    tell_house(obj, "network_late_here")


def tell_house(obj: Notification, kind: str) -> None:
    """A notice to those who answer in the receiver's house, by role."""
    held = Membership.objects.filter(organisation_id=obj.receiver_id, ended_at=None, role__in=ANSWERERS)
    for role in sorted(set(held.values_list("role", flat=True))):
        tell_role(obj.receiver_id, role, kind=kind, object_kind="notification", object_id=obj.pk)

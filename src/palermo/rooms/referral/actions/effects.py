"""What a move brings about, in its own transaction: freeze, open, tell, cut. Also for the timer, who is nobody."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.utils import timezone

from palermo.kernel.access.actions import grant
from palermo.kernel.access.notices import tell, tell_role
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.organisations.models import ON_CASES, Membership
from palermo.kernel.workflow.actions import effect, on_enter
from palermo.kernel.workflow.rules import Effect, Inputs
from palermo.rooms.cases.actions.handing_over import hand_over, open_received_case
from palermo.rooms.referral.actions.packets import freeze
from palermo.rooms.referral.actions.rules import MACHINES, half
from palermo.rooms.referral.models import Arrived, Receiving, Referral
from palermo.rooms.referral.queries.lists import ENDED

ANSWERERS = ("case_manager", "supervisor")


def both(name: str) -> Callable[[Effect], Effect]:
    """Registers one effect for both machines."""

    def register(function: Effect) -> Effect:
        for machine in MACHINES:
            effect(name, machine=machine)(function)
        return function

    return register


def _to_receiver(obj: Referral, kind: str) -> None:
    """To who handles it, or before that to those who answer in that house."""
    if obj.handler_id:
        tell(obj.handler_id, kind=kind, object_kind="referral", object_id=obj.pk)
        return
    for role in ANSWERERS:
        tell_role(obj.receiver_id, role, kind=kind, object_kind="referral", object_id=obj.pk)


def _to_sender(obj: Referral, kind: str) -> None:
    tell(obj.sender_id, kind=kind, object_kind="referral", object_id=obj.pk)


@both("freeze_packet")
def freeze_packet(obj: Any, actor: Viewer, inputs: Inputs) -> None:
    """Freeze the packet, let the receiver's house hold the envelope, and tell them that something came."""
    freeze(actor=actor, row=obj, sent=half(obj))
    obj.sent_at, obj.sender_id = timezone.now(), actor.user_id
    obj.save(update_fields=["sent_at", "sender"])
    grant(
        actor=actor,
        object_kind="referral",
        object_id=obj.pk,
        grantee_kind="organisation",
        grantee_id=obj.receiver_id,
        scopes=("case",),
        purpose="referral",
        roles=ON_CASES,
    )
    _to_receiver(obj, "referral_sent")


@effect("open_receiver_case", machine="referral")
def open_receiver_case(obj: Any, actor: Viewer, inputs: Inputs) -> None:
    """The receiver's own case about the same person; the person's identity only where the packet covers it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM referral_take(%s)", [obj.pk])
        person_id, person_code, child, crime, identity = cursor.fetchone()
    made = open_received_case(
        actor=actor, person_id=person_id, person_code=person_code, child=child, crime=crime,
        organisation_id=obj.receiver_id, sender=obj.organisation,
    )  # fmt: skip
    Receiving.objects.create(referral_id=obj.pk, case_id=made.pk, case_code=made.code)
    if identity:
        with connection.cursor() as cursor:
            cursor.execute("SELECT referral_share_person(%s)", [obj.pk])
            given = cursor.fetchone()[0]
        record(
            actor=actor,
            action="referral.person.share",
            object_kind="case",
            object_id=made.pk,
            detail={"grants": given},
        )


@effect("change_owner", machine="transfer")
def change_owner(obj: Any, actor: Viewer, inputs: Inputs) -> None:
    """The case changes its owner now; the new house holds it from now on."""
    case = hand_over(actor=actor, transfer=obj)
    Receiving.objects.create(referral_id=obj.pk, case_id=case.pk, case_code=case.code)
    _to_sender(obj, "referral_handed_over")


@both("tell_sender")
def tell_sender(obj: Any, actor: Viewer, inputs: Inputs) -> None:
    _to_sender(obj, "referral_expired" if obj.state == "expired" else "referral_answered")


@both("tell_receiver")
def tell_receiver(obj: Any, actor: Viewer, inputs: Inputs) -> None:
    if obj.sent_at is not None:
        _to_receiver(obj, "referral_ended")


@both("tell_coordinator")
def tell_coordinator(obj: Any, actor: Viewer, inputs: Inputs) -> None:
    """The coordinator learns that one expired, not which and not about whom."""
    offices = Membership.objects.filter(role="coordinator", ended_at=None).values_list(
        "organisation_id", flat=True
    )
    for office in set(offices):
        tell_role(office, "coordinator", kind="referral_expired_counted")


@both("tell_both_sides")
def tell_both_sides(obj: Any, actor: Viewer, inputs: Inputs) -> None:
    """Both hear it; what was told is cut off unless a ground in law holds it (`keep`)."""
    _cut(obj, actor, keep=bool(inputs.get("keep")))
    _to_sender(obj, "referral_withdrawn")
    if obj.sent_at is not None:
        _to_receiver(obj, "referral_withdrawn")


@effect("end_sharing", machine="referral")
def end_sharing(obj: Any, actor: Viewer, inputs: Inputs) -> None:
    _cut(obj, actor, keep=False)
    _to_receiver(obj, "referral_ended")


def _cut(obj: Referral, actor: Viewer, *, keep: bool) -> None:
    """End what the receiver's house got through this referral. What it wrote in its own case stays its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT referral_end_sharing(%s, %s)", [obj.pk, keep])
        ended = cursor.fetchone()[0]
    record(
        actor=actor,
        action="referral.sharing.end",
        object_kind="referral",
        object_id=obj.pk,
        detail={"kept_by_law": keep, "grants": ended},
    )


@effect("mark_unconfirmed", machine="referral")
def mark_unconfirmed(obj: Any, actor: Viewer, inputs: Inputs) -> None:
    obj.arrived = Arrived.UNCONFIRMED
    obj.save(update_fields=["arrived"])


# --------------------------------------------------------------------------------- what each state writes down


def _entering(*states: str) -> Callable[[Effect], Effect]:
    def register(function: Effect) -> Effect:
        for machine in MACHINES:
            on_enter(machine, *states)(function)
        return function

    return register


@_entering("received", "accepted", "declined", "redirected")
def answered(obj: Any, actor: Viewer, inputs: Inputs) -> None:
    """When, by whom, and with which coded answer."""
    stamp = {"received": "received_at", "accepted": "accepted_at"}.get(obj.state)
    if stamp:
        setattr(obj, stamp, timezone.now())
    obj.handler_id = actor.user_id
    obj.decline = inputs.get("decline") or ""
    obj.redirect_to_id = inputs.get("redirect_to")
    obj.save(update_fields=["received_at", "accepted_at", "handler", "decline", "redirect_to"])
    if obj.state == "accepted":
        _to_sender(obj, "referral_answered")


@on_enter("referral", "completed", "not_delivered")
def came_of_it(obj: Any, actor: Viewer, inputs: Inputs) -> None:
    obj.outcome = inputs.get("outcome") or ""
    obj.still_needed = list(inputs.get("still_needed") or ())
    obj.save(update_fields=["outcome", "still_needed"])
    if obj.state == "completed":
        _to_sender(obj, "referral_answered")


@_entering(*ENDED)
def ended(obj: Any, actor: Viewer, inputs: Inputs) -> None:
    obj.ended_at = timezone.now()
    obj.arrived = inputs.get("arrived") or obj.arrived
    obj.save(update_fields=["ended_at", "arrived"])

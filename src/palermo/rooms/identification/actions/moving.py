"""Move a legal status on. What a step needs (packet, questions, ruling) is written first, in the same transaction."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.actions import grant, revoke
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Refused
from palermo.kernel.organisations.models import DECIDING
from palermo.kernel.workflow import queries as workflow
from palermo.kernel.workflow.actions import reckon, transition
from palermo.rooms.identification.actions.asking import write_questions
from palermo.rooms.identification.actions.notifying import write_notification
from palermo.rooms.identification.actions.packing import write_packet
from palermo.rooms.identification.actions.prolonging import write_extension
from palermo.rooms.identification.actions.ruling import RULINGS, write_ruling
from palermo.rooms.identification.models import Identification
from palermo.web.room import tell

Given = Mapping[str, Any]
REFERRALS = ("refer", "reconsent", "notify_child")
# What the other rooms may hear of it, for the register alone: event of the machine -> kind of event there.
COUNTED = {
    "rg_positive": "reasonable_grounds",
    "rg_positive_child": "reasonable_grounds",
    "overturn_rg": "reasonable_grounds",
    "rg_negative": "rejected",
    "cg_positive": "identified",
    "overturn_cg": "identified",
    "cg_negative": "rejected",
}
PREPARE: Mapping[str, Callable[..., Given]] = {
    **dict.fromkeys(REFERRALS, write_packet),
    **dict.fromkeys(RULINGS, write_ruling),
    "request_info": write_questions,
    "refuse": write_notification,
    "extend": write_extension,
}
# Events that only people of the authority itself make, besides the rulings.
OF_AUTHORITY = ("request_info", "extend", "early_request", "end_period", "to_determination", "late_review")


@transaction.atomic
def move_status(
    *,
    actor: Viewer,
    found: Identification,
    event: str,
    expected_version: int,
    reason: str = "",
    given: Given | None = None,
) -> Identification:
    """Let `event` happen. `given` is what its form gave: statements (True), and what `PREPARE` writes from it.

    Raises Invalid (the form is not complete), Conflict (not now, or a rule refuses), Refused, Stale, NotFound.
    """
    require(actor, "identification.status.move", found.pk)
    told = dict(given or {})
    # What only a writer of this transaction may say is not taken from a form.
    for name in ("packet", "notification", "extension", "questions_written"):
        told.pop(name, None)
    may = any(e.code == event for e in workflow.available(actor, found)) and found.version == expected_version
    if (
        may
        and (event in RULINGS or event in OF_AUTHORITY)
        and found.authority_id not in actor.organisation_ids
    ):
        raise Refused(
            _("Only the authority to which it was referred does this."), rule="identification.authority"
        )
    if may and event in PREPARE:
        told |= PREPARE[event](actor=actor, found=found, event=event, given=told)
        reason = reason or _("The reasons stand in the decision.") if event in RULINGS else reason
    transition(
        actor=actor, obj=found, event=event, expected_version=expected_version, reason=reason, inputs=told
    )
    _after(actor, found, event, told)
    return found


def _after(actor: Viewer, found: Identification, event: str, told: Given) -> None:
    if event in REFERRALS:
        _open_to_authority(actor, found, told["packet"].recipient_id)
    elif event == "request_review":
        _set(found, review_ground=str(told["review_ground"]))
    elif event == "withdraw" and found.authority_grant_id:
        revoke(actor=actor, grant_id=found.authority_grant_id)
        _set(found, authority_grant_id=None)
    elif event in ("rg_negative", "cg_negative", "uphold"):
        _set(found, served_at=None)
        reckon(actor=actor, obj=found)
    if event in COUNTED:
        tell(
            "identification.decided",
            actor=actor,
            case_id=found.case_id,
            person_id=found.person_id,
            kind=COUNTED[event],
            on=timezone.localdate(),
        )


def _open_to_authority(actor: Viewer, found: Identification, authority_id: UUID) -> None:
    """From now on the authority holds the identification: this alone, not the case, the person or the notes.

    Of the authority only who decides there: no other colleague sees that something was referred.
    """
    if found.authority_grant_id is not None:
        revoke(actor=actor, grant_id=found.authority_grant_id)
    made = grant(
        actor=actor,
        object_kind="identification",
        object_id=found.pk,
        grantee_kind="organisation",
        grantee_id=authority_id,
        scopes=("case",),
        purpose="identification",
        roles=DECIDING,
    )
    _set(found, authority_grant_id=made)


def _set(found: Identification, **values: Any) -> None:
    """Part of the same move: the version that transition() gave stays."""
    Identification.objects.filter(pk=found.pk).update(**values)
    for name, value in values.items():
        setattr(found, name, value)


@transaction.atomic
def set_detention(
    *, actor: Viewer, found: Identification, detained: bool, charged: bool, expected_version: int
) -> Identification:
    """What the worker knows of detention and charges; the clocks become shorter. Nothing is read from justice."""
    require(actor, "identification.status.detention", found.pk)
    rows = Identification.objects.filter(pk=found.pk, version=expected_version)
    if not rows.update(detained=detained, charged=charged, version=F("version") + 1):
        from palermo.kernel.errors import Stale

        raise Stale(_("Somebody else has changed this record since you opened it. Nothing was saved."))
    found.refresh_from_db()
    reckon(actor=actor, obj=found)
    record(
        actor=actor,
        action="identification.status.detention",
        object_kind="identification",
        object_id=found.pk,
        detail={"detained": detained, "charged": charged},
    )
    return found

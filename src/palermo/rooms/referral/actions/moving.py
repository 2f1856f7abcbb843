"""Move a referral or transfer on: one door for both sides, with coded answers only."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound
from palermo.kernel.vault.models import Purpose
from palermo.kernel.workflow.actions import transition
from palermo.rooms.consents import queries as consents
from palermo.rooms.referral import queries
from palermo.rooms.referral.actions.rules import TWIN, TWIN_TRANSFER
from palermo.rooms.referral.models import Ending, Feedback, Receiving, Referral, Sending
from palermo.rooms.referral.queries.pages import SENDERS, own_case
from palermo.rooms.referral.queries.words import KINDS
from palermo.standards import codelist

# Which coded answer is the reason that the machine asks for. Free words could hold a name, and both sides read it.
REASONS = {
    "decline": "decline",
    "redirect": "decline",
    "unable": "outcome",
    "revoke": "ending",
    "recall": "ending",
}
AFTER = frozenset({"first_service", "feedback", "complete", "unable"})
TWINS = {
    "no_second_open_referral_to_the_same_service": TWIN,
    "at_most_one_open_transfer_of_a_case": TWIN_TRANSFER,
}


@transaction.atomic
def move(
    *,
    actor: Viewer,
    row: Referral,
    event: str,
    expected_version: int,
    answers: Mapping[str, Any] | None = None,
) -> Referral:
    """Let `event` happen. Raises Conflict (state or guard), Stale (somebody was faster), Refused, Invalid, NotFound.

    answers: decline, outcome, still_needed, ending, progress, next_on, arrived, redirect_to: codes, a date, an id.
    """
    require(actor, "referral.referral.move", row.pk)
    given = dict(answers or {})
    _check(given, event)
    _own_side(actor, row, event)
    if event == "consent_withdrawn":
        given["keep"] = _held_by_law(actor, row)
    reason = str(given.get(REASONS.get(event, ""), "") or "")
    try:
        with transaction.atomic():
            transition(
                actor=actor,
                obj=row,
                event=event,
                expected_version=expected_version,
                reason=reason,
                inputs=given,
            )
    except IntegrityError as error:
        raise _twin(error, row) from None
    if event == "feedback":
        _write_feedback(actor, row, given)
    _trail(actor, row, event)
    return row


def _trail(actor: Viewer, row: Referral, event: str) -> None:
    """The trail of one's own case says what was done with a referral."""
    own = own_case(actor, row)
    record(
        actor=actor,
        action=f"referral.{row.machine}.{event}",
        object_kind="case" if own else "referral",
        object_id=own or row.pk,
        detail={"referral": row.code},
    )


def _own_side(actor: Viewer, row: Referral, event: str) -> None:
    """What follows acceptance is for those who hold the receiver's case; what the sender does, for who holds his."""
    sends = event in SENDERS
    if sends and row.organisation_id in actor.organisation_ids and own_case(actor, row) is None:
        raise NotFound()
    takes = event in AFTER and row.receiver_id in actor.organisation_ids
    if takes and not Receiving.objects.filter(pk=row.pk).exists():
        raise NotFound()


def _twin(error: IntegrityError, row: Referral) -> Exception:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
    if name not in TWINS:
        return error
    return Conflict(TWINS[name](), rule=name, state=row.state)


def _held_by_law(actor: Viewer, row: Referral) -> bool:
    """Whether a ground in law lets the receiver keep what it was told, as far as the actor reads the ledger."""
    half = Sending.objects.filter(pk=row.pk).first()
    return half is not None and law_for(actor, row, half)


def law_for(actor: Viewer, row: Referral, half: Sending) -> bool:
    """Whether a legal basis, not a consent, covers what was told."""
    found = consents.basis(
        actor,
        person_id=half.person_id,
        purpose=queries.purpose_of(row.transfer),
        categories=half.categories,
        recipient_id=row.receiver_id,
    )
    return found is not None and found.kind != consents.CONSENT


def _check(given: Mapping[str, Any], event: str) -> None:
    """Codes of lists only: no free word goes from one side to the other."""
    problems = []
    for code in given.get("still_needed") or ():
        if code not in codelist(KINDS):
            problems.append(FieldProblem("still_needed", _("Choose from the list."), "referral.still_needed"))
    if REASONS.get(event) == "ending" and given.get("ending") not in Ending.values:
        problems.append(FieldProblem("ending", _("Choose why."), "referral.ending"))
    if event == "redirect" and not given.get("decline"):
        problems.append(FieldProblem("decline", _("Choose why."), "referral.decline"))
    if problems:
        raise Invalid(_("Nothing was done."), problems=problems)


def _write_feedback(actor: Viewer, row: Referral, given: Mapping[str, Any]) -> None:
    assert actor.user_id is not None
    Feedback.objects.create(
        referral_id=row.pk,
        progress=given["progress"],
        still_needed=list(given.get("still_needed") or ()),
        next_on=given.get("next_on"),
        written_by_id=actor.user_id,
    )


@transaction.atomic
def open_packet(*, actor: Viewer, row: Referral) -> queries.Paper:
    """The packet as it was frozen, with a trace of who read it. NotFound while this side may not read it."""
    require(actor, "referral.referral.view", row.pk)
    own, found = own_case(actor, row), queries.paper(actor, row)
    if found is None or own is None:
        raise NotFound()
    _trace(actor, own, row, "open", tuple(found.packet.categories))
    return found


@transaction.atomic
def open_identity(*, actor: Viewer, row: Referral, purpose: str) -> dict[str, str]:
    """Name and ways of contact out of the packet: scope identity on one's own case, a fresh sign-in, and a trace."""
    found, own = queries.paper(actor, row), own_case(actor, row)
    if found is None or own is None or not found.has_identity:
        raise NotFound()
    require(actor, "referral.identity.open", own)
    if purpose not in Purpose.values:
        problem = FieldProblem("purpose", _("Say why you need to see this."), "required")
        raise Invalid(_("The identity was not opened."), problems=[problem])
    _trace(actor, own, row, "identity", tuple(found.packet.categories), purpose)
    return queries.identity_of(actor, row, found.packet)


def _trace(
    actor: Viewer, own: Any, row: Referral, what: str, fields: tuple[str, ...], purpose: str = ""
) -> None:
    record(
        actor=actor,
        action=f"referral.packet.{what}",
        object_kind="case",
        object_id=own,
        fields=fields,
        purpose=purpose,
        detail={"referral": row.code},
    )

"""Move a referral or transfer on: one door for both sides, with coded answers only."""

from collections.abc import Mapping
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound
from palermo.kernel.workflow.actions import transition
from palermo.rooms.consents import queries as consents
from palermo.rooms.referral import queries
from palermo.rooms.referral.actions.rules import CHILD_PROTECTION, TWIN, TWIN_TRANSFER
from palermo.rooms.referral.models import Ending, Feedback, Receiving, Referral, Sending
from palermo.rooms.referral.queries.pages import SENDERS, own_case
from palermo.rooms.referral.queries.words import KINDS
from palermo.rooms.services import actions as services
from palermo.standards import codelist

# Which coded answer is the reason that the machine asks for. Free words could hold a name, and both sides read it.
REASONS = {
    "decline": "decline",
    "redirect": "decline",
    "unable": "outcome",
    "revoke": "ending",
    "recall": "ending",
}
# Why help ended, in the words in which unmet needs are counted (palermo/unmet_reason).
UNMET = {"no_means": "refused", "not_suitable": "not_eligible", "left": "declined", "closed": "none_exists"}
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
    except DatabaseError as error:
        # The receiver learns only here that the sender's case is about a child and nobody agreed yet.
        if "child protection has not agreed" in str(error):
            raise Conflict(CHILD_PROTECTION(), rule="referral.agree", state=row.state) from None
        # Who lost the case while it was being moved: the walls let nothing through any more.
        if "did not affect any rows" not in str(error):
            raise
        raise NotFound() from None
    if event == "feedback":
        _write_feedback(actor, row, given)
    _write_needs(actor, row, given)
    _trail(actor, row, event)
    return row


def _write_needs(actor: Viewer, row: Referral, given: Mapping[str, Any]) -> None:
    """What is still needed stands on the receiver's own case: open, or unmet where help ended for a reason that is
    counted. A need that is open there already is not written twice."""
    wanted = list(given.get("still_needed") or ())
    own = Receiving.objects.filter(pk=row.pk).first() if wanted else None
    if own is None or not can(actor, "services.need.record", own.case_id):
        return
    unmet = UNMET.get(str(given.get("outcome") or ""), "")
    for kind in wanted:
        try:
            need = services.record_need(
                actor=actor,
                case_id=own.case_id,
                kind=kind,
                urgency="days" if row.urgent else "weeks",
                area=row.area,
            )
        except Conflict:
            continue
        if unmet:
            services.say_unmet(actor=actor, need_id=need.pk, reason=unmet, expected_version=need.version)


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

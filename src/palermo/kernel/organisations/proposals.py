"""What needs two people: asking, agreeing, refusing, withdrawing, stopping. Each is audited in its own transaction.

The database decides who may (`sql.py`) and makes what was agreed to; nothing here could do it in its place.
"""

from uuid import UUID

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, Refused
from palermo.kernel.organisations.models import Organisation, Proposal, ProposalKind, Role, Unit

SHORTEST_REASON = 10


def _call(function: str, *arguments: str | UUID | None) -> str:
    """The word with which a function of the database answers."""
    with connection.cursor() as cursor:
        places = ", ".join(["%s"] * len(arguments))
        # The name is a constant of this module.
        cursor.execute(f"SELECT {function}({places})", list(arguments))
        return str(cursor.fetchone()[0])


def _explain(word: str) -> None:
    """Raise what the database's word means for the person; 'done' means nothing went wrong."""
    if word == "done":
        return
    if word == "missing":
        raise NotFound()
    if word == "refusing":
        raise Refused(
            _("Somebody else has to decide this: not who asked, not the person concerned."),
            rule="organisations.second_person",
        )
    if word == "others":
        raise Refused(
            _(
                "There are colleagues who can decide this; the command line decides only where there is nobody."
            ),
            rule="organisations.operator",
        )
    said = {
        "held": _("The person holds this role there already."),
        "changed": _("What was asked for no longer fits: it changed meanwhile. Ask for it anew."),
        "orphan": _("Who asked for this may no longer ask. Somebody else has to ask for it anew."),
        "expired": _("This request has lapsed. Ask for it anew."),
        "early": _("Its day of waiting is not over yet."),
    }
    raise Conflict(
        said.get(word, _("Somebody was quicker: this is already decided.")),
        rule=f"organisations.proposal.{word}",
        state=word.removeprefix("is_"),
    )


def _propose(
    actor: Viewer,
    kind: ProposalKind,
    *,
    reason: str,
    subject: UUID | None = None,
    organisation: UUID | None = None,
    unit: UUID | None = None,
    role: str = "",
) -> Proposal:
    if subject is not None and subject == actor.user_id:
        raise Refused(_("Another colleague has to ask for what concerns you."), rule="organisations.own_role")
    why = " ".join(reason.split())[:500]
    if actor.is_person and len(why) < SHORTEST_REASON:
        problem = FieldProblem("reason", _("Say in a sentence why."), "organisations.proposal.reason")
        raise Invalid(problem.message, problems=[problem])
    try:
        with transaction.atomic():
            made = _call("organisations_propose", kind, subject, organisation, unit, role, why)
    except IntegrityError as error:
        raise Conflict(
            _("This was asked for already and waits for a second person."), rule="organisations.proposal.open"
        ) from error
    except DatabaseError as error:
        raise Refused(_("Your role does not include this."), rule="organisations.proposal.ask") from error
    record(
        actor=actor,
        action="organisations.proposal.ask",
        object_kind="proposal",
        object_id=UUID(made),
        detail={
            "kind": kind,
            "role": role,
            "user": str(subject or ""),
            "organisation": str(organisation or ""),
            "unit": str(unit or ""),
        },
    )
    return Proposal.objects.get(pk=made)


@transaction.atomic
def ask_for_role(
    *,
    actor: Viewer,
    user_id: UUID,
    organisation: Organisation,
    role: str,
    unit: Unit | None = None,
    reason: str = "",
) -> Proposal:
    """Ask that a colleague be given a role. It opens nothing until somebody else agrees."""
    from palermo.kernel.organisations.models import Membership

    require(actor, "organisations.membership.change")
    if role not in Role.values:
        raise Invalid(_("This role is not in the list."), problems=[FieldProblem("role", _("Unknown role."))])
    if unit is not None and unit.organisation_id != organisation.pk:
        raise Invalid(
            _("The unit is not of this organisation."), problems=[FieldProblem("unit", _("Unknown unit."))]
        )
    if organisation.closed_on is not None:
        raise Conflict(_("This organisation is closed."), rule="organisations.closed", state="closed")
    if Membership.objects.filter(
        user_id=user_id, organisation=organisation, unit=unit, role=role, ended_at=None
    ).exists():
        raise Conflict(_("The person holds this role there already."), rule="organisations.held")
    return _propose(
        actor,
        ProposalKind.ROLE,
        reason=reason,
        subject=user_id,
        organisation=organisation.pk,
        unit=unit.pk if unit else None,
        role=role,
    )


@transaction.atomic
def ask_to_move_unit(*, actor: Viewer, unit: Unit, organisation: Organisation, reason: str = "") -> Proposal:
    """Ask that a team be moved to another organisation, with all that was shared with the team.

    The roles in the team must have ended first: they are of the organisation that loses it.
    """
    require(actor, "organisations.unit.move")
    if unit.organisation_id == organisation.pk:
        raise Conflict(_("The team is in this organisation already."), rule="organisations.unit.there")
    if unit.memberships.filter(ended_at=None).exists():
        raise Conflict(
            _("There are colleagues in this team. End their roles there first."),
            rule="organisations.unit.members",
        )
    return _propose(actor, ProposalKind.UNIT, reason=reason, organisation=organisation.pk, unit=unit.pk)


@transaction.atomic
def ask_to_reopen(*, actor: Viewer, user_id: UUID, reason: str = "") -> Proposal:
    """Ask that a closed account, which still holds roles, be opened again."""
    require(actor, "access.user.deactivate")
    return _propose(actor, ProposalKind.REOPEN, reason=reason, subject=user_id)


@transaction.atomic
def ask_for_recovery(*, actor: Viewer, user_id: UUID, reason: str = "") -> Proposal:
    """Ask that a colleague who lost his way to sign in gets a new one. He is told wherever he can still be told."""
    from palermo.kernel.access.notices import tell

    require(actor, "access.recovery.ask")
    made = _propose(actor, ProposalKind.RECOVERY, reason=reason, subject=user_id)
    tell(user_id, kind="recovery_asked", object_kind="proposal", object_id=made.pk)
    return made


def _on_record(actor: Viewer, made: Proposal, deed: str) -> None:
    record(
        actor=actor,
        action=f"organisations.proposal.{deed}",
        object_kind="proposal",
        object_id=made.pk,
        detail={"kind": made.kind, "role": made.role, "user": str(made.subject_id or "")},
    )


@transaction.atomic
def agree(*, actor: Viewer, proposal_id: UUID) -> Proposal:
    """Agree to what somebody else asked for; it is done in the same statement.

    A recovery is only confirmed by this: its day of waiting begins. Raises NotFound, Refused for who asked, the person
    concerned and everybody whose decision it is not, Conflict when it is decided, lapsed or no longer fits.
    """
    require(actor, "organisations.proposal.decide")
    _visible(proposal_id)
    _explain(_call("organisations_agree", proposal_id))
    made = Proposal.objects.get(pk=proposal_id)
    _on_record(actor, made, "agree")
    _tell_of(made)
    return made


def _tell_of(made: Proposal) -> None:
    """The supervisors concerned, and for a recovery the person himself, learn of what was agreed."""
    from palermo.kernel.access.notices import tell, tell_supervisors
    from palermo.kernel.organisations.queries import houses

    kind = {"role": "role_given", "unit": "unit_moved", "reopen": "account_reopened"}.get(
        made.kind, "recovery_agreed"
    )
    for house in houses(made):
        tell_supervisors(house, kind=kind, object_kind="proposal", object_id=made.pk, about=made.subject_id)
    if made.kind == ProposalKind.RECOVERY and made.subject_id:
        tell(made.subject_id, kind=kind, object_kind="proposal", object_id=made.pk)


def _visible(proposal_id: UUID) -> Proposal:
    found = Proposal.objects.filter(pk=proposal_id).first()
    if found is None:
        raise NotFound()
    return found


def _end(actor: Viewer, proposal_id: UUID, how: str, why: str = "") -> Proposal:
    _visible(proposal_id)
    _explain(_call("organisations_end_proposal", proposal_id, how, why))
    made = Proposal.objects.get(pk=proposal_id)
    _on_record(actor, made, how)
    return made


@transaction.atomic
def refuse(*, actor: Viewer, proposal_id: UUID, reason: str) -> Proposal:
    """Say no, with a reason; who asked is told."""
    from palermo.kernel.access.notices import tell

    require(actor, "organisations.proposal.decide")
    why = " ".join(reason.split())
    if not why:
        problem = FieldProblem("reason", _("Say in a sentence why."), "organisations.proposal.reason")
        raise Invalid(problem.message, problems=[problem])
    made = _end(actor, proposal_id, "refused", why)
    if made.asked_by_id:
        tell(made.asked_by_id, kind="proposal_refused", object_kind="proposal", object_id=made.pk)
    return made


@transaction.atomic
def withdraw(*, actor: Viewer, proposal_id: UUID) -> Proposal:
    """Take back what one asked for oneself, while nobody has agreed (a recovery: until its link is taken)."""
    require(actor, "organisations.proposal.withdraw")
    return _end(actor, proposal_id, "withdrawn")


@transaction.atomic
def stop(*, actor: Viewer, proposal_id: UUID) -> Proposal:
    """Stop a recovery: the person himself, a supervisor of his, a coordinator. All supervisors are told."""
    from palermo.kernel.access.notices import tell_supervisors
    from palermo.kernel.organisations.queries import houses

    require(actor, "organisations.proposal.stop")
    made = _end(actor, proposal_id, "stopped")
    for house in houses(made):
        tell_supervisors(
            house, kind="recovery_stopped", object_kind="proposal", object_id=made.pk, about=made.subject_id
        )
    return made


def take_recovery(*, actor: Viewer, proposal_id: UUID) -> Proposal:
    """Use a recovery whose day is over, once. Called by `access.recovery` inside its transaction."""
    require(actor, "access.recovery.take")
    _visible(proposal_id)
    _explain(_call("organisations_take_recovery", proposal_id))
    made = Proposal.objects.get(pk=proposal_id)
    _on_record(actor, made, "take")
    return made

"""A new way to sign in for a colleague: who lost it, who never had one, who gets a first role.

Whoever holds the link becomes that colleague. For an account that opens something, two people are needed, a day passes,
and the administrator is never the one who gets the link (see `organisations.sql`).
"""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.accounts import password_path
from palermo.kernel.access.models import User
from palermo.kernel.access.policy import require
from palermo.kernel.access.signing_out import end_all
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import NotFound, Refused
from palermo.kernel.organisations import proposals
from palermo.kernel.organisations.models import Membership, Proposal, ProposalKind


def _replace(found: User) -> str:
    """Take password and second factors away, end all sessions; the path of a link that sets new ones."""
    from allauth.mfa.models import Authenticator

    found.set_unusable_password()
    found.save(update_fields=["password"])
    Authenticator.objects.filter(user_id=found.pk).delete()
    end_all(found.pk)
    return password_path(found)


def _holds_a_role(user_id: UUID | None) -> bool:
    return user_id is not None and Membership.objects.filter(user_id=user_id, ended_at=None).exists()


def _open_account(user_id: UUID) -> User:
    found = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
    if found is None:
        raise NotFound()
    return found


@transaction.atomic
def new_link(*, actor: Viewer, user_id: UUID) -> str:
    """A new link for an account that holds no role and so opens nothing. Refused for every other account."""
    require(actor, "access.user.reset")
    if user_id == actor.user_id:
        raise Refused(_("Another administrator has to reset your own sign-in."), rule="access.own_account")
    found = _open_account(user_id)
    if _holds_a_role(user_id):
        raise Refused(
            _("This account holds a role. Ask for its recovery: a second person has to confirm it."),
            rule="access.recovery.needed",
        )
    path = _replace(found)
    record(actor=actor, action="access.user.reset", object_kind="user", object_id=user_id)
    return path


@transaction.atomic
def reopen(*, actor: Viewer, user_id: UUID, reason: str = "") -> Proposal | None:
    """Open a closed account: at once where it holds no role (returns None), else ask for it (returns the proposal)."""
    require(actor, "access.user.deactivate")
    if _holds_a_role(user_id):
        return proposals.ask_to_reopen(actor=actor, user_id=user_id, reason=reason)
    if not User.objects.filter(pk=user_id, is_active=False).update(is_active=True):
        raise NotFound()
    record(actor=actor, action="access.user.reactivate", object_kind="user", object_id=user_id)
    return None


@transaction.atomic
def agree(*, actor: Viewer, proposal_id: UUID) -> tuple[Proposal, str]:
    """Agree to a proposal (see `proposals.agree`); returns it and, for somebody's first role, the path of a new link.

    Until his first role an account opens nothing, and the administrator who made it handed its link over, or not. So
    with the first role every earlier link, password and factor ends, and the new link goes to who agreed.
    """
    before = Proposal.objects.filter(pk=proposal_id).first()
    first = before is not None and before.kind == ProposalKind.ROLE and not _holds_a_role(before.subject_id)
    made = proposals.agree(actor=actor, proposal_id=proposal_id)
    if not first or made.subject_id is None:
        return made, ""
    found = User.objects.select_for_update().filter(pk=made.subject_id, is_active=True).first()
    return made, _replace(found) if found is not None else ""


@transaction.atomic
def take_link(*, actor: Viewer, proposal_id: UUID) -> tuple[User, str]:
    """End a recovery whose day is over: the old way to sign in ends, the path of the link is returned, once."""
    made = proposals.take_recovery(actor=actor, proposal_id=proposal_id)
    if made.subject_id is None:
        raise NotFound()
    found = _open_account(made.subject_id)
    return found, _replace(found)

"""What a proposal means, in the words of who has to decide it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.kernel.organisations.models import Proposal, ProposalKind

_CASES = gettext_lazy(
    "It opens the cases that are shared with the organisation or its team and, for a purpose that is put on record, "
    "the identities of the people in them."
)
_FIGURES = gettext_lazy("It opens protected figures and no case.")
OPENS = {
    "first_responder": _CASES,
    "case_manager": _CASES,
    "child_protection": _CASES,
    "competent_authority": _CASES,
    "prosecutor": _CASES,
    "supervisor": gettext_lazy(
        "It opens the cases that are shared with the organisation or its team and the identities in them, and lets "
        "the person decide about requests like this one."
    ),
    "coordinator": gettext_lazy(
        "It opens pseudonymous records and counts of the whole country, and lets the person decide about requests like "
        "this one where no supervisor can."
    ),
    "administrator": gettext_lazy(
        "It lets the person make accounts and ask for roles, and decide about requests of other administrators. "
        "It opens no case."
    ),
    "analyst": gettext_lazy("It opens the pseudonymous register and protected figures, and no identity."),
    "editor": _FIGURES,
    "programme_officer": _FIGURES,
}


def title(found: Proposal) -> str:
    """What is asked for, on one line."""
    if found.kind == ProposalKind.ROLE:
        words = {
            "who": found.subject,
            "role": found.get_role_display(),
            "where": found.unit or found.organisation,
        }
        return _("%(who)s: the role “%(role)s” in %(where)s") % words
    if found.kind == ProposalKind.UNIT:
        return _("The team %(team)s moves to %(where)s") % {"team": found.unit, "where": found.organisation}
    if found.kind == ProposalKind.REOPEN:
        return _("The closed account of %(who)s is opened again") % {"who": found.subject}
    return _("A new way to sign in for %(who)s") % {"who": found.subject}


def opens(found: Proposal) -> str:
    """What becomes possible when somebody agrees."""
    if found.kind == ProposalKind.ROLE:
        return str(OPENS.get(found.role, _CASES))
    if found.kind == ProposalKind.UNIT:
        return _(
            "What was shared with the team stays with it: the organisation that gets the team, and whoever works in "
            "the team there, reaches it."
        )
    if found.kind == ProposalKind.REOPEN:
        return _("The person can sign in as before and holds the roles again that did not end.")
    return _(
        "After a day the old password and second factors end, and a link is shown once. Whoever has that link becomes "
        "this person: make sure, face to face, that the request is theirs."
    )


def whose(word: str, found: Proposal) -> str:
    """Whose decision it is, in words; `word` as in `organisations.queries.decided_by_whom`."""
    return {
        "supervisor": _("A supervisor of the organisation decides; not who asked, not the person concerned."),
        "coordinator": _("A national coordinator decides; not who asked, not the person concerned."),
        "national": _(
            "Another administrator or a national coordinator decides; not who asked, not the person concerned."
        ),
    }.get(
        word,
        _("There is nobody yet who could decide. The operator decides on the command line of the server."),
    )


def kind_of_state(found: Proposal) -> str:
    """The colour of the badge."""
    if found.state in Proposal.OPEN:
        return "warn" if found.is_open else ""
    return {"done": "ok", "refused": "bad", "stopped": "bad"}.get(found.state, "")

"""An authority of child protection outside is brought into a case, for a time: by duty where a child is concerned,
else on the person's consent or a legal basis that a second person confirmed.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.actions import grant
from palermo.kernel.access.notices import tell
from palermo.kernel.access.policy import granted, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.kernel.organisations.models import Membership, Role
from palermo.rooms.cases.actions.sharing import PURPOSE_AT_LEAST, SCOPES
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.queries.sharing import protection_authorities
from palermo.rooms.consents.actions import require_basis
from palermo.rooms.identification.actions import this_transaction

# What each scope tells, in the categories that a consent names.
TOLD = {
    "case": ("needs", "exploitation"),
    "notes": ("health", "family", "location"),
    "identity": ("identity", "contact"),
}


@transaction.atomic
def bring_in_authority(
    *,
    actor: Viewer,
    case: Case,
    organisation_id: UUID,
    scopes: Sequence[str],
    purpose: str,
    until: datetime | None,
) -> int:
    """Share the case, until then, with the child-protection workers of that organisation. Returns how many are told.

    The organisation holds it for that role: who begins there tomorrow reads it too, and who leaves reads it no more.

    For a child, or where the age is in doubt, it is a duty by law and nobody's consent is asked. For anybody else
    there must be a consent that names the organisation, or a confirmed legal basis: Conflict says which is missing.
    Invalid names every problem at once.
    """
    require(actor, "cases.grant.give", case.pk)
    wanted = tuple(scope for scope in SCOPES if scope in scopes or scope == "case")
    _check(case, organisation_id, scopes, purpose, until)
    if case.child is not True:
        require_basis(
            actor=actor,
            person_id=case.person_id,
            purpose="referral",
            categories=[told for scope in wanted for told in TOLD[scope]],
            recipient_id=organisation_id,
            case_id=case.pk,
        )
    rows = Membership.objects.filter(
        organisation_id=organisation_id, role=Role.CHILD_PROTECTION, ended_at=None, user__is_active=True
    )
    workers = sorted(set(rows.values_list("user_id", flat=True)) - {actor.user_id})
    for kind, key, opened in _objects(case, wanted):
        grant(
            actor=actor,
            object_kind=kind,
            object_id=key,
            grantee_kind="organisation",
            grantee_id=organisation_id,
            scopes=opened,
            purpose=purpose.strip(),
            valid_from=this_transaction(),
            valid_until=until,
            roles=(Role.CHILD_PROTECTION,),
        )
    for user in workers:
        tell(user, kind="case_shared", object_kind="case", object_id=case.pk, about=actor.user_id)
    record(
        actor=actor,
        action="cases.authority.bring_in",
        object_kind="case",
        object_id=case.pk,
        detail={"organisation": str(organisation_id), "people": len(workers), "by_law": case.child is True},
    )
    return len(workers)


def _objects(case: Case, scopes: Sequence[str]) -> list[tuple[str, UUID, Sequence[str]]]:
    """The case; and with the scope identity the person in the vault."""
    person: list[tuple[str, UUID, Sequence[str]]] = [("person", case.person_id, ("case", "identity"))]
    return [("case", case.pk, scopes), *(person if "identity" in scopes else [])]


def _check(
    case: Case, organisation_id: UUID, scopes: Sequence[str], purpose: str, until: datetime | None
) -> None:
    problems = []
    if organisation_id not in {key for key, _name in protection_authorities(case)}:
        words = _("Choose an authority of child protection outside your organisation.")
        problems.append(FieldProblem("organisation", words, "who"))
    if not set(scopes) <= set(SCOPES) or not all(
        granted(case.pk, scope) for scope in scopes if scope in SCOPES
    ):
        problems.append(
            FieldProblem("scopes", _("Choose what they may see, of what you see yourself."), "scope")
        )
    if len(purpose.strip()) < PURPOSE_AT_LEAST:
        problems.append(FieldProblem("purpose", _("Say what they need it for."), "length"))
    if until is None or until <= timezone.now():
        problems.append(FieldProblem("until", _("Say until when; it must be in the future."), "future"))
    if problems:
        raise Invalid(_("Nobody was brought in."), problems=problems)

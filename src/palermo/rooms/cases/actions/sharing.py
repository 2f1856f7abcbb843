"""Who else may see a case: give and end shares, inside one's own organisation."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.actions import grant, revoke
from palermo.kernel.access.models import Grant
from palermo.kernel.access.policy import granted, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from palermo.kernel.organisations.models import Membership, Unit
from palermo.rooms.cases.models import Case
from palermo.rooms.identification.actions import supervisors, this_transaction

SCOPES = ("case", "notes", "identity")
PURPOSE_AT_LEAST = 5


@transaction.atomic
def share_case(
    *,
    actor: Viewer,
    case: Case,
    grantee_kind: str,
    grantee_id: UUID,
    scopes: Sequence[str],
    purpose: str,
    until: datetime | None = None,
) -> UUID:
    """Share a case with a colleague or a team of the owner organisation. Returns the grant's id.

    With the scope "identity" the person in the vault is shared too; without it the code is all they see.
    """
    require(actor, "cases.grant.give", case.pk)
    _check(case, grantee_kind, grantee_id, scopes, purpose, until)
    wanted = tuple(scope for scope in SCOPES if scope in scopes or scope == "case")
    narrower = _held_by(case, grantee_id, wanted, until)
    made = give(actor, case, grantee_kind, grantee_id, wanted, purpose, until)
    for grant_id in narrower:
        # What the new share says already would stand beside it as a second line about the same people.
        revoke(actor=actor, grant_id=grant_id)
    return made


def give(
    actor: Viewer,
    case: Case,
    grantee_kind: str,
    grantee_id: UUID,
    scopes: Sequence[str],
    purpose: str,
    until: datetime | None,
) -> UUID:
    """Grant the case, and with "identity" the person in the vault; the caller has asked whether the actor may."""
    made = _grant(actor, case, "case", grantee_kind, grantee_id, scopes, purpose, until)
    if "identity" in scopes:
        _grant(actor, case, "person", grantee_kind, grantee_id, ("case", "identity"), purpose, until)
    return made


def _held_by(case: Case, grantee_id: UUID, wanted: Sequence[str], until: datetime | None) -> list[UUID]:
    """Live grants of the same grantee that a new one of this width replaces. Invalid where one is as wide already."""
    now = timezone.now()
    rows = [
        row
        for row in Grant.objects.raw("SELECT * FROM access_grants_of(%s)", [case.pk])
        if row.grantee_id == grantee_id and row.revoked_at is None and not row.break_glass
    ]
    live = [row for row in rows if row.valid_until is None or row.valid_until > now]
    for row in live:
        if set(wanted) <= set(row.scopes) and _reaches(row.valid_until, until):
            words = _("They have this access already. To give less or for a shorter time, end it first.")
            problem = FieldProblem("grantee", words, "cases.grant.held")
            raise Invalid(_("The case was not shared."), problems=[problem])
    return [row.pk for row in live if set(row.scopes) <= set(wanted) and _reaches(until, row.valid_until)]


def _reaches(until: datetime | None, other: datetime | None) -> bool:
    """Whether a share that ends then lasts at least as long as the other; None is for good."""
    return until is None or (other is not None and other <= until)


def pass_on(*, actor: Viewer, case: Case, to: UUID, scopes: Sequence[str], purpose: str) -> None:
    """Grant the case, and the person in the vault, to one colleague, as far as the actor holds them himself."""
    held = tuple(scope for scope in scopes if granted(case.pk, scope))
    _grant(actor, case, "case", "person", to, held, purpose, None)
    person = tuple(scope for scope in ("case", "identity") if granted(case.person_id, scope))
    if person:
        _grant(actor, case, "person", "person", to, person, purpose, None)


def _grant(
    actor: Viewer,
    case: Case,
    kind: str,
    grantee_kind: str,
    grantee_id: UUID,
    scopes: Sequence[str],
    purpose: str,
    until: datetime | None,
) -> UUID:
    return grant(
        actor=actor,
        object_kind=kind,
        object_id=case.pk if kind == "case" else case.person_id,
        grantee_kind=grantee_kind,
        grantee_id=grantee_id,
        scopes=scopes,
        purpose=purpose.strip(),
        valid_from=this_transaction(),
        valid_until=until,
        house=case.organisation_id,
    )


def _check(
    case: Case, kind: str, grantee_id: UUID, scopes: Sequence[str], purpose: str, until: datetime | None
) -> None:
    """Every problem of a share at once. Who is not of the owner organisation does not exist here."""
    problems = []
    inside = {
        "person": Membership.objects.filter(
            user_id=grantee_id, organisation_id=case.organisation_id, ended_at=None
        ),
        "unit": Unit.objects.filter(pk=grantee_id, organisation_id=case.organisation_id),
    }
    if kind not in inside or not inside[kind].exists():
        problems.append(
            FieldProblem("grantee", _("Choose a colleague or a team of your organisation."), "who")
        )
    if not set(scopes) <= set(SCOPES):
        problems.append(FieldProblem("scopes", _("Choose what they may see."), "scope"))
    if len(purpose.strip()) < PURPOSE_AT_LEAST:
        problems.append(FieldProblem("purpose", _("Say what they need it for."), "length"))
    if until is not None and until <= timezone.now():
        problems.append(FieldProblem("until", _("The end must be in the future."), "future"))
    if problems:
        raise Invalid(_("The case was not shared."), problems=problems)


@transaction.atomic
def end_share(*, actor: Viewer, case: Case, grant_id: UUID) -> None:
    """End a share now, and that of the person in the vault with it. One's own last access cannot be ended."""
    require(actor, "cases.grant.revoke", case.pk)
    held = {row.pk: row for row in Grant.objects.raw("SELECT * FROM access_grants_of(%s)", [case.pk])}
    ending = held.get(grant_id)
    if ending is None or ending.revoked_at is not None:
        raise NotFound()
    overseers = supervisors(case.organisation_id)
    if ending.grantee_id in overseers and actor.user_id not in overseers:
        # Who is watched does not send away who watches.
        raise Refused(_("Your role does not include this."), rule="cases.grant.supervisor")
    mine = (actor.user_id, *actor.unit_ids, *actor.organisation_ids)
    others = [g for g in held.values() if g.revoked_at is None and g.pk != grant_id and g.grantee_id in mine]
    if ending.grantee_id in mine and not others:
        raise Invalid(
            _("This is your own access. Ask a colleague or supervisor to end it."),
            problems=[FieldProblem("grant", _("This is your own access."), "cases.grant.own")],
        )
    if "identity" in ending.scopes and not granted(case.person_id, "case"):
        # Who holds no share of the person cannot end one: the case would be closed and the name stay open.
        raise Refused(_("Your role does not include this."), rule="cases.grant.identity")
    # The person first: who ends his own team's share still holds the case while he does it.
    for row in Grant.objects.raw("SELECT * FROM access_grants_of(%s)", [case.person_id]):
        if row.grantee_id == ending.grantee_id and row.revoked_at is None:
            revoke(actor=actor, grant_id=row.pk)
    revoke(actor=actor, grant_id=grant_id)

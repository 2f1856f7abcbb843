"""Who holds a legal status besides its authority: the team of the case, wherever the case goes."""

from uuid import UUID

from palermo.kernel.access.actions import grant, revoke
from palermo.kernel.access.models import Grant
from palermo.kernel.access.notices import tell, tell_supervisors
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Membership, Role
from palermo.rooms.identification.actions.team import this_transaction
from palermo.rooms.identification.models import Identification


def _grants(found: Identification) -> list[Grant]:
    """The live grants on a status that the actor holds, without those of an emergency."""
    rows = Grant.objects.raw("SELECT * FROM access_grants_of(%s)", [found.pk])
    return [row for row in rows if row.revoked_at is None and not row.break_glass]


def pass_status_on(*, actor: Viewer, case_id: UUID, to: UUID) -> None:
    """Who gets a case gets the legal status of its person. Nothing where there is none or the actor holds none."""
    found = Identification.objects.filter(case_id=case_id).first()
    if found is None or any(row.grantee_id == to for row in _grants(found)):
        return
    grant(
        actor=actor,
        object_kind="identification",
        object_id=found.pk,
        grantee_kind="person",
        grantee_id=to,
        scopes=("case",),
        purpose="identification",
        valid_from=this_transaction(),
    )


def end_status_of(*, actor: Viewer, case_id: UUID, user: UUID) -> None:
    """Who hands a case over does not keep in his own name what hangs on it."""
    found = Identification.objects.filter(case_id=case_id).first()
    for row in _grants(found) if found else ():
        if row.grantee_id == user:
            revoke(actor=actor, grant_id=row.pk)


def tell_overseers(found: Identification, *, kind: str, about: UUID | None) -> None:
    """Tell the supervisors who hold the status now: those of the house that has the case, also after a transfer."""
    holders = [row.grantee_id for row in _grants(found) if row.grantee_kind == "person"]
    rows = Membership.objects.filter(user_id__in=holders, role=Role.SUPERVISOR, ended_at=None)
    overseers = sorted(set(rows.values_list("user_id", flat=True)))
    for user in overseers:
        tell(user, kind=kind, object_kind="identification", object_id=found.pk, about=about)
    if not overseers:
        house = found.organisation_id
        tell_supervisors(house, kind=kind, object_kind="identification", object_id=found.pk, about=about)

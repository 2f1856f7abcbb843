"""Three bodies are told at the same time, without a name or a fact; child protection gets the file."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils import timezone

from palermo.kernel.access import notices
from palermo.kernel.access.actions import grant
from palermo.kernel.access.policy import granted
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.rooms.children.models import Body, ChildProtection, Happening, Told
from palermo.rooms.children.queries.child import ROLES_OF, bodies, colleagues
from palermo.rooms.identification.actions import this_transaction

PURPOSE = "assistance"
SCOPES = ("case", "identity", "notes")
KINDS = {Happening.FOUND: "child_told", Happening.MISSING: "child_missing"}


def tell_bodies(
    *, actor: Viewer, child: ChildProtection, about: str, organisations: Mapping[str, UUID]
) -> list[Told]:
    """One row and the notices for each body, all in this transaction. `organisations`: body -> whom to tell."""
    assert actor.user_id is not None
    rows, at = [], timezone.now()
    for body, organisation_id in organisations.items():
        people = colleagues(organisation_id, body)
        rows.append(
            Told(
                child=child,
                body=body,
                organisation_id=organisation_id,
                about=about,
                people=len({user for user, _role in people}),
                written_by_id=actor.user_id,
                written_at=at,
            )
        )
        for role in sorted({role for _user, role in people}):
            first = body == Body.CHILD_PROTECTION and about == Happening.FOUND
            kind = "child_presumed" if first else KINDS[Happening(about)]
            # No id either: who is only told has nothing to open.
            notices.tell_role(organisation_id, role, kind=kind)
    Told.objects.bulk_create(rows)
    record(
        actor=actor,
        action=f"children.bodies.{about}",
        object_kind="case",
        object_id=child.pk,
        detail={"bodies": " ".join(organisations), "people": sum(row.people for row in rows)},
    )
    return rows


def share_with_protectors(*, actor: Viewer, child: ChildProtection, organisation_id: UUID) -> int:
    """Give the case and the person to the child-protection workers there; a duty by law, no consent is asked.

    The organisation holds it for that role, so that who begins there later protects the child too. Only what the
    actor holds himself can be passed on. Returns how many there are today.
    """
    _pass_on(actor, "case", child.pk, organisation_id, SCOPES)
    _pass_on(actor, "person", child.person_id, organisation_id, ("case", "identity"))
    return len({user for user, _role in colleagues(organisation_id, Body.CHILD_PROTECTION)} - {actor.user_id})


def _pass_on(actor: Viewer, kind: str, object_id: UUID, organisation_id: UUID, scopes: Sequence[str]) -> None:
    held = [scope for scope in scopes if granted(object_id, scope)]
    if held:
        grant(
            actor=actor,
            object_kind=kind,
            object_id=object_id,
            grantee_kind="organisation",
            grantee_id=organisation_id,
            scopes=held,
            purpose=PURPOSE,
            valid_from=this_transaction(),
            roles=ROLES_OF[Body.CHILD_PROTECTION],
        )


def told_before(child: ChildProtection) -> dict[str, UUID]:
    """Whom each body was the last time; where nobody was told yet, the first organisation of the country's list."""
    rows = Told.objects.filter(child=child).order_by("written_at")
    known: dict[str, UUID] = dict(rows.values_list("body", "organisation_id"))
    for body in Body.values:
        if body not in known and (found := bodies(body)):
            known[body] = UUID(found[0][0])
    return known

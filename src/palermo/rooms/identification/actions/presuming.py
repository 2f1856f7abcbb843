"""Begin the legal status of a presumed victim, beside the case and apart from it."""

import uuid
from uuid import UUID

from django.db import transaction

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict
from palermo.kernel.workflow.actions import begin
from palermo.rooms.identification.actions.codes import save_with_code
from palermo.rooms.identification.actions.team import share_with_team
from palermo.rooms.identification.models import Identification

# The roles that the machine lets begin.
BEGINNERS = ("first_responder", "case_manager", "supervisor", "child_protection")


@transaction.atomic
def presume(
    *,
    actor: Viewer,
    person_id: UUID,
    person_code: str,
    case_id: UUID,
    screening_id: UUID | None = None,
    track: str = "adult",
    detained: bool = False,
) -> Identification:
    """Begin the status of the person of a case. `track`: "adult", or "child" (also where the age is in doubt).

    One status for a case: asked again, the one that is there is given back.
    """
    require(actor, "identification.status.begin", case_id)
    known = Identification.objects.filter(case_id=case_id).first()
    if known is not None:
        return known
    if track not in ("adult", "child"):
        raise Conflict(f"no track {track}", rule="identification.track")
    assert actor.organisation_id is not None
    assert actor.user_id is not None
    made = Identification(
        id=uuid.uuid4(),
        organisation_id=actor.organisation_id,
        begun_by_id=actor.user_id,
        person_id=person_id,
        person_code=person_code,
        case_id=case_id,
        screening_id=screening_id,
        child=track == "child",
        detained=detained,
    )
    share_with_team(
        actor=actor,
        object_kind="identification",
        object_id=made.pk,
        scopes=("case",),
        purpose="identification",
        organisation_id=actor.organisation_id,
    )
    save_with_code("V", lambda code: _begin(actor, made, code))
    record(
        actor=actor,
        action="identification.status.begin",
        object_kind="identification",
        object_id=made.pk,
        detail={"code": made.code, "track": track, "from_screening": screening_id is not None},
    )
    return made


def presume_if_may(*, actor: Viewer, person_id: UUID, person_code: str, case_id: UUID, screening_id: UUID | None,
                   child: bool | None) -> Identification | None:  # fmt: skip
    """For the opening of a case: begins the status where the opener's role can, else leaves it to the worker."""
    if not actor.has(*BEGINNERS):
        return None
    return presume(
        actor=actor,
        person_id=person_id,
        person_code=person_code,
        case_id=case_id,
        screening_id=screening_id,
        track="adult" if child is False else "child",
    )


def _begin(actor: Viewer, made: Identification, code: str) -> None:
    made.code = code
    begin(actor=actor, obj=made)

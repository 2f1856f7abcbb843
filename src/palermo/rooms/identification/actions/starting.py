"""Begin a screening."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid, Refused
from palermo.kernel.workflow.actions import begin
from palermo.rooms.identification.actions.codes import save_with_code
from palermo.rooms.identification.actions.team import share_with_team
from palermo.rooms.identification.models import Answers, Screening
from palermo.standards.instruments import instrument

EVENT_LENGTH = 120


@transaction.atomic
def start_screening(
    *,
    actor: Viewer,
    event: str = "",
    previous: Screening | None = None,
    begun_at: datetime | None = None,
) -> Screening:
    """Begin a screening with the current instrument. `event` names a place or event, never a person.

    previous: the screening of the same person that this one repeats. begun_at: when it was asked on a device without
    a link; a clock that runs ahead is put back to now.
    """
    require(actor, "identification.screening.start")
    if previous is not None:
        require(actor, "identification.screening.view", previous.pk)
    if actor.organisation_id is None:
        raise Refused(_("You need a place in an organisation to begin a screening."), rule="organisation")
    event = event.strip()
    if len(event) > EVENT_LENGTH:
        message = _("Keep it under %(n)s characters.") % {"n": EVENT_LENGTH}
        raise Invalid(message, problems=[FieldProblem("event", message, "length")])
    assert actor.user_id is not None
    made = Screening(
        id=uuid.uuid4(),
        organisation_id=actor.organisation_id,
        unit_id=actor.unit_ids[0] if actor.unit_ids else None,
        started_by_id=actor.user_id,
        event=event,
        instrument_version=instrument().version,
        previous=previous,
        begun_at=min(begun_at, timezone.now()) if begun_at else None,
    )
    share_with_team(
        actor=actor,
        object_kind="screening",
        object_id=made.pk,
        scopes=("case",),
        purpose="identification",
        organisation_id=actor.organisation_id,
    )
    save_with_code("S", lambda code: _begin(actor, made, code))
    Answers.objects.create(screening=made)
    record(
        actor=actor,
        action="identification.screening.start",
        object_kind="screening",
        object_id=made.pk,
        detail={"code": made.code, "instrument": made.instrument_version},
    )
    return made


def _begin(actor: Viewer, made: Screening, code: str) -> None:
    made.code = code
    begin(actor=actor, obj=made)

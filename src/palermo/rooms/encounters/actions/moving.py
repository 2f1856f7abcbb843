"""Move one person on, by `transition`. Many at once: `many`."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import NotFound
from palermo.kernel.workflow.actions import transition
from palermo.rooms.encounters.models import Migrant
from palermo.rooms.identification import queries as identification
from palermo.rooms.identification.actions import start_screening


@transaction.atomic
def move(
    *,
    actor: Viewer,
    migrant: Migrant,
    event: str,
    expected_version: int,
    reason: str = "",
    inputs: Mapping[str, Any] | None = None,
) -> Migrant:
    """Let `event` of the machine `smuggled_migrant` happen to one person. Indicators begin an identification first."""
    require(actor, "encounters.migrant.move", migrant.event_id)
    if event == "trafficking_indicators":
        _begin_identification(actor, migrant, expected_version)
    transition(
        actor=actor,
        obj=migrant,
        event=event,
        expected_version=expected_version,
        reason=reason,
        inputs=inputs,
    )
    return migrant


def _begin_identification(actor: Viewer, migrant: Migrant, expected_version: int) -> None:
    """Link a screening of the room identification: begun once, and anew only after the old one came to an end.

    Linked by its id, nothing is copied: what was seen here stays here, what is asked there stays there.
    """
    current = Migrant.objects.select_for_update().filter(pk=migrant.pk).first()
    if current is None:
        raise NotFound()
    if current.version != expected_version or current.state != "triaged":
        return  # transition() says what is wrong; nothing is begun in vain.
    if current.screening_id is not None:
        old = identification.screening(actor, current.screening_id)
        if old.state == "open":
            return
        made = start_screening(actor=actor, event=current.event.code, previous=old)
    else:
        made = start_screening(actor=actor, event=current.event.code)
    Migrant.objects.filter(pk=current.pk).update(screening_id=made.pk)
    migrant.screening_id = made.pk
    record(
        actor=actor,
        action="encounters.migrant.identify",
        object_kind="migrant",
        object_id=migrant.pk,
        detail={"screening": str(made.pk)},
    )

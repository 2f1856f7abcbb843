"""A whole screening at once, as it was asked on a device without a link."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from palermo.kernel.access.viewer import Viewer
from palermo.rooms.identification.actions.answers import save_answers
from palermo.rooms.identification.actions.deciding import compute_suggestion
from palermo.rooms.identification.actions.starting import start_screening
from palermo.rooms.identification.models import Screening


@transaction.atomic
def take_in(
    *, actor: Viewer, event: str, answers: Mapping[str, Mapping[str, str]], begun_at: datetime
) -> Screening:
    """Begin a screening, save the answers of every section and work the suggestion out: all or nothing.

    answers: section -> question -> "yes", "no" or "", and "remark". Raises what the single steps raise.
    """
    made = start_screening(actor=actor, event=event, begun_at=begun_at)
    version = 1
    for section, given in answers.items():
        saved = save_answers(
            actor=actor, screening=made, section=section, answers=given, expected_version=version
        )
        version = saved.version
    compute_suggestion(actor=actor, screening=made)
    return made

"""What somebody who held a case until a moment may still read of it: that time and nothing after.

The walls let through just these rows (the room of referrals draws them when a case is handed over), so nothing here
asks for a grant on the case: there is none any more.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.vault.texts import Owner, open_texts
from palermo.kernel.workflow.models import Transition
from palermo.rooms.cases.models import Case, Note
from palermo.rooms.cases.queries.sealed import said_in
from palermo.standards.workflows import machine


@dataclass(frozen=True, slots=True)
class Passage:
    """One thing of that time: a note with its words, or a step of the case. Who did it, as it stands on the case."""

    at: datetime
    who: str
    label: str
    text: str
    note: bool


def period_of(viewer: Viewer, case_id: UUID, holder_id: UUID, until: datetime) -> list[Passage]:
    """Notes and steps of a case until that moment, newest first. `holder_id`: the organisation that had it then."""
    notes = list(Note.objects.filter(case_id=case_id, written_at__lte=until).select_related("written_by"))
    texts = open_texts(actor=viewer, owner=Owner("case", case_id, holder_id), sealed=map(said_in, notes))
    spoilt = _("[This text was changed outside palermo and is not shown. An alarm was recorded.]")
    found = [
        Passage(row.written_at, str(row.written_by), _("Note"), spoilt if text is None else text, True)
        for row, text in zip(notes, texts, strict=True)
    ]
    m = machine(Case.machine)
    labels = {event.code: event.label(get_language() or "en") for event in m.events}
    steps = Transition.objects.filter(object_id=case_id, machine=m.name, at__lte=until)
    found += [
        Passage(
            row.at,
            str(row.actor) if row.actor_id else _("by itself"),
            labels.get(row.event, _("Begun")),
            row.reason,
            False,
        )
        for row in steps.select_related("actor")
    ]
    return sorted(found, key=lambda passage: passage.at, reverse=True)

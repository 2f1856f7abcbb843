"""The audit of one case in sentences that a person can read: who looked, who changed, when and why."""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from uuid import UUID

from django.utils.text import get_text_list
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from palermo.kernel.access.models import User
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.audit.queries import trail
from palermo.kernel.vault.models import Purpose
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.queries.seen import require_seen
from palermo.standards.workflows import machine

MOST = 100
LOOKS = (
    "cases.case.view",
    "files.file.open",
    "cases.identity.reveal",
    "cases.case.print",
    "cases.case.export",
)
MOVED = "workflow.transition"
SENTENCES = {
    "cases.case.view": gettext_lazy("looked at the case"),
    "cases.case.print": gettext_lazy("opened the print view"),
    "cases.case.export": gettext_lazy("exported it in a list of codes"),
    "cases.case.open": gettext_lazy("opened the case"),
    "cases.case.assess_risk": gettext_lazy("assessed the risk"),
    "cases.facts.change": gettext_lazy("changed facts"),
    "cases.note.add": gettext_lazy("added a note"),
    "cases.note.correct": gettext_lazy("corrected a note"),
    "cases.identity.reveal": gettext_lazy("saw the identity"),
    "files.file.add": gettext_lazy("added a file"),
    "files.file.open": gettext_lazy("opened a file"),
    "cases.file.remove": gettext_lazy("removed a file"),
    "cases.file.restore": gettext_lazy("put a file back"),
    "vault.text.tampered": gettext_lazy("met a text that was changed outside palermo (alarm)"),
    "cases.case.reassign": gettext_lazy("gave the case to another worker"),
    "cases.case.take_over": gettext_lazy("took a later screening into the case"),
    "cases.happening.note": gettext_lazy("wrote down that something happened"),
    "cases.assessment.write": gettext_lazy("assessed the four levels"),
    "cases.safety.revise": gettext_lazy("wrote the safety plan"),
    "cases.safety.review": gettext_lazy("went through the safety plan"),
    "cases.safety.print": gettext_lazy("opened the safety plan to print"),
    "cases.plan.draft": gettext_lazy("began a version of the plan"),
    "cases.plan.goal": gettext_lazy("wrote a goal of the plan"),
    "cases.plan.action": gettext_lazy("wrote an action of the plan"),
    "cases.plan.take_out": gettext_lazy("took something out of the draft of the plan"),
    "cases.plan.agree": gettext_lazy("recorded that the person agreed to the plan"),
    "cases.plan.approve": gettext_lazy("approved the plan"),
    "cases.plan.settle": gettext_lazy("said what became of an action"),
    "cases.plan.print": gettext_lazy("opened the plan to print"),
    "cases.conference.minute": gettext_lazy("wrote down a case conference"),
    "access.grant.give": gettext_lazy("gave access"),
    "access.grant.revoke": gettext_lazy("ended access"),
    "access.break_glass": gettext_lazy("opened it in an emergency"),
}


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the trail."""

    at: datetime
    who: str
    did: str
    detail: str
    looked: bool


def names_of(ids: set[UUID]) -> dict[UUID, str]:
    """The names that colleagues are shown by."""
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)}


def deeds(viewer: Viewer, case: Case, *, limit: int = MOST) -> list[Deed]:
    """The newest deeds first; NotFound unless the viewer holds the case."""
    require_seen(viewer, case)
    entries = list(trail(viewer, case.pk)[:limit])
    names = names_of({entry.actor for entry in entries if entry.actor})
    return [
        Deed(
            at=entry.at,
            who=names.get(entry.actor, _("The system")) if entry.actor else _("The system"),
            did=_did(entry),
            detail=_detail(entry),
            looked=entry.action in LOOKS,
        )
        for entry in entries
    ]


def _did(entry: Entry) -> str:
    """What was done, in words; an event of the machine by its own name."""
    if entry.action in SENTENCES:
        return str(SENTENCES[entry.action])
    code = entry.detail.get("event", "") if entry.action == MOVED else ""
    event = next((e for e in machine(Case.machine).events if e.code == code), None)
    return _("did: %(event)s") % {
        "event": event.label(get_language() or "en") if event else code or entry.action
    }


def _detail(entry: Entry) -> str:
    parts = []
    if entry.purpose:
        parts.append(str(Purpose(entry.purpose).label) if entry.purpose in Purpose.values else entry.purpose)
    if entry.action in ("cases.facts.change", "cases.identity.reveal") and entry.fields:
        parts.append(_("fields: %(names)s") % {"names": get_text_list(entry.fields, _("and"))})
    moved = [entry.detail.get(side) for side in ("from", "to")]
    states = machine(Case.machine).states
    if all(state in states for state in moved):
        parts.append(" → ".join(states[state].label(get_language() or "en") for state in moved))
    return reduce(
        lambda before, after: _("%(before)s; %(after)s") % {"before": before, "after": after}, parts or [""]
    )

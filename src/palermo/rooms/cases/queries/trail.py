"""The audit of one case in sentences that a person can read: who looked, who changed, when and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from uuid import UUID

from django.utils.text import get_text_list
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.audit.queries import trail
from palermo.kernel.vault.models import Purpose
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.queries.labels import names_of as labels_of
from palermo.rooms.cases.queries.seen import require_seen
from palermo.rooms.cases.queries.sharing import names_of, scopes_in_words
from palermo.standards.workflows import machine
from palermo.standards.workflows import names as machines
from palermo.web.room import deed_words

MOST = 100
LOOKS = (
    "cases.case.view",
    "files.file.open",
    "cases.identity.reveal",
    "cases.case.print",
    "exports.document.show",
    "exports.file.hand_out",
    "cases.case.export",
)
PRINTED = {
    "exports.document.show": gettext_lazy("opened %(paper)s to print"),
    "exports.file.hand_out": gettext_lazy("took %(paper)s away as a file"),
}
# What the sheets are called (kernel.exports.documents), after their code.
PAPERS = {
    "case": gettext_lazy("the summary of the case"),
    "plan": gettext_lazy("the plan"),
    "help": gettext_lazy("the safety plan"),
    "consent": gettext_lazy("a consent form"),
    "decision": gettext_lazy("a decision letter"),
    "certificate": gettext_lazy("a certificate"),
    "referral": gettext_lazy("a referral"),
}
MOVED = "workflow.transition"
GAVE, ENDED = "access.grant.give", "access.grant.revoke"
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
    "cases.authority.bring_in": gettext_lazy("brought in an authority of child protection"),
    "cases.age.settle": gettext_lazy("wrote down whether the person is a child"),
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


def deeds(viewer: Viewer, case: Case, *, limit: int = MOST) -> list[Deed]:
    """The newest deeds first; NotFound unless the viewer holds the case."""
    require_seen(viewer, case)
    entries = list(trail(viewer, case.pk)[:limit])
    ids = {entry.actor for entry in entries if entry.actor} | {who for e in entries if (who := _grantee(e))}
    names = names_of(ids)
    return [
        Deed(
            at=entry.at,
            who=names.get(entry.actor, _("The system")) if entry.actor else _("The system"),
            did=_did(entry, names),
            detail=_detail(entry),
            looked=entry.action in LOOKS,
        )
        for entry in entries
    ]


def _grantee(entry: Entry) -> UUID | None:
    """To whom a grant was given, or whose ended; None in entries of before that was written down."""
    try:
        return UUID(entry.detail["grantee"]) if entry.action in (GAVE, ENDED) else None
    except (KeyError, ValueError):
        return None


def _did(entry: Entry, names: Mapping[UUID, str]) -> str:
    """What was done, in words; an event of the machine by its own name."""
    to = _grantee(entry)
    if to in names and entry.action == ENDED:
        return _("ended the access of %(who)s") % {"who": names[to]}
    if to in names:
        what = scopes_in_words(str(entry.detail.get("scopes", "")).split())
        return _("gave %(who)s access to %(what)s") % {"who": names[to], "what": what}
    if entry.action in PRINTED:
        paper = PAPERS.get(str(entry.detail.get("what", "")), _("a sheet"))
        return str(PRINTED[entry.action]) % {"paper": paper}
    if entry.action in SENTENCES:
        return str(SENTENCES[entry.action])
    if words := deed_words(entry.action):
        return words
    label = _event_label(entry)
    return _("did: %(event)s") % {"event": label} if label else _("worked on it")


def _event_label(entry: Entry) -> str:
    """The name of the event of a machine: of the case, the child’s file, a referral (“referral.transfer.send”)."""
    parts = entry.action.split(".")
    code = str(entry.detail.get("event", "")) if entry.action == MOVED else parts[-1]
    name = str(entry.detail.get("machine", "")) if entry.action == MOVED else "".join(parts[1:2])
    events = machine(name).events if name in machines() else ()
    event = next((event for event in events if event.code == code), None)
    return event.label(get_language() or "en") if event else ""


def _detail(entry: Entry) -> str:
    parts = []
    if entry.purpose:
        parts.append(str(Purpose(entry.purpose).label) if entry.purpose in Purpose.values else entry.purpose)
    if entry.action in ("cases.facts.change", "cases.identity.reveal") and entry.fields:
        names = get_text_list(labels_of(entry.fields), _("and"))
        parts.append(_("fields: %(names)s") % {"names": names} if names else "")
    moved = [entry.detail.get(side) for side in ("from", "to")]
    states = machine(Case.machine).states
    if all(state in states for state in moved):
        before, after = (states[state].label(get_language() or "en") for state in moved)
        parts.append(_("from “%(before)s” to “%(after)s”") % {"before": before, "after": after})
    said = [part for part in parts if part] or [""]
    return reduce(lambda before, after: _("%(before)s; %(after)s") % {"before": before, "after": after}, said)

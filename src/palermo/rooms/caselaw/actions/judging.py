"""From draft to the public and back: reviewed by a second person, withdrawn with a reason, merged, names taken out."""

from dataclasses import dataclass, replace
from typing import Any, cast

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.judgments import read, redacted
from palermo.judgments.redaction import occurrences, without
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, Refused
from palermo.rooms.caselaw.actions.importing import columns
from palermo.rooms.caselaw.models import Case, CaseRemark, CaseTombstone, State
from palermo.web.searched import changed


def _move(actor: Viewer, case: Case, wanted: str, to: str, expected_version: int, **more: object) -> Case:
    """One step: the state it goes from, the change, the audit."""
    if case.state != wanted:
        raise Conflict(_("This cannot be done now."), rule="caselaw.state", state=case.state)
    case.change({"state": to, **more}, expected_version=expected_version)
    record(actor=actor, action=f"caselaw.case.{to}", object_kind="caselaw_case", object_id=case.pk)
    return case


@transaction.atomic
def submit(*, actor: Viewer, case: Case, expected_version: int) -> Case:
    """A draft waits for a second person."""
    require(actor, "caselaw.case.write")
    return _move(actor, case, State.DRAFT, State.IN_REVIEW, expected_version)


@transaction.atomic
def return_to_draft(*, actor: Viewer, case: Case, why: str, expected_version: int) -> Case:
    """Not yet: back to who wrote it, with the reason."""
    require(actor, "caselaw.case.write")
    _say(actor, case, _reason(why, 300), sends_back=True)
    return _move(actor, case, State.IN_REVIEW, State.DRAFT, expected_version)


@transaction.atomic
def remark(*, actor: Viewer, case: Case, text: str) -> None:
    """Something for those who write it and those who read it again. Never shown to the public."""
    require(actor, "caselaw.case.write")
    if case.state not in (State.DRAFT, State.IN_REVIEW):
        raise Conflict(_("This cannot be done now."), rule="caselaw.remark", state=case.state)
    _say(actor, case, _reason(text, 2000), sends_back=False)
    record(actor=actor, action="caselaw.case.remark", object_kind="caselaw_case", object_id=case.pk)


def _say(actor: Viewer, case: Case, text: str, *, sends_back: bool) -> None:
    if actor.user_id is None:
        raise Refused(_("A person says this, not the machine."), rule="caselaw.remark_by")
    CaseRemark.objects.create(
        case=case, by_id=actor.user_id, at=timezone.now(), text=text, sends_back=sends_back
    )


def _reason(text: str, most: int) -> str:
    text = " ".join(text.split())
    if not text or len(text) > most:
        problem = FieldProblem("why", _("Say why, in at most %(n)s characters.") % {"n": most}, "length")
        raise Invalid(problem.message, problems=[problem], rule="caselaw.why")
    return text


@transaction.atomic
def publish(*, actor: Viewer, case: Case, expected_version: int) -> Case:
    """A second person, who wrote nothing in it, lets it out. Freshly signed in."""
    require(actor, "caselaw.case.review")
    if actor.user_id is None or actor.user_id in case.prepared:
        raise Refused(_("You wrote this. A second person has to publish it."), rule="caselaw.second_person")
    changed.send(Case)
    more = {"reviewed_by_id": actor.user_id, "published_at": timezone.now()}
    return _move(actor, case, State.IN_REVIEW, State.PUBLISHED, expected_version, **more)


@transaction.atomic
def withdraw(*, actor: Viewer, case: Case, why: str, expected_version: int, into: str = "") -> Case:
    """Take a published case back; its address says why, or leads to the case that it was merged into."""
    require(actor, "caselaw.case.withdraw")
    why = _reason(why, 300)
    if case.state != State.PUBLISHED:
        raise Conflict(_("This is not public."), rule="caselaw.withdraw", state=case.state)
    changed.send(Case)
    CaseTombstone.objects.create(palermo_id=case.palermo_id, into=into, why=why, at=timezone.now())
    return _move(actor, case, State.PUBLISHED, State.WITHDRAWN, expected_version)


@transaction.atomic
def merge(*, actor: Viewer, case: Case, into: Case, why: str, expected_version: int) -> Case:
    """Two records of one case become one: the address of the first leads to the second from now on."""
    if into.state != State.PUBLISHED or into.pk == case.pk:
        raise Conflict(_("This is not public."), rule="caselaw.merge", state=into.state)
    return withdraw(actor=actor, case=case, why=why, expected_version=expected_version, into=into.palermo_id)


# Sent with actor, case and names, inside the transaction: rooms that keep words of a case take the names out, too, and
# answer in how many places they stood before and stand after.
names_out = Signal()


@dataclass(frozen=True)
class Redacted:
    """In how many places the names stood, and in how many they still stand."""

    before: int
    after: int


@transaction.atomic
def redact(*, actor: Viewer, case: Case, names: tuple[str, ...], expected_version: int) -> Redacted:
    """Take these names out of the record, its index and its remarks, whatever its state. They are kept nowhere."""
    require(actor, "caselaw.case.write")
    found, wrong = read(case.record | {"status": case.state})
    if found is None or wrong:
        raise Conflict(_("This cannot be done now."), rule="caselaw.redact", state=case.state)
    if not any(any(letter.isalnum() for letter in name) for name in names):
        raise Invalid(_("Give at least one name."), rule="caselaw.names")
    remarks = list(case.remarks.all())
    before = occurrences(found, names) + sum(occurrences(one.text, names) for one in remarks)
    made = redacted(replace(found, redact=names))
    for one in remarks:
        if occurrences(one.text, names):
            one.text = without(one.text, names)
            one.save(update_fields=["text"])
    values = columns(made) | {"redactions": case.redactions + 1}
    case.change(values, expected_version=expected_version)
    changed.send(Case)
    after = occurrences(made, names) + sum(occurrences(one.text, names) for one in remarks)
    answers = cast(
        list[tuple[Any, tuple[int, int]]], names_out.send(Case, actor=actor, case=case, names=names)
    )
    for _receiver, (stood, stand) in answers:
        before, after = before + stood, after + stand
    detail = {"before": before, "after": after}
    record(
        actor=actor,
        action="caselaw.case.redact",
        object_kind="caselaw_case",
        object_id=case.pk,
        detail=detail,
    )
    return Redacted(before, after)

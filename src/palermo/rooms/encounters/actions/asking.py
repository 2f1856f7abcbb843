"""What is given and asked: first aid, the five questions, the four levels, the risks of a return, family links."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound
from palermo.rooms.encounters.models import (
    QUESTIONS,
    Again,
    Answer,
    Answers,
    Assessment,
    Event,
    FamilyLink,
    Migrant,
)
from palermo.standards import codelist

AID = "palermo/encounter_aid"
RELATIONS = "palermo/encounter_relation"
VULNERABILITY = "palermo/vulnerability"
RETURN_CHECKS = "palermo/return_check"


def _trace(actor: Viewer, migrant: Migrant, action: str, **detail: Any) -> None:
    record(
        actor=actor,
        action=f"encounters.migrant.{action}",
        object_kind="migrant",
        object_id=migrant.pk,
        detail=detail,
    )


@transaction.atomic
def give_aid(*, actor: Viewer, migrant: Migrant, given: Sequence[str], expected_version: int) -> Migrant:
    """Write down which first help the person has had (palermo/encounter_aid)."""
    require(actor, "encounters.migrant.change", migrant.event_id)
    values = {"aid": aid_in_order(given)}
    migrant.change(values, expected_version=expected_version, base={"aid": migrant.aid})
    _trace(actor, migrant, "aid", given=len(values["aid"]))
    return migrant


def aid_in_order(given: Sequence[str]) -> list[str]:
    """The codes of first help, each once, in the order of the list. Raises Invalid for one that is not in it."""
    order = [code.code for code in codelist(AID).codes]
    if any(code not in order for code in given):
        words = _("Choose from the list.")
        raise Invalid(_("Nothing was saved."), problems=[FieldProblem("aid", words, "choice")])
    return sorted(set(given), key=order.index)


@transaction.atomic
def answer(*, actor: Viewer, migrant: Migrant, answers: Mapping[str, str], expected_version: int) -> Migrant:
    """Write down the five answers. A wish for asylum, or one that is not clear, blocks the consulate at once.

    What is left out stays as it was. Each round is kept; a later one stands beside it.
    """
    require(actor, "encounters.migrant.change", migrant.event_id)
    assert actor.user_id is not None
    if refused := not_in_screening(migrant):
        raise refused
    check_answers(answers)
    values = answers_for(migrant, answers)
    base = {name: getattr(migrant, name) for name in values}
    migrant.change(values, expected_version=expected_version, base=base)
    Answers.objects.create(
        migrant_id=migrant.pk, written_by_id=actor.user_id, **{n: values[n] for n in QUESTIONS}
    )
    _trace(actor, migrant, "answer", asked=sum(1 for n in QUESTIONS if values[n]))
    return migrant


def not_in_screening(migrant: Migrant) -> Conflict | None:
    """Why the five questions are not asked now."""
    if migrant.state == "screening":
        return None
    return Conflict(
        _("The five questions are asked in the screening. Let the person be screened again first."),
        rule="encounters.answers.state",
        state=migrant.state,
    )


def check_answers(answers: Mapping[str, str]) -> None:
    """Raise Invalid for no answer at all, or for one that is none."""
    problems = [
        FieldProblem(name, _("Choose an answer."), "choice")
        for name, value in answers.items()
        if name not in QUESTIONS or value not in Answer.values
    ]
    if problems or not answers:
        raise Invalid(_("Nothing was saved. Answer one question at least."), problems=problems)


def answers_for(migrant: Migrant, answers: Mapping[str, str]) -> dict[str, Any]:
    """The five answers as they are now, and what they mean for the consulate."""
    values: dict[str, Any] = {name: answers.get(name, getattr(migrant, name)) for name in QUESTIONS}
    return values | _consulate(migrant, values["asylum"])


def _consulate(migrant: Migrant, asylum: str) -> dict[str, Any]:
    """When the consulate is blocked: from the first yes or "not clear"; a plain no lifts it before any claim."""
    if asylum in (Answer.YES, Answer.UNCLEAR):
        return {"consulate_blocked_at": migrant.consulate_blocked_at or timezone.now()}
    if asylum == Answer.NO and migrant.asylum_claimed_at is None:
        return {"consulate_blocked_at": None}
    return {}


@transaction.atomic
def assess(
    *, actor: Viewer, migrant: Migrant, kind: str, levels: Sequence[str] = (), found: Sequence[str] = ()
) -> Assessment:
    """Keep one look at vulnerability (the levels looked at, the factors found), or at the risks of a return."""
    require(actor, "encounters.migrant.change", migrant.event_id)
    assert actor.user_id is not None
    if kind == Assessment.RETURN:
        known, top = {code.code for code in codelist(RETURN_CHECKS).codes}, set()
    else:
        top = {code.code for code in codelist(VULNERABILITY).children()}
        known = {code.code for code in codelist(VULNERABILITY).codes} - top
    if kind not in (Assessment.VULNERABILITY, Assessment.RETURN) or set(found) - known or set(levels) - top:
        words = _("Choose from the list.")
        raise Invalid(_("Nothing was saved."), problems=[FieldProblem("found", words, "choice")])
    Migrant.objects.select_for_update().get(pk=migrant.pk)
    made = Assessment.objects.create(
        migrant_id=migrant.pk,
        kind=kind,
        levels=list(levels),
        found=list(found),
        written_by_id=actor.user_id,
    )
    if kind == Assessment.VULNERABILITY and migrant.risk_due_at is not None:
        migrant.change({"risk_due_at": None}, expected_version=migrant.version)
    _trace(actor, migrant, "assess", kind=kind, found=len(made.found))
    return made


@transaction.atomic
def note_again(*, actor: Viewer, migrant: Migrant, why: str, expected_version: int) -> Migrant:
    """The person was brought elsewhere, or had not wanted the journey any more: a new screening is a must now."""
    require(actor, "encounters.migrant.change", migrant.event_id)
    if why not in Again.values:
        words = _("Choose what happened.")
        raise Invalid(_("Nothing was saved."), problems=[FieldProblem("why", words, "choice")])
    migrant.change({"again": why}, expected_version=expected_version, base={"again": migrant.again})
    _trace(actor, migrant, "again", why=why)
    return migrant


@transaction.atomic
def tell_of_consulate(*, actor: Viewer, migrant: Migrant, expected_version: int) -> Migrant:
    """The person was told of the right to contact the own consulate (Smuggling Protocol art. 16(5)).

    Only after a plain "no" to the question about asylum; the database refuses it too while it is blocked.
    """
    require(actor, "encounters.migrant.change", migrant.event_id)
    if refused := consulate_refusal(migrant):
        raise refused
    migrant.change({"consulate_told_at": timezone.now()}, expected_version=expected_version)
    _trace(actor, migrant, "consulate")
    return migrant


def consulate_refusal(migrant: Migrant) -> Conflict | None:
    """Why the consulate is not named to this person."""
    if not migrant.no_consulate and migrant.asylum == Answer.NO:
        return None
    return Conflict(
        _("Contact with the consulate is blocked: ask about asylum first, and respect the answer."),
        rule="encounters.consulate.blocked",
        state=migrant.state,
    )


@transaction.atomic
def link_family(*, actor: Viewer, event: Event, one: int, other: int, relation: str) -> FamilyLink:
    """Link two persons of an event by their numbers. Both are put into one family, so that nobody splits them."""
    require(actor, "encounters.migrant.change", event.pk)
    assert actor.user_id is not None
    found = {
        m.number: m
        for m in Migrant.objects.select_for_update().filter(event_id=event.pk, number__in=(one, other))
    }
    if relation not in codelist(RELATIONS) or one == other or len(found) < 2:
        words = _("Write the numbers of two persons of this event, and choose how they belong together.")
        raise Invalid(_("Nobody was linked."), problems=[FieldProblem("other", words, "choice")])
    try:
        with transaction.atomic():
            made = FamilyLink.objects.create(
                event_id=event.pk,
                one_id=found[one].pk,
                other_id=found[other].pk,
                relation=relation,
                written_by_id=actor.user_id,
            )
    except IntegrityError:
        raise Conflict(_("These two are linked already."), rule="encounters.link.once") from None
    _one_family(event, found[one], found[other])
    _trace(actor, found[one], "link", relation=relation, other=other)
    return made


def _one_family(event: Event, one: Migrant, other: Migrant) -> None:
    """Give both the same family label: that of either, or a new one; whoever shared the other label comes along."""
    label = one.family_group or other.family_group or f"F{min(one.number, other.number)}"
    rows = Migrant.objects.select_for_update().filter(event_id=event.pk)
    old = {m.family_group for m in (one, other) if m.family_group} - {label}
    members = [one, other, *(rows.filter(family_group__in=old).exclude(pk__in=(one.pk, other.pk)))]
    for row in members:
        if row.family_group != label or row.alone:
            row.change({"family_group": label, "alone": False}, expected_version=row.version)


@transaction.atomic
def correct_link(*, actor: Viewer, event: Event, link_id: UUID, relation: str) -> FamilyLink:
    """Say otherwise how two linked persons belong together: a line is written once, so it is written anew."""
    assert actor.user_id is not None
    link = _link(actor, event, link_id)
    if relation not in codelist(RELATIONS):
        words = _("Choose how they belong together.")
        raise Invalid(_("Nothing was saved."), problems=[FieldProblem("relation", words, "choice")])
    made = FamilyLink(
        event_id=event.pk,
        one_id=link.one_id,
        other_id=link.other_id,
        relation=relation,
        written_by_id=actor.user_id,
    )
    one, other = link.one, link.other
    link.delete()
    made.save(force_insert=True)
    _trace(actor, one, "relink", relation=relation, other=other.number)
    return made


@transaction.atomic
def unlink_family(*, actor: Viewer, event: Event, link_id: UUID, apart: bool = False) -> None:
    """Take a link back that was a mistake. The family label stays until it is corrected on the table; `apart` takes it
    away from the other person now, unless another link holds that person in the family.
    """
    link = _link(actor, event, link_id)
    other = link.other
    _trace(actor, link.one, "unlink", relation=link.relation, other=other.number)
    link.delete()
    held = FamilyLink.objects.filter(Q(one_id=other.pk) | Q(other_id=other.pk)).exists()
    if apart and other.family_group and not held:
        other.change({"family_group": ""}, expected_version=other.version)


def _link(actor: Viewer, event: Event, link_id: UUID) -> FamilyLink:
    require(actor, "encounters.migrant.change", event.pk)
    list(Migrant.objects.select_for_update().filter(event_id=event.pk).order_by("pk").values_list("pk"))
    rows = FamilyLink.objects.select_related("one", "other")
    found = rows.filter(pk=link_id, event_id=event.pk).first()
    if found is None:
        raise NotFound()
    return found

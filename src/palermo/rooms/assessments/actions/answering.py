"""Answers kept part by part, differences settled, recommendations made and followed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid, Stale
from palermo.rooms.assessments import queries
from palermo.rooms.assessments.actions.opening import KIND, leading, own_place
from palermo.rooms.assessments.models import (
    Answer,
    Assessment,
    Progress,
    Recommendation,
    Reconciled,
    State,
)
from palermo.standards.toolkits import NUMBER, TEXT, Measure

MOST_VALUE, MOST_WORDS, MOST_LINE, MOST_LINES = 4000, 4000, 400, 10
FIGURE = re.compile(r"[0-9]{1,12}([.][0-9]{1,4})?")
Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Given:
    """What is to be kept for one cell."""

    value: str = ""
    narrative: str = ""
    evidence: tuple[str, ...] = ()


def value_problem(measure: Measure, value: str) -> str:
    """What is wrong with an answer, as a sentence; empty when nothing is. No answer is always allowed."""
    if not value:
        return ""
    if measure.answer == NUMBER:
        return "" if FIGURE.fullmatch(value) else _("Write a number in digits, such as 12 or 12.5.")
    if measure.answer == TEXT:
        return "" if len(value) <= MOST_VALUE else _("At most 4,000 characters.")
    return "" if value in measure.values else _("Choose one of the answers.")


def words_problem(given: Given) -> str:
    """What is wrong with the words and the evidence beside an answer."""
    if len(given.narrative) > MOST_WORDS:
        return _("At most 4,000 characters.")
    if len(given.evidence) > MOST_LINES or any(len(line) > MOST_LINE for line in given.evidence):
        return _("At most 10 lines of evidence, each of at most 400 characters.")
    return ""


def stamp(rows: Iterable[Answer]) -> int:
    """Grows with every change of these answers: what somebody saw before he saved."""
    return sum(one.version for one in rows)


@transaction.atomic
def save_answers(
    *, actor: Viewer, assessment: Assessment, given: Mapping[Cell, Given], expected: int | None = None
) -> int:
    """Keep what the actor answers to these cells; how many were changed. Raises Invalid, Conflict, Stale."""
    require(actor, "assessments.answer.write", assessment.pk)
    return keep(actor, assessment, own_place(actor, assessment).user_id, given, expected)


def keep(
    actor: Viewer, of: Assessment, assessor_id: UUID, given: Mapping[Cell, Given], expected: int | None = None
) -> int:
    """Write the cells that differ from what is there; on record."""
    measures = queries.toolkit_of(of).measures
    if problems := _problems(measures, given):
        raise Invalid(_("Nothing was saved."), problems=problems, rule="assessments.answer")
    cells = Answer.objects.select_for_update(no_key=True).filter(assessment=of, assessor_id=assessor_id)
    there = {(one.measure, one.dimension): one for one in cells}
    if expected is not None and expected != stamp(one for cell, one in there.items() if cell in given):
        raise Stale(_("These answers were changed in another window meanwhile. Nothing was saved."))
    changed = 0
    for (code, dimension), one in given.items():
        new = {"value": one.value, "narrative": one.narrative, "evidence": list(one.evidence)}
        old = there.get((code, dimension))
        if old is None and any(new.values()):
            Answer.objects.create(
                assessment=of, assessor_id=assessor_id, measure=code, dimension=dimension, **new
            )
        elif old is not None and any(getattr(old, name) != value for name, value in new.items()):
            old.change(new, expected_version=old.version)
        else:
            continue
        changed += 1
    if changed:
        record(
            actor=actor, action="assessments.answer.save", object_kind=KIND, object_id=of.pk,
            detail={"cells": changed},
        )  # fmt: skip
    return changed


def field_of(cell: Cell, what: str = "v") -> str:
    """The name of the field of a cell in forms: v value, n words, e evidence."""
    return ":".join((what, *cell))


def _problems(measures: Mapping[str, Measure], given: Mapping[Cell, Given]) -> list[FieldProblem]:
    found = []
    for cell, one in given.items():
        measure = measures.get(cell[0])
        if measure is None or cell[1] not in measure.dimensions:
            found.append(FieldProblem(field_of(cell), _("This toolkit has no such measure."), "choice"))
        elif wrong := value_problem(measure, one.value):
            found.append(FieldProblem(field_of(cell), wrong, "value"))
        elif wrong := words_problem(one):
            found.append(FieldProblem(field_of(cell, "n"), wrong, "length"))
    return found


@transaction.atomic
def settle(
    *, actor: Viewer, assessment: Assessment, cell: Cell, value: str, narrative: str = "", note: str = "",
    expected_version: int = 0,
) -> Reconciled:  # fmt: skip
    """Say what holds where assessors differed, and what the difference was about. Raises Invalid, Stale."""
    person = leading(actor, assessment, State.RECONCILING)
    row = next((r for r in queries.beside(assessment) if (r.measure.code, r.dimension) == cell), None)
    if row is None or row.agreed:
        raise _invalid("value", _("The assessors do not differ there."), "choice")
    if wrong := value_problem(row.measure, value):
        raise _invalid("value", wrong, "value")
    note, narrative = note.strip()[:MOST_WORDS], narrative.strip()[:MOST_WORDS]
    if len(note) < 5:
        raise _invalid("note", _("Say in a few words what the difference was about."), "length")
    values = {"value": value, "narrative": narrative, "note": note}
    made = row.reconciled
    if made is None:
        made = Reconciled.objects.create(
            assessment=assessment, measure=cell[0], dimension=cell[1], by_id=person, **values
        )
    else:
        made.change(values, expected_version=expected_version)
    record(
        actor=actor, action="assessments.answer.reconcile", object_kind=KIND, object_id=assessment.pk,
        detail={"cell": str(made)},
    )  # fmt: skip
    return made


def _invalid(field: str, words: str, rule: str) -> Invalid:
    return Invalid(
        _("Nothing was saved."), problems=[FieldProblem(field, words, rule)], rule="assessments.answer"
    )


@transaction.atomic
def recommend(
    *, actor: Viewer, assessment: Assessment, text: str, owner: str, due: date | None, measure: str = ""
) -> Recommendation:
    """Recommend something to a body, until a day. Raises Invalid."""
    person = leading(actor, assessment, State.RECONCILING, State.FINISHED)
    text, owner, problems = text.strip(), owner.strip(), []
    if not 5 <= len(text) <= 2000:
        problems.append(FieldProblem("text", _("From 5 to 2,000 characters."), "length"))
    if not 2 <= len(owner) <= 160:
        problems.append(FieldProblem("owner", _("Name the body that does it."), "length"))
    if due is None:
        problems.append(FieldProblem("due", _("Say until when."), "required"))
    if measure and measure not in queries.toolkit_of(assessment).measures:
        problems.append(FieldProblem("measure", _("This toolkit has no such measure."), "choice"))
    if problems or due is None:
        raise Invalid(_("Nothing was saved."), problems=problems, rule="assessments.recommendation")
    Assessment.objects.select_for_update(no_key=True).get(pk=assessment.pk)  # so that two get two numbers
    last = Recommendation.objects.filter(assessment=assessment).aggregate(last=Max("number"))["last"] or 0
    made = Recommendation.objects.create(
        assessment=assessment, number=last + 1, measure=measure, text=text, owner=owner, due=due,
        written_by_id=person,
    )  # fmt: skip
    record(
        actor=actor, action="assessments.recommendation.add", object_kind=KIND, object_id=assessment.pk,
        detail={"number": made.number},
    )  # fmt: skip
    return made


@transaction.atomic
def follow_up(
    *, actor: Viewer, recommendation: Recommendation, values: Mapping[str, Any], expected_version: int
) -> Recommendation:
    """Say how a recommendation stands. Raises Invalid, Stale."""
    leading(actor, recommendation.assessment, State.RECONCILING, State.FINISHED)
    state, note = str(values.get("state") or ""), str(values.get("note") or "").strip()
    if state not in Progress.values:
        raise _invalid("state", _("Choose how it stands."), "choice")
    if len(note) > 500:
        raise _invalid("note", _("At most 500 characters."), "length")
    recommendation.change({"state": state, "note": note}, expected_version=expected_version)
    record(
        actor=actor, action="assessments.recommendation.follow_up", object_kind=KIND,
        object_id=recommendation.assessment_id, detail={"number": recommendation.number, "state": state},
    )  # fmt: skip
    return recommendation

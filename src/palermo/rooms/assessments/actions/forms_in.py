"""A filled form comes back: what it would change, and what in it cannot be read, each named by its measure."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import docx
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid, NotFound
from palermo.rooms.assessments import queries
from palermo.rooms.assessments.actions.answering import Given, keep, value_problem, words_problem
from palermo.rooms.assessments.actions.forms_out import FORM, heads
from palermo.rooms.assessments.actions.opening import KIND
from palermo.rooms.assessments.models import Answer, Assessment, Member
from palermo.standards.toolkits import NUMBER, Measure, Toolkit

MOST_BYTES, MOST_UNPACKED = 5_000_000, 60_000_000
KEY = re.compile(
    rf"{FORM}\s+([0-9a-f-]{{36}})\s+([0-9]{{1,3}})\s+([a-z0-9-]+)\s+([0-9]+)\s+([0-9a-f]{{16}})\s+(en|fr|ar)"
)
TICKS = frozenset("xX×✓✔✗✘☑☒*+хХ")
# Marks of direction, joiners, soft hyphens: word processors put them in, nobody sees them.
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u00ad\ufeff\u061c]")
Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that the form answers in another way than it is answered now."""

    measure: str
    dimension: str
    column: str
    before: str
    after: str
    words: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """What a form changes, or would change; with one unreadable cell nothing is changed."""

    assessment: UUID
    assessor: int
    changes: tuple[Change, ...]
    unreadable: tuple[str, ...]
    dry_run: bool


@transaction.atomic
def import_form(
    *, actor: Viewer, content: bytes, assessment: Assessment | None = None, assessor_name: str = "",
    dry_run: bool = False,
) -> Taken:  # fmt: skip
    """Take a filled form into its assessor's answers: all of it, or nothing and what is wrong.

    `assessment`: the one it must belong to. `assessor_name`: whose it is, where the form does not say. A person takes
    in the own form alone. What is empty in the form leaves what was answered before as it is. Raises Invalid.
    """
    book = _opened(content)
    of, toolkit, member, language = _belongs(actor, _key(book), assessment, assessor_name)
    with override(language):
        read, unreadable = _read(book, toolkit)
    there = queries.of_assessor(of, member.user_id)
    given = {cell: _over(there.get(cell), one) for cell, one in read.items()}
    changes = tuple(_changes(there, given))
    if not unreadable and not dry_run and changes:
        changed = {(one.measure, one.dimension): given[one.measure, one.dimension] for one in changes}
        keep(actor, of, member.user_id, changed)
        record(
            actor=actor, action="assessments.form.take_in", object_kind=KIND, object_id=of.pk,
            detail={"assessor": member.number, "cells": len(changes)},
        )  # fmt: skip
    return Taken(of.pk, member.number, changes, tuple(unreadable), dry_run)


def _refused(words: str, rule: str) -> Invalid:
    return Invalid(words, problems=[FieldProblem("file", words, rule)], rule="assessments.form")


def _opened(content: bytes) -> Any:
    """The document. Raises Invalid for what is none, and for one that unpacks to more than a form can be."""
    try:
        if len(content) > MOST_BYTES:
            raise ValueError
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST_UNPACKED:
                raise ValueError
        return docx.Document(io.BytesIO(content))
    except Exception as error:
        raise _refused(_("This is not a Word file (.docx) that can be read."), "docx") from error


def _key(book: Any) -> tuple[str, ...]:
    for paragraph in book.paragraphs:
        if found := KEY.search(UNSEEN.sub("", paragraph.text)):
            return found.groups()
    raise _refused(_("This is no form of an assessment, or the line that says which one was changed."), "key")


def _belongs(
    actor: Viewer, key: tuple[str, ...], wanted: Assessment | None, assessor_name: str
) -> tuple[Assessment, Toolkit, Member, str]:
    """Whose answers the form holds. Raises Invalid with a sentence for every form that does not belong here."""
    form_of, number, code, version, sha, language = key
    if wanted is not None and str(wanted.pk) != form_of:
        raise _refused(_("This form belongs to another assessment."), "assessment")
    of = wanted or Assessment.objects.select_related("organisation").filter(pk=form_of).first()
    if of is None:
        raise _refused(_("The assessment of this form is not here."), "assessment")
    require(actor, "assessments.answer.write", of.pk)
    if code != of.toolkit:
        raise _refused(_("This form is of another toolkit."), "toolkit")
    if version != of.toolkit_version or not of.toolkit_sha256.startswith(sha):
        raise _refused(_("This form is of another version of the toolkit."), "version")
    member = _assessor(of, int(number), assessor_name)
    if actor.is_person and member.user_id != actor.user_id:
        raise _refused(_("This form belongs to another assessor."), "assessor")
    if not queries.answers_now(of, member):
        raise _refused(_("These answers were handed in. They stay as they are."), "state")
    return of, queries.toolkit_of(of), member, language


def _assessor(of: Assessment, number: int, name: str) -> Member:
    """By the number in the form, else by the name that was given; both must agree."""
    if not number and not name:
        raise _refused(_("This form does not say whose it is: name the assessor."), "assessor")
    try:
        found = queries.assessor_of(of, name) if name else queries.assessor_of(of, number=number)
    except NotFound:
        raise _refused(_("Nobody of that name or number assesses here."), "assessor") from None
    if number not in (0, found.number):
        raise _refused(_("This form belongs to another assessor."), "assessor")
    return found


def _read(book: Any, toolkit: Toolkit) -> tuple[dict[Cell, Given], list[str]]:
    """Every line of every table, and what cannot be read, as sentences that begin with the measure."""
    found: dict[Cell, Given] = {}
    unreadable: list[str] = []
    tables = [(table, _text(table.rows[0].cells[0])) for table in book.tables if table.rows]
    for code, measure in toolkit.measures.items():
        mine = [table for table, head in tables if head == code]
        if len(mine) != 1:
            told = _("its table is missing.") if not mine else _("its table stands there more than once.")
            unreadable.append(f"{code}: {told}")
            continue
        for cell, given, wrong in _lines(mine[0], measure):
            if wrong:
                unreadable.append(
                    " ".join(filter(None, (code, queries.dimension_words(cell[1])))) + f": {wrong}"
                )
            else:
                found[cell] = given
    return found, unreadable


def _lines(table: Any, measure: Measure) -> Iterator[tuple[Cell, Given, str]]:
    """Each line of a measure's table with what it says, or what is wrong with it. Lines are known by their code."""
    rows = [[_text(cell) for cell in row.cells] for row in table.rows[1:]]
    columns = 1 + len(heads(measure))
    for place, dimension in enumerate(measure.dimensions):
        cell = (measure.code, dimension)
        mine = [one for one in rows if f"[{dimension}]" in one[0]] if dimension else rows[place : place + 1]
        if len(mine) != 1 or len(mine[0]) != columns:
            yield cell, Given(), _("the table has other lines or columns than the form that was sent out.")
        else:
            *answers, words, evidence = mine[0][1:]
            value, wrong = _value(measure, answers)
            given = Given(value, words, tuple(line.strip() for line in evidence.splitlines() if line.strip()))
            yield cell, given, wrong or words_problem(given)


def _value(measure: Measure, answers: list[str]) -> tuple[str, str]:
    """The answer of one line, or what is wrong."""
    if not measure.values:
        value = _figure(answers[0]) if measure.answer == NUMBER else answers[0]
        return value, value_problem(measure, value)
    marked = [one for one, text in zip(measure.values, answers, strict=True) if text]
    if len(marked) > 1:
        return "", _("more than one answer is marked.")
    if any(text and not set(text) <= TICKS for text in answers):
        return "", _("something other than an x is written under an answer.")
    return (marked[0] if marked else ""), ""


def _figure(text: str) -> str:
    """Digits of any script as those of a computer, with their decimal point."""
    plain = "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)
    return plain.replace("\u066b", ".").replace(" ", "").replace("\u00a0", "")


def _text(cell: Any) -> str:
    return UNSEEN.sub("", "\n".join(one.text for one in cell.paragraphs)).strip()


def _over(old: Answer | None, new: Given) -> Given:
    """What the form says, and where it says nothing, what was there."""
    if old is None:
        return new
    return Given(new.value or old.value, new.narrative or old.narrative, new.evidence or tuple(old.evidence))


def _changes(there: dict[Cell, Answer], given: dict[Cell, Given]) -> Iterable[Change]:
    for cell, one in given.items():
        old = there.get(cell)
        before = Given(old.value, old.narrative, tuple(old.evidence)) if old else Given()
        if one != before:
            yield Change(
                *cell, queries.dimension_words(cell[1]), queries.value_words(before.value),
                queries.value_words(one.value), (one.narrative, one.evidence) != (before.narrative, before.evidence),
            )  # fmt: skip

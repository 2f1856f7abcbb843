"""Sealing what is written about risk, safety and plan, and checking codes: what every record of the plan needs."""

import json
import uuid
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import FieldProblem
from palermo.kernel.vault.texts import seal_text
from palermo.rooms.cases.models import Case, Words
from palermo.rooms.cases.queries.sealed import owner_of, words_in
from palermo.standards.codes import codelist

LENGTH = 5000


def write(actor: Viewer, case: Case, text: str) -> Words | None:
    """The sealed words; None where nothing was written."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        return None
    assert actor.user_id is not None
    made = Words(id=uuid.uuid4(), case=case, written_by_id=actor.user_id)
    made.sealed = seal_text(owner=owner_of(case), place=words_in(made)[0], text=text)
    made.save(force_insert=True)
    return made


def written(actor: Viewer, case: Case, text: str) -> Words:
    """As `write`, for a text that was found to be long enough."""
    made = write(actor, case, text)
    assert made is not None
    return made


def write_parts(actor: Viewer, case: Case, parts: Mapping[str, str]) -> Words | None:
    """Several texts of one record, sealed as one JSON object; parts that are empty are left out."""
    kept = {name: text.strip() for name, text in parts.items() if text.strip()}
    return write(actor, case, json.dumps(kept, ensure_ascii=False)) if kept else None


def known(field: str, list_id: str, given: object) -> list[FieldProblem]:
    """A problem unless `given` is a code of the list."""
    if isinstance(given, str) and given in codelist(list_id):
        return []
    return [FieldProblem(field, _("Choose from the list."), "choice")]


def all_known(field: str, list_id: str, given: Iterable[object]) -> list[FieldProblem]:
    """One problem if something in `given` is not in the list."""
    return next((found for code in given if (found := known(field, list_id, code))), [])


def long_enough(field: str, text: str, least: int, sentence: str) -> list[FieldProblem]:
    """A problem where a text is too short or too long."""
    length = len(text.strip())
    if length > LENGTH:
        return [FieldProblem(field, _("Up to %(n)s characters.") % {"n": LENGTH}, "length")]
    return [] if length >= least else [FieldProblem(field, sentence, "length")]

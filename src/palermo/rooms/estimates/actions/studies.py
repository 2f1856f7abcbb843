"""A question and its table: opened from a file of capture histories, changed until the first run."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from palermo.estimation import BadInput, CaptureTable
from palermo.estimation.mse.reading import read_strata
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, Refused
from palermo.rooms.estimates.models import YEARS, Crime, Study
from palermo.rooms.estimates.queries import in_words
from palermo.rooms.reconciliation import queries as reconciled

MOST_BYTES = 20_000_000
MOST_STRATA = 60
MOST_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Linked:
    """What a reconciliation handed over: its question, a table for each stratum, and the draws of its links."""

    handover_id: UUID
    values: Mapping[str, Any]
    tables: Mapping[str, CaptureTable]
    draws: Sequence[Mapping[str, Any]]


def from_links(viewer: Viewer, handover_id: UUID) -> Linked:
    """The capture histories that a reconciliation handed over. Strata that fewer than two lists saw are left out.

    Raises NotFound, and Invalid where nothing is left to estimate from.
    """
    found = reconciled.handover(viewer, handover_id)
    tables = {}
    for stratum, table in found.tables.items():
        try:
            tables[stratum] = CaptureTable.from_counts(table["lists"], dict(table["cells"]))
        except BadInput:
            continue
    if not tables:
        raise Invalid(
            _("Fewer than two lists saw anybody: nothing can be estimated."), rule="estimates.links"
        )
    values = {
        "title": found.project.title, "crime": found.project.crime, "year_from": found.year_from,
        "year_to": found.year_to, "about": ", ".join(found.lists),
    }  # fmt: skip
    return Linked(found.pk, values, tables, found.draws)


def draws_of(study: Study, stratum: str, lists: Sequence[str]) -> list[CaptureTable]:
    """The tables of one stratum as drawn from the doubt about links, over the lists that saw anybody in it."""
    found = []
    for one in study.draws:
        table = one.get(stratum)
        if table is None:
            continue
        places = [table["lists"].index(name) for name in lists]
        counts = np.zeros(1 << len(lists), dtype=np.int64)
        for mask, count in table["cells"]:
            counts[sum((mask >> place & 1) << new for new, place in enumerate(places))] += count
        counts[0] = 0
        found.append(CaptureTable(tuple(lists), counts))
    return found


def read_tables(lines: Iterable[str], *, by: str = "") -> dict[str, CaptureTable]:
    """The table of a file, by stratum of the column `by` ("" is the whole). Raises Invalid with every problem."""
    try:
        found = read_strata(lines, (by,) if by else ())
    except BadInput as error:
        problems = [
            FieldProblem("file", in_words(problem.sentence), problem.rule) for problem in error.problems[:50]
        ]
        raise Invalid(_("The table cannot be used."), problems=problems, rule="estimates.table") from error
    tables = {" · ".join(key): one for key, one in found.items()}
    if len(tables) > MOST_STRATA:
        words = _("The column has more than %(most)s different values. Strata are few: sex, age group, year.")
        problem = FieldProblem("by", words % {"most": MOST_STRATA}, "strata")
        raise Invalid(_("The table cannot be used."), problems=[problem], rule="estimates.table")
    return tables


@transaction.atomic
def open_study(
    *,
    actor: Viewer,
    values: Mapping[str, Any],
    tables: Mapping[str, CaptureTable],
    links: "Linked | None" = None,
) -> Study:
    """Ask a question of a table. links: the hand-over that the tables come from. Raises Invalid."""
    require(actor, "estimates.study.make")
    if actor.user_id is None:
        raise Refused(_("A study is opened by a person."), rule="estimates.person")
    made = Study(made_by_id=actor.user_id, **_checked(values), **_as_stored(tables))
    if links is not None:
        made.links, made.draws = links.handover_id, [dict(one) for one in links.draws]
    made.save()
    record(
        actor=actor, action="estimates.study.open", object_kind="study", object_id=made.pk,
        detail={"strata": len(tables), "data": made.data_hash[:16]},
    )  # fmt: skip
    return made


@transaction.atomic
def change_study(
    *,
    actor: Viewer,
    study: Study,
    expected_version: int,
    values: Mapping[str, Any],
    tables: Mapping[str, CaptureTable] | None = None,
) -> Study:
    """Put the question right; the table too, as long as nothing was run on it. Raises Stale, Invalid, Conflict."""
    require(actor, "estimates.study.make")
    checked = _checked(values)
    if study.runs.exists():
        asked = {name: checked[name] for name in ("crime", "year_from", "year_to")}
        if tables is not None or any(getattr(study, name) != value for name, value in asked.items()):
            words = _("Runs stand on this question and table. Open a new study for another one.")
            raise Conflict(words, rule="estimates.study.run", state="run")
    elif tables is not None:
        checked |= _as_stored(tables)
    study.change(checked, expected_version=expected_version)
    record(
        actor=actor,
        action="estimates.study.change",
        object_kind="study",
        object_id=study.pk,
        fields=tuple(checked),
    )
    return study


def tables_of(study: Study) -> dict[str, CaptureTable]:
    """The capture tables of a study by stratum. NotFound where they are not what was stored."""
    if _hash(study.tables) != study.data_hash:
        raise NotFound()
    return {one["stratum"]: CaptureTable.from_json(one["table"]) for one in study.tables}


def _as_stored(tables: Mapping[str, CaptureTable]) -> dict[str, Any]:
    stored = [{"stratum": name, "table": table.as_json()} for name, table in tables.items()]
    return {"tables": stored, "data_hash": _hash(stored)}


def _hash(stored: Any) -> str:
    return hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    title, about = " ".join(str(values["title"]).split()), str(values.get("about", "")).strip()
    first, last = values["year_from"], values["year_to"]
    problems = []
    if not 3 <= len(title) <= 160:
        problems.append(FieldProblem("title", _("Give it a title of 3 to 160 characters."), "length"))
    if len(about) > MOST_WORDS:
        problems.append(
            FieldProblem("about", _("At most %(most)s characters.") % {"most": MOST_WORDS}, "length")
        )
    if values["crime"] not in Crime.values:
        problems.append(
            FieldProblem("crime", _("Choose one of the two crimes; never both in one table."), "crime")
        )
    if not (YEARS[0] <= first <= last <= YEARS[1]):
        problems.append(FieldProblem("year_to", _("The last year is not before the first."), "years"))
    if problems:
        raise Invalid(_("The study was not saved."), problems=problems, rule="estimates.study")
    return {"title": title, "about": about, "crime": values["crime"], "year_from": first, "year_to": last}

"""A record is written section by section. Who saves over what another one saved meanwhile is told; nothing is lost."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.judgments import VERSION, read
from palermo.judgments.sections import SECTIONS, Section, content, mark
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record as audit
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, Stale
from palermo.rooms.caselaw.actions.importing import columns
from palermo.rooms.caselaw.models import Case, State

MOST = 200
KEYS = {"victim": "V", "migrant": "M", "defendant": "D", "other": "O"}
POINTING = {"stages": ("charges", "stage"), "charges": ("sentences", "charge")}
Change = Callable[[dict[str, Any]], None]


@transaction.atomic
def begin(*, actor: Viewer, values: Mapping[str, Any]) -> Case:
    """A new draft. Its id holds nothing of the title, for it stands in addresses."""
    require(actor, "caselaw.case.write")
    palermo_id = f"{str(values.get('country', '')).lower()}-{secrets.token_hex(5)}"
    made = _typed(dict(values) | {"palermo_id": palermo_id, "status": State.DRAFT.value})
    prepared = [actor.user_id] if actor.user_id else []
    case = Case.objects.create(
        palermo_id=palermo_id, made_by_id=actor.user_id, prepared=prepared, **columns(made)
    )
    audit(actor=actor, action="caselaw.case.begin", object_kind="caselaw_case", object_id=case.pk)
    return case


@transaction.atomic
def write(*, actor: Viewer, case: Case, section: str, values: Mapping[str, Any], seen: str) -> Case:
    """The plain fields of a section."""

    def put(record: dict[str, Any]) -> None:
        record.update({name: values[name] for name in SECTIONS[section].fields})

    return _save(actor, case, SECTIONS[section], put, seen, values)


@transaction.atomic
def write_row(
    *, actor: Viewer, case: Case, section: str, row: int, values: Mapping[str, Any] | None, seen: str
) -> Case:
    """One group of a list, counted from 1: changed; with 0 a new one; without values it is taken out."""
    where = SECTIONS[section].rows

    def put(record: dict[str, Any]) -> None:
        rows = record[where]
        if not 0 <= row <= len(rows) or (row == 0 and (values is None or len(rows) >= MOST)):
            raise NotFound()
        if values is None:
            _let_go(record, where, row)
        elif row:
            rows[row - 1] = rows[row - 1] | dict(values) | _signed(actor, where)
        else:
            rows.append(dict(values) | _signed(actor, where) | _key(rows, where, values))

    return _save(actor, case, SECTIONS[section], put, seen, {where: values})


def _let_go(record: dict[str, Any], where: str, row: int) -> None:
    """Take a row out; what is counted by its place still means the same afterwards."""
    among, by = POINTING.get(where, ("", ""))
    for one in record[among] if among else ():
        if one[by] == row:
            raise Invalid(
                _("Something else in the record refers to this. Change that first."), rule="caselaw.referred"
            )
        one[by] -= one[by] > row
    del record[where][row - 1]


def _signed(actor: Viewer, where: str) -> dict[str, str]:
    """Who coded, when, with which vocabulary: a pseudonym that stays, for the record is published."""
    if where != "codings":
        return {}
    return {
        "coder": f"coder-{str(actor.user_id)[:8]}", "date": timezone.localdate().isoformat(), "vocabulary": VERSION
    }  # fmt: skip


def _key(rows: list[dict[str, Any]], where: str, values: Mapping[str, Any]) -> dict[str, str]:
    """The next key of a party: V1, V2, D1."""
    if where != "parties":
        return {}
    letter, taken = KEYS[values["side"]], {one["key"] for one in rows}
    return {"key": next(key for n in range(1, MOST + 2) if (key := f"{letter}{n}") not in taken)}


def _save(
    actor: Viewer, case: Case, section: Section, put: Change, seen: str, mine: Mapping[str, Any]
) -> Case:
    """Look at the locked row, change the section, check the whole record, keep and audit it."""
    require(actor, "caselaw.case.write")
    now = Case.objects.select_for_update(of=("self",), no_key=True).filter(pk=case.pk).first()
    if now is None:
        raise NotFound()
    if now.state != State.DRAFT:
        raise Conflict(_("Only a draft is changed."), rule="caselaw.draft", state=now.state)
    if mark(now.record, section) != seen:
        theirs = content(now.record, section)
        words = _("Somebody else has changed this section since you opened it. Nothing was saved.")
        told = {name: value for name, value in mine.items() if theirs.get(name) != value}
        raise Stale(words, mine=told, theirs={name: theirs.get(name) for name in told})
    put(now.record)
    made = _typed(now.record | {"status": State.DRAFT.value})
    prepared = [*now.prepared, *([actor.user_id] if actor.user_id not in now.prepared else [])]
    case.change({**columns(made), "prepared": prepared}, expected_version=now.version)
    detail = {"section": section.code}
    audit(
        actor=actor, action="caselaw.case.write", object_kind="caselaw_case", object_id=case.pk, detail=detail
    )
    return case


def _typed(record: dict[str, Any]) -> Any:
    """The record as a case; Invalid with every problem where it is none."""
    found, wrong = read(record)
    if found is None:
        problems = [FieldProblem(one.column.rpartition(".")[2], one.rule, "caselaw.record") for one in wrong]
        raise Invalid(_("Some answers need another look"), problems=problems, rule="caselaw.record")
    return found

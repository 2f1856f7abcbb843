"""Findings and introductions from a file: all of it, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Invalid
from palermo.rooms.caselaw.queries import published
from palermo.rooms.digest.actions.writing import write_finding, write_intro, wrong
from palermo.rooms.digest.models import BearsOn, Direction, Finding, Intro, Stage, Standing, Translation
from palermo.web.reviewed import let_out

CHOICES = {
    "stage": Stage, "standing": Standing, "bears_on": BearsOn, "direction": Direction, "translated": Translation,
}  # fmt: skip
TEXTS = ("issue", "note", "note_language", "quote", "quote_language", "pinpoint", "translation", *CHOICES)


@dataclass(frozen=True, slots=True)
class Bad:
    """What is wrong in a file: the record (from 1), the field, and the rule."""

    record: int
    field: str
    rule: str


@dataclass(frozen=True, slots=True)
class Imported:
    """How many findings and introductions came in, how many were here already, and what is wrong."""

    findings: int
    intros: int
    known: int
    bad: tuple[Bad, ...]


class _Undone(Exception):
    """Takes the whole file back: something is wrong in it, or it was a trial."""


def bring_in(*, actor: Viewer, values: Sequence[Any], dry_run: bool = False) -> Imported:
    """Findings (`case` in the record) and introductions (`text` in it). The operator's are published. Twice is once."""
    require(actor, "digest.record.write")
    counts = {"findings": 0, "intros": 0, "known": 0}
    bad: list[Bad] = []
    try:
        with transaction.atomic():
            for number, told in enumerate(values, 1):
                try:
                    with transaction.atomic():
                        counts[_one(actor, told)] += 1
                except Invalid as error:
                    bad += [Bad(number, one.field, str(one.message)) for one in error.problems]
                except KeyError as error:
                    bad.append(Bad(number, str(error.args[0]), _("It is missing.")))
            if bad or dry_run:
                raise _Undone
    except _Undone:
        if bad:
            counts = dict.fromkeys(counts, 0)
    return Imported(**counts, bad=tuple(bad))


def _one(actor: Viewer, told: Any) -> str:
    if not isinstance(told, Mapping) or not all(isinstance(one, str | bool) for one in told.values()):
        raise wrong("", _("This is not an object of texts."))
    if "text" in told:
        values = {name: told[name] for name in ("issue", "language", "text")}
        if Intro.objects.filter(**values).exists():
            return "known"
        let_out(actor, write_intro(actor=actor, values=values))
        return "intros"
    case = published(actor).filter(palermo_id=told["case"]).first()
    if case is None:
        raise wrong("case", _("There is no such published case."))
    values = {name: told[name] for name in TEXTS if name in told}
    for name, allowed in CHOICES.items():
        if name != "translated" and told[name] not in allowed.values:
            raise wrong(name, _("It is one of: %(values)s.") % {"values": ", ".join(allowed.values)})
    if Finding.objects.filter(case=case, issue=told["issue"], note=told["note"].strip()).exists():
        return "known"
    kept = {**values, "case": case, "verified": told.get("verified") is True}
    let_out(actor, write_finding(actor=actor, values=kept))
    return "findings"

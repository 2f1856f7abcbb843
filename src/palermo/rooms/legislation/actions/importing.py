"""Files in: laws as JSON, readings as JSON or CSV, one wording as Akoma Ntoso. All of a file, or nothing of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.legislation import Unreadable, from_akoma, plain
from palermo.rooms.legislation.actions.writing import (
    address,
    country_code,
    day_of,
    write_law,
    write_reading,
    write_wording,
    wrong,
)
from palermo.rooms.legislation.models import (
    Confidence,
    Law,
    LawKind,
    Reading,
    Standing,
    Translation,
    UsedFor,
    Wording,
)
from palermo.standards.checklists import checklist
from palermo.web.reviewed import let_out
from palermo.web.searched import changed


@dataclass(frozen=True, slots=True)
class Bad:
    """What is wrong in a file: the record (from 1), the field, and the rule."""

    record: int
    field: str
    rule: str


@dataclass(frozen=True, slots=True)
class Imported:
    """How many laws, wordings and readings came in, how many were here already, and what is wrong."""

    laws: int
    wordings: int
    readings: int
    known: int
    bad: tuple[Bad, ...]


class _Undone(Exception):
    """Takes the whole file back: something is wrong in it, or it was a trial."""


def bring_in(*, actor: Viewer, values: Sequence[Any], dry_run: bool = False) -> Imported:
    """Laws with their wordings (`title` in the record) and readings (`row` in it). Twice is once.

    A person brings in drafts; the operator of the instance what is published.
    """
    require(actor, "legislation.record.write")
    counts = {"laws": 0, "wordings": 0, "readings": 0, "known": 0}
    bad: list[Bad] = []
    try:
        with transaction.atomic():
            for number, told in enumerate(values, 1):
                bad += _one(actor, number, told, counts)
            if bad or dry_run:
                raise _Undone
            changed.send(Law)
    except _Undone:
        if bad:
            counts = dict.fromkeys(counts, 0)
    return Imported(**counts, bad=tuple(bad))


def _one(actor: Viewer, number: int, told: Any, counts: dict[str, int]) -> list[Bad]:
    try:
        with transaction.atomic():
            if not isinstance(told, Mapping):
                raise wrong("", _("This is not an object."))
            (_reading if told.get("row") else _law)(actor, told, counts)
    except Invalid as error:
        problems = error.problems or [FieldProblem("", str(error), "value")]
        return [Bad(number, problem.field, str(problem.message)) for problem in problems]
    except KeyError as error:
        return [Bad(number, str(error.args[0]), _("It is missing."))]
    except (ValueError, TypeError, AttributeError):
        return [Bad(number, "", _("A value does not have the form that it should have."))]
    return []


def _choice(told: Mapping[str, Any], field: str, allowed: Any, default: str) -> str:
    value = str(told.get(field) or default)
    if value not in allowed.values:
        raise wrong(field, _("It is one of: %(values)s.") % {"values": ", ".join(allowed.values)})
    return value


def _law(actor: Viewer, told: Mapping[str, Any], counts: dict[str, int]) -> None:
    values = {
        "country": country_code(told["country"]), "kind": _choice(told, "kind", LawKind, "act"),
        "used_for": _choice(told, "used_for", UsedFor, "specific"), "number": str(told["number"]).strip(),
        "title": str(told["title"]).strip(), "language": str(told["language"]).strip(),
        "titles": dict(told.get("titles") or {}), "adopted": date.fromisoformat(told["adopted"]),
        "published_on": day_of(told.get("published_on")), "commenced": day_of(told.get("commenced")),
        "repealed": day_of(told.get("repealed")), "amendments": list(told.get("amendments") or []),
        "source": str(told.get("source") or ""), "note": str(told.get("note") or ""),
    }  # fmt: skip
    for field in ("title", "number", "language"):
        if not values[field]:
            raise wrong(field, _("It is missing."))
    law = Law.objects.filter(uri=address(values)).first()
    if law is None:
        law = let_out(actor, write_law(actor=actor, values=values))
        counts["laws"] += 1
    else:
        counts["known"] += 1
    for one in told.get("wordings") or ():
        _wording(actor, law, one, counts)


def _wording(actor: Viewer, law: Law, told: Mapping[str, Any], counts: dict[str, int]) -> None:
    values: dict[str, Any] = {
        "language": str(told.get("language") or law.language), "gazette": str(told.get("gazette") or ""),
        "translation": _choice(told, "translation", Translation, "original"), "note": str(told.get("note") or ""),
        "valid_from": date.fromisoformat(told["valid_from"]), "valid_to": day_of(told.get("valid_to")),
        "body": str(told["text"]),
    }  # fmt: skip
    same = law.wordings.filter(language=values["language"], valid_from=values["valid_from"])
    if same.filter(body=values["body"]).exists():
        counts["known"] += 1
        return
    let_out(actor, write_wording(actor=actor, law=law, values=values))
    counts["wordings"] += 1


def _reading(actor: Viewer, told: Mapping[str, Any], counts: dict[str, int]) -> None:
    slug = str(told["row"]).strip()
    codes = {row.code: row.slug for row in checklist().values()}
    values = {
        "country": country_code(told["country"]), "row": codes.get(slug, slug),
        "on": date.fromisoformat(told["on"]), "standing": _choice(told, "standing", Standing, ""),
        "reasons": str(told["reasons"]), "sources": str(told.get("sources") or ""),
        "need": str(told.get("need") or ""), "confidence": _choice(told, "confidence", Confidence, "medium"),
        "relied": _named(told.get("relied") or ()),
    }  # fmt: skip
    same = {name: values[name] for name in ("country", "row", "on", "standing", "reasons")}
    if Reading.objects.filter(**same).exists():
        counts["known"] += 1
        return
    let_out(actor, write_reading(actor=actor, values=values))
    counts["readings"] += 1


def _named(wanted: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Provisions by the address of the law, the first day of the wording and the eId: what a file can know."""
    found = []
    for one in wanted:
        rows = Wording.objects.filter(law__uri=one["law"], valid_from=date.fromisoformat(one["valid_from"]))
        row = rows.filter(language=one["language"]).first() if one.get("language") else rows.first()
        if row is None:
            raise wrong("relied", _("There is no wording of that law from that day."))
        found.append({"wording": str(row.pk), "eid": str(one["eid"])})
    return found


def take_akoma(*, actor: Viewer, content: bytes, law: Law | None = None) -> Wording:
    """A wording from an Akoma Ntoso document, of `law` or of the law that the document names; made where it is new."""
    require(actor, "legislation.record.write")
    try:
        text = from_akoma(content)
    except Unreadable as error:
        raise wrong("file", str(error)) from None
    with transaction.atomic():
        law = law or Law.objects.filter(uri=text.uri).first()
        if law is None:
            values = {
                "country": text.country, "number": text.number or "nn", "title": text.title or text.uri,
                "language": text.language, "adopted": text.date, "kind": _kind_of(text.uri),
            }  # fmt: skip
            law = let_out(actor, write_law(actor=actor, values=values))
        told = {"language": text.language, "valid_from": text.valid_from, "body": plain(text.provisions)}
        changed.send(Law)
        return let_out(actor, write_wording(actor=actor, law=law, values=told))


def _kind_of(uri: str) -> str:
    parts = uri.split("/")
    kind = parts[4] if len(parts) > 4 else "act"
    return kind if kind in LawKind.values else "act"

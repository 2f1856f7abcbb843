"""What cases put into the register: an event of a person who is known here by a one-way pseudonym only."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from palermo.kernel.access.context import current_token, proof
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record as audit
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.kernel.vault.unlock import keyring
from palermo.rooms.register.actions.attributes import AREA, TEXTS
from palermo.rooms.register.models import Kind, Precision
from palermo.rooms.register.models.flags import GROUPS, masks
from palermo.rooms.register.queries.labels import SCHEMES
from palermo.standards import codelist

# The status that an event gives the person, unless the caller says otherwise.
STATUS_AFTER: Mapping[str, str] = {
    Kind.PRESUMED: "presumed",
    Kind.REASONABLE_GROUNDS: "reasonable_grounds",
    Kind.IDENTIFIED: "identified",
    Kind.REJECTED: "rejected",
    Kind.DECLINED: "declined",
}


def pseudonym(case_person_id: UUID) -> bytes:
    """16 bytes that stand for a person of a case: the same every time, and no way back without the key.

    Only the application holds the key, outside the database, so that the two tables cannot be joined.
    """
    return hmac.new(_key(), case_person_id.bytes, hashlib.sha256).digest()[:16]


def _key() -> bytes:
    return keyring().purpose_key("blind-index", "register-pseudonym")


# The shapes of codes that are in no list of palermo: ISO alpha-3 countries, areas of a country pack.
_SHAPES = {
    "citizenship": re.compile("[A-Z]{3}"),
    "other_citizenships": re.compile("[A-Z]{3}( [A-Z]{3}){0,9}"),
    "country": re.compile("[A-Z]{3}"),
    "area": AREA,
}


def signature(pseudonym: bytes, *call: str) -> bytes:
    """The proof that this application makes this call, in the context of this transaction and for no other."""
    return proof("|".join(("register", current_token(), pseudonym.hex(), *call)))


@transaction.atomic
def record_case_event(
    *,
    actor: Viewer,
    pseudonym: bytes,
    kind: str,
    on: date,
    precision: str = Precision.DAY,
    attributes: Mapping[str, Any] | None = None,
) -> bool:
    """Store an event of a case person, and what the case knows of the attributes now. True when it is new.

    attributes: any columns of `Attributes`; texts are codes, flag groups ("form", "control", "labour",
    "sexual", "recruiter") are mappings code -> bool. What is not given stays as it was. The caller cannot
    read the register by this. Nothing is stored of a person who was withdrawn.
    """
    require(actor, "register.case_event.record")
    known = dict(attributes or {})
    if kind in STATUS_AFTER:
        known.setdefault("status", STATUS_AFTER[kind])
    values = json.dumps(_columns(kind, precision, known), ensure_ascii=True)
    signed = signature(pseudonym, "feed", kind, on.isoformat(), precision, values)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT register_case_event(%s, %s, %s, %s, %s, %s)",
            [pseudonym, kind, on, precision, values, signed],
        )
        made = bool(cursor.fetchone()[0])
    # Neither the pseudonym nor the attributes go into the audit: it would tie the case to the register.
    audit(actor=actor, action="register.case_event.record", object_kind="register", detail={"kind": kind})
    return made


def _columns(kind: str, precision: str, known: Mapping[str, Any]) -> dict[str, Any]:
    problems: list[FieldProblem] = []
    if kind not in Kind.values:
        problems.append(FieldProblem("kind", kind, "register.event.kind"))
    if precision not in Precision.values:
        problems.append(FieldProblem("precision", precision, "register.event.precision"))
    return coded_columns(known, problems)


def coded_columns(known: Mapping[str, Any], problems: list[FieldProblem]) -> dict[str, Any]:
    """The columns to store; raises `Invalid` with everything that is not a code of the register."""
    values: dict[str, Any] = {}
    for name, value in known.items():
        if name in GROUPS:
            try:
                values[f"{name}_recorded"], values[f"{name}_yes"] = masks(name, value)
            except KeyError as error:
                problems.append(FieldProblem(name, str(error.args[0]), "register.flag.code"))
        elif name in TEXTS and isinstance(value, str):
            if _is_code(name, value):
                values[name] = "" if value == "not_recorded" else value
            else:
                problems.append(FieldProblem(name, "", "register.attribute.code"))
        elif name == "abducted" and isinstance(value, bool):
            values[name] = value
        else:
            problems.append(FieldProblem(name, "", "register.attribute.name"))
    if problems:
        raise Invalid("the register does not know these attributes or codes", problems=problems)
    return _group_of_band(values)


def _is_code(name: str, value: str) -> bool:
    if not value:
        return True
    if name in SCHEMES:
        return value in codelist(SCHEMES[name])
    return bool(_SHAPES[name].fullmatch(value))


def _group_of_band(values: dict[str, Any]) -> dict[str, Any]:
    """An age group that is really a band goes to the band, and its parent (child, adult) to the group."""
    band = codelist("palermo/age_group").get(values.get("age_group", ""))
    if band is not None and band.parent:
        values["age_band"], values["age_group"] = band.code, band.parent
    return values

"""What cases put into the register: an event of a person who is known here by a one-way pseudonym only."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record as audit
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.kernel.vault.keys import open_keyring
from palermo.rooms.register.actions.attributes import TEXTS
from palermo.rooms.register.models import Kind, Precision
from palermo.rooms.register.models.flags import GROUPS, masks

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
    keyring = open_keyring(settings.PALERMO_KEYS_DIR, create=True)
    return keyring.purpose_key("blind-index", "register-pseudonym")


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
    read the register by this.
    """
    require(actor, "register.case_event.record")
    known = dict(attributes or {})
    if kind in STATUS_AFTER:
        known.setdefault("status", STATUS_AFTER[kind])
    values = _columns(kind, precision, known)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT register_case_event(%s, %s, %s, %s, %s::jsonb)",
            [pseudonym, kind, on, precision, json.dumps(values)],
        )
        made = bool(cursor.fetchone()[0])
    # Neither the pseudonym nor the attributes go into the audit: it would tie the case to the register.
    audit(actor=actor, action="register.case_event.record", object_kind="register", detail={"kind": kind})
    return made


def _columns(kind: str, precision: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """The columns to store; raises `Invalid` with everything that is not a code of the register."""
    problems: list[FieldProblem] = []
    values: dict[str, Any] = {}
    if kind not in Kind.values:
        problems.append(FieldProblem("kind", kind, "register.event.kind"))
    if precision not in Precision.values:
        problems.append(FieldProblem("precision", precision, "register.event.precision"))
    for name, value in known.items():
        if name in GROUPS:
            try:
                values[f"{name}_recorded"], values[f"{name}_yes"] = masks(name, value)
            except KeyError as error:
                problems.append(FieldProblem(name, str(error.args[0]), "register.flag.code"))
        elif isinstance(value, str if name in TEXTS else bool) and name in (*TEXTS, "abducted"):
            values[name] = value
        else:
            problems.append(FieldProblem(name, "", "register.attribute.name"))
    if problems:
        raise Invalid("the register does not know these attributes or codes", problems=problems)
    return values

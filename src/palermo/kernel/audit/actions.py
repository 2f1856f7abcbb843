"""Writing to the audit. In the same transaction as the change it tells of: no change without a trace."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.sql import LIMITS

Scalar = str | int | float | bool | None

# Characters that could forge a line, hide text or turn its direction: control, format (bidi), line
# separators.
_UNSAFE_CATEGORIES = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
_SPACES = re.compile(r"\s+")


def record(
    *,
    actor: Viewer,
    action: str,
    object_id: UUID | None = None,
    object_kind: str = "",
    purpose: str = "",
    fields: Iterable[str] = (),
    detail: Mapping[str, Scalar] | None = None,
    result: str = "done",
) -> int:
    """Append one entry and return its number. Call it last: it holds the chain's lock until the commit.

    The database takes the actor from its own access context, so that nobody can write in another's name;
    `actor` is asked for so that no caller forgets who acts. `detail` takes short scalars, never content or
    names.
    """
    cleaned = {key: _scalar(key, value) for key, value in (detail or {}).items()}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_append(%s, %s, %s, %s, %s, %s::jsonb, %s)",
            [
                action,
                clean(object_kind, LIMITS["object_kind"]),
                object_id,
                clean(purpose, LIMITS["purpose"]),
                list(fields),
                json.dumps(cleaned, ensure_ascii=False, allow_nan=False),
                clean(result, 20),
            ],
        )
        return int(cursor.fetchone()[0])


def record_many(
    *,
    actor: Viewer,
    action: str,
    object_kind: str,
    objects: Sequence[tuple[UUID, Mapping[str, Scalar]]],
    fields: Iterable[str] = (),
) -> None:
    """One entry for each object (key, detail), in their order, in one statement. See `record`."""
    details = [{key: _scalar(key, value) for key, value in detail.items()} for _key, detail in objects]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(audit_append(%s, %s, o.key, '', %s, o.detail::jsonb, 'done')) FROM "
            "(SELECT * FROM unnest(%s::uuid[], %s::text[]) WITH ORDINALITY AS u(key, detail, n) ORDER BY n) o",
            [
                action,
                clean(object_kind, LIMITS["object_kind"]),
                list(fields),
                [key for key, _detail in objects],
                [json.dumps(detail, ensure_ascii=False, allow_nan=False) for detail in details],
            ],
        )


def clean(text: str, limit: int) -> str:
    """The text on one line, without characters that hide or turn others, cut to `limit` characters."""
    visible = (
        " " if _breaks(c) else c
        for c in text
        if _breaks(c) or unicodedata.category(c) not in _UNSAFE_CATEGORIES
    )
    return _SPACES.sub(" ", "".join(visible)).strip()[:limit]


def checkpoint(*, actor: Viewer) -> str:
    """Sign the head of the chain, append it to PALERMO_HOME/checkpoints, return it for print or mail."""
    from palermo.kernel.access.policy import require
    from palermo.kernel.audit import checkpoint as notes
    from palermo.kernel.audit.models import Head
    from palermo.kernel.vault.unlock import keyring

    require(actor, "audit.checkpoint.make")
    seed = keyring().purpose_key("audit-signature")
    head = Head.objects.get()
    text = notes.sign(seed, str(head.origin), head.seq, bytes(head.hash))
    notes.store(settings.PALERMO_HOME / "checkpoints", text, notes.verifier_key(seed, str(head.origin)))
    return text


def checkpoint_if_due(*, actor: Viewer) -> str | None:
    """A checkpoint unless the newest one already covers every entry. For the worker, every five minutes."""
    from palermo.kernel.audit import checkpoint as notes
    from palermo.kernel.audit.models import Head

    head = Head.objects.get()
    if head.seq == notes.newest_size(settings.PALERMO_HOME / "checkpoints", str(head.origin)):
        return None
    return checkpoint(actor=actor)


def _breaks(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in ("Zl", "Zp")


def _scalar(key: str, value: Scalar) -> Scalar:
    if value is not None and not isinstance(value, str | int | float | bool):
        raise TypeError(f"The audit takes short scalars only; {key!r} is a {type(value).__name__}.")
    return clean(value, LIMITS["value"]) if isinstance(value, str) else value

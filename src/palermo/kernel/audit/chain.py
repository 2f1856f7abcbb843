"""The canonical bytes of an audit entry, in Python. Pure, without Django: the verifier relies on nothing
else.

See `sql.py` for the definition; both must agree to the last byte.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """An entry as the verifier reads it. `at` in microseconds since 1970 UTC; ids as 16 bytes."""

    seq: int
    at: int
    actor: bytes | None
    actor_kind: str
    session_ref: str
    action: str
    object_kind: str
    object_id: bytes | None
    purpose: str
    fields: Sequence[str]
    detail: str
    result: str
    prev_hash: bytes
    hash: bytes


COLUMNS = (
    "seq, (extract(epoch FROM at) * 1000000)::bigint, uuid_send(actor), actor_kind, session_ref, action, "
    "object_kind, uuid_send(object_id), purpose, fields, detail::text, result, prev_hash, hash"
)
PREFIX = b"palermo audit entry 1"


def part(value: bytes | None) -> bytes:
    return b"\0" if value is None else b"\1" + len(value).to_bytes(4, "big") + value


def text(value: str) -> bytes:
    return part(value.encode())


def number(value: int) -> bytes:
    return part(value.to_bytes(8, "big", signed=True))


def canonical(row: Row) -> bytes:
    listed = len(row.fields).to_bytes(4, "big") + b"".join(text(name) for name in row.fields)
    return b"".join(
        (
            PREFIX,
            part(row.prev_hash),
            number(row.seq),
            number(row.at),
            part(row.actor),
            text(row.actor_kind),
            text(row.session_ref),
            text(row.action),
            text(row.object_kind),
            part(row.object_id),
            text(row.purpose),
            part(listed),
            text(row.detail),
            text(row.result),
        )
    )


def entry_hash(row: Row) -> bytes:
    return hashlib.sha256(canonical(row)).digest()


def first_hash(origin: str) -> bytes:
    """What the first entry of the chain `origin` points back to."""
    return hashlib.sha256(f"palermo audit {origin}".encode()).digest()

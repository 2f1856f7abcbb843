"""The people format: a list with names comes in, identity sealed for its holder, codes beside it.

The register's own format of the same name holds no names; the header says which of the two a file is.
"""

import hashlib
import hmac
import json
import os
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils import timezone

from palermo.kernel.access.policy import asked_once
from palermo.kernel.imports.formats import Batch, Counts, Format, Layout, Row
from palermo.kernel.vault.codes import new_code
from palermo.kernel.vault.texts import Owner, Place, seal_text
from palermo.kernel.vault.unlock import keyring
from palermo.linkage.people import FIELDS
from palermo.rooms.reconciliation.actions.declaring import source_for
from palermo.rooms.reconciliation.actions.judging import judged
from palermo.rooms.reconciliation.actions.registering import links_changed
from palermo.rooms.reconciliation.models import Delivery, Listed, Removal, Source, Version
from palermo.rooms.register.actions import PEOPLE as COUNTED
from palermo.standards.records import Problem

KIND = "linkage_list"
CODED = ("recorded_on", "sex", "birth_year", "basis", "nationality", "child", "filled", "faults")
NONCE = 12
# Rows wait on disk between checking and writing: never in the clear, and under a key that ends with the process.
_waiting = AESGCM(os.urandom(32))


@dataclass(frozen=True, slots=True)
class Incoming:
    """A row between the two passes of an import: keys and codes open, its words under the key of this process."""

    key: bytes
    row_hash: bytes
    coded: Mapping[str, Any]
    hidden: bytes
    numbered: bool

    @classmethod
    def of(cls, row: Mapping[str, str], today: date) -> "Incoming":
        content = json.dumps([row[name] for name in FIELDS], ensure_ascii=False)
        nonce = os.urandom(NONCE)
        number = row["record_id"].strip()
        return cls(
            _hashed("number", number) if number else _hashed("content", content), _hashed("row", content),
            judged(row, today), nonce + _waiting.encrypt(nonce, content.encode(), None), bool(number),
        )  # fmt: skip

    def words(self) -> str:
        return _waiting.decrypt(self.hidden[:NONCE], self.hidden[NONCE:], None).decode()


@lru_cache(maxsize=2)
def _purpose_key(instance: bytes) -> bytes:
    return keyring().purpose_key("blind-index", "reconciliation-records")


def _hashed(kind: str, text: str) -> bytes:
    """16 bytes that stand for a text here and nowhere else: numbers of files are guessed easily."""
    return hmac.new(_purpose_key(keyring().instance), f"{kind}|{text}".encode(), hashlib.sha256).digest()[:16]


def _parse(row: dict[str, str], number: int) -> Any:
    whole = {name: row.get(name, "") for name in FIELDS}
    if not any(value.strip() for name, value in whole.items() if name != "record_id"):
        return [Problem(number, "", "", "the row says nothing about a person")]
    if wrong := [name for name, value in whole.items() if "\0" in value]:
        return [Problem(number, name, "", "a character that cannot be stored") for name in wrong]
    return Incoming.of(whole, timezone.localdate())


def _key(record: Any) -> bytes:
    return record.key if isinstance(record, Incoming) else COUNTED.key(record)


class _Once:
    """A record number stands once in a file; which of two rows counts is for the body that gave the list to say."""

    def __init__(self) -> None:
        self._seen: set[bytes] = set()
        self._counted = COUNTED.across() if COUNTED.across else None

    def problems(self, record: Any, number: int) -> list[Any]:
        if not isinstance(record, Incoming):
            return self._counted.problems(record, number) if self._counted else []
        if not record.numbered:
            return []
        if record.key in self._seen:
            return [Problem(number, "record_id", "", "this record number is in the file already")]
        self._seen.add(record.key)
        return []

    def close(self) -> None:
        self._seen.clear()


def _write(batch: Batch) -> Counts:
    rows = [row for row in batch.rows if isinstance(row.record, Incoming)]
    return _write_people(batch, rows) if rows else COUNTED.write(batch)


def _write_people(batch: Batch, rows: Sequence[Row]) -> Counts:
    """One batch: new records, new wordings of known ones, nothing for those that are as they were."""
    source = source_for(actor=batch.actor, name=batch.source)
    delivery, _made = Delivery.objects.get_or_create(
        id=batch.run_id,
        defaults={"source": source, "file_sha256": batch.file_sha256, "by_id": batch.actor.user_id},
    )
    keyed = {_row_key(row): row.record for row in rows}
    known = {bytes(one.key): one for one in Listed.objects.filter(source=source, key__in=list(keyed))}
    gone = {
        bytes(key)
        for key in Removal.objects.filter(source=source, key__in=list(keyed)).values_list("key", flat=True)
    }
    now = timezone.now()
    fresh = {key: record for key, record in keyed.items() if key not in known and key not in gone}
    changed = {
        key: record for key, record in keyed.items()
        if key in known and bytes(known[key].row_hash) != record.row_hash
    }  # fmt: skip
    made = _added(source, fresh, now)
    for key, record in changed.items():
        _reworded(known[key], record, now)
    if changed:
        links_changed(source.project_id)
        fields = [*CODED, "row_hash", "version", "changed_at"]
        Listed.objects.bulk_update([known[key] for key in changed], fields, batch_size=2000)
    every = [
        *zip(made, fresh.values(), strict=True),
        *((known[key], record) for key, record in changed.items()),
    ]
    _seal(source, delivery, every, now)
    counts = Counts(len(fresh), len(changed), len(rows) - len(fresh) - len(changed))
    delivery.added += counts.added
    delivery.updated += counts.updated
    delivery.unchanged += counts.unchanged
    delivery.save(update_fields=["added", "updated", "unchanged"])
    return counts


def _row_key(row: Row) -> bytes:
    """The record's key; the second of two rows that say the same without a number stays a second."""
    key: bytes = row.record.key
    if row.occurrence == 1:
        return key
    return hashlib.sha256(key + row.occurrence.to_bytes(4, "big")).digest()[:16]


def _added(source: Source, fresh: Mapping[bytes, Incoming], now: datetime) -> list[Listed]:
    codes = free_codes(len(fresh), "L", Listed)
    made = [
        Listed(
            id=uuid.uuid4(), source=source, house=source.organisation_id, code=code, key=key, row_hash=record.row_hash,
            received_at=now, changed_at=now, **record.coded,
        )
        for code, (key, record) in zip(codes, fresh.items(), strict=True)
    ]  # fmt: skip
    return Listed.objects.bulk_create(made, batch_size=2000)


def _reworded(found: Listed, record: Incoming, now: datetime) -> None:
    for name, value in record.coded.items():
        setattr(found, name, value)
    found.row_hash, found.version, found.changed_at = record.row_hash, found.version + 1, now


def _seal(source: Source, delivery: Delivery, rows: Iterable[tuple[Listed, Incoming]], now: datetime) -> None:
    owner = Owner(KIND, source.pk, source.organisation_id)
    with asked_once():
        made = [
            Version(
                id=uuid.uuid4(), listed=found, number=found.version, source=source, delivery=delivery, at=now,
                sealed=seal_text(owner=owner, place=place_of(found.pk, found.version), text=record.words()),
                coded={name: _plain(record.coded[name]) for name in CODED},
            )
            for found, record in rows
        ]  # fmt: skip
    Version.objects.bulk_create(made, batch_size=2000)


def place_of(listed_id: uuid.UUID, number: int) -> Place:
    """Where the words of a version are sealed: nowhere else do they open."""
    return Place("reconciliation_version", "sealed", listed_id, number)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def free_codes(number: int, letter: str, model: Any) -> list[str]:
    """As many codes that nobody has, such as L-7K3Q-M294."""
    found: set[str] = set()
    while len(found) < number:
        wanted = {letter + new_code()[1:] for _place in range(number - len(found))} - found
        taken = set(model.objects.filter(code__in=wanted).values_list("code", flat=True))
        found |= wanted - taken
    return sorted(found, key=lambda _code: os.urandom(4))


def _says() -> Mapping[str, str]:
    return {
        "record_id": "the list's own number of the record; with it a correction is no second record",
        "recorded_on": "the day on which the body recorded the person, YYYY-MM-DD",
        "given_name": "given names as written, in any script",
        "family_name": "family name as written, in any script",
        "other_names": "other names, nicknames, the name in another script",
        "birth_date": "YYYY, YYYY-MM or YYYY-MM-DD",
        "birth_precision": "one of day, month, year, estimated, unknown",
        "nationality": "ISO 3166 code or name of a country",
        "place": "where the person was met",
        "phone": "a telephone number as written",
        "document_no": "the number of a document as written",
        **COUNTED.says(),
        "sex": COUNTED.says()["sex"],
    }


PEOPLE = Format(
    name="people",
    layouts=(*COUNTED.layouts, Layout("people with names", (), _parse, FIELDS)),
    key=_key,
    write=_write,
    identity=COUNTED.identity | frozenset(FIELDS) - {"sex", "nationality", "birth_precision", "recorded_on"},
    numbered=COUNTED.numbered,
    by_mapping=True,
    across=_Once,
    says=_says,
)

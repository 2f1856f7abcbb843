"""Indexing persons anew when an upgrade changes what is stored for the search. For migrations: as the owner.

In batches, each a transaction of its own; killed halfway, run again: `edition` beside each person says who is done.
Needs the key files. Opens identities in memory only; the audit of the instance has one entry for a migration, the
release notes.
"""

from collections import defaultdict
from uuid import UUID

from django.db import connections, transaction

from palermo.kernel.vault.blind import EDITION, BlindKeys, stored
from palermo.kernel.vault.crypto import DataKey, Tampered, unseal, unwrap
from palermo.kernel.vault.identity import Identity
from palermo.kernel.vault.sealing import place
from palermo.kernel.vault.unlock import blind_keys, keyring

BATCH = 1000

_NEXT = """
SELECT p.id, p.version, p.wrapped_key, k.root_version, k.wrapped
FROM vault_person p JOIN vault_organisationkey k ON k.organisation_id = p.holder_id AND k.number = p.key_number
WHERE p.edition < %s AND p.erased_at IS NULL ORDER BY p.id LIMIT %s FOR UPDATE OF p
"""
_FIELDS = "SELECT person_id, field, ciphertext FROM vault_sealedfield WHERE person_id = ANY (%s)"
_FORGET = "DELETE FROM vault_indextoken WHERE person_id = ANY (%s)"
_KEEP = """
INSERT INTO vault_indextoken (token, person_id, kind)
SELECT * FROM unnest(%s::bytea[], %s::uuid[], %s::smallint[])
"""
_DONE = "UPDATE vault_person SET edition = %s WHERE id = ANY (%s)"


def index_anew(alias: str) -> int:
    """Give every person of an earlier edition the tags of this one; returns how many there were."""
    done = 0
    while moved := _batch(alias):
        done += moved
    return done


def _batch(alias: str) -> int:
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(_NEXT, [EDITION, BATCH])
        persons = cursor.fetchall()
        if not persons:
            return 0
        ids = [row[0] for row in persons]
        cursor.execute(_FIELDS, [ids])
        sealed: dict[UUID, list[tuple[str, bytes]]] = defaultdict(list)
        for person_id, name, value in cursor.fetchall():
            sealed[person_id].append((name, bytes(value)))
        keys = blind_keys()
        tags = [(tag, row[0], int(kind)) for row in persons for kind, tag in _tags(keys, row, sealed[row[0]])]
        cursor.execute(_FORGET, [ids])
        cursor.execute(_KEEP, [list(column) for column in zip(*tags, strict=True)] or [[], [], []])
        cursor.execute(_DONE, [EDITION, ids])
    return len(persons)


def _tags(
    keys: BlindKeys, row: tuple[UUID, int, bytes, int, bytes], sealed: list[tuple[str, bytes]]
) -> set[tuple[int, bytes]]:
    """The tags of one person; a field that was changed outside palermo gives none."""
    person_id, version, wrapped, root, house = row
    key = DataKey(unwrap(keyring().unwrap(root, bytes(house)), bytes(wrapped)))
    values = {}
    for name, value in sealed:
        try:
            values[name] = unseal(key, place(person_id, name, version), value)
        except Tampered:
            continue
    return {(int(kind), tag) for kind, tag in stored(keys, Identity(**values))}

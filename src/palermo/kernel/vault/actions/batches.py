"""Many persons at once, for imports, the demo country and measurements: COPY into a staging table, then one INSERT."""

import uuid
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection, transaction

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.vault.actions.persons import SCOPES, _refuse_foreign, free_codes
from palermo.kernel.vault.blind import EDITION, stored
from palermo.kernel.vault.crypto import seal
from palermo.kernel.vault.identity import Identity, checked
from palermo.kernel.vault.sealing import place
from palermo.kernel.vault.unlock import blind_keys, house_key, new_data_key

# Each grant takes a lock of its own until the commit; the server's lock table is finite.
MOST = 2000
_STAGES = (
    (
        "vault_person",
        "id, code, holder_id, wrapped_key, key_number, is_child, is_witness, version, edition, created_at, updated_at",
        "id uuid, code text, holder_id uuid, wrapped_key bytea, key_number int",
        f"id, code, holder_id, wrapped_key, key_number, false, false, 1, {EDITION}, now(), now()",
    ),
    (
        "vault_sealedfield",
        "person_id, field, ciphertext, row_version",
        "person_id uuid, field text, ciphertext bytea",
        "person_id, field, ciphertext, 1",
    ),
    (
        "vault_indextoken",
        "token, person_id, kind",
        "token bytea, person_id uuid, kind smallint",
        "token, person_id, kind",
    ),
)


@transaction.atomic
def register_persons(
    *,
    actor: Viewer,
    organisation_id: UUID,
    identities: Iterable[Identity],
    grantee: tuple[str, UUID] | None = None,
) -> list[UUID]:
    """Register up to 2,000 persons in one statement each for persons, fields and tokens; ids in order.

    Without `grantee` nobody sees them (measurements). One audit entry for the batch. By the operator or, with a
    grantee, by a person; COPY cannot write where row-level security holds, so it fills a temporary table first.
    """
    require(actor, "vault.person.register")
    _refuse_foreign(actor, organisation_id)
    batch = [checked(identity) for identity in identities]
    if len(batch) > MOST:
        raise ValueError(f"At most {MOST} persons in one batch.")
    house, keys = house_key(organisation_id), blind_keys()
    ids = [uuid.uuid4() for _identity in batch]
    persons: list[Sequence[object]] = []
    fields: list[Sequence[object]] = []
    tokens: list[Sequence[object]] = []
    for person_id, code, identity in zip(ids, free_codes(len(batch)), batch, strict=True):
        key, wrapped = new_data_key(house)
        persons.append((person_id, code, organisation_id, wrapped, house.number))
        for name, value in identity.filled().items():
            fields.append((person_id, name, seal(key, place(person_id, name, 1), value)))
        tokens += [(token, person_id, int(kind)) for kind, token in stored(keys, identity)]
    if grantee is not None:
        _grant_all(ids, grantee)
    for stage, rows in zip(_STAGES, (persons, fields, tokens), strict=True):
        _copy(*stage, rows)
    record(
        actor=actor,
        action="vault.person.register_batch",
        object_kind="organisation",
        object_id=organisation_id,
        detail={"count": len(ids)},
    )
    return ids


def _grant_all(ids: list[UUID], grantee: tuple[str, UUID]) -> None:
    kind, grantee_id = grantee
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(access_make_grant('person', id, %s, %s, %s, 'register', now(), NULL)) FROM unnest(%s) id",
            [kind, grantee_id, list(SCOPES), ids],
        )


def _copy(table: str, columns: str, shape: str, values: str, rows: list[Sequence[object]]) -> None:
    names = ", ".join(part.split()[0] for part in shape.split(", "))
    types = [
        part.split()[1].replace("int", "int4").replace("smallint4", "int2") for part in shape.split(", ")
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS stage_{table} ({shape}) ON COMMIT DROP")
        cursor.execute(f"TRUNCATE stage_{table}")
        with cursor.copy(f"COPY stage_{table} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {values} FROM stage_{table}")  # noqa: S608

"""Identities to rows and back. Every field of a person is sealed with the person's version, so that a single field
put back to an older state does not open."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from palermo.kernel.vault.blind import BlindKeys, stored
from palermo.kernel.vault.crypto import Context, DataKey, Tampered, seal, unseal
from palermo.kernel.vault.identity import Identity
from palermo.kernel.vault.models import IndexToken, SealedField

TABLE = "vault_sealedfield"


class Revealed(dict[str, str]):
    """Fields by name; empty ones are absent. `tampered` names fields that did not open: never shown, always told."""

    def __init__(self, values: Mapping[str, str], tampered: Iterable[str] = ()) -> None:
        super().__init__(values)
        self.tampered = tuple(tampered)

    def __repr__(self) -> str:
        return f"Revealed({', '.join(self)})"


def place(person_id: UUID, field: str, version: int) -> Context:
    return Context(TABLE, field, person_id, version)


def sealed_rows(key: DataKey, person_id: UUID, version: int, identity: Identity) -> list[SealedField]:
    return [
        SealedField(
            person_id=person_id,
            field=name,
            ciphertext=seal(key, place(person_id, name, version), value),
            row_version=version,
        )
        for name, value in identity.filled().items()
    ]


def token_rows(keys: BlindKeys, person_id: UUID, identity: Identity) -> list[IndexToken]:
    return [IndexToken(token=tag, person_id=person_id, kind=kind) for kind, tag in stored(keys, identity)]


def opened(key: DataKey, person_id: UUID, version: int, rows: Iterable[SealedField]) -> Revealed:
    """The values of rows that belong to the person at this version; the names of those that do not."""
    values, tampered = {}, []
    for row in rows:
        try:
            values[row.field] = unseal(key, place(person_id, row.field, version), bytes(row.ciphertext))
        except Tampered:
            tampered.append(row.field)
    return Revealed(values, tampered)

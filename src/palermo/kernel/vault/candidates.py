"""From tags to opened identities: what a search compares, in memory only, and forgets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from django.db import connection

from palermo.kernel.vault.blind import Asked
from palermo.kernel.vault.crypto import DataKey, Tampered, new_key, seal, unseal, unwrap, wrap
from palermo.kernel.vault.identity import Identity
from palermo.kernel.vault.sealing import place
from palermo.kernel.vault.sql_ranked import MOST_OPENED
from palermo.kernel.vault.unlock import keyring

SQL = "SELECT * FROM vault_search(%s, %s::real[], %s)"
# Nobody: opened in the place of candidates that are not there, so that the work is the same for every answer.
NOBODY = Identity(
    family_name="Nobody", given_names="Atall", birth_date="1900", phone="0000000", document_number="XX00000"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person whom the asker may see and who shares tags with what was asked; `tags` are their places in it."""

    person_id: UUID
    code: str
    tags: frozenset[int]
    identity: Identity = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of vault_search, in its order."""

    person_id: UUID
    code: str
    version: int
    house_root: int
    house_key: bytes
    wrapped: bytes
    tags: Sequence[int]
    fields: Sequence[str] | None
    sealed: Sequence[bytes] | None


def candidates(sought: Asked) -> list[Candidate]:
    """The candidates in the order of the database, likeliest first. One statement, whatever is found."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, [list(sought.tags), list(sought.chances), list(sought.telling)])
        rows = [_Row(*row) for row in cursor.fetchall()]
    return list(_opened(rows))


def _opened(rows: Sequence[_Row]) -> Iterator[Candidate]:
    ring, houses = keyring(), dict[tuple[int, bytes], bytes]()
    for row in rows:
        house = (row.house_root, bytes(row.house_key))
        if house not in houses:
            houses[house] = ring.unwrap(*house)
        key = DataKey(unwrap(houses[house], row.wrapped))
        yield Candidate(row.person_id, row.code, frozenset(row.tags), _identity(key, row))
    for _turn in range(MOST_OPENED - len(rows)):
        _open_nobody()


def _identity(key: DataKey, row: _Row) -> Identity:
    """What opens of the identity; a field that was changed outside palermo is not compared."""
    values = {}
    for name, sealed in zip(row.fields or (), row.sealed or (), strict=True):
        try:
            values[name] = unseal(key, place(row.person_id, name, row.version), sealed)
        except Tampered:
            continue
    return Identity(**values)


@lru_cache(maxsize=1)
def _nobody() -> tuple[bytes, bytes, _Row]:
    """An identity of no one, sealed as any other under a key of this process alone."""
    house, key, nobody = new_key().secret, new_key(), UUID(int=0)
    named = NOBODY.filled()
    sealed = [seal(key, place(nobody, name, 1), value) for name, value in named.items()]
    wrapped = wrap(house, key.secret)
    return house, wrapped, _Row(nobody, "", 1, 0, b"", wrapped, (), tuple(named), sealed)


def _open_nobody() -> None:
    house, wrapped, row = _nobody()
    _identity(DataKey(unwrap(house, wrapped)), row)

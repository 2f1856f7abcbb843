"""Who or what stands in a chain of money. An `Actor` may be shown, a `Shielded` may not; the types share nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What an actor is."""

    PERSON = "person"
    COMPANY = "company"
    PUBLIC_BODY = "public_body"
    ACCOUNT = "account"
    WALLET = "wallet"
    VEHICLE = "vehicle"
    PLACE = "place"


class Role(StrEnum):
    """What an actor does in the chain."""

    RECRUITER = "recruiter"
    TRANSPORTER = "transporter"
    EXPLOITER = "exploiter"
    MONEY_HANDLER = "money_handler"
    FORGER = "forger"
    CORRUPT_OFFICIAL = "corrupt_official"
    OWNER_OF_PLACE = "owner_of_place"
    ORGANISER = "organiser"
    BUYER = "buyer"
    UNKNOWN = "unknown"


class ShieldedRole(StrEnum):
    """Why somebody is never shown. Not a `Role`: a type checker refuses one in the place of the other."""

    VICTIM = "victim"
    SMUGGLED_MIGRANT = "smuggled_migrant"
    PROTECTED_WITNESS = "protected_witness"


class TieKind(StrEnum):
    """What binds two actors beside money."""

    OWNS = "owns"
    DIRECTS = "directs"
    WORKS_FOR = "works_for"
    LINKED = "linked"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that may be shown. number: of the account, wallet, plate, register or document.

    holder: the key of whoever holds an account, wallet, vehicle or place; empty where nobody knows.
    """

    key: str
    kind: Kind
    name: str = ""
    roles: frozenset[Role] = frozenset()
    number: str = ""
    country: str = ""
    birth_date: str = ""
    holder: str = ""

    def __post_init__(self) -> None:
        """Raises TypeError where a role is none of `Role`, so that no shielded role slips in as a text."""
        if not isinstance(self.kind, Kind) or any(not isinstance(role, Role) for role in self.roles):
            raise TypeError("an actor has a kind and roles of the chain; a shielded person is no actor")
        if not self.key:
            raise ValueError("an actor has a key")

    def __repr__(self) -> str:
        """Without a word of the content: actors end up in tracebacks."""
        return f"Actor({self.kind.value})"

    @property
    def values(self) -> tuple[str, ...]:
        """What says who it is."""
        return tuple(value for value in (self.name, self.number) if value)


@dataclass(frozen=True, slots=True)
class Shielded:
    """Somebody who is never shown. values: names and numbers that belong to the person, so that they are kept back
    wherever else they were written."""

    key: str
    role: ShieldedRole
    values: frozenset[str] = field(default=frozenset())

    def __repr__(self) -> str:
        return "Shielded()"


@dataclass(frozen=True, slots=True)
class Tie:
    """One actor owns, directs, works for or is otherwise linked with another."""

    kind: TieKind
    source: str
    target: str

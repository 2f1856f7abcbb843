"""Typed facts of one interview: what was said, with don't know, refused and missing as categories and never as zero."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

DONT_KNOW, REFUSED, MISSING = "dont_know", "refused", "missing"
UNKNOWN = frozenset({DONT_KNOW, REFUSED, MISSING})


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was given, or the reason why there is none."""

    value: Any = None  # a float, or None; `known` tells which
    why: str = MISSING

    @property
    def known(self) -> bool:
        return self.value is not None


@dataclass(frozen=True, slots=True)
class Many:
    """A question with several answers. Unknown is not the empty set: nobody said `none`."""

    chosen: frozenset[str] = frozenset()
    why: str = ""

    @property
    def known(self) -> bool:
        return not self.why


@dataclass(frozen=True, slots=True)
class Payment:
    agreed: Number
    paid: Number
    refund: Number
    currency: str
    month: str
    basis: str
    when: str
    method: str
    leg: int | None = None
    purpose: str = "leg"  # leg | gift | ransom


@dataclass(frozen=True, slots=True)
class FacilitatorContact:
    leg: int
    first_contact: str
    services: Many
    nationality: str
    sex: str
    role: str
    same: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Leg:
    number: int
    origin: str
    destination: str
    month: str
    mode: str
    days: Number
    wait: Number
    crossing: str
    attempts: Number
    detained: str
    group: Number
    smuggler: str
    contact: FacilitatorContact | None = None
    payment: Payment | None = None


@dataclass(frozen=True, slots=True)
class AbuseEvent:
    kind: str
    country: str
    month: str
    perpetrator: str
    smuggler: str
    whom: str
    danger: str
    deaths: Number


@dataclass(frozen=True, slots=True)
class OfficialContact:
    country: str
    kind: str
    asked: str
    paid: str
    gift: Payment | None = None


@dataclass(frozen=True, slots=True)
class Interview:
    """One person's answers. `answers` and `choices` hold the single and multiple answers by question."""

    id: str
    kind: str
    round: Number
    site: str
    enumerator: Number
    minutes: Number
    answers: dict[str, str] = field(default_factory=dict)
    choices: dict[str, Many] = field(default_factory=dict)
    numbers: dict[str, Number] = field(default_factory=dict)

    def answer(self, name: str) -> str:
        return self.answers.get(name, MISSING)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the cleaning log: what was read, what was made of it, and why."""

    question: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Facts:
    interview: Interview
    legs: tuple[Leg, ...] = ()
    abuses: tuple[AbuseEvent, ...] = ()
    officials: tuple[OfficialContact, ...] = ()
    ransom: Payment | None = None
    changes: tuple[Change, ...] = ()
    weight: float = 1.0

    @property
    def uses_smuggler(self) -> str:
        """yes with one leg that says so; no only where every leg says no; otherwise unknown."""
        said = {leg.smuggler for leg in self.legs}
        if "yes" in said:
            return "yes"
        return "no" if said == {"no"} else MISSING

    @property
    def services(self) -> Many:
        """All services bought on the way; unknown where one contact's services are not known."""
        if self.uses_smuggler == "no":
            return Many()
        listed = [leg.contact.services for leg in self.legs if leg.contact]
        if not listed or any(not one.known for one in listed):
            return Many(why=MISSING)
        return Many(frozenset().union(*(one.chosen for one in listed)) - {"none"})

"""Which of several facts about one person counts, when lists contradict each other: all are kept, one is used.

The rule: what stands on a document counts over what was stated, a statement over an estimate; among equals the later
record counts over the earlier; among those the code of the record decides, so that the answer is always the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from palermo.rooms.reconciliation.models import Listed

FACTS = ("sex", "birth_year", "nationality", "child")
STRENGTH = {"document": 3, "statement": 2, "": 1, "estimate": 0}


@dataclass(frozen=True, slots=True)
class Fact:
    """One list's word about one fact."""

    value: Any
    basis: str
    recorded_on: date | None
    code: str
    source_id: Any


@dataclass(frozen=True, slots=True)
class Settled:
    """What counts for a fact, by which step of the rule, and everything that was said."""

    name: str
    value: Any
    rule: str
    told: tuple[Fact, ...]

    @property
    def conflict(self) -> bool:
        return len({fact.value for fact in self.told}) > 1


def fact_of(name: str, record: Listed) -> Fact | None:
    """What a record says about a fact; None where it says nothing."""
    value = getattr(record, name)
    if value in ("", None):
        return None
    # The document that gives the date of birth also gives nationality and sex; an estimate is of the age alone.
    basis = record.basis if name in ("birth_year", "child") or record.basis == "document" else "statement"
    return Fact(value, basis, record.recorded_on, record.code, record.source_id)


def settled(name: str, records: Iterable[Listed]) -> Settled | None:
    """The fact by the rule; None where no record says anything."""
    told = [fact for record in records if (fact := fact_of(name, record)) is not None]
    if not told:
        return None
    told.sort(key=lambda f: (-STRENGTH[f.basis], -(f.recorded_on or date.min).toordinal(), f.code))
    return Settled(name, told[0].value, _rule(told), tuple(told))


def _rule(told: Sequence[Fact]) -> str:
    """The step of the rule that decided: all agree, basis, later, code."""
    first = told[0]
    rivals = [fact for fact in told[1:] if fact.value != first.value]
    if not rivals:
        return "agree"
    if all(STRENGTH[fact.basis] < STRENGTH[first.basis] for fact in rivals):
        return "basis"
    equals = [fact for fact in rivals if STRENGTH[fact.basis] == STRENGTH[first.basis]]
    if all(fact.recorded_on != first.recorded_on for fact in equals):
        return "later"
    return "code"


def facts(records: Sequence[Listed]) -> list[Settled]:
    """Every fact of a person that any of his records tells."""
    return [found for name in FACTS if (found := settled(name, records)) is not None]

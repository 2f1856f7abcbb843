"""Facts as plain data, to be kept and read back: a number or the reason why there is none, codes as codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from palermo.fieldwork.facts import (
    AbuseEvent,
    Change,
    FacilitatorContact,
    Facts,
    Interview,
    Leg,
    Many,
    Number,
    OfficialContact,
    Payment,
)

VERSION = 1
INSIDE: dict[str, type] = {
    "contact": FacilitatorContact,
    "payment": Payment,
    "gift": Payment,
    "ransom": Payment,
}
NUMBERS = frozenset({
    "agreed", "paid", "refund", "days", "wait", "attempts", "group", "deaths", "round", "enumerator", "minutes",
})  # fmt: skip
MANY = frozenset({"services"})


def as_data(facts: Facts) -> dict[str, Any]:
    """Everything but the weight, which belongs to an analysis and not to an interview."""
    return {
        "version": VERSION, "interview": _plain(facts.interview), "legs": [_plain(one) for one in facts.legs],
        "abuses": [_plain(one) for one in facts.abuses], "officials": [_plain(one) for one in facts.officials],
        "ransom": _plain(facts.ransom), "changes": [_plain(one) for one in facts.changes],
    }  # fmt: skip


def from_data(data: Mapping[str, Any]) -> Facts:
    """The facts of `as_data`. Raises ValueError for what was kept by a version that this one does not know."""
    if data.get("version") != VERSION:
        raise ValueError("facts of another version")
    return Facts(
        _interview(data["interview"]), tuple(_made(Leg, one) for one in data["legs"]),
        tuple(_made(AbuseEvent, one) for one in data["abuses"]),
        tuple(_made(OfficialContact, one) for one in data["officials"]),
        _made(Payment, data["ransom"]) if data["ransom"] else None,
        tuple(Change(**one) for one in data["changes"]),
    )  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, Number):
        return value.value if value.known else {"why": value.why}
    if isinstance(value, Many):
        return sorted(value.chosen) if value.known else {"why": value.why}
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if value is None or isinstance(value, str | int | float):
        return value
    return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}


def _number(kept: Any) -> Number:
    return Number(None, kept["why"]) if isinstance(kept, dict) else Number(kept, "")


def _many(kept: Any) -> Many:
    return Many(why=kept["why"]) if isinstance(kept, dict) else Many(frozenset(kept))


def _interview(kept: Mapping[str, Any]) -> Interview:
    return Interview(
        kept["id"], kept["kind"], _number(kept["round"]), kept["site"], _number(kept["enumerator"]),
        _number(kept["minutes"]), dict(kept["answers"]),
        {name: _many(one) for name, one in kept["choices"].items()},
        {name: _number(one) for name, one in kept["numbers"].items()},
    )  # fmt: skip


def _made(kind: type, kept: Mapping[str, Any]) -> Any:
    given: dict[str, Any] = {}
    for name, value in kept.items():
        # An official asked for a gift and was paid: `paid` is a word there, an amount in a payment.
        if name in NUMBERS and not (kind is OfficialContact and name == "paid"):
            given[name] = _number(value)
        elif name in MANY:
            given[name] = _many(value)
        elif name in INSIDE:
            given[name] = _made(INSIDE[name], value) if value else None
        else:
            given[name] = value
    return kind(**given)

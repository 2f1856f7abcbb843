"""Country packs: a country's legal limits, working calendar, languages, areas, bodies and offences.

`pack("uk-nrm")` reads packs/uk-nrm.toml over the pack it inherits from. A limit names its legal source or is
marked `ours`, so that nobody mistakes a default for the law. No code outside this folder names a country.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from palermo.standards import workdays
from palermo.standards.read import toml, toml_names
from palermo.standards.workdays import Calendar

VERIFIED = frozenset({"yes", "partial", "secondary", "no", "ours"})


class UnknownPack(LookupError):
    """No country pack of that code."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One time limit or age. `pack` is the pack that sets it; verified is "ours" for a default without a
    source.
    """

    key: str
    amount: int
    unit: str
    verified: str
    source: str
    note: str
    pack: str


@dataclass(frozen=True, slots=True)
class Area:
    """One administrative area."""

    code: str
    parent: str
    kind: str
    names: Mapping[str, str]

    def name(self, language: str = "en") -> str:
        return self.names.get(language) or self.names.get(language[:2]) or self.names["en"]


@dataclass(frozen=True, slots=True)
class Body:
    """One competent body; `role` is the role that its members hold in palermo, "" when they hold none."""

    code: str
    kind: str
    role: str
    names: Mapping[str, str]
    source: str

    def name(self, language: str = "en") -> str:
        return self.names.get(language) or self.names.get(language[:2]) or self.names["en"]


@dataclass(frozen=True, slots=True)
class Offence:
    """One national offence: its article, the crime of palermo/crime and the ICCS code."""

    article: str
    crime: str
    iccs: str
    title: str
    verified: str
    source: str


@dataclass(frozen=True, slots=True)
class Level:
    """One step of the escalation of a deadline, as a share of its time in percent: 75 is before, 200 is twice.

    to: the roles that are told, none for those who can meet it. most_days: no further than that from the due date.
    limit: counted from the start of the clock instead. rules: the limits it is for, none for all others.
    """

    level: str
    share: int
    to: tuple[str, ...]
    most_days: int
    limit: str
    rules: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Law:
    """A law that allows one purpose of sharing without each person's consent; the person may still object."""

    purpose: str
    source: str
    verified: str
    note: str


@dataclass(frozen=True)
class Pack:
    """Everything that differs between countries."""

    code: str
    title: str
    inherits: str
    country: str
    time_zone: str
    languages: tuple[str, ...]
    calendar: Calendar
    limits: Mapping[str, Limit]
    areas: tuple[Area, ...]
    bodies: tuple[Body, ...]
    offences: tuple[Offence, ...]
    escalation: tuple[Level, ...] = ()
    bases: Mapping[str, Law] = field(default_factory=dict)
    here: tuple[float, float] | None = None  # longitude and latitude, where a map does not know the country

    def levels(self, rule: str) -> tuple[Level, ...]:
        """The steps of escalation of a limit: those for all, replaced by those that name it."""
        found = {x.level: x for x in self.escalation if not x.rules}
        found.update({x.level: x for x in self.escalation if rule in x.rules})
        return tuple(found.values())

    def limit(self, key: str) -> Limit:
        """The limit of that key; raises LookupError: a machine must not name a limit that no pack sets."""
        try:
            return self.limits[key]
        except KeyError:
            raise LookupError(f"pack {self.code} sets no limit “{key}”") from None

    def due(self, key: str, start: datetime) -> datetime:
        """When the limit falls due that starts at `start` (in the local time zone)."""
        found = self.limit(key)
        return workdays.due(start, found.amount, found.unit, self.calendar)


def packs() -> tuple[str, ...]:
    """Codes of all packs."""
    return toml_names("packs")


def _limits(code: str, table: dict[str, dict[str, Any]]) -> dict[str, Limit]:
    return {
        key: Limit(key, x["amount"], x["unit"], x["verified"], x["source"], x.get("note", ""), code)
        for key, x in table.items()
    }


def _laws(table: dict[str, dict[str, str]]) -> dict[str, Law]:
    return {key: Law(key, x["source"], x["verified"], x.get("note", "")) for key, x in table.items()}


def _level(x: dict[str, Any]) -> Level:
    return Level(
        x["level"],
        x.get("share", 100),
        tuple(x.get("to", ())),
        x.get("most_days", 0),
        x.get("limit", ""),
        tuple(x.get("rules", ())),
        x["source"],
    )


def _calendar(x: dict[str, Any]) -> Calendar:
    frozen: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in x.items()}
    return Calendar(**frozen)


def _names(x: dict[str, str]) -> Mapping[str, str]:
    return MappingProxyType({k[5:]: v for k, v in x.items() if k.startswith("name_")})


@cache
def pack(code: str) -> Pack:
    """The country pack of that code, with all that it inherits; raises UnknownPack."""
    if code not in packs():
        raise UnknownPack(f"no country pack “{code}”")
    x = toml("packs", f"{code}.toml")
    base = pack(x["inherits"]) if x.get("inherits") else None
    limits = {**(base.limits if base else {}), **_limits(code, x.get("limits", {}))}
    return Pack(
        code=code,
        title=x["title"],
        inherits=x.get("inherits", ""),
        country=x.get("country", ""),
        time_zone=x.get("time_zone") or (base.time_zone if base else "UTC"),
        languages=tuple(x.get("languages") or (base.languages if base else ("en",))),
        calendar=_calendar(x["calendar"]) if "calendar" in x else base.calendar if base else Calendar(),
        limits=MappingProxyType(limits),
        areas=tuple(Area(a["code"], a.get("parent", ""), a["kind"], _names(a)) for a in x.get("area", ())),
        bodies=tuple(
            Body(b["code"], b["kind"], b.get("role", ""), _names(b), b["source"]) for b in x.get("body", ())
        ),
        offences=tuple(Offence(**o) for o in x.get("offence", ())),
        escalation=tuple(_level(e) for e in x["escalation"])
        if "escalation" in x
        else (base.escalation if base else ()),
        here=(float(x["here"][0]), float(x["here"][1])) if "here" in x else None,
        bases=MappingProxyType({**(base.bases if base else {}), **_laws(x.get("bases", {}))}),
    )

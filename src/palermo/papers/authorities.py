"""The directory of competent authorities: its lines read and checked. Contacts stand in columns of their own.

kind: what States ask of it, by the article that asks for such a body or the work that needs one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from palermo.papers.reading import Problem, Row
from palermo.papers.records import ID, LANGUAGE, link_is_right
from palermo.standards.countries import find_country

KINDS = {
    "mutual_legal_assistance": "UNTOC 18(13)",
    "extradition": "UNTOC 16",
    "transfer_of_sentenced": "UNTOC 17",
    "transfer_of_proceedings": "UNTOC 21",
    "joint_investigation": "UNTOC 19",
    "asset_recovery": "UNTOC 13",
    "police_cooperation": "UNTOC 27",
    "smuggling_by_sea": "SOM 8(6)",
    "verification_of_documents": "TIP 13; SOM 13",
    "return_of_victims": "TIP 8",
    "return_of_migrants": "SOM 18",
    "victims_protection": "TIP 6",
    "referral_coordinator": "TIP 6",
    "national_rapporteur": "",
}
CHANNELS = ("diplomatic", "direct", "interpol", "europol", "electronic", "post")
CONTACTS = ("address", "phone", "email", "hours")
OPEN = (
    "ref", "kind", "country", "body", "language", "accepts", "channels", "website", "note", "checked_on", "source",
)  # fmt: skip
LONG = {"note": 1000, "address": 500, "body": 300, "website": 500}
ONE = 200
EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")
TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


@dataclass(frozen=True, slots=True)
class Authority:
    """One authority for one kind of request. accepts: languages in which it takes requests."""

    ref: str
    kind: str
    country: str
    body: str
    language: str = "en"
    accepts: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    website: str = ""
    note: str = ""
    checked_on: date | None = None
    source: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""

    @property
    def contacts(self) -> dict[str, str]:
        """What is protected, of what there is."""
        return {name: text for name in CONTACTS if (text := getattr(self, name))}


NAMES = tuple(one.name for one in fields(Authority))


def read_authorities(rows: Iterable[Row], today: date) -> tuple[list[tuple[Row, Authority]], list[Problem]]:
    """Every line, and everything that is wrong. What a contact says is never repeated in a problem."""
    found, problems, seen = [], [], set()
    for row in rows:
        made, wrong = read_authority(row.values, today)
        if made is not None and made.ref in seen:
            wrong.append(("ref", made.ref, "This file has this ref twice."))
        problems += [
            Problem(row.number, row.line, name, "" if name in CONTACTS else shown, rule)
            for name, shown, rule in wrong
        ]
        if made is not None:
            seen.add(made.ref)
            found.append((row, made))
    return found, problems


def read_authority(
    values: dict[str, Any], today: date
) -> tuple[Authority | None, list[tuple[str, str, str]]]:
    """One authority, or what is wrong as (field, value, rule)."""
    wrong: list[tuple[str, str, str]] = []
    made: dict[str, Any] = {}
    for name, value in values.items():
        if name not in NAMES:
            wrong.append((name, "", "There is no such field."))
            continue
        text = " ".join(str("" if value is None else value).replace("\x00", " ").translate(TURNING).split())
        if len(text) > LONG.get(name, ONE):
            wrong.append((name, text[:60], f"This is longer than {LONG.get(name, ONE)} characters."))
        if name == "checked_on":
            made[name] = _day(text, today, wrong)
        elif name in ("accepts", "channels"):
            made[name] = tuple(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))
        elif text:
            made[name] = text
    wrong += _checked(made)
    return (None, wrong) if wrong else (Authority(**made), [])


def _day(text: str, today: date, wrong: list[tuple[str, str, str]]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        wrong.append(("checked_on", text[:60], "A day is written as 2026-05-31."))
        return None
    if day > today:
        wrong.append(("checked_on", text[:60], "This day is still to come."))
    return day


def _is_country(text: str) -> bool:
    known = find_country(text)
    return known is not None and known.alpha3 == text


def _checked(made: dict[str, Any]) -> list[tuple[str, str, str]]:
    wrong = [
        (name, "", "This is needed.") for name in ("ref", "kind", "country", "body") if not made.get(name)
    ]
    rules = (
        ("ref", lambda t: bool(ID.fullmatch(t)) and len(t) <= 80, "A ref has small letters, figures and hyphens, at most 80."),  # noqa: E501
        ("kind", lambda t: t in KINDS, f"One of: {', '.join(KINDS)}."),
        ("country", _is_country, "A country is its code of three letters (ISO 3166-1)."),
        ("language", LANGUAGE.fullmatch, "A language is a code such as en, fr or ar."),
        ("website", link_is_right, "An address begins with https:// or http://."),
        ("email", EMAIL.fullmatch, "This is no e-mail address."),
    )  # fmt: skip
    wrong += [
        (name, made[name][:60], rule)
        for name, right, rule in rules
        if made.get(name) and not right(made[name])
    ]
    for one in made.get("accepts", ()):
        if not LANGUAGE.fullmatch(one):
            wrong.append(("accepts", one[:60], "A language is a code such as en, fr or ar."))
    for one in made.get("channels", ()):
        if one not in CHANNELS:
            wrong.append(("channels", one[:60], f"One of: {', '.join(CHANNELS)}."))
    return wrong

"""What of a record goes into its filter: facts bound to other facts, never a fact alone.

A filter that marks a name by itself lets anybody count names: the pattern that every fortieth record shows is the
most frequent name of the country (Christen and others 2018, pattern mining). So every token here joins two facts of
different kinds, or of different parts of the name: the sound of one name with the sound of another, the sound of a
name with the year of birth. Sex, nationality and place are bound to a year, or to two names at once. The more facts
two records share the more tokens they share, and no token is frequent enough to be told from others by its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from palermo.linkage import dates, names, numbers, sexes
from palermo.linkage.names.echoing import voices
from palermo.linkage.people import PersonRecord
from palermo.linkage.private.parameters import SEGMENTS

MOST_PARTS, MOST_CODES, MOST_YEARS = 5, 4, 7
# Marks of a token. A name's sound is worth more than its pieces (two letters in a row): it survives another spelling.
WEIGHTS = {
    "sound+sound": 6,
    "piece+sound": 2,
    "sound+year": 4,
    "piece+year": 1,
    "sound+day": 8,
    "piece+day": 3,
    "date": 8,
    "month+year": 4,
    "month-day+year": 4,
    "sex+year": 6,
    "sex+sounds": 3,
    "nationality+year": 6,
    "nationality+sounds": 3,
    "place+year": 6,
    "place+sounds": 3,
    "document": 40,
    "phone": 40,
}
# What has the sound of a name in it may not be frequent: what stands in more rows of the list than Parameters.most_rows
# is left out, since it could be counted, and says little of who somebody is.
NOT_FREQUENT = frozenset(
    {"sound+sound", "sound+year", "sound+day", "sex+sounds", "nationality+sounds", "place+sounds"}
)
KINDS = {kind: number for number, kind in enumerate(WEIGHTS)}
PLACES = {segment: place for place, segment in enumerate(SEGMENTS)}
CERTAIN_AGE = 90  # years; an ISO day of a person younger than this is of no other calendar
_PLAIN_YEAR = re.compile(r"[0-9]{4}")
_PLAIN_DAY = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])")
GIVEN, FAMILY = "given", "family"
Facts = tuple[str, ...]
ALONE: Facts = ("-",)
NONE: Facts = ()


# Segment and kind; every fact of the first group is bound with every fact of the second, and with the one fact of the
# third where there is one. A plain tuple: a record has twenty, and a body encodes thousands of records a second.
Crossing = tuple[str, str, Facts, Facts, Facts]


def crossings(record: PersonRecord, fields: Sequence[str]) -> list[Crossing]:
    """What a record's tokens are; none where it says too little for one fact to be bound to another."""
    found: list[Crossing] = []
    parts = _parts(record.given_name, record.family_name, record.other_names)
    years, day, month = _birth(record) if "birth" in fields else ((), (), ())
    heard = [(*_heard(part), roles) for part, roles in parts]
    pairs = list(combinations(heard, 2))
    for (one, pieces, _r), (other, more, _s) in pairs:
        found.append(("sounds", "sound+sound", one, other, NONE))
        found.append(("spelling", "piece+sound", pieces, other, NONE))
        found.append(("spelling", "piece+sound", more, one, NONE))
    for sounds, pieces, roles in heard:
        if years:
            for role in roles:
                found.append((role, "sound+year", sounds, years, NONE))
                found.append((role, "piece+year", pieces, years, NONE))
        if day:
            found.append(("day", "sound+day", sounds, day, NONE))
            found.append(("day", "piece+day", pieces, day, NONE))
    if day:
        found.append(("birth", "date", day, years, NONE))
        found.append(("birth", "month-day+year", (day[0][-2:],), years, NONE))
    if month:
        found.append(("birth", "month+year", month, years, NONE))
    sounds_of_two = [(one, other) for (one, _p, _r), (other, _q, _s) in pairs]
    found.extend(_others(record, fields, years, sounds_of_two))
    return found


def _others(
    record: PersonRecord,
    fields: Sequence[str],
    years: Facts,
    pairs: Sequence[tuple[Facts, Facts]],
) -> Iterator[Crossing]:
    """What is too frequent to stand alone, bound to a year and to two names; what is rare enough, alone."""
    for field, value in (
        ("sex", sexes.sex(record.sex)),
        ("nationality", record.nationality.strip().upper()),
        ("place", _folded(record.place)),
    ):
        if value and field in fields:
            fact, with_year, with_sounds = _value(field, value)
            if years:
                yield field, with_year, fact, years, NONE
            for one, other in pairs:
                yield field, with_sounds, one, other, fact
    if record.document_no and "document" in fields and (document := numbers.document(record.document_no)):
        yield "document", "document", ("d" + document,), ALONE, NONE
    if record.phone and "phone" in fields and (phone := numbers.phone(record.phone)):
        yield "phone", "phone", ("t" + phone,), ALONE, NONE


@lru_cache(maxsize=1 << 16)
def _value(field: str, value: str) -> tuple[Facts, str, str]:
    """The fact of a value, and its kinds of token: with a year, with the sounds of two names."""
    return (f"{field} {value}",), f"{field}+year", f"{field}+sounds"


def name_sounds(record: PersonRecord) -> frozenset[str]:
    """The sounds of all names of a record."""
    parts = _parts(record.given_name, record.family_name, record.other_names)
    return frozenset(code for part, _roles in parts for code in _heard(part)[0])


@lru_cache(maxsize=1 << 16)
def _split(text: str) -> tuple[str, ...]:
    return names.parts(text) if text else ()


@lru_cache(maxsize=1 << 16)
def _folded(text: str) -> str:
    return names.fold(text) if text else ""


@lru_cache(maxsize=1 << 16)
def _parts(given: str, family: str, other: str) -> tuple[tuple[str, Facts], ...]:
    """The parts of the name and what each may be: a box that holds several while the other is empty may hold both."""
    boxes = [_split(given), _split(family), _split(other)]
    alone = (not boxes[1] and len(boxes[0]) > 1) or (not boxes[0] and len(boxes[1]) > 1)
    either = (GIVEN, FAMILY)
    roles = (either, either, either) if alone else ((GIVEN,), (FAMILY,), either)
    found: dict[str, Facts] = {}
    for box, role in zip(boxes, roles, strict=True):
        for part in box:
            before = found.get(part)
            found[part] = tuple(dict.fromkeys((*before, *role))) if before else role
    return tuple(list(found.items())[:MOST_PARTS])


@lru_cache(maxsize=1 << 17)
def _heard(part: str) -> tuple[Facts, Facts]:
    """Its sounds with those of the names for which it is a short form; and its pieces: two letters in a row, the
    beginning marked, no letter twice in a row, which spellings change at will."""
    sounds = tuple("s" + code for code in voices(part)[:MOST_CODES])
    text = "_" + "".join(letter for letter, before in zip(part, " " + part, strict=False) if letter != before)
    return sounds, tuple(dict.fromkeys("p" + text[at : at + 2] for at in range(len(text) - 1)))


@lru_cache(maxsize=1 << 16)
def _born(date: str, precision: str, recorded_on: str) -> tuple[Facts, Facts, Facts]:
    birth = dates.birth(date, precision, recorded_on)
    if birth.earliest is None or birth.latest is None:
        return (), (), ()
    first, last = birth.earliest.year - 1, birth.latest.year + 1
    middle = (first + last) // 2
    years = sorted(range(first, last + 1), key=lambda year: (abs(year - middle), year))[:MOST_YEARS]
    said = tuple(f"y{year}" for year in years)
    one_month = (birth.earliest.year, birth.earliest.month) == (birth.latest.year, birth.latest.month)
    month = (f"m{birth.earliest:%m}",) if one_month else ()
    if birth.earliest != birth.latest:
        return said, (), month
    if (birth.earliest.month, birth.earliest.day) == (1, 1):
        return said, (), ()
    return said, (f"b{birth.earliest:%m-%d}",), month


@lru_cache(maxsize=1 << 16)
def _on_day(year: int, month: str, day: str) -> tuple[Facts, Facts, Facts]:
    """What `_born` says of a day in no doubt, without its long way."""
    said = (f"y{year}", f"y{year - 1}", f"y{year + 1}")
    return (said, (), ()) if month == day == "01" else (said, (f"b{month}-{day}",), (f"m{month}",))


def _birth(record: PersonRecord) -> tuple[Facts, Facts, Facts]:
    """The years that may be meant; the day and the month where they are known and not the first of January."""
    if not record.birth_date:
        return (), (), ()
    date, precision, recorded = record.birth_date, record.birth_precision, record.recorded_on
    if _PLAIN_YEAR.fullmatch(date) and _PLAIN_DAY.fullmatch(recorded):
        return _born(date, precision, recorded[:4] + "-12-31")  # a year is read alike all the year
    plain = _PLAIN_DAY.fullmatch(date) if precision in ("day", "") else None
    if plain and _PLAIN_DAY.fullmatch(recorded) and 0 < int(recorded[:4]) - int(plain[1]) < CERTAIN_AGE:
        return _on_day(int(plain[1]), plain[2], plain[3])
    return _born(date, precision, recorded)

"""What of a record goes into its filter: pairs of facts, never a fact alone.

A filter that marks a name by itself lets anybody count names: the pattern that every fortieth record shows is the
most frequent name of the country (Christen and others 2018, pattern mining). So every token here joins two facts of
different kinds, or of different parts of the name: the sound of one name with the sound of another, the sound of a
name with the year of birth. The more facts two records share the more pairs they share, and no pair is frequent
enough to be told from others by its number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from palermo.linkage import dates, names, numbers, sexes
from palermo.linkage.people import PersonRecord

MOST_PARTS, MOST_CODES, MOST_YEARS = 5, 4, 7
# Marks of a token. A name's sound is worth more than its pieces (two letters in a row): it survives another spelling.
WEIGHTS = {
    "sound+sound": 6,
    "sound+year": 3,
    "sound+day": 16,
    "piece+sound": 3,
    "piece+year": 1,
    "piece+day": 6,
    "date": 10,
    "sex+year": 1,
    "nationality+year": 3,
    "document": 40,
    "phone": 32,
}  # fmt: skip
ALONE = ("-",)
Facts = tuple[str, ...]
Crossing = tuple[
    Facts, Facts, int
]  # every fact of the first with every fact of the second, and how many marks each


def crossings(record: PersonRecord, fields: Sequence[str]) -> list[Crossing]:
    """What a record's tokens are; none where it says too little for one fact to be bound to another."""
    found: list[Crossing] = []
    parts = _parts(record)
    year, day = _birth(record) if "birth" in fields else ((), ())
    for one, other in combinations(parts, 2):
        found.append((_sounds(one), _sounds(other), WEIGHTS["sound+sound"]))
        found.append((_pieces(one), _sounds(other), WEIGHTS["piece+sound"]))
        found.append((_pieces(other), _sounds(one), WEIGHTS["piece+sound"]))
    for part in parts:
        found.append((_sounds(part), year, WEIGHTS["sound+year"]))
        found.append((_pieces(part), year, WEIGHTS["piece+year"]))
        found.append((_sounds(part), day, WEIGHTS["sound+day"]))
        found.append((_pieces(part), day, WEIGHTS["piece+day"]))
    found.append((day, year, WEIGHTS["date"]))
    return [one for one in [*found, *_others(record, fields, year)] if one[0] and one[1]]


def _others(record: PersonRecord, fields: Sequence[str], year: Facts) -> Iterator[Crossing]:
    """Sex and nationality only with a year: they are too frequent. Documents and telephones are rare enough alone."""
    if "sex" in fields and (sex := sexes.sex(record.sex)):
        yield ("x" + sex,), year, WEIGHTS["sex+year"]
    if "nationality" in fields and (nationality := record.nationality.strip().upper()):
        yield ("n" + nationality,), year, WEIGHTS["nationality+year"]
    if "document" in fields and (document := numbers.document(record.document_no)):
        yield ("d" + document,), ALONE, WEIGHTS["document"]
    if "phone" in fields and (phone := numbers.phone(record.phone)):
        yield ("t" + phone,), ALONE, WEIGHTS["phone"]


def name_sounds(record: PersonRecord) -> frozenset[str]:
    """The sounds of all names of a record."""
    return frozenset(code for part in _parts(record) for code in _sounds(part))


def _parts(record: PersonRecord) -> list[str]:
    """Given and family names in one bag: they are often swapped, or written in one box."""
    found = dict.fromkeys(
        names.parts(record.given_name) + names.parts(record.family_name) + names.parts(record.other_names)
    )
    return list(found)[:MOST_PARTS]


@lru_cache(maxsize=1 << 17)
def _sounds(part: str) -> Facts:
    """Its codes, and those of the names for which it is a short form."""
    codes = dict.fromkeys(names.sounds(part))
    for name in sorted(names.formal(part)):
        codes |= dict.fromkeys(names.sounds(name))
    return tuple("s" + code for code in list(codes)[:MOST_CODES])


@lru_cache(maxsize=1 << 17)
def _pieces(part: str) -> Facts:
    """Two letters in a row, the beginning marked; no letter twice in a row, which spellings change at will."""
    text = "_" + "".join(letter for letter, before in zip(part, " " + part, strict=False) if letter != before)
    return tuple(dict.fromkeys("p" + text[at : at + 2] for at in range(len(text) - 1)))


@lru_cache(maxsize=1 << 16)
def _born(date: str, precision: str, recorded_on: str) -> tuple[Facts, Facts]:
    birth = dates.birth(date, precision, recorded_on)
    if birth.earliest is None or birth.latest is None:
        return (), ()
    first, last = birth.earliest.year - 1, birth.latest.year + 1
    middle = (first + last) // 2
    years = sorted(range(first, last + 1), key=lambda year: (abs(year - middle), year))[:MOST_YEARS]
    exact = birth.earliest == birth.latest and (birth.earliest.month, birth.earliest.day) != (1, 1)
    return tuple(f"y{year}" for year in years), (f"b{birth.earliest:%m-%d}",) if exact else ()


def _birth(record: PersonRecord) -> tuple[Facts, Facts]:
    """The years that may be meant, and the day and month where they are known and not the first of January."""
    return _born(record.birth_date, record.birth_precision, record.recorded_on)

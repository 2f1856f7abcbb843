"""Why two records may be one person, or may not: a few short reasons, strongest first. Pure.

A reason never shows a value of either record: `kind` and whole numbers are all it holds, so it can be kept and told
to who may see only one of the two. Sentences are English; `TEMPLATES` is what a room translates.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from palermo.linkage import calendars, dates, numbers
from palermo.linkage.dates import BirthLevel
from palermo.linkage.names import parts
from palermo.linkage.names.comparing import Likeness, Part, likeness, scripts_differ, swapped
from palermo.linkage.people import PersonRecord
from palermo.linkage.sexes import sex

MOST_REASONS = 7

_GIVEN = {
    "same": "given names are the same",
    "sound": "given names sound alike",
    "sound_arabic": "given names sound alike in Arabic script",
    "sound_cyrillic": "given names sound alike in Cyrillic script",
    "sound_script": "given names sound alike in another script",
    "form": "given names are forms of one name",
    "spelt": "given names are spelt almost alike",
    "initial": "given name is an initial that fits",
    "part": "one has more given names, the others fit",
    "some": "some given names fit, others do not",
    "differ": "given names differ",
}
_FAMILY = {
    "same": "family name is the same",
    "sound": "family names sound alike",
    "sound_arabic": "family names sound alike in Arabic script",
    "sound_cyrillic": "family names sound alike in Cyrillic script",
    "sound_script": "family names sound alike in another script",
    "form": "family names are forms of one name",
    "spelt": "family names are spelt almost alike",
    "initial": "family name is an initial that fits",
    "part": "one has more family names, the others fit",
    "some": "some family names fit, others do not",
    "differ": "family names differ",
}
_NAME = {
    "swapped": "family name and given name are swapped",
    "one_box": "all names in one box; they fit",
    "other_names": "another name of one fits the other",
}
_BIRTH = {
    "same_day": "birth date is the same",
    "swapped": "day and month of birth are swapped",
    "one_slip": "birth dates differ in one digit",
    "same_month": "birth month and year are the same",
    "same_year": "birth year is the same",
    "other_day": "birth year is the same, the day is not",
    "estimate_fits": "birth year fits the estimate",
    "near_year": "birth year differs by 1",
    "calendar": "birth dates fit if one is in another calendar",
    "few_years": "birth year differs by %(years)d",
    "apart": "birth year differs by %(years)d",
}
_REST = {
    ("document_no", "same"): "document number is the same",
    ("document_no", "one_slip"): "document numbers differ in one character",
    ("document_no", "differ"): "document numbers differ",
    ("phone", "same"): "telephone is the same (it may be shared)",
    ("phone", "one_slip"): "telephone numbers differ in one digit",
    ("nationality", "same"): "nationality is the same",
    ("nationality", "differ"): "nationality differs",
    ("sex", "differ"): "sex differs",
    ("place", "same"): "place is the same",
}

# (field, kind) -> the sentence with its %(number)d.
TEMPLATES: Mapping[tuple[str, str], str] = MappingProxyType(
    {("given_name", kind): text for kind, text in _GIVEN.items()}
    | {("family_name", kind): text for kind, text in _FAMILY.items()}
    | {("name", kind): text for kind, text in _NAME.items()}
    | {("birth_date", kind): text for kind, text in _BIRTH.items()}
    | _REST
)
_DISAGREE = frozenset(("differ", "few_years", "apart"))
_OPEN = frozenset(("some", "other_day", "near_year", "calendar"))


@dataclass(frozen=True, slots=True)
class Reason:
    """field: a field of the people format, or "name" for the whole. agrees: None where it can be read both ways."""

    field: str
    kind: str
    agrees: bool | None
    values: Mapping[str, int] = dataclasses.field(default_factory=dict)

    @property
    def template(self) -> str:
        return TEMPLATES[self.field, self.kind]

    @property
    def text(self) -> str:
        return self.template % self.values


def explain(a: PersonRecord, b: PersonRecord) -> tuple[Reason, ...]:
    """At most seven reasons, the same whichever record comes first; nothing of fields that one of them lacks."""
    found = [*_document(a, b), *_names(a, b), *_birth(a, b), *_phone(a, b), *_rest(a, b)]
    return tuple(found[:MOST_REASONS])


def _reason(name: str, kind: str, **values: int) -> Reason:
    agrees = False if kind in _DISAGREE else None if kind in _OPEN else True
    if (name, kind) == ("document_no", "one_slip") or (name, kind) == ("phone", "one_slip"):
        agrees = None
    return Reason(name, kind, agrees, values)


def _document(a: PersonRecord, b: PersonRecord) -> Iterator[Reason]:
    one, other = numbers.document(a.document_no), numbers.document(b.document_no)
    if one and other:
        kind = "same" if one == other else "one_slip" if numbers.one_slip(one, other) else "differ"
        yield _reason("document_no", kind)


def _phone(a: PersonRecord, b: PersonRecord) -> Iterator[Reason]:
    one, other = numbers.phone(a.phone), numbers.phone(b.phone)
    if one and other and (one == other or numbers.one_slip(one, other)):
        yield _reason("phone", "same" if one == other else "one_slip")


def _names(a: PersonRecord, b: PersonRecord) -> Iterator[Reason]:
    given_a, given_b = parts(a.given_name), parts(b.given_name)
    family_a, family_b = parts(a.family_name), parts(b.family_name)
    given, family = likeness(given_a, given_b), likeness(family_a, family_b)
    if (whole := _whole(a, b, (given_a, family_a), (given_b, family_b), given, family)) is not None:
        yield whole
        return
    if given is not None:
        yield _reason("given_name", _kind(given, a.given_name, b.given_name))
    if family is not None:
        yield _reason("family_name", _kind(family, a.family_name, b.family_name))


def _whole(
    a: PersonRecord,
    b: PersonRecord,
    names_a: tuple[Part, Part],
    names_b: tuple[Part, Part],
    given: Likeness | None,
    family: Likeness | None,
) -> Reason | None:
    """What can only be said of the name as a whole: swapped, all in one box, known under another name."""
    if swapped(names_a, names_b, given, family):
        return _reason("name", "swapped")
    all_a, all_b = (*names_a[0], *names_a[1]), (*names_b[0], *names_b[1])
    boxes = [sum(map(bool, names)) for names in (names_a, names_b)]
    fits = likeness(all_a, all_b)
    if sorted(boxes) == [1, 2] and min(len(all_a), len(all_b)) > 1 and fits is not None and fits.all_fit:
        return _reason("name", "one_box")
    if given is not None and not given.any_fit:
        others_a, others_b = parts(a.other_names), parts(b.other_names)
        for others, names in ((others_a, all_b), (others_b, all_a), (others_a, others_b)):
            if (found := likeness(others, names)) is not None and found.all_fit and found.any_fit:
                return _reason("name", "other_names")
    return None


def _kind(found: Likeness, one: str, other: str) -> str:
    if found.kind != "sound":
        return found.kind
    script = scripts_differ(one, other)
    return f"sound_{script}" if script else "sound"


def _birth(a: PersonRecord, b: PersonRecord) -> Iterator[Reason]:
    one = dates.birth(a.birth_date, a.birth_precision, a.recorded_on)
    other = dates.birth(b.birth_date, b.birth_precision, b.recorded_on)
    level = dates.compare(one, other)
    if level is BirthLevel.UNKNOWN:
        return
    years = dates.gap(one, other)
    if level is BirthLevel.CALENDAR and not _writes_otherwise(a, b, years):
        level = BirthLevel.APART
    if level in (BirthLevel.FEW_YEARS, BirthLevel.APART):
        yield _reason("birth_date", level.name.lower(), years=years)
    else:
        yield _reason("birth_date", level.name.lower())


def _writes_otherwise(a: PersonRecord, b: PersonRecord, years: int) -> bool:
    """Whether one of the two, or somebody whose nationality is not known, counts years in that other calendar."""
    nations = {a.nationality.strip().upper(), b.nationality.strip().upper()} - {""}
    return not nations or not nations.isdisjoint(calendars.OFFSETS[years].split())


def _rest(a: PersonRecord, b: PersonRecord) -> Iterator[Reason]:
    nation_a, nation_b = a.nationality.strip().upper(), b.nationality.strip().upper()
    if nation_a and nation_b:
        yield _reason("nationality", "same" if nation_a == nation_b else "differ")
    sex_a, sex_b = sex(a.sex), sex(b.sex)
    if sex_a and sex_b and sex_a != sex_b:
        yield _reason("sex", "differ")
    if (place := " ".join(sorted(parts(a.place)))) and place == " ".join(sorted(parts(b.place))):
        yield _reason("place", "same")

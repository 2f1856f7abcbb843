"""HTCDS 2.0 as CSV: one row a person, columns named as in the standard, several values separated by ";".

The standard carries identity (names, phones, addresses, birth date) and free text beside the coded fields.
Only codes get past this reader: the birth date becomes an age band, everything else of that kind is left
behind and named in `dropped`. A value that was not ticked is not recorded; HTCDS cannot say no.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from palermo.standards.codes import codelist
from palermo.standards.countries import fold
from palermo.standards.mappings import mapping
from palermo.standards.records.reading import (
    HIDDEN,
    MOST_YEARS,
    YEARS,
    Columns,
    Flags,
    Problem,
    RegisterRecord,
    age_group_of,
    band_of,
    digest,
    is_age,
    read_country,
)

_FIELDS = codelist("htcds-2.0/fields")
REQUIRED = ("prs_Gender", "prs_Citizenship", "vic_TraffickingStatus", "vic_TypeOfExploitation")
HEADER = Columns(REQUIRED, tuple(c.code for c in _FIELDS if c.code not in REQUIRED))
LEFT_BEHIND = frozenset(c.code for c in _FIELDS if c.extra["register"])
IDENTITY = frozenset(c.code for c in _FIELDS if c.extra["register"] == "identity")


@dataclass(frozen=True, slots=True)
class _Ages:
    band: str
    source: str
    group: str
    at_exploitation: str


@lru_cache(maxsize=64)
def _spellings(field: str) -> dict[str, str]:
    """Folded value names and labels of a pick list -> value name: real files hold either."""
    found = {fold(c.label()): c.code for c in codelist(f"htcds-2.0/{field}")}
    return found | {fold(c.code): c.code for c in codelist(f"htcds-2.0/{field}")}


@lru_cache(maxsize=20_000)
def _read(field: str, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(value names, what is none) of a cell; cells of pick lists repeat."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    codes = [_spellings(field).get(fold(part), "") for part in parts]
    bad = tuple(part for part, code in zip(parts, codes, strict=True) if not code)
    return tuple(dict.fromkeys(filter(None, codes))), bad


def _values(row: dict[str, str], number: int, field: str, problems: list[Problem]) -> tuple[str, ...]:
    found, bad = _read(field, row.get(field, ""))
    problems.extend(Problem(number, field, value, f"a value of HTCDS 2.0 {field}") for value in bad)
    return found


def _one(row: dict[str, str], number: int, field: str, problems: list[Problem]) -> str:
    found = _values(row, number, field, problems)
    if len(found) > 1:
        problems.append(Problem(number, field, row[field], "one value only"))
    return found[0] if found else ""


@lru_cache(maxsize=20_000)
def _mapped(field: str, target: str, values: tuple[str, ...]) -> Flags:
    codes = (mapping(f"htcds-2.0/{field}", target).get(value) for value in values)
    return Flags(tuple(dict.fromkeys(filter(None, codes))))


def _flags(row: dict[str, str], number: int, field: str, target: str, problems: list[Problem]) -> Flags:
    return _mapped(field, target, _values(row, number, field, problems))


def _date(row: dict[str, str], number: int, field: str, problems: list[Problem]) -> date | None:
    value = row.get(field, "").strip()
    if not value:
        return None
    try:
        found = date.fromisoformat(value)
        # fromisoformat also takes weeks and dates without hyphens; one way of writing is enough.
        if found.isoformat() == value and (found.year in YEARS or field == "prs_Birthdate"):
            return found
    except ValueError:
        pass
    shown = HIDDEN if field in LEFT_BEHIND else value
    problems.append(Problem(number, field, shown, "a date written YYYY-MM-DD"))
    return None


def _ages(row: dict[str, str], number: int, registered: date | None, problems: list[Problem]) -> _Ages:
    born = _date(row, number, "prs_Birthdate", problems)
    band = ""
    if born is not None and registered is not None:
        age = registered.year - born.year - ((registered.month, registered.day) < (born.month, born.day))
        if 0 <= age <= MOST_YEARS:
            band = band_of(age)
        else:
            problems.append(
                Problem(number, "prs_Birthdate", HIDDEN, "a date before the referral, within reason")
            )
    then = row.get("vic_AgeWhenTrafficked", "").strip()
    at_exploitation = ""
    if then:
        if is_age(then):
            at_exploitation = "child" if int(then) < 18 else "adult"
        else:
            problems.append(
                Problem(number, "vic_AgeWhenTrafficked", then, f"a whole number up to {MOST_YEARS}")
            )
    return _Ages(band, "birth date" if band else "", age_group_of(band, ""), at_exploitation)


def _citizenship(row: dict[str, str], number: int, problems: list[Problem]) -> tuple[str, ...]:
    parts = filter(None, (part.strip() for part in row.get("prs_Citizenship", "").split(";")))
    found = [read_country(number, "prs_Citizenship", part, problems) for part in parts]
    return tuple(dict.fromkeys(c.alpha3 for c in found if c is not None))


def _country(row: dict[str, str], number: int, problems: list[Problem]) -> str:
    """Of exploitation: hte_Country counts only when the event is the exploitation."""
    value = row.get("hte_Country", "").strip()
    if _one(row, number, "hte_Type", problems) != "Exploitation" or not value:
        return ""
    found = read_country(number, "hte_Country", value, problems)
    return found.alpha3 if found is not None else ""


def identity_columns(header: Iterable[str]) -> tuple[str, ...]:
    """The columns of a header that hold identity or free text: read past, never stored."""
    return tuple(name for name in header if name in LEFT_BEHIND)


def parse(row: dict[str, str], number: int) -> RegisterRecord | list[Problem]:
    """One person of an HTCDS 2.0 file."""
    problems: list[Problem] = []
    gender = _one(row, number, "prs_Gender", problems)
    status = _one(row, number, "vic_TraffickingStatus", problems)
    relation = _flags(row, number, "vic_RelationshipToTrafficker", "palermo/recruiter", problems)
    form = _flags(row, number, "vic_TypeOfExploitation", "palermo/form", problems)
    control = _flags(row, number, "vic_MethodsOfControl", "palermo/control", problems)
    labour = _flags(row, number, "vic_ForcedLabourIndustry", "palermo/labour", problems)
    sexual = _flags(row, number, "vic_TypeOfSexExploitation", "palermo/sexual", problems)
    citizenship = _citizenship(row, number, problems)
    country = _country(row, number, problems)
    registered = _date(row, number, "cas_IncomingReferralDate", problems)
    ages = _ages(row, number, registered, problems)
    if not any(row[name].strip() for name in row if name not in LEFT_BEHIND or name == "prs_Birthdate"):
        problems.append(Problem(number, "vic_TypeOfExploitation", "", "the row says nothing of a person"))
    if problems:
        return problems
    dropped = tuple(name for name, value in row.items() if name in LEFT_BEHIND and value.strip())
    warnings = ("year_not_recorded",) if registered is None else ()
    if dropped:
        warnings = (*warnings, "identity_left_behind")
    year = registered.year if registered is not None else None
    our_gender = mapping("htcds-2.0/prs_Gender", "palermo/gender").get(gender)
    our_status = mapping("htcds-2.0/vic_TraffickingStatus", "palermo/person_status").get(status)
    key = digest(
        str(registered or ""), our_gender, ages.band, ages.at_exploitation, ",".join(citizenship), country,
        our_status, *(flags.text() for flags in (form, control, labour, sexual, relation)),
    )  # fmt: skip
    return RegisterRecord(
        number, year, mapping("htcds-2.0/prs_Gender", "palermo/sex").get(gender), our_gender, ages.band,
        ages.source, ages.group, ages.group, ages.at_exploitation, "", citizenship, country, "", "tip",
        our_status, "case_management", form, control, labour, sexual, relation, None, key, warnings, dropped,
    )  # fmt: skip

"""palermo's own list of persons without identity ("people"): what a local list is mapped to.

Columns hold codes of palermo's lists; several values are separated by ";". A group of flags has two columns:
what was answered with yes (`form`) and what was answered with no (`form_no`); what is in neither was not
recorded. `record_number` is the source's own number of the record, if it has one: with it a correction is an
update and not a second person.
"""

from palermo.standards.codes import codelist
from palermo.standards.records.reading import (
    MOST_YEARS,
    NOTHING,
    Columns,
    Flags,
    Problem,
    RegisterRecord,
    age_group_of,
    band_of,
    digest,
    is_age,
    parent_band,
    read_country,
    read_year,
)

CODED = {
    "sex": "palermo/sex",
    "gender": "palermo/gender",
    "age_group": "palermo/age_group",
    "majority": "palermo/majority",
    "majority_at_exploitation": "palermo/majority",
    "majority_at_entry": "palermo/majority",
    "crime": "palermo/crime",
    "status": "palermo/person_status",
    "source_kind": "palermo/source_kind",
}
FLAGS = {
    "form": "palermo/form",
    "control": "palermo/control",
    "labour": "palermo/labour",
    "sexual": "palermo/sexual",
    "recruiter": "palermo/recruiter",
}
NO = {f"{name}_no": scheme for name, scheme in FLAGS.items()}
HEADER = Columns(
    ("year", "sex", "crime", "status"),
    ("record_number", *(c for c in CODED if c not in ("sex", "crime", "status")), "age", "citizenship",
     "country", "area", *(c for pair in zip(FLAGS, NO, strict=True) for c in pair), "abducted"),
)  # fmt: skip


def values() -> dict[str, str]:
    """In words, what may stand in each column."""
    several = {**FLAGS, **NO}
    return {
        "record_number": "the source's own number of the record, never a name",
        "year": "the year of detection, YYYY",
        "age": f"completed years, a whole number up to {MOST_YEARS}",
        "citizenship": "ISO 3166 codes or names of countries, “;” between",
        "country": "ISO 3166 code or name of a country",
        "area": "a code of at most 32 letters, digits, “-”, “.”, “_”",
        "abducted": "yes, no or not_recorded",
        **{column: "one of " + _listed(scheme) for column, scheme in CODED.items()},
        **{column: "“;” between several of " + _listed(scheme) for column, scheme in several.items()},
    }


def _listed(scheme: str) -> str:
    return ", ".join(code.code for code in codelist(scheme))


TERNARY = {"": None, "not_recorded": None, "yes": True, "no": False}


def _cell(row: dict[str, str], column: str) -> str:
    return row.get(column, "").strip()


def _coded(row: dict[str, str], number: int, column: str, problems: list[Problem]) -> str:
    value = _cell(row, column)
    if value and value not in codelist(CODED[column]):
        problems.append(Problem(number, column, value, f"a code of {CODED[column]}"))
        return ""  # it may be a name, and the rules of other columns quote what this column says
    return "" if value == "not_recorded" else value


def _codes(row: dict[str, str], number: int, column: str, problems: list[Problem]) -> tuple[str, ...]:
    scheme = FLAGS.get(column) or NO[column]
    found = dict.fromkeys(filter(None, (part.strip() for part in row.get(column, "").split(";"))))
    problems.extend(
        Problem(number, column, value, f"a code of {scheme}")
        for value in found
        if value not in codelist(scheme)
    )
    return tuple(found)


def _flags(row: dict[str, str], number: int, name: str, problems: list[Problem]) -> Flags:
    yes = _codes(row, number, name, problems)
    no = _codes(row, number, f"{name}_no", problems)
    problems.extend(
        Problem(number, name, code, f"not both in {name} and in {name}_no") for code in yes if code in no
    )
    return Flags(yes, no) if yes or no else NOTHING


def _age(row: dict[str, str], number: int, band: str, problems: list[Problem]) -> tuple[str, str]:
    """(band, what the source wrote): an age in years is narrowed to its band at once."""
    text = _cell(row, "age")
    if not text:
        return band, band
    if not is_age(text):
        problems.append(Problem(number, "age", text, f"a whole number up to {MOST_YEARS}"))
        return band, text
    found = band_of(int(text))
    if band not in ("", "unknown", found, parent_band(found)):
        problems.append(Problem(number, "age", text, f"an age within age_group “{band}”"))
    return found, "age in years"


def _places(row: dict[str, str], number: int, problems: list[Problem]) -> tuple[tuple[str, ...], str]:
    parts = filter(None, (part.strip() for part in row.get("citizenship", "").split(";")))
    citizens = [read_country(number, "citizenship", part, problems) for part in parts]
    country = _cell(row, "country")
    found = read_country(number, "country", country, problems) if country else None
    return tuple(dict.fromkeys(c.alpha3 for c in citizens if c)), found.alpha3 if found else ""


def parse(row: dict[str, str], number: int) -> RegisterRecord | list[Problem]:
    """One person of a list in palermo's own columns."""
    problems: list[Problem] = []
    for column in ("year", "crime", "status"):
        if not _cell(row, column):
            problems.append(Problem(number, column, "", "must not be empty"))
    year = read_year(number, "year", _cell(row, "year"), problems)
    coded = {column: _coded(row, number, column, problems) for column in CODED}
    flags = {name: _flags(row, number, name, problems) for name in FLAGS}
    band, age_source = _age(row, number, coded["age_group"], problems)
    citizenship, country = _places(row, number, problems)
    abducted = _cell(row, "abducted")
    if abducted not in TERNARY:
        problems.append(Problem(number, "abducted", abducted, "yes, no, not_recorded or empty"))
    if problems:
        return problems
    contradiction = {parent_band(band), coded["majority"]} == {"child", "adult"}
    record_number = _cell(row, "record_number")
    content = (
        str(year), *(v for k, v in coded.items() if k != "age_group"), band, ",".join(citizenship), country,
        _cell(row, "area"), *(f.text() for f in flags.values()), str(TERNARY[abducted]),
    )  # fmt: skip
    return RegisterRecord(
        number, year, coded["sex"], coded["gender"], band, age_source, age_group_of(band, coded["majority"]),
        coded["majority"], coded["majority_at_exploitation"], coded["majority_at_entry"], citizenship,
        country, _cell(row, "area"), coded["crime"], coded["status"], coded["source_kind"] or "unknown",
        flags["form"], flags["control"], flags["labour"], flags["sexual"], flags["recruiter"],
        TERNARY[abducted], digest("number", record_number) if record_number else digest(*content),
        ("age_contradicts_majority",) if contradiction else (),
    )  # fmt: skip

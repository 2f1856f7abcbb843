"""palermo's own list of persons suspected, prosecuted, convicted ("offenders"): one charge of one person a row.

A person charged with three offences has three rows under one `person_key`, and is one person. What is not
given was not recorded, which is never a no; "unknown" was asked and is not known. The person's key leaves this
reader as a digest only. What several rows of a person say together is judged by whoever reads the whole file
(`span` gives the days between which a stage was reached).
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache

from palermo.standards.codes import codelist
from palermo.standards.mappings import mapping
from palermo.standards.records.offender_fields import AUTHORITIES, FIELDS, INSTANCES, SENTENCES, STAGES
from palermo.standards.records.reading import (
    MOST_YEARS,
    YEARS,
    Columns,
    Problem,
    age_group_of,
    band_of,
    digest,
    is_age,
    parent_band,
    read_country,
    read_year,
)

HEADER = Columns(
    tuple(field.name for field in FIELDS if field.required),
    tuple(field.name for field in FIELDS if not field.required),
)
KEY = re.compile(r"(?=.*\d)[A-Za-z0-9._:/-]{1,64}")
ARTICLE = re.compile(r"(?=.*\d)[\w .,;§()/:-]{1,60}")
AREA = re.compile(r"[A-Za-z0-9._-]{1,32}")
MOST_MONTHS = 1200
FINAL = {"": None, "yes": True, "no": False}
OF_COURTS = ("convicted", "acquitted")


@dataclass(frozen=True, slots=True)
class OffenderRecord:
    """One charge of one person at one stage. person: digest of the source's pseudonym. key: equal for rows
    that mean the same charge. Codes as in `offender_fields`; empty = not recorded.
    """

    row: int
    person: bytes
    stage: str
    on: date
    precision: str
    crime: str
    offence: str
    article: str
    forms: tuple[str, ...]
    sex: str
    age_group: str
    citizenship: str
    instance: str
    sentence: str
    sentence_months: int | None
    final: bool | None
    country: str
    area: str
    authority: str
    key: bytes


def span(on: date, precision: str) -> tuple[date, date]:
    """The first and the last day on which something dated so may have happened."""
    if precision == "year":
        return date(on.year, 1, 1), date(on.year, 12, 31)
    if precision == "month":
        return on.replace(day=1), on.replace(day=monthrange(on.year, on.month)[1])
    return on, on


@cache
def crime_of(offence: str) -> str:
    """tip or som when an ICCS offence is one of these by itself, else ""."""
    entry = codelist("iccs-2015").get(offence)
    codes = {offence, entry.parent if entry is not None else ""}
    own = {
        link.to_code: link.from_code
        for link in mapping("palermo/crime", "iccs-2015")
        if link.relation == "exact"
    }
    return next((own[code] for code in codes if code in own), "")


@cache
def form_of(offence: str) -> tuple[str, ...]:
    """The form of exploitation that an ICCS offence of trafficking names."""
    links = mapping("palermo/form", "iccs-2015")
    return tuple(link.from_code for link in links if link.to_code == offence and link.relation == "exact")


class _Row:
    """The cells of one row and what is wrong with them so far."""

    def __init__(self, row: dict[str, str], number: int) -> None:
        self.row, self.number = row, number
        self.problems: list[Problem] = []

    def cell(self, column: str) -> str:
        return self.row.get(column, "").strip()

    def fault(self, column: str, rule: str) -> None:
        self.problems.append(Problem(self.number, column, self.cell(column), rule))

    def shaped(self, column: str, shape: re.Pattern[str], rule: str) -> str:
        value = self.cell(column)
        if value and not shape.fullmatch(value):
            self.fault(column, rule)
        return value

    def one_of(self, column: str, codes: tuple[str, ...]) -> str:
        value = self.cell(column)
        if value and value not in codes:
            self.fault(column, f"one of {', '.join(codes)}, or empty")
        return value

    def coded(self, column: str, scheme: str) -> str:
        value = self.cell(column)
        if value and value not in codelist(scheme):
            self.fault(column, f"a code of {scheme}")
            return ""
        return "" if value == "not_recorded" else value

    def country(self, column: str) -> str:
        value = self.cell(column)
        found = read_country(self.number, column, value, self.problems) if value else None
        return found.alpha3 if found else ""


def _when(row: _Row) -> tuple[date, str]:
    """When the stage was reached, and how precisely that is known."""
    text, year = row.cell("stage_date"), row.cell("stage_year")
    known = read_year(row.number, "stage_year", year, row.problems)
    if not text:
        if not year:
            row.fault("stage_year", "a stage_date or a stage_year is needed")
        return date(known or YEARS[0], 1, 1), "year"
    precision = "month" if len(text) == 7 else "day"
    try:
        found = date.fromisoformat(f"{text}-01" if precision == "month" else text)
    except ValueError:
        found = date.min
    written = found.isoformat() if precision == "day" else found.isoformat()[:7]
    if written != text or found.year not in YEARS:
        row.fault("stage_date", "a date written YYYY-MM-DD or YYYY-MM")
        return date(YEARS[0], 1, 1), "year"
    if known is not None and known != found.year:
        row.fault("stage_year", "the year of stage_date")
    return found, precision


def _age_group(row: _Row) -> str:
    band, text = row.coded("age_group", "palermo/age_group"), row.cell("age")
    if not text:
        return age_group_of(band, "")
    if not is_age(text):
        row.fault("age", f"a whole number up to {MOST_YEARS}")
        return ""
    found = band_of(int(text))
    if band not in ("", "unknown", found, parent_band(found)):
        row.fault("age", "an age within age_group")
    return parent_band(found)


def _crime(row: _Row, offence: str) -> str:
    crime, own = row.coded("crime", "palermo/crime"), crime_of(offence)
    if crime == "neither_yet" or (not crime and not own and not row.cell("crime")):
        row.fault("crime", "a crime is needed: the offence alone is neither trafficking nor smuggling")
    elif own and crime and crime not in (own, f"aggravated_{own}"):
        row.fault("crime", "the crime of the offence (a person charged with both has a row for each)")
    return crime or own


def _sentence(row: _Row, stage: str) -> tuple[str, int | None, bool | None]:
    sentence, text = row.one_of("sentence", SENTENCES), row.cell("sentence_months")
    months = None
    if text:
        if text.isascii() and text.isdecimal() and len(text) <= 4 and int(text) <= MOST_MONTHS:
            months = int(text)
        else:
            row.fault("sentence_months", f"a whole number up to {MOST_MONTHS}")
        if sentence not in ("imprisonment", "suspended"):
            row.fault("sentence_months", "only with the sentence imprisonment or suspended")
    if sentence and stage != "convicted":
        row.fault("sentence", "only with the stage convicted")
    final = row.cell("final")
    if final not in FINAL:
        row.fault("final", "yes, no or empty")
    elif final and stage not in OF_COURTS:
        row.fault("final", "only with the stage convicted or acquitted")
    return sentence, months, FINAL.get(final)


def _forms(row: _Row, offence: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(filter(None, (part.strip() for part in row.cell("form").split(";")))))
    if any(code not in codelist("palermo/form") for code in found):
        row.fault("form", "codes of palermo/form with “;” between")
    return found or form_of(offence)


def parse(values: dict[str, str], number: int) -> OffenderRecord | list[Problem]:
    """One charge of one person, or every problem of the row."""
    row = _Row(values, number)
    person = row.shaped(
        "person_key", KEY, "a pseudonym: letters, digits, “.”, “_”, “-”, “:”, “/”, with a digit"
    )
    if not person:
        row.fault("person_key", "must not be empty")
    stage = STAGES.get(row.cell("stage"), "")
    if not stage:
        row.fault("stage", f"one of {', '.join(STAGES)}")
    on, precision = _when(row)
    offence = row.coded("offence", "iccs-2015")
    crime, forms = _crime(row, offence), _forms(row, offence)
    sentence, months, final = _sentence(row, stage)
    record = OffenderRecord(
        number, digest("offender", person), stage, on, precision, crime, offence,
        row.shaped("article", ARTICLE, "an article: at most 60 letters, digits and signs, with a digit"), forms,
        row.coded("sex", "palermo/sex"), _age_group(row), row.country("citizenship"),
        row.one_of("instance", INSTANCES), sentence, months, final, row.country("country"),
        row.shaped("area", AREA, "a code of at most 32 letters, digits, “-”, “.”, “_”"),
        row.one_of("source", AUTHORITIES),
        digest("charge", person, stage, str(on.year), offence, row.cell("article"), crime),
    )  # fmt: skip
    return row.problems or record

"""Taking in a small table of population: the denominator of SDG indicator 16.2.2."""

from hashlib import blake2b
from typing import NamedTuple

from django.db import connection

from palermo.kernel.imports.formats import Batch, Counts, Format, Layout
from palermo.kernel.imports.problems import Problem
from palermo.standards import codelist

MOST = 20_000_000_000


class Residents(NamedTuple):
    """Persons resident in an area in a year."""

    area_code: str
    year: int
    sex: str
    age: str
    persons: int


def parse(row: dict[str, str], number: int) -> Residents | list[Problem]:
    """One row of area_code, year, sex, age, persons (sex and age as GLOTIP writes them; empty = Total)."""
    sex, age = row.get("sex") or "Total", row.get("age") or "Total"
    problems = []
    if sex not in codelist("glotip/sex"):
        problems.append(Problem(number, "sex", sex, "a sex as GLOTIP writes it, such as Female"))
    if age not in codelist("glotip/age"):
        problems.append(Problem(number, "age", age, "an age as GLOTIP writes it, such as 0 to 17 years"))
    if not 0 < len(row["area_code"]) <= 40:
        problems.append(Problem(number, "area_code", row["area_code"], "the code of a country"))
    year, persons = row["year"], row["persons"].replace(",", "")
    if not (year.isascii() and year.isdigit() and 1900 <= int(year[:5]) <= 2200):
        problems.append(Problem(number, "year", year, "a year from 1900 to 2200"))
    if not (persons.isascii() and persons.isdigit() and len(persons) < 12 and 0 < int(persons) <= MOST):
        problems.append(Problem(number, "persons", row["persons"], "a whole number of persons above 0"))
    if problems:
        return problems
    return Residents(row["area_code"], int(year), sex, age, int(persons))


def key(residents: Residents) -> bytes:
    """One area, year, sex and age are known once."""
    return blake2b("\x1f".join(map(str, residents[:4])).encode(), digest_size=16).digest()


STORE = """
INSERT INTO statistics_population AS p (source, area_code, year, sex, age, persons)
  VALUES (%s, %s, %s, %s, %s, %s)
  ON CONFLICT (area_code, year, sex, age)
  DO UPDATE SET persons = excluded.persons, source = excluded.source
  WHERE (p.persons, p.source) IS DISTINCT FROM (excluded.persons, excluded.source)
RETURNING (xmax = 0)
"""


def write(batch: Batch) -> Counts:
    """Write one batch; a later row for the same area, year, sex and age replaces the earlier."""
    added = updated = 0
    with connection.cursor() as cursor:
        for row in batch.rows:
            cursor.execute(STORE, [batch.source, *row.record])
            found = cursor.fetchone()
            added += bool(found and found[0])
            updated += bool(found and not found[0])
    return Counts(added, updated, len(batch.rows) - added - updated)


def values() -> dict[str, str]:
    """In words, what may stand in each column."""
    return {
        "area_code": "the code of a country or area, as GLOTIP writes it",
        "year": "a year from 1900 to 2200",
        "persons": "a whole number above 0",
        "sex": "one of " + ", ".join(code.code for code in codelist("glotip/sex")),
        "age": "one of " + ", ".join(code.code for code in codelist("glotip/age")),
    }


POPULATION = Format(
    name="population",
    layouts=(Layout("population", ("area_code", "year", "persons"), parse, optional=("sex", "age")),),
    key=key,
    write=write,
    says=values,
    terms="as stated by the body that published it",
)

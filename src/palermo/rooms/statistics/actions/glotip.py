"""Taking in the GLOTIP dataset of UNODC (and a small population table): read a row, write a batch.

GLOTIP traps (docs/methods/global-report.md): "<5" is not a number, "1,757" is one; groups of countries carry
pseudo ISO codes; one code is empty (Sark); some keys come more than once, with equal or with different values.
Equal repetitions are counted as unchanged. Different values for one key are all kept, numbered by `occurrence`:
which of them is right the file does not say, and dropping one would be a silent choice.
"""

from functools import cache
from hashlib import blake2b
from typing import Any, NamedTuple

from django.db import connection

from palermo.kernel.imports.formats import Batch, Counts, Format, Layout
from palermo.kernel.imports.problems import Problem
from palermo.standards import codelist

YEARS = range(1990, 2101)
MOST = 2_000_000_000
REQUIRED = (
    "Iso3_code", "Country", "Region", "Subregion", "Indicator", "Dimension", "Category", "Sex", "Age", "Year",
    "Unit of measurement", "txtVALUE",
)  # fmt: skip
LONGEST = {"Iso3_code": 40, "Country": 160, "Region": 80, "Subregion": 80, "Category": 160}
CODED = {  # column -> code list
    "Indicator": "glotip/indicator", "Dimension": "glotip/dimension", "Sex": "glotip/sex", "Age": "glotip/age",
    "Unit of measurement": "glotip/unit",
}  # fmt: skip
NAMED = {"Aruba/Curacao": "ABW+CUW"}  # combined territories in the code column


class Figure(NamedTuple):
    """One row of the dataset."""

    area_code: str
    area_name: str
    region: str
    subregion: str
    is_country: bool
    indicator: str
    dimension: str
    category: str
    sex: str
    age: str
    year: int
    value: int | None
    below: int | None

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes it the same figure in the next export."""
        return (
            self.area_code, self.area_name, self.indicator, self.dimension, self.category, self.sex, self.age,
            str(self.year),
        )  # fmt: skip


def parse(row: dict[str, str], number: int) -> Figure | list[Problem]:
    """The figure of a row, or every problem of it."""
    problems = [
        Problem(number, column, row[column], f"one of: {', '.join(c.code for c in codelist(scheme))}")
        for column, scheme in CODED.items()
        if row[column] not in codelist(scheme)
    ]
    problems += [
        Problem(number, column, row[column], f"at most {most} characters")
        for column, most in LONGEST.items()
        if len(row[column]) > most
    ]
    code, name = row["Iso3_code"].strip(), row["Country"].strip()
    if not code and not name:
        problems.append(Problem(number, "Iso3_code", code, "a row needs a code or the name of an area"))
    year, value, below = _year(row["Year"]), *_value(row["txtVALUE"])
    if year is None:
        problems.append(Problem(number, "Year", row["Year"], "a year from 1990 to 2100"))
    if value is None and below is None:
        rule = "a whole number of persons, such as 12 or 1,757, or <5"
        problems.append(Problem(number, "txtVALUE", row["txtVALUE"], rule))
    if problems or year is None:
        return problems
    code = NAMED.get(code, code) or ("SARK" if name == "Sark" else "")
    return Figure(
        code, name, row["Region"].strip(), row["Subregion"].strip(), code not in _groups(), row["Indicator"],
        row["Dimension"], row["Category"].strip(), row["Sex"], row["Age"], year, value, below,
    )  # fmt: skip


@cache
def _groups() -> frozenset[str]:
    """The pseudo codes of groups of countries; they look like ISO codes and overlap with their members."""
    return frozenset(c.code for c in codelist("glotip/area") if len(c.code) == 3)


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and int(text[:5]) in YEARS else None


def _value(text: str) -> tuple[int | None, int | None]:
    """(count, None) or (None, n) for "<n"; (None, None) when it is neither."""
    text = text.strip()
    digits = text.removeprefix("<")
    whole = digits.replace(",", "")
    if not (whole.isascii() and whole.isdigit()) or len(whole) > 10 or int(whole) > MOST:
        return None, None
    if "," in digits and f"{int(whole):,}" != digits:
        return None, None
    if text.startswith("<"):
        return (None, int(whole)) if 0 < int(whole) < 1000 else (None, None)
    return int(whole), None


def key(figure: Figure) -> bytes:
    """Equal for rows that mean the same figure, whatever its value."""
    return blake2b("\x1f".join(figure.identity).encode(), digest_size=16).digest()


COLUMNS = (
    "area_code", "area_name", "region", "subregion", "is_country", "indicator", "dimension", "category", "sex",
    "age", "year", "value", "below",
)  # fmt: skip
KEY = ("area_code", "area_name", "indicator", "dimension", "category", "sex", "age", "year")
DATA = ("region", "subregion", "is_country", "value", "below")

STAGE = """
CREATE TEMPORARY TABLE IF NOT EXISTS statistics_stage (
  area_code text, area_name text, region text, subregion text, is_country boolean, indicator text,
  dimension text, category text, sex text, age text, year smallint, value integer, below smallint,
  occurrence smallint
) ON COMMIT DELETE ROWS
"""
_SAME_KEY = " AND ".join(f"{{0}}.{name} = s.{name}" for name in KEY)
_SAME_VALUE = "({0}.value, {0}.below) IS NOT DISTINCT FROM (s.value, s.below)"
# A repetition: an earlier occurrence of this key, in this batch or in an earlier one, has the same value.
REPEATED = f"""
DELETE FROM statistics_stage s WHERE s.occurrence > 1 AND (
  EXISTS (SELECT 1 FROM statistics_stage e WHERE {_SAME_KEY.format("e")} AND {_SAME_VALUE.format("e")}
          AND e.occurrence < s.occurrence)
  OR EXISTS (SELECT 1 FROM statistics_observation o WHERE o.source = %s AND {_SAME_KEY.format("o")}
          AND {_SAME_VALUE.format("o")} AND o.occurrence < s.occurrence))
RETURNING {", ".join(f"s.{name}" for name in (*KEY, "occurrence"))}
"""  # noqa: S608 - names of columns from the constants above
STORE = f"""
INSERT INTO statistics_observation AS o (source, {", ".join(COLUMNS)}, occurrence)
  SELECT %s, {", ".join(COLUMNS)}, occurrence FROM statistics_stage
  ON CONFLICT (source, area_code, area_name, indicator, dimension, category, sex, age, year, occurrence)
  DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in DATA)}
  WHERE ({", ".join(f"o.{name}" for name in DATA)})
    IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in DATA)})
RETURNING (xmax = 0)
"""  # noqa: S608


def write(batch: Batch) -> Counts:
    """Write one batch: COPY into a temporary table, then one upsert. Idempotent."""
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        with cursor.copy(f"COPY statistics_stage ({', '.join((*COLUMNS, 'occurrence'))}) FROM STDIN") as copy:
            for row in batch.rows:
                copy.write_row((*row.record, row.occurrence))
        cursor.execute(REPEATED, [batch.source])
        repeated = cursor.fetchall()
        cursor.execute(STORE, [batch.source])
        inserted = [bool(new) for (new,) in cursor.fetchall()]
        stale = _forget(batch.source, repeated)
        cursor.execute("DELETE FROM statistics_stage")
    added = sum(inserted)
    updated = len(inserted) - added + stale
    return Counts(added, updated, len(batch.rows) - added - updated)


def _forget(source: str, repeated: list[tuple[Any, ...]]) -> int:
    """Remove what a row said in an earlier export when it now only repeats another row of its key."""
    if not repeated:
        return 0
    condition = " AND ".join(f"{name} = %s" for name in (*KEY, "occurrence"))
    statement = f"DELETE FROM statistics_observation WHERE source = %s AND {condition}"  # noqa: S608
    removed = 0
    with connection.cursor() as own:
        for row in repeated:
            own.execute(statement, [source, *row])
            removed += own.rowcount
    return removed


GLOTIP = Format(
    name="glotip",
    layouts=(Layout("glotip export", REQUIRED, parse, optional=("Source",)),),
    key=key,
    write=write,
    preamble=2,
    terms="UNODC, Global Report on Trafficking in Persons dataset; no open licence is stated in the file",
)

"""The UNODC GLOTIP dataset in its long form, one figure a row.

Traps: "<5" is a censored figure and not a number; "1,757" has a thousands separator; seven area codes are
sub-regional aggregates and look like ISO; Aruba and Curaçao share a row, Sark has no code; the category mixes
countries, "Nationals", "Abroad", adjectives, misspellings and broken encodings; keys repeat, sometimes with
other values. Nothing of that is refused: it is told apart. Counts are of detected victims, never prevalence.
"""

from dataclasses import dataclass
from functools import lru_cache

from palermo.standards.codes import codelist
from palermo.standards.countries import countries, find_country, fold, written_names
from palermo.standards.records.reading import Columns, Problem, digest, read_year

HEADER = Columns(tuple(c.code for c in codelist("glotip/column")))
PREAMBLE = 2  # the web export of April 2025 has two lines before the column names
CENSORED = "<5"
COUNTRY_DIMENSIONS = frozenset({"by citizenship", "by country of repatriation"})


@dataclass(frozen=True, slots=True)
class GlotipRow:
    """One published figure.

    area: alpha-3, or a code of glotip/area. area_kind: country, aggregate (never add it to countries) or
    combined. region and subregion are M49 codes. category_kind: total, form, country, nationals, abroad,
    unknown, stateless, group or unmapped; category: the form, the alpha-3 code, or the kind itself;
    category_text: as published. value is None exactly when censored. key: the published key, without the
    value; content_key: with it.
    """

    row: int
    area: str
    area_kind: str
    area_name: str
    region: str
    subregion: str
    indicator: str
    dimension: str
    category_kind: str
    category: str
    category_text: str
    sex: str
    age: str
    year: int
    value: int | None
    censored: bool
    key: bytes
    content_key: bytes


@dataclass(frozen=True, slots=True)
class _Area:
    code: str
    kind: str
    name: str
    region: str
    subregion: str


@dataclass(frozen=True, slots=True)
class _What:
    indicator: str
    dimension: str
    kind: str
    category: str


@lru_cache(maxsize=5_000)
def _area(code: str, name: str) -> _Area | tuple[Problem, ...]:
    found = countries().get(code)
    if found is not None:
        return _Area(found.alpha3, "country", found.name(), found.region, found.subregion)
    special = {"Aruba/Curacao": "ABW+CUW", "": "SARK" if name == "Sark" else ""}.get(code, code)
    listed = codelist("glotip/area").get(special)
    if listed is None:
        return (Problem(0, "Iso3_code", code, "ISO 3166 alpha-3 code or an area code of the GLOTIP export"),)
    if special == "ABW+CUW":
        aruba = countries()["ABW"]
        return _Area(special, "combined", listed.label(), aruba.region, aruba.subregion)
    if special == "SARK":
        guernsey = countries()["GGY"]
        return _Area(special, "country", listed.label(), guernsey.region, guernsey.subregion)
    return _Area(special, "aggregate", listed.label(), "", "")


def _one_of(column: str, value: str) -> tuple[Problem, ...]:
    known = codelist(f"glotip/{column.casefold()}")
    if value in known:
        return ()
    return (Problem(0, column, value, "one of: " + "; ".join(c.code for c in known)),)


@lru_cache(maxsize=20_000)
def _what(indicator: str, dimension: str, text: str) -> _What | tuple[Problem, ...]:
    problems = _one_of("Indicator", indicator) + _one_of("Dimension", dimension)
    if dimension == "Total" and text != "Total":
        problems += (Problem(0, "Category", text, "Total, because the dimension is Total"),)
    if dimension == "by form of exploitation" and text not in codelist("glotip/form"):
        forms = "; ".join(c.code for c in codelist("glotip/form"))
        problems += (Problem(0, "Category", text, f"one of: {forms}"),)
    if problems:
        return problems
    if dimension == "Total":
        return _What(indicator, dimension, "total", "total")
    if dimension not in COUNTRY_DIMENSIONS:
        return _What(indicator, dimension, "form", text)
    return _What(indicator, dimension, *_place(text))


def _place(text: str) -> tuple[str, str]:
    """What a category of a breakdown by country is; an unknown text is kept, never guessed."""
    country = find_country(text)
    if country is not None:
        return "country", country.alpha3
    if not text:
        return "unknown", "unknown"
    kind = written_names().get(fold(text), ("", ""))[1]
    return (kind, kind) if kind else ("unmapped", "unmapped")


@lru_cache(maxsize=1_000)
def _who(sex: str, age: str, unit: str) -> tuple[Problem, ...]:
    problems = _one_of("Sex", sex) + _one_of("Age", age)
    if unit != "Counts":
        problems += (Problem(0, "Unit of measurement", unit, "Counts"),)
    return problems


@lru_cache(maxsize=10_000)
def _value(text: str) -> int | tuple[Problem, ...] | None:
    """None for a censored figure."""
    if text == CENSORED:
        return None
    plain = text
    if "," in text:
        head, *rest = text.split(",")
        plain = text.replace(",", "") if 0 < len(head) <= 3 and all(len(r) == 3 for r in rest) else ""
    if plain.isdecimal() and plain.isascii() and len(plain) <= 9:
        return int(plain)
    return (Problem(0, "txtVALUE", text, "a whole number (thousands separated by commas) or <5"),)


@lru_cache(maxsize=1_000)
def _year(text: str) -> int | tuple[Problem, ...]:
    problems: list[Problem] = []
    found = read_year(0, "Year", text, problems)
    return found or tuple(problems) or (Problem(0, "Year", "", "a year"),)


def parse(row: dict[str, str], number: int) -> GlotipRow | list[Problem]:
    """One row of the export."""
    text, sex, age, shown = row["Category"], row["Sex"], row["Age"], row["txtVALUE"]
    area = _area(row["Iso3_code"], row["Country"])
    what = _what(row["Indicator"], row["Dimension"], text)
    who = _who(sex, age, row["Unit of measurement"])
    year = _year(row["Year"])
    value = _value(shown)
    if (
        isinstance(area, tuple) or isinstance(what, tuple) or isinstance(year, tuple)
        or isinstance(value, tuple) or who
    ):  # fmt: skip
        found = [p for part in (area, what, who, year, value) if isinstance(part, tuple) for p in part]
        return [Problem(number, p.column, p.value, p.rule) for p in found]
    key = (area.code, what.indicator, what.dimension, text, sex, age, row["Year"])
    return GlotipRow(
        number, area.code, area.kind, area.name, area.region, area.subregion, what.indicator, what.dimension,
        what.kind, what.category, text, sex, age, year, value,
        value is None, digest(*key), digest(*key, shown),
    )  # fmt: skip

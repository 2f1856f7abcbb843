"""Code lists for synthetic rows: from a file that a person wrote, or from the codebooks that palermo ships.

A list found in the data is data. `template` writes one all the same, for a person to confirm value by value;
until he has, it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from palermo.disclosing.files import Sheet, limited, lines, missing_columns, read
from palermo.disclosure.synthesis import MOST_CATEGORIES, Domain, Impossible
from palermo.estimating.inputs import Refused
from palermo.estimation import Problem
from palermo.standards.codes import codelist
from palermo.standards.countries import countries

Wrong = list[tuple[str, Problem]]
YES = {"yes", "y", "oui", "نعم", "1", "true"}
HEADER = ("column", "value", "public")
FROM_DATA = "found in the data"


def known(name: str) -> dict[str, tuple[str, ...]]:
    """The code lists of a codebook that palermo ships, by column; nothing for an unknown name."""
    return dict(BUILT_IN[name]()) if name in BUILT_IN else {}


def recognised(columns: Sequence[str]) -> str:
    """The one codebook that has all these columns, by their names alone; nothing where none or more than one
    has."""
    fitting = [name for name in BUILT_IN if set(columns) <= set(known(name))]
    return fitting[0] if len(fitting) == 1 else ""


def from_file(file: str, wrong: Wrong) -> dict[str, list[str]]:
    """Code lists of a CSV file with the columns column, value and, where they come from the data, public."""
    try:
        sheet = read(file)
    except Refused as refused:
        wrong += refused.problems
        return {}
    absent = missing_columns(sheet, [("--domain", name) for name in HEADER[:2]])
    if absent:
        wrong += [(file, problem) for problem in absent]
        return {}
    lists: dict[str, list[str]] = {}
    problems: list[Problem] = []
    at = [sheet.place(name) for name in HEADER[:2]]
    public = sheet.place("public") if "public" in sheet.header else None
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        column, value = (row[place].strip() for place in at)
        if not column:
            problems.append(Problem("column", "no column is named here", row=line))
        elif public is not None and row[public].strip().casefold() not in YES:
            told = "nobody has confirmed that this value is public; write yes, or take the row out"
            problems.append(Problem("public", told, row=line, column=column, value=value))
        elif value and value in lists.get(column, []):
            problems.append(
                Problem("twice", "this value stands there twice", row=line, column=column, value=value)
            )
        elif value:
            lists.setdefault(column, []).append(value)
        else:
            lists.setdefault(column, [])
    wrong += [(file, problem) for problem in limited(problems)]
    return lists


def impossible_from(file: str, domain: Domain, wrong: Wrong) -> Domain:
    """The domain with impossible pairs: a CSV file with the columns column, value, other_column, other_value;
    an empty value stands for “not recorded”."""
    header = ("column", "value", "other_column", "other_value")
    try:
        sheet = read(file)
    except Refused as refused:
        wrong += refused.problems
        return domain
    absent = missing_columns(sheet, [("--impossible", name) for name in header])
    if absent:
        wrong += [(file, problem) for problem in absent]
        return domain
    pairs: dict[tuple[str, str], set[tuple[str, str]]] = {}
    at = [sheet.place(name) for name in header]
    for row in sheet.rows:
        one, value, two, other = (row[place].strip() for place in at)
        if {one, two} <= set(domain.columns):
            pairs.setdefault((one, two), set()).add((value, other))
        else:
            told = "a column of this pair is not among those that are released"
            wrong.append((file, Problem("column", told, column=one, value=two)))
    try:
        said = [Impossible(columns, frozenset(values)) for columns, values in pairs.items()]
        return Domain(domain.columns, domain.categories, tuple(said))
    except ValueError as error:
        wrong += problems_of(file, error)
        return domain


def template(sheet: Sheet, columns: Sequence[str]) -> Iterable[str]:
    """The lines of a domain file with the values that occur, for a person to confirm. Not for publication."""
    rows = []
    for name in columns:
        at = sheet.place(name)
        values = sorted({row[at].strip() for row in sheet.rows} - {""})
        rows += [(name, value, "") for value in values[: MOST_CATEGORIES + 1]]
    return lines(HEADER, rows)


def problems_of(file: str, error: Exception) -> Wrong:
    """What a BadDomain says, as problems of a file."""
    told = getattr(error, "problems", (("", "", str(error)),))
    return [(file, Problem("domain", message, column=column, value=value)) for column, value, message in told]


@cache
def _ctdc_2017() -> dict[str, tuple[str, ...]]:
    """CTDC Data Codebook v6 (November 2017): countries by alpha-2, flags 0, 1 or not recorded."""
    places = [*sorted(c.alpha2 for c in countries().values() if c.alpha2), *_codes("ctdc-2017/no-country")]
    said = {
        "yearOfRegistration": _years(2002, 2017), "datasource": ("Case Management", "Hotline"),
        "Datasource": ("Case Management", "Hotline"), "gender": _codes("ctdc-2017/gender"),
        "ageBroad": _codes("ctdc-2017/ageBroad"), "citizenship": tuple(places), "CountryOfExploitation": tuple(places),
        **dict.fromkeys(("majorityStatus", "majorityStatusAtExploit", "majorityEntry"), _codes("ctdc-2017/majority")),
    }  # fmt: skip
    flags = {
        one.code: ("0", "1")
        for scheme in ("ctdc-2017/variables", "ctdc-2019/variables")
        for one in codelist(scheme)
        if one.extra["type"] == "ternary"
    }
    return {**said, **flags}


@cache
def _ctdc_2024() -> dict[str, tuple[str, ...]]:
    """CTDC Global Synthetic Data Codebook v2 (February 2024): countries by alpha-3, flags 1 or not
    recorded."""
    places = tuple(sorted(countries()))
    ages = _codes("ctdc-2024/ageBroad")
    said = {
        "yearOfRegistration": _years(2002, 2022), "gender": _codes("ctdc-2024/gender"), "ageBroad": ages,
        "traffickMonths": _codes("ctdc-2024/traffickMonths"), "citizenship": places, "CountryOfExploitation": places,
    }  # fmt: skip
    flags = {one.code: ("1",) for one in codelist("ctdc-2024/variables") if one.extra["type"] == "binary"}
    return {**said, **flags}


def _codes(scheme: str) -> tuple[str, ...]:
    return tuple(one.code for one in codelist(scheme))


def _years(first: int, last: int) -> tuple[str, ...]:
    return tuple(str(year) for year in range(first, last + 1))


BUILT_IN: dict[str, Callable[[], dict[str, tuple[str, ...]]]] = {
    "ctdc-2017": _ctdc_2017,
    "ctdc-2024": _ctdc_2024,
}

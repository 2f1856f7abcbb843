"""Population figures from a CSV file: the people among whom the victims are counted (the denominators of rates).

Columns: `population`, optionally `lower` and `upper` (the range where the figure is itself an estimate), and any of
the columns that make the strata; those that are left out do not divide the population.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from palermo.estimation.problems import MOST, BadInput, Problem
from palermo.estimation.sdg import Key, Population
from palermo.saying import phrase

FIGURES = ("population", "lower", "upper")
MOST_ROWS = 100_000


@dataclass(frozen=True)
class Populations:
    """Figures named by their values of the columns `by`."""

    by: tuple[str, ...]
    figures: dict[Key, Population]


def read_populations(lines: Iterable[str], dimensions: Sequence[str]) -> Populations:
    """The file's figures for strata made of `dimensions`. Raises BadInput with everything that is wrong."""
    rows = iter(lines)
    first = next((line for line in rows if line.strip()), "").lstrip("\ufeff")
    if not first:
        raise BadInput([Problem("empty", phrase("the file of populations is empty"))])
    separator = max(",;\t|", key=lambda one: (first.count(one), one == ","))
    names = [name.strip() for name in next(csv.reader([first], delimiter=separator))]
    problems = list(_header_problems(names, dimensions))
    by = tuple(name for name in dimensions if name in names)
    figures: dict[Key, Population] = {}
    for number, cells in enumerate(csv.reader(rows, delimiter=separator), start=2):
        cells = [cell.strip() for cell in cells]
        if not any(cells) or (problems and problems[0].rule == "header"):
            continue
        if len(cells) != len(names):
            told = phrase(
                "this row has {number} values where the header has {width}",
                number=len(cells),
                width=len(names),
            )
            problems.append(Problem("ragged", told, row=number))
        else:
            _take(dict(zip(names, cells, strict=True)), by, number, figures, problems)
        if len(problems) > MOST or number > MOST_ROWS:
            break
    if not figures and not problems:
        problems.append(Problem("empty", phrase("there is a header and no population below it")))
    if problems:
        raise BadInput(problems[:MOST])
    return Populations(by, figures)


def _header_problems(names: Sequence[str], dimensions: Sequence[str]) -> Iterable[Problem]:
    if FIGURES[0] not in names:
        yield Problem("header", phrase("there is no column {name}", name=FIGURES[0]), row=1)
    for name in sorted({name for name in names if list(names).count(name) > 1}):
        yield Problem("header", phrase("two columns have the same name"), row=1, column=name)
    for name in names:
        if name not in FIGURES and name not in dimensions:
            strata = ", ".join(dimensions) or "none"
            yield Problem(
                "header",
                phrase("this column makes no stratum of the estimate ({strata})", strata=strata),
                row=1,
                column=name,
            )
    if ("lower" in names) != ("upper" in names):
        yield Problem("header", phrase("a range has two ends: lower and upper"), row=1)


def _take(
    row: dict[str, str],
    by: Sequence[str],
    number: int,
    figures: dict[Key, Population],
    problems: list[Problem],
) -> None:
    found: dict[str, float] = {}
    for name in FIGURES:
        text = row.get(name, "")
        if not text and name != FIGURES[0]:
            continue
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or value <= 0:
            problems.append(
                Problem(
                    "population",
                    phrase("a population is a number above 0, in digits alone"),
                    number,
                    name,
                    text,
                )
            )
            return
        found[name] = value
    key = tuple(row[name] for name in by)
    people, low, high = found["population"], found.get("lower"), found.get("upper")
    if (low is None) != (high is None) or not (low or people) <= people <= (high or people):
        problems.append(
            Problem("range", phrase("a range has two ends, one below and one above the population"), number)
        )
    elif key in figures:
        problems.append(
            Problem("twice", phrase("this stratum stands in the file twice"), number, value=", ".join(key))
        )
    else:
        figures[key] = Population(people, low, high)

"""A survey of acquaintances: how many people each respondent knows in groups of known size and in the hidden one."""

from __future__ import annotations

import csv
import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.estimation.problems import MOST, BadInput, Problem
from palermo.estimation.rds.reading import opened
from palermo.saying import phrase

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
MOST_KNOWN = 100_000  # nobody knows more people than this in one group
MOST_ROWS = 1_000_000


@dataclass(frozen=True, eq=False)
class Acquaintances:
    """A checked survey. `known` is (respondents, groups) with the groups' `sizes`; `hidden` is whom they know in the
    hidden group; `population` everybody; `weights` the survey's; `stratum` and `unit` (the unit drawn first) its
    design; `parts` acquaintances by kind of tie (family, work, ...), for degrees by summation.
    """

    names: tuple[str, ...]
    known: Real
    sizes: Real
    hidden: Real
    population: float
    weights: Real
    stratum: Whole
    unit: Whole
    parts: Real | None = None

    @staticmethod
    def from_columns(
        known: Mapping[str, Sequence[object]],
        sizes: Mapping[str, float],
        hidden: Sequence[object],
        population: float,
        *,
        weights: Sequence[object] | None = None,
        strata: Sequence[object] | None = None,
        units: Sequence[object] | None = None,
        parts: Mapping[str, Sequence[object]] | None = None,
        rows: Sequence[int] | None = None,
    ) -> Acquaintances:
        """The survey that these columns describe. Raises BadInput with everything that is wrong."""
        n = len(hidden)
        numbers = list(rows) if rows is not None else list(range(1, n + 1))
        extra = {"weight": weights, "stratum": strata, "unit": units}
        columns = {**known, "hidden": hidden, **(parts or {})}
        columns |= {name: column for name, column in extra.items() if column is not None}
        problems = _shape(columns, n) + _sizes(known, sizes, population)
        if problems:
            raise BadInput(problems)
        found = {
            name: _counts(columns[name], name, numbers, problems)
            for name in (*known, "hidden", *(parts or {}))
        }
        weight = np.ones(n) if weights is None else _weights(weights, numbers, problems)
        if problems:
            raise BadInput(problems[:MOST])
        stratum = _labels(strata, n, alone=False)
        return Acquaintances(
            names=tuple(known), known=np.stack([found[name] for name in known], axis=1),
            sizes=np.array([float(sizes[name]) for name in known]), hidden=found["hidden"],
            population=float(population), weights=weight, stratum=stratum, unit=_units(units, stratum, n),
            parts=np.stack([found[name] for name in parts], axis=1) if parts else None,
        )  # fmt: skip

    @property
    def n(self) -> int:
        """Respondents."""
        return len(self.hidden)

    @property
    def hash(self) -> str:
        """SHA-256 of what the survey says; the same for rows in another order."""
        table = np.column_stack([self.known, self.hidden, self.weights, self.stratum])
        if self.parts is not None:
            table = np.column_stack([table, self.parts])
        rows = sorted(",".join(repr(float(one)) for one in row) for row in table)
        head = [*self.names, *(repr(float(one)) for one in self.sizes), repr(self.population)]
        return hashlib.sha256("\n".join([",".join(head), *rows]).encode()).hexdigest()


def read(
    lines: Iterable[str],
    *,
    sizes: Mapping[str, float],
    hidden: str,
    population: float,
    parts: Sequence[str] = (),
    weight: str = "",
    stratum: str = "",
    unit: str = "",
) -> Acquaintances:
    """The survey in these CSV lines: a column for each group of `sizes`, the column `hidden`, and those named for kinds
    of ties, weights and the design. Lines are read one by one. Raises BadInput by line as an editor numbers it."""
    header, reader = opened(lines)
    wanted = list(dict.fromkeys(one for one in (*sizes, hidden, *parts, weight, stratum, unit) if one))
    missing = [name for name in wanted if name not in header]
    if missing:
        raise BadInput(
            [
                Problem("column_missing", phrase('the header has no column "{name}"', name=name), 1, name)
                for name in missing
            ]
        )
    rows, columns = _read(reader, {name: header.index(name) for name in wanted}, len(header))
    return Acquaintances.from_columns(
        {name: columns[name] for name in sizes}, sizes, columns[hidden], population,
        weights=columns.get(weight), strata=columns.get(stratum), units=columns.get(unit),
        parts={name: columns[name] for name in parts} or None, rows=rows,
    )  # fmt: skip


def _read(reader: Any, wanted: Mapping[str, int], width: int) -> tuple[list[int], dict[str, list[str]]]:
    """Line numbers and the columns that are wanted, equal texts kept once."""
    columns: dict[str, list[str]] = {name: [] for name in wanted}
    rows: list[int] = []
    problems: list[Problem] = []
    shared: dict[str, str] = {}
    try:
        for fields in reader:
            if len(fields) != width and any(fields):
                problems.append(
                    Problem(
                        "fields",
                        phrase("{number} fields, the header has {width}", number=len(fields), width=width),
                        reader.line_num,
                    )
                )
            if len(problems) >= MOST or len(rows) >= MOST_ROWS:
                break
            if len(fields) == width and any(fields):
                rows.append(reader.line_num)
                for name, at in wanted.items():
                    said = fields[at].strip()
                    columns[name].append(shared.setdefault(said, said))
    except csv.Error as broken:
        problems.append(
            Problem("csv", phrase("this is not CSV: {broken}", broken=str(broken)), reader.line_num)
        )
    if len(rows) >= MOST_ROWS:
        problems.append(
            Problem("too_many", phrase("more than {most_rows} respondents", most_rows=MOST_ROWS), rows[-1])
        )
    if problems:
        raise BadInput(problems)
    return rows, columns


def _shape(columns: Mapping[str, Sequence[object]], n: int) -> list[Problem]:
    found = [] if n else [Problem("empty", phrase("nobody was asked"))]
    return found + [
        Problem("length", phrase("{number} values for {n} respondents", number=len(column), n=n), column=name)
        for name, column in columns.items()
        if len(column) != n
    ]


def _sizes(
    known: Mapping[str, Sequence[object]], sizes: Mapping[str, float], population: float
) -> list[Problem]:
    found = []
    if not (math.isfinite(population) and population > 0):
        found.append(Problem("population", phrase("the population must be above 0"), value=str(population)))
    if not known:
        found.append(Problem("known", phrase("at least one group of known size is needed")))
    for name in known:
        size = sizes.get(name)
        if size is None or not math.isfinite(size) or not 0 < size <= population:
            found.append(
                Problem("size", phrase("the size of a known group lies above 0 and within the population"), column=name,
                        value=str(size))
            )  # fmt: skip
    return found


def _counts(column: Sequence[object], name: str, rows: Sequence[int], problems: list[Problem]) -> Real:
    values = np.zeros(len(column))
    for i, value in enumerate(column):
        number = _number(value)
        if number is None or not 0 <= number <= MOST_KNOWN or number != int(number):
            problems.append(
                Problem(
                    "count",
                    phrase("people known are a whole number from 0 to {most_known}", most_known=MOST_KNOWN),
                    rows[i],
                    name,
                    str(value),
                )
            )
        else:
            values[i] = number
    return values


def _weights(column: Sequence[object], rows: Sequence[int], problems: list[Problem]) -> Real:
    values = np.ones(len(column))
    for i, value in enumerate(column):
        number = _number(value)
        if number is None or number <= 0:
            problems.append(
                Problem("weight", phrase("a weight is a number above 0"), rows[i], "weight", str(value))
            )
        else:
            values[i] = number
    return values


def _number(value: object) -> float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _labels(column: Sequence[object] | None, n: int, *, alone: bool) -> Whole:
    if column is None:
        return np.arange(n) if alone else np.zeros(n, dtype=np.int64)
    numbers: Whole = (
        np.unique([str(value) for value in column], return_inverse=True)[1].reshape(-1).astype(np.int64)
    )
    return numbers


def _units(column: Sequence[object] | None, stratum: Whole, n: int) -> Whole:
    """Units numbered so that the same name in two strata is two units."""
    inner = _labels(column, n, alone=True)
    numbers: Whole = np.unique(stratum * (n + 1) + inner, return_inverse=True)[1].reshape(-1).astype(np.int64)
    return numbers

"""Exchange rates and price levels as tables: read with everything that is wrong with them told at once."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from palermo.fieldwork.rounds import Prices

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
CURRENCY = re.compile(r"[A-Z]{3}")
MOST_LINES = 100_000
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one line: its number in the file, the column, the value, and a code for the sentence."""

    line: int
    column: str
    value: str
    code: str


class BadRates(ValueError):
    """A table of rates that cannot be used, with every problem in it."""

    def __init__(self, problems: list[Wrong]) -> None:
        super().__init__(f"{len(problems)} problems in a table of rates")
        self.problems = problems


def read_fx(text: str) -> dict[tuple[str, str], float]:
    """US dollars for one unit of a currency in a month: columns currency, month (2026-01), usd. Raises BadRates."""
    found: dict[tuple[str, str], float] = {}
    problems: list[Wrong] = []
    for line, row in _rows(text, ("currency", "month", "usd"), problems):
        wrong = list(_wrong(line, row, "usd"))
        if not CURRENCY.fullmatch(row["currency"]):
            wrong.insert(0, Wrong(line, "currency", row["currency"], "currency"))
        key = (row["currency"], row["month"])
        if not wrong and key in found:
            wrong = [Wrong(line, "month", " ".join(key), "twice")]
        problems += wrong
        if not wrong:
            found[key] = float(row["usd"])
    return _good(found, problems)


def read_cpi(text: str) -> dict[str, float]:
    """The level of consumer prices of the dollar by month: columns month, level. Raises BadRates."""
    found: dict[str, float] = {}
    problems: list[Wrong] = []
    for line, row in _rows(text, ("month", "level"), problems):
        wrong = list(_wrong(line, row, "level"))
        if not wrong and row["month"] in found:
            wrong = [Wrong(line, "month", row["month"], "twice")]
        problems += wrong
        if not wrong:
            found[row["month"]] = float(row["level"])
    return _good(found, problems)


def prices(fx: dict[tuple[str, str], float], cpi: dict[str, float], base: str) -> Prices:
    """Both together. Raises BadRates where the month to which fees are brought has no price level."""
    if base not in cpi:
        raise BadRates([Wrong(0, "base", base, "base")])
    return Prices(fx, cpi, base)


def _good(found: dict[Key, float], problems: list[Wrong]) -> dict[Key, float]:
    if not found and not problems:
        problems = [Wrong(0, "", "", "empty")]
    if problems:
        raise BadRates(problems)
    return found


def _rows(text: str, columns: tuple[str, ...], problems: list[Wrong]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(text.lstrip("\ufeff").splitlines())
    missing = [name for name in columns if name not in (reader.fieldnames or ())]
    problems += [Wrong(1, name, "", "column") for name in missing]
    if missing:
        return
    for number, row in enumerate(reader, 2):
        if number > MOST_LINES:
            problems.append(Wrong(number, "", "", "long"))
            return
        yield number, {name: (row[name] or "").strip() for name in columns}


def _wrong(line: int, row: dict[str, str], figure: str) -> Iterator[Wrong]:
    if not MONTH.fullmatch(row["month"]):
        yield Wrong(line, "month", row["month"], "month")
    try:
        value = float(row[figure])
    except ValueError:
        value = 0.0
    if not 0 < value < 1e9:
        yield Wrong(line, figure, row[figure], "number")

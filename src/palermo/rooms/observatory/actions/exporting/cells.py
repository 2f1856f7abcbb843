"""Answers as cells: codes or words, several choices in one cell or a column for each."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from palermo.kernel.exports.writers import safe
from palermo.rooms.observatory.models import ReviewState
from palermo.rooms.observatory.queries.leaving import Row
from palermo.rooms.observatory.queries.shapes import Column, Table, keys_of_turn, word

Value = str | int | float | None
Values = Mapping[str, Any]
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
RECORD = ("SubmissionDate", "ReviewState", "FormVersion", "Site", "Enumerator", "Answers")
OTHER = "_unknown"  # what a device sent and no wording of the form knows


@dataclass(frozen=True, slots=True)
class Choice:
    """How answers are told. words: labels instead of codes; language: of the form; split: a column for each choice.

    telling: sealed answers, too; only for a file that is encrypted to somebody.
    """

    words: bool = False
    language: str = ""
    split: bool = False
    telling: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of a file. kind: as of the question, or `flag` for one choice of several (1 chosen, 0 not)."""

    name: str
    kind: str
    column: Column | None
    of: Callable[[Values], Value]
    code: str = ""


def cells(table: Table, chosen: Choice) -> list[Cell]:
    """The columns of a table behind its keys."""
    found: list[Cell] = []
    for column in table.columns:
        found.append(Cell(column.name, column.kind, column, _teller(column, chosen)))
        if chosen.split and column.kind == "many":
            found += [
                Cell(f"{column.name}/{code}", "flag", column, _flag(column.name, code), code) for code in column.choices
            ]  # fmt: skip
    if chosen.telling:
        known = {column.name for column in table.columns}
        found.append(Cell(OTHER, "text", None, lambda values: _rest(values, known)))
    return found


def heads(table: Table) -> tuple[str, ...]:
    """The names of the columns in front: what joins tables, and what is known of a record."""
    return ("KEY", *RECORD) if table.parent is None else ("KEY", "PARENT_KEY")


def front(row: Row, table: Table) -> list[Value]:
    """What stands in those columns."""
    if table.parent is None:
        when = row.received_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return [row.key, when, row.state, row.version, row.site, row.enumerator, row.answers]
    key, parent = keys_of_turn(row.key, table, row.ordinals)
    return [key, parent]


def plain(value: Value) -> Any:
    """A cell that no spreadsheet runs. A code that is a number (-88) is none of a formula."""
    return value if isinstance(value, str) and _NUMBER.fullmatch(value) else safe(value)


def states() -> Iterable[str]:
    return (state for state in ReviewState.values if state != ReviewState.WITHDRAWN)


def lined(rows: Iterable[Row], table: Table, columns: Sequence[Cell]) -> Iterator[list[Value]]:
    """The lines of a table."""
    for row in rows:
        values = row.values or {}
        yield [*front(row, table), *(cell.of(values) for cell in columns)]


def _teller(column: Column, chosen: Choice) -> Callable[[Values], Value]:
    name = column.name
    if chosen.words and column.choices:
        said = {code: word(words, chosen.language) or code for code, words in column.choices.items()}
        return lambda values: _said(values.get(name), said, ", ")
    return lambda values: _said(values.get(name), {}, " ")


def _said(value: Any, words: Mapping[str, str], between: str) -> Value:
    if isinstance(value, list):
        return between.join(words.get(str(one), str(one)) for one in value)
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or isinstance(value, int | float):
        return words.get(str(value), value) if words else value
    return words.get(str(value), str(value))


def _flag(name: str, code: str) -> Callable[[Values], Value]:
    def flag(values: Values) -> Value:
        given = values.get(name)
        return None if given is None else int(code in given)

    return flag


def _rest(values: Values, known: set[str]) -> Value:
    rest = {name: value for name, value in values.items() if name not in known}
    return json.dumps(rest, ensure_ascii=False, sort_keys=True) if rest else None

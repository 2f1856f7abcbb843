"""A file as rows, each with the line on which it stands; and what is wrong with one field."""

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: which record, on which line of the file (0: not known), in which field."""

    row: int
    line: int
    field: str
    value: str
    rule: str


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file."""

    number: int
    line: int
    values: dict[str, Any]


class Unreadable(ValueError):
    """The file is no JSON array of objects and no CSV; `line` where that shows."""

    def __init__(self, rule: str, line: int = 0) -> None:
        super().__init__(rule)
        self.rule = rule
        self.line = line


def rows_of(content: bytes, *, as_csv: bool) -> list[Row]:
    """The rows of a file in UTF-8. Raises Unreadable."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("The file is not UTF-8.", content[: error.start].count(b"\n") + 1) from None
    return _csv(text) if as_csv else _json(text)


def _csv(text: str) -> list[Row]:
    """Empty cells are left out; the sign that keeps a spreadsheet from running a cell goes off again."""
    first = text.partition("\n")[0]
    separator = max((",", ";", "\t"), key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found: list[Row] = []
    try:
        head = [name.strip() for name in next(reader, [])]
        begins = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(cells) > len(head):
                    raise Unreadable("This line has more cells than the first one.", begins)
                values = {k: _plain(v.strip()) for k, v in zip(head, cells, strict=False) if k and v.strip()}
                found.append(Row(len(found) + 1, begins, values))
            begins = reader.line_num + 1
    except csv.Error:
        raise Unreadable("This line is no CSV.", reader.line_num) from None
    return found


def _plain(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(DANGEROUS) else cell


def _json(text: str) -> list[Row]:
    """Each element of an array, read one by one so that its line is known."""
    decoder, at = json.JSONDecoder(), _skip(text, 0)
    found: list[Row] = []
    if text[at : at + 1] != "[":
        raise Unreadable("The file is no JSON array.", 1)
    at = _skip(text, at + 1)
    while text[at : at + 1] != "]":
        line = text.count("\n", 0, at) + 1
        try:
            value, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            raise Unreadable("The file is no JSON.", error.lineno) from None
        except (RecursionError, ValueError):
            raise Unreadable("The file is no JSON.", line) from None
        if not isinstance(value, dict):
            raise Unreadable("Each record is an object.", line)
        found.append(Row(len(found) + 1, line, value))
        at = _skip(text, at)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
        elif text[at : at + 1] != "]":
            raise Unreadable("The file is no JSON.", text.count("\n", 0, at) + 1)
    if text[at + 1 :].strip():
        raise Unreadable("Something follows after the array.", text.count("\n", 0, at) + 1)
    return found


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in SPACE:
        at += 1
    return at

"""SPSS: a CSV for each table, and a syntax file that reads it and gives every variable and value its label.

A syntax file needs no library and no memory, and SPSS, PSPP and R (through PSPP) run it. Several choices stand as a
column of 0 and 1 each, for SPSS knows no lists.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from palermo.rooms.observatory.actions.exporting.cells import Cell, Choice, cells, heads, lined, plain
from palermo.rooms.observatory.actions.exporting.packing import zipped
from palermo.rooms.observatory.actions.exporting.writing import Entry, Parts, csv_pieces, label_of
from palermo.rooms.observatory.queries.shapes import Table, word

MOST_NAME, MOST_LABEL, MOST_VALUE_LABEL = 64, 255, 120  # bytes: SPSS Command Syntax Reference, "Variables"
NUMBERS = ("int", "decimal", "flag")
RESERVED = {"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"}
_UNFIT = re.compile(r"[^A-Za-z0-9_]+")


def spss_zip(tables: Sequence[Table], parts: Parts, chosen: Choice) -> Iterator[bytes]:
    """For each table its lines, then the syntax, which needs to know how long the longest text was."""
    return zipped(_entries(tables, parts, chosen))


def _entries(tables: Sequence[Table], parts: Parts, chosen: Choice) -> Iterator[Entry]:
    for table in tables:
        columns = cells(table, chosen)
        names = variables([*heads(table), *(cell.name for cell in columns)])
        widths = [1] * len(names)
        yield (
            f"{table.name}.csv",
            csv_pieces(names, _measured(lined(parts.of(table), table, columns), widths)),
        )
        text = syntax(table, columns, names, widths, chosen)
        yield f"{table.name}.sps", [text.encode("utf-8-sig")]


def _measured(lines: Iterable[list[Any]], widths: list[int]) -> Iterator[list[Any]]:
    for line in lines:
        for place, value in enumerate(line):
            if isinstance(value, str):
                widths[place] = max(widths[place], len(str(plain(value)).encode()))
        yield line


def variables(columns: Iterable[str]) -> list[str]:
    """Names that SPSS takes: letters, digits and low lines, at most 64 bytes, none twice, none of its own words."""
    found: list[str] = []
    taken: set[str] = set(RESERVED)
    for column in columns:
        made = _UNFIT.sub("_", column).strip("_") or "v"
        made = made if made[0].isalpha() else f"v_{made}"
        unique, turn = made[:MOST_NAME], 2
        while unique.lower() in taken:
            unique, turn = f"{made[: MOST_NAME - 5]}_{turn}", turn + 1
        taken.add(unique.lower())
        found.append(unique)
    return found


def syntax(
    table: Table, columns: Sequence[Cell], names: Sequence[str], widths: Sequence[int], chosen: Choice
) -> str:
    """What SPSS runs to read the table."""
    front = len(names) - len(columns)
    kinds = [""] * front + [cell.kind for cell in columns]
    read = "\n".join(
        f"  {name} {'F20.6' if kind in ('decimal',) else 'F12.0' if kind in NUMBERS else f'A{width}'}"
        for name, kind, width in zip(names, kinds, widths, strict=True)
    )
    own = list(zip(names[front:], columns, strict=True))
    labels = "\n".join(
        f"  {name} {_quoted(label_of(cell, chosen.language) or cell.name, MOST_LABEL)}" for name, cell in own
    )
    out = [
        "* Encoding: UTF-8.",
        f"GET DATA /TYPE=TXT /FILE={_quoted(f'{table.name}.csv', 200)} /ENCODING='UTF8' /ARRANGEMENT=DELIMITED",
        "  /DELIMITERS=\",\" /QUALIFIER='\"' /FIRSTCASE=2 /VARIABLES=", f"{read}.",
    ]  # fmt: skip
    if own:
        out += ["VARIABLE LABELS", f"{labels}."]
    for name, cell in own:
        values = _values(cell, chosen)
        if values:
            out += [f"VALUE LABELS {name}", "\n".join(f"  {code} {label}" for code, label in values) + "."]
    return "\n".join([*out, "EXECUTE.", ""])


def _values(cell: Cell, chosen: Choice) -> list[tuple[str, str]]:
    if cell.kind == "flag":
        return [("0", "'0'"), ("1", "'1'")]
    if cell.column is None or cell.kind == "many" or chosen.words:
        return []
    told = [(code, word(words, chosen.language) or code) for code, words in cell.column.choices.items()]
    if cell.kind in NUMBERS:
        return [
            (code, _quoted(label, MOST_VALUE_LABEL)) for code, label in told if re.fullmatch(r"-?\d+", code)
        ]
    return [(_quoted(str(plain(code)), 120), _quoted(label, MOST_VALUE_LABEL)) for code, label in told]


def _quoted(text: str, most: int) -> str:
    """A string of the syntax, in one line: an apostrophe is doubled, what is too long is cut at a whole character."""
    line = " ".join(text.split())
    cut = line.encode()[:most].decode(errors="ignore")
    return "'" + cut.replace("'", "''") + "'"

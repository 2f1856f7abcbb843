"""A workbook written from front to back: its rows are in memory some hundred at a time, and nothing touches the disk.

Office Open XML (ECMA-376) as far as tables need it: text stands in its cell, no cell is ever a formula.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from palermo.rooms.observatory.actions.exporting.cells import Choice, cells, heads, lined
from palermo.rooms.observatory.actions.exporting.packing import zipped
from palermo.rooms.observatory.actions.exporting.writing import (
    CHOICES,
    EVERY,
    QUESTIONS,
    Entry,
    Parts,
    choices,
    questions,
)
from palermo.rooms.observatory.queries.shapes import Table

MOST_ROWS, MOST_TEXT = 1_048_576, 32_767  # what Excel takes of a sheet and of a cell
MOST_BYTES = (
    1_500_000_000  # of a sheet before it is packed: beyond 2 GB a zip needs what old programs cannot read
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NO_NAME = re.compile(r"[\[\]:*?/\\']")


def xlsx(tables: Sequence[Table], parts: Parts, chosen: Choice) -> Iterator[bytes]:
    """A sheet for each table; a table with more rows than a sheet holds goes on in a further one."""
    return zipped(_entries(tables, parts, chosen), large=False)


def _entries(tables: Sequence[Table], parts: Parts, chosen: Choice) -> Iterator[Entry]:
    names: list[str] = []
    for table in tables:
        columns = cells(table, chosen)
        head = [*heads(table), *(cell.name for cell in columns)]
        yield from _sheets(names, table.name, head, lined(parts.of(table), table, columns))
    yield from _sheets(names, "_questions", QUESTIONS, questions(tables, chosen))
    yield from _sheets(names, "_choices", CHOICES, choices(tables, chosen))
    yield from _frame(names)


def _sheets(
    names: list[str], title: str, head: Sequence[str], lines: Iterable[Sequence[Any]]
) -> Iterator[Entry]:
    """As many sheets as the lines need; at least one."""
    there, left = iter(lines), True
    held: list[Sequence[Any]] = []
    while left:

        def pieces() -> Iterator[bytes]:
            nonlocal left
            left = yield from _sheet(head, there, held)

        names.append(_name(title, names))
        yield f"xl/worksheets/sheet{len(names)}.xml", pieces()


def _sheet(head: Sequence[str], lines: Iterator[Sequence[Any]], held: list[Sequence[Any]]) -> Any:
    """One sheet; returns whether lines are left, of which the first is in `held`."""
    yield f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{_row(head)}'.encode()
    count, size, some = 1, 0, [_row(line) for line in held]
    held.clear()
    for line in lines:
        if count + len(some) >= MOST_ROWS or size >= MOST_BYTES:
            held.append(line)
            break
        some.append(_row(line))
        if len(some) == EVERY:
            piece = "".join(some).encode()
            count, size, some = count + len(some), size + len(piece), []
            yield piece
    yield "".join(some).encode() + b"</sheetData></worksheet>"
    return bool(held)


def _row(line: Sequence[Any]) -> str:
    return f"<row>{''.join(map(_cell, line))}</row>"


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, int | float):
        return f"<c><v>{value!r}</v></c>"
    text = escape(_CONTROL.sub("", value[:MOST_TEXT]))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _name(title: str, taken: Sequence[str]) -> str:
    """A name that Excel takes: 31 characters at most, none of its marks, none twice whatever the case."""
    plain = _NO_NAME.sub("_", title)[:31] or "sheet"
    made, turn, known = plain, 2, {name.lower() for name in taken}
    while made.lower() in known:
        made, turn = f"{plain[:27]}_{turn}", turn + 1
    return made


def _frame(names: Sequence[str]) -> Iterator[Entry]:
    """What makes sheets a workbook. It stands behind them, for only then their number is known."""
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1)
    )
    yield (
        "xl/workbook.xml",
        [f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>'.encode()],
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(names) + 1)
    )
    links_of = f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    yield "xl/_rels/workbook.xml.rels", [f"{links_of}{links}</Relationships>".encode()]
    book = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    yield "_rels/.rels", [f"{links_of}{book}</Relationships>".encode()]
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
        for n in range(1, len(names) + 1)
    )
    yield (
        "[Content_Types].xml",
        [
            f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{parts}</Types>'.encode()
        ],
    )

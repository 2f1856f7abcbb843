"""The first pass over a file: every row is read and judged before anything is written.

So the database stays as it was even when the file turns out to be broken in its last line. Good rows wait in
a `Spool` on disk; the meaning of a row is remembered, since lists without record numbers repeat themselves.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from palermo.kernel.imports.formats import Across, Row
from palermo.kernel.imports.occurrences import Occurrences
from palermo.kernel.imports.problems import Problem, ProblemLike, Unreadable, presentable
from palermo.kernel.imports.reader import Table
from palermo.kernel.imports.rejected import Rejections
from palermo.kernel.imports.spool import Spool

EARLY_ROWS = 1_000  # from here on, a file of which more than half is rejected is nonsense
REMEMBERED = 10_000
SHOWN_PROBLEMS = 100

# Called with the phase ("check" or "write"), what is done and the whole, in bytes or rows.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Checked:
    """What the first pass found in a file that can be taken."""

    rows: int
    rejected: int
    sha256: str
    size: int


class Interpreter:
    """Turns the values of a row into a `Row`, or into problems; remembers what it has read."""

    def __init__(self, table: Table, occurrences: Occurrences, across: Across | None = None) -> None:
        self.table = table
        self.occurrences = occurrences
        self.across = across
        self.parse = table.header.layout.parse
        self.key = table.format.key
        names = table.header.names
        self.numbered = names.index(table.format.numbered) if table.format.numbered in names else None
        self.known: dict[bytes, tuple[Any, bytes]] = {}

    def read(self, number: int, values: list[str]) -> Row | list[ProblemLike]:
        """The record of the row, numbered among its equals, or everything that is wrong with it."""
        content = hashlib.blake2b("\x1f".join(values).encode(), digest_size=16).digest()
        found = self.known.get(content)
        if found is None:
            if not any(values):
                return [Problem(number, "", "", "the row is empty")]
            record = self.parse(self.table.as_dict(values), number)
            if isinstance(record, list):
                return record
            found = (record, self.key(record))
            if len(self.known) < REMEMBERED:
                self.known[content] = found
        if self.across is not None and (wrong := self.across.problems(found[0], number)):
            return wrong
        row = Row(number, found[0], found[1], self.occurrences.next(found[1]))
        if self.numbered is not None and row.occurrence > 1 and values[self.numbered].strip():
            column, value = self.table.format.numbered, values[self.numbered]
            return [Problem(number, column, value, "this record number is in the file already")]
        return row


def _nonsense(rejected: int, read: int) -> Problem:
    rule = f"{rejected} of the first {read} rows break the rules of the format: this is another kind of file"
    return Problem(0, "", "", rule)


def check(
    table: Table, interpreter: Interpreter, rejections: Rejections, spool: Spool, tell: Progress
) -> Checked:
    """Read the whole table into `spool` and `rejections`. Raises `Unreadable` when it cannot be taken."""
    read = rejected = 0
    shown: list[ProblemLike] = []
    for number, values in table:
        read += 1
        result = interpreter.read(number, values)
        if isinstance(result, Row):
            spool.add(read, result)
        else:
            rejected += 1
            rejections.add(result)
            if len(shown) < SHOWN_PROBLEMS:
                shown.extend(presentable(problem, hide=table.format.holds_identity) for problem in result)
            if read >= EARLY_ROWS and rejected * 2 > read:
                raise Unreadable([_nonsense(rejected, read), *shown], more=rejections.listed - len(shown))
        if not read % 2_000:
            tell("check", table.text.position, table.text.size)
    if rejected and rejected == read:
        raise Unreadable([_nonsense(rejected, read), *shown], more=rejections.listed - len(shown))
    tell("check", table.text.size, table.text.size)
    return Checked(read, rejected, table.text.digest(), table.text.size)

"""The first pass over a file: every row is read and judged before anything is written.

So the database stays as it was when the file turns out to be broken in its last line. Costs a second reading,
which `Interpreter` makes cheap: the meaning of a row is remembered (lists without record numbers repeat).
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from palermo.kernel.imports.formats import Format
from palermo.kernel.imports.mapping import Mapping
from palermo.kernel.imports.problems import Problem, ProblemLike, Unreadable, presentable
from palermo.kernel.imports.reader import Table
from palermo.kernel.imports.rejected import Rejections

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
    """Turns the values of a row into (record, key), or into problems; remembers what it has read."""

    def __init__(self, table: Table, known: dict[bytes, tuple[Any, bytes]] | None = None) -> None:
        self.table = table
        self.parse = table.header.layout.parse
        self.key = table.format.key
        self.known: dict[bytes, tuple[Any, bytes]] = {} if known is None else known

    def read(self, number: int, values: list[str]) -> tuple[Any, bytes] | list[ProblemLike]:
        """The record of the row and its key, or everything that is wrong with it."""
        content = hashlib.blake2b("\x1f".join(values).encode(), digest_size=16).digest()
        found = self.known.get(content)
        if found is not None:
            return found
        record = self.parse(self.table.as_dict(values), number)
        if isinstance(record, list):
            return record
        found = (record, self.key(record))
        if len(self.known) < REMEMBERED:
            self.known[content] = found
        return found


def _nonsense(rejected: int, read: int) -> Problem:
    rule = f"{rejected} of the first {read} rows break the rules of the format: this is another kind of file"
    return Problem(0, "", "", rule)


def check(
    path: Path, fmt: Format, mapping: Mapping, rejections: Rejections, progress: Progress | None
) -> tuple[Checked, dict[bytes, tuple[Any, bytes]]]:
    """Read the whole file. Raises `Unreadable` when it cannot be taken; else gives its figures and memory."""
    read = rejected = 0
    shown: list[ProblemLike] = []
    with Table(path, fmt, mapping) as table:
        interpreter = Interpreter(table)
        for number, values in table:
            read += 1
            result = interpreter.read(number, values)
            if isinstance(result, list):
                rejected += 1
                rejections.add(result)
                if len(shown) < SHOWN_PROBLEMS:
                    shown.extend(presentable(problem, fmt.identity) for problem in result)
                if read >= EARLY_ROWS and rejected * 2 > read:
                    raise Unreadable([_nonsense(rejected, read), *shown], more=rejected)
            if progress and not read % 2_000:
                progress("check", table.text.position, table.text.size)
        if rejected and rejected == read:
            raise Unreadable([_nonsense(rejected, read), *shown], more=rejections.listed - len(shown))
        return Checked(read, rejected, table.text.digest(), table.text.size), interpreter.known


def accepted(
    table: Table, known: dict[bytes, tuple[Any, bytes]]
) -> Iterator[tuple[int, int, tuple[Any, bytes] | None]]:
    """The second pass: (how-manieth row, row number, record and key or None when rejected)."""
    interpreter = Interpreter(table, known)
    for index, (number, values) in enumerate(table, start=1):
        result = interpreter.read(number, values)
        yield index, number, None if isinstance(result, list) else result

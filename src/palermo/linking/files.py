"""Files that appear whole and together, or not at all."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

TELEPHONE = re.compile(r"\+[0-9 ]+")
FORMULA = ("=", "+", "@", "\t", "\r")


def written(folder: Path, contents: Mapping[str, Iterable[str]]) -> list[str]:
    """Writes every file under another name first and renames them all at the end; gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {folder / f".{name}.{os.getpid()}.part": folder / name for name in contents}
    try:
        for part, pieces in zip(parts, contents.values(), strict=True):
            with part.open("w", encoding="utf-8", newline="") as file:
                file.writelines(pieces)
        for part, path in parts.items():
            os.replace(part, path)
    finally:
        for part in parts:
            with suppress(FileNotFoundError):
                part.unlink()
    return [str(path) for path in parts.values()]


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a CSV file."""
    line = _Line()
    writer = csv.writer(line, lineterminator="\n")
    writer.writerow(header)
    yield line.text
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
        yield line.text


def safe(cell: object) -> object:
    """A text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection).

    A telephone number with its plus is none.
    """
    if not isinstance(cell, str) or not cell.startswith(FORMULA) or TELEPHONE.fullmatch(cell):
        return cell
    return f"'{cell}"


class _Line:
    """What the writer of the standard library writes to: the last line."""

    text = ""

    def write(self, text: str) -> int:
        self.text = text
        return len(text)

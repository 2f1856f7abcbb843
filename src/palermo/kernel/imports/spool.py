"""Rows that were checked and wait to be written, kept on disk: read once, judged once, in constant memory."""

import pickle
import tempfile
from collections.abc import Iterator
from pathlib import Path

from palermo.kernel.imports.formats import Row

_TOGETHER = 1_000  # rows pickled in one piece: equal records among them are stored once


class Spool:
    """A scratch file without a name, gone when closed. Add all rows, then iterate."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder, prefix=".checked-")  # noqa: SIM115 - closed by close()
        self._waiting: list[tuple[int, Row]] = []

    def add(self, index: int, row: Row) -> None:
        """Keep a row; `index` says how-manieth it is in the file, rejected rows included."""
        self._waiting.append((index, row))
        if len(self._waiting) >= _TOGETHER:
            self._flush()

    def _flush(self) -> None:
        pickle.dump(self._waiting, self._file, protocol=5)
        self._waiting = []

    def rows(self, after: int = 0) -> Iterator[tuple[int, Row]]:
        """The rows in the order of the file, from the one after index `after`."""
        if self._waiting:
            self._flush()
        self._file.seek(0)
        while True:
            try:
                # Written by this very process a moment ago into a file that has no name.
                part = pickle.load(self._file)  # noqa: S301
            except EOFError:
                return
            yield from (pair for pair in part if pair[0] > after)

    def close(self) -> None:
        self._file.close()

"""The file of rejected rows: row, column, value, rule. Capped, formula-safe, readable by its owner only."""

import csv
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from palermo.kernel.exports.writers import safe
from palermo.kernel.imports.problems import ProblemLike, presentable

MOST_LISTED = 10_000  # problems; more would only fill the disk and nobody reads them


class Rejections:
    """Gathers problems into a temporary file beside `target`; `keep()` gives it its name in one step."""

    def __init__(self, target: Path, *, hide: bool) -> None:
        self.target = target
        self.hide = hide
        self.listed = 0
        self.rows = 0
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".rejected-", dir=target.parent)
        self._temporary = Path(name)
        self._file = os.fdopen(handle, "w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(["row", "column", "value", "rule"])

    def add(self, problems: Iterable[ProblemLike]) -> None:
        """Take the problems of one rejected row."""
        self.rows += 1
        for problem in problems:
            self.listed += 1
            if self.listed <= MOST_LISTED:
                shown = presentable(problem, hide=self.hide)
                self._writer.writerow(
                    [
                        shown.row,
                        *map(safe, (shown.column, shown.value, shown.rule)),
                    ]
                )

    def keep(self) -> Path | None:
        """Close the file and put it in place; None (and no file) when nothing was rejected."""
        if not self.rows:
            self.discard()
            return None
        if self.listed > MOST_LISTED:
            rest = self.listed - MOST_LISTED
            self._writer.writerow([0, "", "", f"and {rest} more problems that are not listed here"])
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        os.replace(self._temporary, self.target)
        return self.target

    def discard(self) -> None:
        """Leave nothing behind; harmless after `keep`."""
        self._file.close()
        self._temporary.unlink(missing_ok=True)

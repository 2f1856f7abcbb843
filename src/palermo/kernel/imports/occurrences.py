"""Numbering equal rows: the third of three equal rows is always the third, so importing twice adds nothing.

A list without record numbers (the CTDC dataset) may hold the same row thousands of times, and each is a
person. Counting them in memory would grow with the file, so only the first keys are held there and the
rest in a scratch table on disk.
"""

import sqlite3

_CACHE_KB = 8_192
_HELD = 50_000  # keys held in memory, about 7 MB; a key on disk costs some ten times more time


class Occurrences:
    """Counts keys. What does not fit goes into a scratch file without a name, which no crash leaves behind."""

    def __init__(self) -> None:
        self._held: dict[bytes, int] = {}
        self._base = sqlite3.connect("", isolation_level=None)  # an empty name: SQLite's own scratch file
        self._base.execute(f"PRAGMA cache_size=-{_CACHE_KB}")
        self._base.execute("CREATE TABLE seen (key BLOB PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID")
        self._base.execute("BEGIN")

    def next(self, key: bytes) -> int:
        """1 for the first time that `key` is met, 2 for the second, and so on."""
        held = self._held.get(key)
        if held is not None or len(self._held) < _HELD:
            self._held[key] = (held or 0) + 1
            return self._held[key]
        found = self._base.execute(
            "INSERT INTO seen VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET n = n + 1 RETURNING n",
            (key,),
        ).fetchone()
        return int(found[0])

    def close(self) -> None:
        self._base.close()

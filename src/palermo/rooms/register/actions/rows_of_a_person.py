"""What the rows of one person in a list of offenders say together: one sex, and no conviction before the charge.

Held on disk beyond a small cache, like the keys of an import, so that memory does not grow with the file.
"""

import sqlite3
from typing import Any

from palermo.standards.records import OffenderRecord, Problem
from palermo.standards.records.offender_record import span

_CACHE_KB = 8_192
_SAME = ("sex", "citizenship")
_RULES = {
    "sex": "the same sex as in the other rows of this person (leave it empty where it was not recorded)",
    "citizenship": "the same citizenship as in the other rows of this person (or empty)",
    "age_group": "the same age group as in the other rows of this person at this stage in this year (or empty)",
    "stage_date": "no conviction before the first prosecution of the same person",
}


class RowsOfAPerson:
    """Judges each row against those before it; a refused row leaves no trace."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None)  # an empty name: SQLite's own scratch file
        self._base.execute(f"PRAGMA cache_size=-{_CACHE_KB}")
        self._base.execute(
            "CREATE TABLE said (what BLOB, name TEXT, value, PRIMARY KEY (what, name)) WITHOUT ROWID"
        )
        self._base.execute("BEGIN")

    def _said(self, what: bytes) -> dict[str, Any]:
        return dict(self._base.execute("SELECT name, value FROM said WHERE what = ?", (what,)).fetchall())

    def problems(self, row: Any, number: int) -> list[Problem]:
        """What contradicts an earlier row of the same person; otherwise what this row says is remembered."""
        record: OffenderRecord = row.record
        known = self._said(record.person)
        age = f"age {record.stage} {record.on.year}"
        now: dict[str, Any] = {name: getattr(record, name) for name in _SAME} | {age: record.age_group}
        wrong = [
            Problem(number, name.split(" ")[0] if name in _SAME else "age_group", str(value), "")
            for name, value in now.items()
            if value and known.get(name, value) != value
        ]
        wrong = [Problem(p.row, p.column, p.value, _RULES[p.column]) for p in wrong]
        first, last = (day.toordinal() for day in span(record.on, record.precision))
        if record.stage == "prosecuted":
            now["prosecuted"] = min(first, known.get("prosecuted", first))
        elif record.stage == "convicted":
            now["convicted"] = min(last, known.get("convicted", last))
        dates = known | now
        if "prosecuted" in dates and "convicted" in dates and dates["convicted"] < dates["prosecuted"]:
            column = "stage_year" if record.precision == "year" else "stage_date"
            wrong.append(Problem(number, column, record.on.isoformat(), _RULES["stage_date"]))
        if not wrong:
            self._base.executemany(
                "INSERT INTO said VALUES (?, ?, ?) ON CONFLICT (what, name) DO UPDATE SET value = excluded.value",
                [
                    (record.person, name, value)
                    for name, value in now.items()
                    if value and known.get(name) != value
                ],
            )
        return wrong

    def close(self) -> None:
        self._base.close()

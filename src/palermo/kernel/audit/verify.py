"""The verifier of the audit: a small program of its own, without Django, that trusts nothing the
application says.

    python -m palermo.kernel.audit.verify [--dsn DSN] [--checkpoints DIR] [--key FILE] [--json]

Reads the whole chain in order, recomputes every hash, looks for gaps, compares the head, and compares
every signed checkpoint. Give it checkpoints and a public key that were kept outside this machine: who owns
the machine can rebuild the chain and sign it anew, and only an outside copy shows that. Ends with 0 when
all holds, else with 1.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from palermo.kernel.audit.chain import COLUMNS, Row, entry_hash, first_hash
from palermo.kernel.audit.checkpoint import BadCheckpoint, Checkpoint, read, split

BATCH = 5000


@dataclass
class Report:
    """What was found. `first_bad` is the number of the first entry that is wrong or missing."""

    entries: int = 0
    checkpoints: int = 0
    covered: int = 0
    first_bad: int | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems

    def wrong(self, seq: int | None, sentence: str) -> None:
        if seq is not None and (self.first_bad is None or seq < self.first_bad):
            self.first_bad = seq
        self.problems.append(sentence)


def verify(connection: psycopg.Connection[Any], checkpoints: list[Checkpoint]) -> Report:
    """Walk the chain. Stops following hashes at the first break, but still compares head and checkpoints."""
    report = Report(checkpoints=len(checkpoints))
    head = connection.execute("SELECT origin::text, seq, hash FROM audit_head").fetchone()
    if head is None:
        report.wrong(1, "The head of the audit is missing.")
        return report
    origin, head_seq, head_hash = head[0], head[1], bytes(head[2])
    wanted = {point.size for point in checkpoints}
    found = {0: first_hash(origin)}
    previous = found[0]
    for row in rows(connection):
        report.entries += 1
        problem = _fault(row, report.entries, previous)
        if problem:
            report.wrong(min(row.seq, report.entries), problem)
            return _compare(report, checkpoints, origin, found, row.seq)
        previous = row.hash
        if row.seq in wanted:
            found[row.seq] = row.hash
    if report.entries != head_seq or previous != head_hash:
        report.wrong(
            min(report.entries, head_seq) + 1,
            f"The head says {head_seq} entries, the table has {report.entries}, or their hashes differ.",
        )
    return _compare(report, checkpoints, origin, found, report.entries)


def rows(connection: psycopg.Connection[Any]) -> Iterator[Row]:
    """All entries in order, in bounded memory."""
    with connection.transaction(), connection.cursor(name="audit_verify", binary=True) as cursor:
        cursor.itersize = BATCH
        cursor.execute(f"SELECT {COLUMNS} FROM audit_entry ORDER BY seq")  # noqa: S608 - constant
        for values in cursor:
            yield Row._make(values)


def _fault(row: Row, expected: int, previous: bytes) -> str:
    if row.seq != expected:
        return f"Entry {expected} is missing: the next number is {row.seq}."
    if row.prev_hash != previous:
        return f"Entry {row.seq} does not follow the entry before it."
    if entry_hash(row) != row.hash:
        return f"Entry {row.seq} was changed: its hash does not fit."
    return ""


def _compare(
    report: Report, checkpoints: list[Checkpoint], origin: str, found: dict[int, bytes], last: int
) -> Report:
    for point in checkpoints:
        if point.origin != origin:
            report.wrong(1, f"The checkpoint of {point.at} belongs to another chain ({point.origin}).")
        elif point.size in found:
            if found[point.size] != point.root:
                report.wrong(point.size, f"The chain up to {point.size} is not the one signed on {point.at}.")
        elif point.size > last:
            report.wrong(
                last + 1, f"{point.size} entries were signed on {point.at}; the good chain ends at {last}."
            )
        report.covered = max(report.covered, point.size)
    return report


def read_checkpoints(directory: Path, key: str, report_to: list[str]) -> list[Checkpoint]:
    """Every checkpoint below `directory`; what cannot be read becomes a sentence in `report_to`."""
    points = []
    for path in sorted(directory.glob("*.txt")):
        for note in split(path.read_text()):
            try:
                points.append(read(note, key))
            except BadCheckpoint as error:
                report_to.append(f"{path.name}: {error}")
    return points


def sentences(report: Report) -> str:
    lines = list(report.problems)
    if report.ok:
        lines.append(f"The audit is whole: {report.entries} entries, no gap, every hash fits.")
    else:
        lines.append(f"The audit is BROKEN at entry {report.first_bad}.")
    outside = f"{report.checkpoints} signed checkpoints, the last at entry {report.covered}."
    return "\n".join(
        [*lines, outside if report.checkpoints else "No checkpoint given: a chain rebuilt whole is not seen."]
    )


def default_dsn() -> str:
    """The owner's connection of the embedded server below PALERMO_HOME, or DATABASE_URL_OWNER."""
    from palermo.kernel.database.roles import database_settings

    given = database_settings("palermo_owner", os.environ)
    if given is None:
        raise SystemExit("Give --dsn, or set DATABASE_URL_OWNER.")
    named = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    return psycopg.conninfo.make_conninfo("", **{key: given[name] or None for key, name in named.items()})


def main(arguments: list[str] | None = None) -> int:
    home = Path(os.environ.get("PALERMO_HOME") or "var")
    parser = argparse.ArgumentParser(
        prog="palermo audit verify", description="Check the audit from first to last."
    )
    parser.add_argument("--dsn", default="", help="database of the audit, as a role that may read it all")
    parser.add_argument(
        "--checkpoints", type=Path, default=home / "checkpoints", help="directory of signed checkpoints"
    )
    parser.add_argument(
        "--key", type=Path, help="file with the public key (default: audit.pub in that directory)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    given = parser.parse_args(arguments)
    key_file = given.key or given.checkpoints / "audit.pub"
    unreadable: list[str] = []
    points = (
        read_checkpoints(given.checkpoints, key_file.read_text(), unreadable) if key_file.is_file() else []
    )
    try:
        with psycopg.connect(given.dsn or default_dsn()) as connection:
            report = verify(connection, points)
    except psycopg.Error as error:
        sys.stderr.write(f"The audit could not be read ({type(error).__name__}). Is the database running?\n")
        return 2
    report.problems[:0] = unreadable
    text = json.dumps({"ok": report.ok, **asdict(report)}) if given.json else sentences(report)
    sys.stdout.write(text + "\n")
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main())

"""Importing a file: check all of it, then write it in batches that each are one transaction."""

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.context import acting
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record as audit
from palermo.kernel.errors import Conflict, DomainError
from palermo.kernel.imports.check import Checked, Progress, accepted, check
from palermo.kernel.imports.formats import Batch, Counts, Format, Row, declared, format_named
from palermo.kernel.imports.mapping import Mapping, read_mapping
from palermo.kernel.imports.models import ImportRun, State
from palermo.kernel.imports.occurrences import Occurrences
from palermo.kernel.imports.problems import Problem, Unreadable
from palermo.kernel.imports.reader import Table
from palermo.kernel.imports.rejected import Rejections


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an import ended; the counts are those of the whole file, whatever the number of attempts."""

    run_id: uuid.UUID
    read: int
    added: int
    updated: int
    unchanged: int
    rejected: int
    rejected_path: str | None

    def as_json(self) -> dict[str, Any]:
        """The object that `palermo import --json` prints."""
        return asdict(self) | {"run_id": str(self.run_id)}


def folder() -> Path:
    """Where rejected rows and scratch files are kept: readable by the instance's own user only."""
    path = Path(settings.PALERMO_HOME) / "imports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def run_import(
    *,
    actor: Viewer,
    path: Path,
    format: str,
    source: str,
    mapping: Path | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Take the file at `path` in as the list `source`. The same file twice adds nothing.

    Raises `Unreadable` (database unchanged) for a file that cannot be taken, `Conflict` while another import
    of the same list runs, `DomainError` when database or disk give up; then the same call continues.
    """
    fmt = _format(format)
    require(actor, fmt.permission)
    source = " ".join(source.split())
    if not source or len(source) > 120:
        raise Unreadable([Problem(0, "", source, "the source needs a name of at most 120 characters")])
    plan = read_mapping(mapping) if mapping else Mapping()
    with _alone(fmt.name, source):
        new_id = uuid.uuid4()
        rejections = Rejections(folder() / f"{new_id}.rejected.csv", fmt.identity)
        try:
            checked, known = check(path, fmt, plan, rejections, progress)
            run = _run(actor, fmt, source, plan, checked, new_id)
            rejections.target = folder() / f"{run.id}.rejected.csv"
            kept = rejections.keep()
        except BaseException:
            rejections.discard()
            raise
        run.rejected_file = kept.name if kept else ""
        with _in_words(run):
            _write(actor, path, fmt, plan, run, known, progress)
    counts = (run.rows_total, run.added, run.updated, run.unchanged, run.rejected)
    return Outcome(run.id, *counts, str(kept) if kept else None)


def _format(name: str) -> Format:
    if name not in declared():
        rule = f"there is no such format; there are {', '.join(sorted(declared()))}"
        raise Unreadable([Problem(0, "", name, rule)])
    return format_named(name)


@contextmanager
def _alone(format: str, source: str) -> Iterator[None]:
    """Nobody else imports this list meanwhile; the lock goes with the connection, however that ends."""
    key = int.from_bytes(hashlib.sha256(f"{format}|{source}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        if not cursor.fetchone()[0]:
            message = _("Another import of the list “%(source)s” is running. Try again when it has ended.")
            raise Conflict(message % {"source": source}, rule="imports.one_at_a_time", state=State.RUNNING)
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


@contextmanager
def _in_words(run: ImportRun) -> Iterator[None]:
    """A database or disk that gives up in the middle: say what is safe and what to do."""
    try:
        yield
    except (DatabaseError, OSError) as error:
        connection.close()
        reason = type(error.__cause__ or error).__name__
        message = _(
            "The database or the disk gave up (%(reason)s). %(done)s of %(total)s rows are safely stored and "
            "nothing is half-written. When there is space and the database answers (palermo doctor), "
            "give the same command again: it continues there."
        )
        figures = {"reason": reason, "done": run.rows_done, "total": run.rows_total}
        raise DomainError(message % figures, rule="imports.interrupted") from error


def _run(
    actor: Viewer, fmt: Format, source: str, plan: Mapping, checked: Checked, new_id: uuid.UUID
) -> ImportRun:
    """The interrupted import of this very file, or a new one that is not stored yet."""
    same = {
        "format": fmt.name, "source": source, "file_sha256": checked.sha256, "mapping_sha256": plan.sha256,
    }  # fmt: skip
    with acting(actor):
        begun = ImportRun.objects.filter(state=State.RUNNING, **same).first()
    if begun is not None:
        return begun
    figures = {"size": checked.size, "rows_total": checked.rows, "rejected": checked.rejected}
    return ImportRun(id=new_id, by_id=actor.user_id, **same, **figures)


def _write(
    actor: Viewer, path: Path, fmt: Format, plan: Mapping, run: ImportRun, known: dict[bytes, Any],
    progress: Progress | None,
) -> None:  # fmt: skip
    """The second pass: rows that an earlier attempt committed are only counted."""
    occurrences = Occurrences(folder())
    try:
        with Table(path, fmt, plan) as table:
            rows, done = _rows(table, known, occurrences, run.rows_done), run.rows_done
            while part := list(islice(rows, fmt.batch_rows)):
                taken = [row for _index, row in part if row is not None]
                done = part[-1][0]
                _commit(actor, fmt, run, taken, done, last=done == run.rows_total)
                if progress:
                    progress("write", done, run.rows_total)
            if table.text.digest() != run.file_sha256:
                raise Unreadable([Problem(0, "", "", "the file was changed while it was being read")])
            if run.state == State.RUNNING:
                _commit(actor, fmt, run, [], run.rows_total, last=True)
    except Unreadable:
        with acting(actor):
            ImportRun.objects.filter(id=run.id).update(state=State.FAILED, finished_at=timezone.now())
        raise
    finally:
        occurrences.close()


def _rows(
    table: Table, known: dict[bytes, Any], occurrences: Occurrences, skip: int
) -> Iterator[tuple[int, Row | None]]:
    """The rows after the first `skip`, numbered among their equals in the whole file."""
    for index, number, result in accepted(table, known):
        row = None
        if result is not None:
            row = Row(number, result[0], result[1], occurrences.next(result[1]))
        if index > skip:
            yield index, row


def _commit(actor: Viewer, fmt: Format, run: ImportRun, rows: list[Row], done: int, *, last: bool) -> None:
    """One transaction: the rows, how far the run has come, and one audit entry."""
    before = (run.rows_done, run.added, run.updated, run.unchanged, run.state, run.finished_at)
    stored = not run._state.adding
    try:
        with acting(actor):
            batch = Batch(actor, run.id, run.source, run.file_sha256, fmt.terms, rows)
            if not stored:
                run.save(force_insert=True)
            counts = fmt.write(batch) if rows else Counts()
            run.rows_done, run.added = done, run.added + counts.added
            run.updated, run.unchanged = run.updated + counts.updated, run.unchanged + counts.unchanged
            if last:
                run.state, run.finished_at = State.FINISHED, timezone.now()
            run.save()
            audit(
                actor=actor,
                action="imports.file.import",
                object_id=run.id,
                object_kind="import",
                detail={"rows_done": done, "state": run.state, **asdict(counts)},
            )
    except BaseException:
        run.rows_done, run.added, run.updated, run.unchanged, run.state, run.finished_at = before
        run._state.adding = not stored
        raise

"""Importing a file: check all of it, then write it in batches that each are one transaction."""

import hashlib
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
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
from palermo.kernel.imports.check import Checked, Interpreter, Progress, check
from palermo.kernel.imports.formats import Batch, Counts, Format, Row, declared, format_named
from palermo.kernel.imports.mapping import Mapping, read_mapping
from palermo.kernel.imports.models import ImportRun, State
from palermo.kernel.imports.occurrences import Occurrences
from palermo.kernel.imports.problems import Problem, Unreadable
from palermo.kernel.imports.reader import Table
from palermo.kernel.imports.rejected import Rejections
from palermo.kernel.imports.spool import Spool


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
    tell = progress or _silent
    with _alone(fmt.name, source), _in_words() as reached, closing(Spool(folder())) as spool:
        run = _check(actor, path, fmt, source, plan, spool, tell)
        reached.append(run)
        _write(actor, fmt, run, spool, tell)
    kept = str(folder() / run.rejected_file) if run.rejected_file else None
    counts = (run.rows_total, run.added, run.updated, run.unchanged, run.rejected)
    return Outcome(run.id, *counts, kept)


def _silent(phase: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def _check(
    actor: Viewer, path: Path, fmt: Format, source: str, plan: Mapping, spool: Spool, tell: Progress
) -> ImportRun:
    """The first pass: fills the spool and gives the run to write, new or interrupted earlier."""
    new_id = uuid.uuid4()
    rejections = Rejections(folder() / f"{new_id}.rejected.csv", hide=fmt.holds_identity)
    try:
        with ExitStack() as open_now:
            occurrences = open_now.enter_context(closing(Occurrences()))
            across = open_now.enter_context(closing(fmt.across())) if fmt.across else None
            table = open_now.enter_context(Table(path, fmt, plan))
            checked = check(table, Interpreter(table, occurrences, across), rejections, spool, tell)
        run = _run(actor, fmt, source, plan, checked, new_id)
        rejections.target = folder() / f"{run.id}.rejected.csv"
        kept = rejections.keep()
    except BaseException:
        rejections.discard()
        raise
    run.rejected_file = kept.name if kept else ""
    return run


def _format(name: str) -> Format:
    if name not in declared():
        rule = f"there is no such format; there are {', '.join(sorted(declared()))} (palermo formats)"
        raise Unreadable([Problem(0, "", name, rule)])
    return format_named(name)


@contextmanager
def _alone(format: str, source: str) -> Iterator[None]:
    """Nobody else imports this list meanwhile; the lock goes with the connection, however that ends."""
    key = int.from_bytes(hashlib.sha256(f"{format}|{source}".encode()).digest()[:8], signed=True)
    if not _locked(key):
        message = _("Another import of the list “%(source)s” is running. Try again when it has ended.")
        raise Conflict(message % {"source": source}, rule="imports.one_at_a_time", state=State.RUNNING)
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def _locked(key: int) -> bool:
    """Take the lock, if need be after a few seconds: the server may not know yet that its holder was killed."""
    for wait in (0.0, 0.3, 0.7, 1.0, 2.0):
        time.sleep(wait)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
            if cursor.fetchone()[0]:
                return True
    return False


@contextmanager
def _in_words() -> Iterator[list[ImportRun]]:
    """A database or disk that gives up: say what is safe and what to do. Takes the run, once there is one."""
    reached: list[ImportRun] = []
    try:
        yield reached
    except (DatabaseError, OSError) as error:
        if not connection.in_atomic_block:
            connection.close()
        figures = {
            "reason": type(error.__cause__ or error).__name__,
            "done": reached[0].rows_done if reached else 0,
            "total": reached[0].rows_total if reached else "?",
        }
        message = _(
            "The database or the disk gave up (%(reason)s). %(done)s of %(total)s rows are safely stored and "
            "nothing is half-written. When there is space and the database answers (palermo doctor), "
            "give the same command again: it continues there."
        )
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


def _write(actor: Viewer, fmt: Format, run: ImportRun, spool: Spool, tell: Progress) -> None:
    """The second pass, in batches; rows that an earlier attempt committed are passed over."""
    rows = spool.rows(after=run.rows_done)
    while part := list(islice(rows, fmt.batch_rows)):
        _commit(actor, fmt, run, [row for _index, row in part], part[-1][0])
        tell("write", run.rows_done, run.rows_total)
    if run.state != State.FINISHED:
        _commit(actor, fmt, run, [], run.rows_total)
    tell("write", run.rows_total, run.rows_total)


def _commit(actor: Viewer, fmt: Format, run: ImportRun, rows: list[Row], done: int) -> None:
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
            if done == run.rows_total:
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

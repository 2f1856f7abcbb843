"""The worker's part: a file written piece by piece with the rights of its asker, encrypted before the disk sees it."""

import json
import logging
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

import pyrage
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from palermo.kernel.access.policy import asked_once, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.files import places
from palermo.kernel.files.stream import CHUNK, encrypt
from palermo.kernel.jobs import progress
from palermo.kernel.jobs.models import Effect
from palermo.kernel.vault.texts import Owner, Place, open_texts, seal_text
from palermo.rooms.observatory.actions.exporting.cells import Choice
from palermo.rooms.observatory.actions.exporting.geography import geojson
from palermo.rooms.observatory.actions.exporting.syntax import spss_zip
from palermo.rooms.observatory.actions.exporting.workbooks import xlsx
from palermo.rooms.observatory.actions.exporting.writing import Parts, csv_zip
from palermo.rooms.observatory.actions.opening import owner_of
from palermo.rooms.observatory.models import Export, ExportFormat, ExportState
from palermo.rooms.observatory.queries.leaving import Row, Sieve, leaving, rows, schemas
from palermo.rooms.observatory.queries.shapes import Table, chosen_language, languages, tables

log = logging.getLogger(__name__)
AT_ONCE = 500
Writer = Callable[[list[Table], Parts, Choice], Iterator[bytes]]
WRITERS: dict[str, Writer] = {
    ExportFormat.CSV: csv_zip,
    ExportFormat.XLSX: xlsx,
    ExportFormat.SPSS: spss_zip,
    ExportFormat.GEOJSON: geojson,
}


def key_place(export: Export) -> Place:
    return Place("observatory_export", "sealed_key", export.pk)


def carry_out_export(viewer: Viewer, effect: Effect) -> None:
    """Make the file. Where it fails or is stopped, nothing of it is kept, and the page says so."""
    rows_of = Export.objects.select_related("study", "form")
    one = rows_of.filter(pk=effect.object_id).first() if effect.object_id else None
    if one is None or not one.open or one.asked_by_id != viewer.user_id:
        return
    content, values = uuid4(), {"state": ExportState.FAILED, "problem": ""}
    with progress.Teller(one.pk) as teller:
        try:
            with transaction.atomic():
                values = _made(viewer, one, content, teller)
        except progress.Stopped:
            values["state"] = ExportState.STOPPED
        except Exception as error:
            # Its message may hold an answer: the log and the page have its kind only.
            log.error("Export %s failed: %s", one.pk, type(error).__name__)
            values["problem"] = type(error).__name__
        if values["state"] != ExportState.DONE:
            places.remove(content)
    one.change({**values, "ended_at": timezone.now()}, expected_version=one.version)
    record(
        actor=viewer, action="observatory.export.end", object_kind="study", object_id=one.study_id,
        detail={"export": str(one.pk), "state": str(one.state), "records": one.records, "bytes": one.size},
    )  # fmt: skip


def _made(viewer: Viewer, one: Export, content: UUID, teller: Callable[[float, str], None]) -> dict[str, Any]:
    sieve = sieve_of(one.options)
    total = leaving(viewer, one.form, sieve).count()
    size = 0

    def measured(pieces: Iterable[bytes]) -> Iterator[bytes]:
        nonlocal size
        for piece in pieces:
            size += len(piece)
            yield piece

    secret, owner = os.urandom(32), owner_of(one.study)
    with asked_once():
        pieces = written(viewer, one, owner, sieve, total, teller)
        if one.recipients:
            pieces = _for_recipients(pieces, one.recipients)
        places.write(content, encrypt(secret, content, measured(pieces)))
    sealed = seal_text(owner=owner, place=key_place(one), text=secret.hex())
    return {
        "state": ExportState.DONE, "content": content, "sealed_key": sealed, "size": size, "records": total,
        "problem": "",
    }  # fmt: skip


def written(
    viewer: Viewer, one: Export, owner: Owner, sieve: Sieve, total: int, teller: Callable[[float, str], None]
) -> Iterator[bytes]:
    """The bytes of the file in clear, for whatever encrypts them next."""
    telling = bool(one.options.get("telling")) or one.format == ExportFormat.GEOJSON
    if telling:
        # What opens sealed answers asks once more who leads the study; a fresh sign-in was asked for with the file.
        require(viewer, "observatory.study.change", one.study_id)
    asked = schemas(one.form)
    chosen = Choice(
        words=bool(one.options.get("words")),
        language=chosen_language(languages(asked), one.options.get("language", "")),
        split=bool(one.options.get("split")) or one.format == ExportFormat.SPSS, telling=telling,
    )  # fmt: skip
    shaped = tables(asked, one.form.form_id, telling)
    expected = max(1, total * max(1, len(shaped)))
    found = rows(viewer, one.form, sieve, telling=telling)
    if telling:
        found = _opened(viewer, owner, found)
    parts = Parts(found, lambda count: teller(min(0.99, count / expected), ""))
    return WRITERS[one.format](shaped, parts, chosen)


def sieve_of(options: dict[str, Any]) -> Sieve:
    """What was asked for, as a filter."""
    site, since, until = (options.get(name) for name in ("site", "since", "until"))
    return Sieve(
        tuple(options.get("states") or ()), UUID(site) if site else None,
        datetime.fromisoformat(since) if since else None, datetime.fromisoformat(until) if until else None,
    )  # fmt: skip


def _opened(viewer: Viewer, owner: Owner, found: Iterable[Row]) -> Iterator[Row]:
    """Rows with what was sealed beside what was open. A text that does not open is missing, with an alarm."""
    there = iter(found)
    while some := list(islice(there, AT_ONCE)):
        sealed = [
            (Place("observatory_answerrow", "sealed", row.row_id or 0), row.sealed or b"") for row in some
        ]
        texts = open_texts(actor=viewer, owner=owner, sealed=sealed)
        for row, text in zip(some, texts, strict=True):
            yield row._replace(values={**(row.values or {}), **json.loads(text)}) if text else row


class _Source:
    """Pieces as something that is read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._held = pieces, b""

    def read(self, size: int = -1) -> bytes:
        while not self._held:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._held = piece
        found, self._held = (self._held, b"") if size < 0 else (self._held[:size], self._held[size:])
        return found


def _for_recipients(pieces: Iterator[bytes], recipients: list[str]) -> Iterator[bytes]:
    """The age file, by way of the disk: what lies there opens for the recipients alone."""
    keys = [pyrage.x25519.Recipient.from_str(one) for one in recipients]
    folder = Path(settings.PALERMO_HOME) / "files"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        pyrage.encrypt_io(_Source(pieces), file, keys)
        file.seek(0)
        yield from _read(file)


def _read(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(CHUNK):
        yield piece

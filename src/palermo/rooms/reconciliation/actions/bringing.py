"""A holder brings a file of his list in over the web: sealed at once, its columns named, then read by the worker.

The same reader, the same judgement and the same sealing as `palermo import` (`kernel.imports`, `actions.people`). The
file waits beside the database, encrypted under a key of its own that is sealed with the key of the list; the worker
reads it from memory, and the key and the file go, however it ends.
"""

import csv
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import OPERATOR, Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, DomainError, FieldProblem, Invalid, Refused
from palermo.kernel.files.stream import decrypt, encrypt
from palermo.kernel.imports.actions import folder, run_import
from palermo.kernel.imports.mapping import read_mapping
from palermo.kernel.imports.problems import Unreadable
from palermo.kernel.imports.reader import Table
from palermo.kernel.jobs import progress
from palermo.kernel.jobs.actions import enqueue
from palermo.kernel.jobs.models import Effect
from palermo.kernel.vault.texts import Owner, Place, open_texts, seal_text
from palermo.linkage.people import FIELDS
from palermo.rooms.reconciliation.actions.people import KIND, PEOPLE
from palermo.rooms.reconciliation.models import Delivery, Source, Upload, UploadState

MOST_BYTES = 50_000_000
MOST_COLUMNS = 200
SHOWN = 100
BRING = "reconciliation.list.bring"
JOB = "reconciliation.bring"
TABLE = "reconciliation_upload"
NAMED = PEOPLE.layouts[-1].name  # the layout with names
# How the columns are called in files that were met; compared without case, blanks and underscores.
ALSO: Mapping[str, tuple[str, ...]] = {
    "record_id": ("id", "no", "nr", "number", "case number", "case id", "numéro", "número", "رقم", "الرقم"),
    "recorded_on": ("date", "registered", "registered on", "date of registration", "date d'enregistrement", "fecha",
                    "تاريخ التسجيل"),
    "given_name": ("given names", "first name", "first names", "forename", "prénom", "prénoms", "nombre", "nombres",
                   "الاسم", "الاسم الأول"),
    "family_name": ("surname", "last name", "nom", "nom de famille", "apellido", "apellidos", "اللقب", "اسم العائلة"),
    "other_names": ("alias", "aliases", "nickname", "autres noms", "surnom", "otros nombres", "الكنية"),
    "sex": ("gender", "sexe", "sexo", "الجنس"),
    "birth_date": ("date of birth", "dob", "born", "date de naissance", "fecha de nacimiento", "تاريخ الميلاد"),
    "birth_precision": ("precision",),
    "nationality": ("citizenship", "nationalité", "nacionalidad", "الجنسية"),
    "place": ("location", "district", "lieu", "lugar", "المكان"),
    "phone": ("telephone", "phone number", "mobile", "téléphone", "teléfono", "الهاتف"),
    "document_no": ("document", "document number", "passport", "passport no", "passeport", "pasaporte",
                    "رقم الوثيقة", "رقم الجواز"),
}  # fmt: skip


def bring_file(*, actor: Viewer, source: Source, content: BinaryIO) -> Upload:
    """Keep a file of the list until its columns are named. Raises Invalid where it is no table of persons at all.

    For those who hold an identity grant on the list: whoever brings names in may see them.
    """
    require(actor, BRING, source.pk)
    raw = content.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise _refused(_("The file is larger than 50 MB. Let whoever runs the instance bring it in."), "size")
    header = _header(raw)
    secret, upload_id = os.urandom(32), uuid4()
    target = path_of_upload(upload_id)
    try:
        with transaction.atomic():
            made = _held(actor, source, upload_id, len(raw), secret, header)
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.writelines(encrypt(secret, upload_id, [raw]))
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    _sweep(source)
    return made


def _held(
    actor: Viewer, source: Source, upload_id: Any, size: int, secret: bytes, header: list[str]
) -> Upload:
    if actor.user_id is None:
        raise Refused(_("A person brings a file in."), rule="reconciliation.file")
    owner = _owner(source)
    made = Upload.objects.create(
        id=upload_id, source=source, by_id=actor.user_id, size=size,
        sealed_key=seal_text(owner=owner, place=_place(upload_id, "sealed_key"), text=secret.hex()),
        sealed_header=seal_text(owner=owner, place=_place(upload_id, "sealed_header"), text=json.dumps(header)),
    )  # fmt: skip
    record(
        actor=actor, action=BRING, object_kind="linkage_list", object_id=source.pk,
        detail={"upload": str(made.pk), "bytes": size},
    )  # fmt: skip
    return made


def path_of_upload(upload_id: Any) -> Path:
    return folder() / f"{upload_id}.sealed"


def _owner(source: Source) -> Owner:
    return Owner(KIND, source.pk, source.organisation_id)


def _place(upload_id: Any, column: str) -> Place:
    return Place(TABLE, column, upload_id)


def _refused(words: str, rule: str) -> Invalid:
    problem = FieldProblem("file", words, rule)
    return Invalid(_("The file was not taken."), problems=[problem], rule=f"reconciliation.file.{rule}")


def _header(raw: bytes) -> list[str]:
    """The names of the columns, by the delimiter that parts the first line most."""
    for encoding in ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            raise _refused(
                _("The file is not UTF-8. Save it as “CSV UTF-8” in the spreadsheet program."), "encoding"
            ) from None
    first = text.split("\n", 1)[0].strip("\r")
    found = max((next(csv.reader([first], delimiter=mark), []) for mark in (",", ";", "\t")), key=len)
    names = [" ".join(name.split()) for name in found]
    if not any(names):
        raise _refused(_("The file is empty."), "empty")
    if len(names) > MOST_COLUMNS:
        raise _refused(_("The file has more than 200 columns."), "columns")
    return names


def header_of(*, actor: Viewer, upload: Upload) -> list[str]:
    """The columns of a file that is still held, for who brought it."""
    return list(_columns(actor, upload))


def _columns(actor: Viewer, upload: Upload) -> Any:
    sealed = [(_place(upload.pk, "sealed_header"), bytes(upload.sealed_header))]
    (text,) = open_texts(actor=actor, owner=_owner(upload.source), sealed=sealed)
    return json.loads(text) if text else []


def guessed(header: list[str]) -> dict[str, str]:
    """Which column of a file probably is which of ours."""
    plain = {_plain(name): name for name in reversed(header) if name}
    found: dict[str, str] = {}
    for field in FIELDS:
        name = next((plain[_plain(one)] for one in (field, *ALSO[field]) if _plain(one) in plain), None)
        if name is not None and name not in found.values():
            found[field] = name
    return found


def _plain(name: str) -> str:
    return "".join(name.casefold().replace("_", " ").split())


@transaction.atomic
def name_columns(*, actor: Viewer, upload: Upload, columns: Mapping[str, str]) -> None:
    """Say which column is which; then the worker reads the file. Raises Invalid with everything wrong at once."""
    require(actor, BRING, upload.source_id)
    if upload.state != UploadState.HELD:
        words = _("This file is on its way already.")
        raise Conflict(words, rule="reconciliation.file", state=upload.state)
    wanted = {field: name for field, name in columns.items() if name}
    header = header_of(actor=actor, upload=upload)
    problems = [
        FieldProblem(field, _("The file has no such column."), "column")
        for field, name in wanted.items() if field not in FIELDS or name not in header
    ]  # fmt: skip
    for field, name in wanted.items():
        if list(wanted.values()).count(name) > 1:
            problems.append(FieldProblem(field, _("This column is named twice."), "twice"))
    if not {"given_name", "family_name", "other_names", "phone", "document_no"} & set(wanted):
        words = _(
            "Name at least one column by which a person can be told: a name, a telephone or a document."
        )
        problems.append(FieldProblem("given_name", words, "names"))
    if problems:
        raise Invalid(_("The columns were not taken."), problems=problems, rule="reconciliation.columns")
    place, text = _place(upload.pk, "sealed_header"), json.dumps(wanted)
    sealed = seal_text(owner=_owner(upload.source), place=place, text=text)
    upload.change({"state": UploadState.WAITING, "sealed_header": sealed}, expected_version=upload.version)
    progress.begin(upload.pk)
    enqueue(JOB, upload.pk)


@transaction.atomic
def drop_file(*, actor: Viewer, upload: Upload) -> None:
    """Whoever brought a file takes it back before it is read."""
    require(actor, BRING, upload.source_id)
    if upload.state != UploadState.HELD:
        raise Conflict(_("This file is on its way already."), rule="reconciliation.file", state=upload.state)
    _end(upload, UploadState.REFUSED, problems=[[0, "", _("taken back before it was read")]])


def read_file(viewer: Viewer, effect: Effect) -> None:
    """The worker's part: check every row, then write; refused with every problem, or in."""
    if viewer.kind != OPERATOR or effect.object_id is None:
        return
    upload = Upload.objects.select_related("source").filter(pk=effect.object_id).first()
    if upload is None or upload.state != UploadState.WAITING:
        return
    with progress.Teller(upload.pk) as teller:
        try:
            with _in_memory(_opened(viewer, upload)) as file, _in_memory(_mapping(viewer, upload)) as mapping:
                with Table(file, PEOPLE, read_mapping(mapping)) as table:
                    if table.header.layout.name != NAMED:
                        _end(upload, UploadState.REFUSED, problems=[[1, "", "this is a list without names"]])
                        return
                with transaction.atomic():
                    out = run_import(
                        actor=viewer, path=file, format=PEOPLE.name, source=upload.source.name, mapping=mapping,
                        progress=_told(teller),
                    )  # fmt: skip
                    Delivery.objects.filter(pk=out.run_id).update(by_id=upload.by_id)
        except Unreadable as error:
            told = [[one.row, _ours(one.column), str(one.rule)] for one in error.problems[:SHOWN]]
            _end(upload, UploadState.REFUSED, problems=told, more=error.more)
        except (progress.Stopped, DomainError, OSError, ValueError):
            _end(upload, UploadState.FAILED)
        else:
            counts = {
                name: getattr(out, name) for name in ("read", "added", "updated", "unchanged", "rejected")
            }
            problems = _rejected(out.rejected_path)
            _end(
                upload, UploadState.DONE, counts=counts, problems=problems, more=max(0, out.rejected - SHOWN)
            )


def _told(teller: progress.Teller) -> Any:
    def step(phase: str, done: int, total: int) -> None:
        part = done / total if total else 1.0
        teller(0.3 * part if phase == "check" else 0.3 + 0.7 * part, phase)

    return step


def _ours(column: str) -> str:
    """Our own names only: what stands in the first line of a file may be a person."""
    return column if column in FIELDS else ""


def _rejected(path: str | None) -> list[list[Any]]:
    if not path:
        return []
    with Path(path).open(encoding="utf-8", newline="") as file:
        rows = [row for _n, row in zip(range(SHOWN), csv.DictReader(file), strict=False)]
    return [[int(row["row"]), _ours(row["column"]), row["rule"]] for row in rows]


def _opened(viewer: Viewer, upload: Upload) -> Iterator[bytes]:
    sealed = [(_place(upload.pk, "sealed_key"), bytes(upload.sealed_key))]
    (secret,) = open_texts(actor=viewer, owner=_owner(upload.source), sealed=sealed)
    if not secret:
        raise ValueError("the key of the file does not open")
    with path_of_upload(upload.pk).open("rb") as file:
        yield from decrypt(bytes.fromhex(secret), upload.pk, file)


def _mapping(viewer: Viewer, upload: Upload) -> Iterator[bytes]:
    wanted = dict(_columns(viewer, upload) or {})
    lines = [f"{field} = {json.dumps(name, ensure_ascii=False)}" for field, name in wanted.items()]
    yield "\n".join(("[columns]", *lines, "")).encode()


@contextmanager
def _in_memory(pieces: Iterator[bytes]) -> Iterator[Path]:
    """A file that is on no disk, where the system can give one; elsewhere one for us alone, gone at once."""
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("list")
        try:
            for piece in pieces:
                os.write(handle, piece)
            yield Path(f"/proc/self/fd/{handle}")
        finally:
            os.close(handle)
        return
    with tempfile.NamedTemporaryFile(dir=folder(), prefix=".list-") as file:
        file.writelines(pieces)
        file.flush()
        yield Path(file.name)


def _end(upload: Upload, state: str, **values: Any) -> None:
    """The file and its key go, however it ended."""
    gone: dict[str, Any] = {"sealed_key": b"", "sealed_header": b"", "ended_at": timezone.now()}
    upload.change({"state": state, **gone, **values}, expected_version=upload.version)
    transaction.on_commit(lambda: path_of_upload(upload.pk).unlink(missing_ok=True))


def _sweep(source: Source) -> None:
    """Files that were held for a day without a word are dropped when the next one comes."""
    old = timezone.now() - timedelta(days=1)
    for one in Upload.objects.filter(source=source, state=UploadState.HELD, created_at__lt=old):
        with transaction.atomic():
            _end(one, UploadState.REFUSED, problems=[[0, "", _("its columns were never named")]])

"""Taking a file in, opening it, and erasing it."""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import granted, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound
from palermo.kernel.files import places
from palermo.kernel.files.cleaning import MOST_BYTES, Unacceptable, clean, safe_name
from palermo.kernel.files.models import File
from palermo.kernel.files.stream import CHUNK, decrypt, encrypt
from palermo.kernel.vault.crypto import Context, DataKey, Tampered, seal, unseal, unwrap
from palermo.kernel.vault.unlock import house_key, new_data_key

TABLE = "files_file"


@dataclass(frozen=True, slots=True)
class Opened:
    """A file in clear text for this answer only. `pieces` comes chunk by chunk, each authentic."""

    name: str
    media_type: str
    size: int
    pieces: Iterator[bytes]


@transaction.atomic
def add_file(
    *, actor: Viewer, object_kind: str, object_id: UUID, scope: str, name: str, content: BinaryIO
) -> File:
    """Clean, encrypt and keep a file for an object on which the actor holds `scope`. Raises Invalid with the rule."""
    require(actor, "files.file.add")
    if not granted(object_id, scope) or actor.organisation_id is None or actor.user_id is None:
        raise NotFound()
    media_type, cleaned = _cleaned(content)
    file_id = uuid.uuid4()
    house = house_key(actor.organisation_id)
    key, wrapped = new_data_key(house)
    file = File.objects.create(
        id=file_id,
        object_kind=object_kind,
        object_id=object_id,
        scope=scope,
        holder_id=actor.organisation_id,
        media_type=media_type,
        sealed_name=seal(key, Context(TABLE, "sealed_name", file_id, 1), safe_name(name, media_type)),
        sealed_digest=seal(
            key, Context(TABLE, "sealed_digest", file_id, 1), hashlib.sha256(cleaned).hexdigest()
        ),
        size=len(cleaned),
        wrapped_key=wrapped,
        key_number=house.number,
        uploaded_by_id=actor.user_id,
    )
    pieces = (cleaned[at : at + CHUNK] for at in range(0, len(cleaned), CHUNK))
    places.write(file_id, encrypt(key.secret, file_id, pieces))
    record(
        actor=actor,
        action="files.file.add",
        object_kind=object_kind,
        object_id=object_id,
        detail={"file": str(file_id), "type": media_type, "size": len(cleaned)},
    )
    return file


@transaction.atomic
def open_file(*, actor: Viewer, file_id: UUID) -> Opened:
    """The file, after the entry in the audit. Checked whole before the first byte leaves. Raises Tampered, NotFound."""
    require(actor, "files.file.open")
    file = File.objects.filter(pk=file_id).first()
    if file is None or not granted(file.object_id, file.scope):
        raise NotFound()
    key = _key(file)
    record(
        actor=actor,
        action="files.file.open",
        object_kind=file.object_kind,
        object_id=file.object_id,
        detail={"file": str(file_id)},
    )
    name = unseal(key, Context(TABLE, "sealed_name", file.pk, 1), bytes(file.sealed_name))
    digest = unseal(key, Context(TABLE, "sealed_digest", file.pk, 1), bytes(file.sealed_digest))
    check, size = hashlib.sha256(), 0
    for piece in _pieces(key, file.pk):
        check.update(piece)
        size += len(piece)
    if check.hexdigest() != digest:
        raise Tampered("The file is not the one that was kept.")
    return Opened(name, file.media_type, size, _pieces(key, file.pk))


@transaction.atomic
def erase_file(*, actor: Viewer, file_id: UUID) -> File:
    """Destroy the file's key and, once this is committed, the file. The row stays as a tombstone."""
    require(actor, "files.file.erase")
    file = File.objects.select_for_update().filter(pk=file_id).first()
    if file is None or not granted(file.object_id, file.scope):
        raise NotFound()
    file.wrapped_key = file.sealed_name = file.sealed_digest = b""
    file.erased_at = timezone.now()
    file.version += 1
    file.save()
    record(
        actor=actor,
        action="files.file.erase",
        object_kind=file.object_kind,
        object_id=file.object_id,
        detail={"file": str(file_id)},
    )
    transaction.on_commit(lambda: places.remove(file_id))
    return file


def _cleaned(content: BinaryIO) -> tuple[str, bytes]:
    raw = content.read(MOST_BYTES + 1)
    try:
        return clean(raw)
    except Unacceptable as error:
        sentences = {
            "empty": _("The file is empty."),
            "size": _("The file is larger than 20 MB."),
            "type": _("Only JPEG, PNG, PDF and plain text (UTF-8) are taken."),
            "pixels": _("The picture has too many pixels."),
            "encrypted": _("The PDF is locked with a password. Save it without one."),
            "malware_test": _("The file is a test for virus scanners."),
        }
        sentence = sentences.get(error.rule, _("The file is damaged."))
        raise Invalid(
            _("The file was not taken."),
            problems=[FieldProblem("file", sentence, f"files.{error.rule}")],
            rule=f"files.{error.rule}",
        ) from None


def _key(file: File) -> DataKey:
    if file.erased_at is not None:
        raise Conflict(_("This file was erased."), rule="files.erased", state="erased")
    house = house_key(file.holder_id, file.key_number)
    return DataKey(unwrap(house.secret, bytes(file.wrapped_key)))


def _pieces(key: DataKey, file_id: UUID) -> Iterator[bytes]:
    try:
        with places.path_of(file_id).open("rb") as source:
            yield from decrypt(key.secret, file_id, source)
    except FileNotFoundError:
        raise Tampered("The file is missing from the disk.") from None

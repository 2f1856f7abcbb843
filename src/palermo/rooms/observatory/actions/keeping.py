"""What came in, sealed: XML byte for byte, and files under keys of their own."""

import base64
import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction

from palermo.kernel.access.policy import asked_once, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import NotFound
from palermo.kernel.files import places
from palermo.kernel.files.actions import Opened
from palermo.kernel.files.stream import CHUNK, decrypt, encrypt
from palermo.kernel.vault.crypto import Tampered
from palermo.kernel.vault.texts import Owner, Place, open_texts, seal_text
from palermo.rooms.observatory.actions.opening import owner_of
from palermo.rooms.observatory.models import Attachment, Study, SubmissionRevision

REVISION, FILE = "observatory_submissionrevision", "observatory_attachment"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as a device sent it, in memory."""

    name: str
    content: bytes


def seal_xml(owner: Owner, revision_id: UUID, xml: bytes) -> bytes:
    """The bytes exactly as they came: compressed, so that a long interview fits. Raises ValueError if it does not."""
    text = base64.b64encode(zlib.compress(xml, 6)).decode()
    return seal_text(owner=owner, place=Place(REVISION, "sealed_xml", revision_id), text=text)


def open_xml(actor: Viewer, owner: Owner, revision: SubmissionRevision) -> bytes:
    """Raises Tampered where the row was changed or moved, NotFound where the record was withdrawn."""
    if not revision.sealed_xml:
        raise NotFound()
    sealed = [(Place(REVISION, "sealed_xml", revision.pk), bytes(revision.sealed_xml))]
    (text,) = open_texts(actor=actor, owner=owner, sealed=sealed)
    if not text:
        raise Tampered("The XML is not the one that was kept.")
    return zlib.decompress(base64.b64decode(text))


def names_of(actor: Viewer, owner: Owner, rows: Iterable[Attachment]) -> list[tuple[Attachment, str]]:
    """Files with their names; a name that does not open is empty."""
    there = list(rows)
    sealed = [(Place(FILE, "sealed_name", one.pk), bytes(one.sealed_name)) for one in there]
    with asked_once():
        names = open_texts(actor=actor, owner=owner, sealed=sealed)
    return [(one, name or "") for one, name in zip(there, names, strict=True)]


def add_row(
    owner: Owner, revision: SubmissionRevision, number: int, name: str, *, expected: bool
) -> Attachment:
    """A place for a file that has not come yet."""
    made = Attachment(
        id=uuid4(), revision=revision, submission_id=revision.submission_id, number=number, expected=expected
    )
    made.sealed_name = seal_text(owner=owner, place=Place(FILE, "sealed_name", made.pk), text=name)
    made.save(force_insert=True)
    return made


def carry(actor: Viewer, owner: Owner, old: Attachment, new: Attachment) -> None:
    """A file that an edit keeps: the same bytes, its key sealed for the new place."""
    new.sealed_key = seal_text(owner=owner, place=_key_place(new), text=_secret(actor, owner, old).hex())
    new.content, new.sha256, new.size, new.present = old.content, bytes(old.sha256), old.size, True
    new.save()


def put_content(owner: Owner, row: Attachment, content: bytes) -> None:
    """Encrypt the bytes under a key of their own and mark the file as there. Written whole or not at all."""
    secret, content_id = os.urandom(32), uuid4()
    row.sealed_key = seal_text(owner=owner, place=_key_place(row), text=secret.hex())
    row.content, row.size, row.present = content_id, len(content), True
    row.sha256 = hashlib.sha256(content).digest()
    pieces = (content[at : at + CHUNK] for at in range(0, len(content), CHUNK))
    places.write(content_id, encrypt(secret, content_id, pieces))
    row.save()


def is_same(row: Attachment, content: bytes) -> bool:
    """Whether these are the bytes that are here already."""
    return bytes(row.sha256) == hashlib.sha256(content).digest()


@transaction.atomic
def open_attachment(*, actor: Viewer, study: Study, attachment: Attachment) -> Opened:
    """A file of a record as a download, after the entry in the audit. Checked whole before the first byte leaves."""
    require(actor, "observatory.study.view", study.pk)
    owner = owner_of(study)
    if not attachment.present or attachment.content is None:
        raise NotFound()
    record(
        actor=actor, action="observatory.attachment.open", object_kind="submission", object_id=attachment.submission_id,
        detail={"attachment": str(attachment.pk)},
    )  # fmt: skip
    ((_row, name),) = names_of(actor, owner, [attachment])
    secret = _secret(actor, owner, attachment)
    check = hashlib.sha256()
    for piece in _pieces(secret, attachment.content):
        check.update(piece)
    if check.digest() != bytes(attachment.sha256):
        raise Tampered("The file is not the one that was kept.")
    kind = "application/octet-stream"
    return Opened(name or "file", kind, attachment.size, _pieces(secret, attachment.content))


def _key_place(row: Attachment) -> Place:
    return Place(FILE, "sealed_key", row.pk)


def _secret(actor: Viewer, owner: Owner, row: Attachment) -> bytes:
    (text,) = open_texts(actor=actor, owner=owner, sealed=[(_key_place(row), bytes(row.sealed_key))])
    if not text:
        raise Tampered("The key of the file does not open.")
    return bytes.fromhex(text)


def _pieces(secret: bytes, content_id: UUID) -> Iterator[bytes]:
    try:
        with places.path_of(content_id).open("rb") as source:
            yield from decrypt(secret, content_id, source)
    except FileNotFoundError:
        raise Tampered("The file is missing from the disk.") from None

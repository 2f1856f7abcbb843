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
from palermo.rooms.observatory.models import Attachment, Envelope, Study, SubmissionRevision

REVISION, FILE, ENVELOPE = "observatory_submissionrevision", "observatory_attachment", "observatory_envelope"


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


def seal_opened(owner: Owner, envelope_id: UUID, xml: bytes) -> bytes:
    """What was inside an encrypted record, kept as `seal_xml` keeps what came in clear."""
    text = base64.b64encode(zlib.compress(xml, 6)).decode()
    return seal_text(owner=owner, place=Place(ENVELOPE, "sealed_xml", envelope_id), text=text)


def open_answers(actor: Viewer, owner: Owner, revision: SubmissionRevision) -> bytes:
    """The XML with the answers: as it came, or as it was inside. Raises Tampered; NotFound where it is not open."""
    envelope = Envelope.objects.filter(revision=revision).first()
    if envelope is None:
        return open_xml(actor, owner, revision)
    if not envelope.sealed_xml:
        raise NotFound()
    sealed = [(Place(ENVELOPE, "sealed_xml", envelope.pk), bytes(envelope.sealed_xml))]
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


def content_of(actor: Viewer, owner: Owner, row: Attachment) -> bytes:
    """The whole file in memory, for the machine alone. Raises Tampered."""
    if row.content is None:
        raise NotFound()
    found = b"".join(_pieces(_secret(actor, owner, row), row.content))
    if not is_same(row, found):
        raise Tampered("The file is not the one that was kept.")
    return found


def put_named(
    actor: Viewer, owner: Owner, revision: SubmissionRevision, files: Iterable[tuple[str, bytes]]
) -> None:
    """Files of an opened record, each into the place that waits for it, or into a place of its own."""
    rows = names_of(actor, owner, revision.attachments.all())
    number = max((row.number for row, _name in rows), default=0)
    for name, content in files:
        place = next((row for row, known in rows if known == name and not row.present), None)
        if place is None:
            number += 1
            place = add_row(owner, revision, number, name, expected=False)
        put_content(owner, place, content)


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

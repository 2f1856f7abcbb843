"""Files of a paper: cleaned, kept with their fingerprint, and read by the worker so that their text is found.

They lie in the database, behind the wall of their paper: what is published is no secret, and an encrypted store with
a key for each house (kernel.files) would keep it from the public.
"""

import hashlib
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid, NotFound
from palermo.kernel.files.cleaning import EXTENSIONS, MOST_BYTES, PDF, TEXT, Unacceptable, clean, safe_name
from palermo.kernel.jobs.actions import enqueue
from palermo.kernel.jobs.models import Effect
from palermo.papers.records import LANGUAGE
from palermo.papers.texts import DOCX, NoText, clean_docx, is_docx, pages_of
from palermo.rooms.library.actions.writing import in_draft, with_writer
from palermo.rooms.library.models import Item, ItemFile, Passage, Reading, State
from palermo.web.searched import changed

MOST_FILES = 40
JOB = "library.read"


@transaction.atomic
def add_file(
    *, actor: Viewer, item: Item, language: str, name: str, content: BinaryIO, expected_version: int
) -> ItemFile:
    """Give a draft a file: PDF, Word without macros, or plain text. The worker reads its text. Raises Invalid."""
    require(actor, "library.item.write")
    in_draft(item)
    if actor.user_id is None:
        raise NotFound()
    if not LANGUAGE.fullmatch(language):
        raise _refused("language", _("Choose a language."), "language")
    raw = content.read(MOST_BYTES + 1)
    media_type, cleaned = _cleaned(raw)
    digest = hashlib.sha256(cleaned).hexdigest()
    item.change({"prepared": with_writer(item, actor)}, expected_version=expected_version)
    there = ItemFile.objects.filter(item=item)
    if there.filter(sha256=digest).exists():
        raise _refused("file", _("This paper has this file already."), "twice")
    if there.count() >= MOST_FILES:
        raise _refused("file", _("A paper has at most 40 files."), "number")
    file = ItemFile.objects.create(
        item=item, language=language, name=_named(name, media_type), media_type=media_type, content=cleaned,
        size=len(cleaned), sha256=digest, added_by_id=actor.user_id,
    )  # fmt: skip
    enqueue(JOB, file.pk)
    detail: dict[str, str | int | float | bool | None] = {
        "file": str(file.pk), "type": media_type, "size": file.size, "sha256": digest,
    }  # fmt: skip
    record(
        actor=actor, action="library.file.add", object_kind="library_item", object_id=item.pk, detail=detail
    )
    return file


@transaction.atomic
def remove_file(*, actor: Viewer, item: Item, file: ItemFile, expected_version: int) -> None:
    """Take a file from a draft; its text goes along."""
    require(actor, "library.item.write")
    in_draft(item)
    if file.item_id != item.pk:
        raise NotFound()
    item.change({"prepared": with_writer(item, actor)}, expected_version=expected_version)
    detail: dict[str, str | int | float | bool | None] = {"file": str(file.pk), "sha256": file.sha256}
    file.delete()
    record(
        actor=actor,
        action="library.file.remove",
        object_kind="library_item",
        object_id=item.pk,
        detail=detail,
    )


def read_text(viewer: Viewer, effect: Effect) -> None:
    """The worker's part: take the text out of a file, page by page. One that has none says so from then on."""
    file = ItemFile.objects.filter(pk=effect.object_id).first() if effect.object_id else None
    if file is None:  # taken away meanwhile
        return
    try:
        told = pages_of(bytes(file.content), file.media_type)
    except NoText:
        told = None
    Passage.objects.filter(file=file).delete()
    if told is not None:
        rows = [
            Passage(item_id=file.item_id, file=file, language=file.language, page=number, text=text)
            for number, text in enumerate(told.pages, 1)
            if text
        ]
        Passage.objects.bulk_create(rows, 200)
    file.reading = Reading.READ if told else Reading.UNREADABLE
    file.pages = told.counted if told else None
    file.save(update_fields=["reading", "pages"])
    if file.item.state == State.PUBLISHED:
        changed.send(Item)
    detail: dict[str, str | int | float | bool | None] = {"file": str(file.pk), "reading": str(file.reading)}
    record(
        actor=viewer,
        action="library.file.read",
        object_kind="library_item",
        object_id=file.item_id,
        detail=detail,
    )


def _cleaned(raw: bytes) -> tuple[str, bytes]:
    """(type, content without metadata), by what the bytes are and never by a name."""
    try:
        if len(raw) <= MOST_BYTES and is_docx(raw):
            return DOCX, clean_docx(raw)
        media_type, cleaned = clean(raw)
        if media_type not in (PDF, TEXT):
            raise Unacceptable("type")
    except Unacceptable as error:
        sentences = {
            "empty": _("The file is empty."),
            "size": _("The file is larger than 20 MB."),
            "type": _("Only PDF, Word (.docx, without macros) and plain text (UTF-8) are taken."),
            "encrypted": _("The PDF is locked with a password. Save it without one."),
        }
        raise _refused("file", sentences.get(error.rule, _("The file is damaged.")), error.rule) from None
    except ValueError:
        raise _refused("file", _("The file is damaged."), "damaged") from None
    return media_type, cleaned


def _named(name: str, media_type: str) -> str:
    if media_type in EXTENSIONS:
        return safe_name(name, media_type)
    return safe_name(name, TEXT).removesuffix(EXTENSIONS[TEXT]) + ".docx"


def _refused(field: str, sentence: str, rule: str) -> Invalid:
    problem = FieldProblem(field, sentence, f"library.{rule}")
    return Invalid(_("The file was not taken."), problems=[problem], rule=f"library.{rule}")

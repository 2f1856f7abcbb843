"""Handing a ready file out, and deleting it: when its time is over, or when a record in it was withdrawn."""

import re
from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.context import acting
from palermo.kernel.access.policy import asked_once, require
from palermo.kernel.access.viewer import OPERATOR, Viewer
from palermo.kernel.errors import Conflict
from palermo.kernel.exports.streams import Stream, hand_out_stream
from palermo.kernel.files import places
from palermo.kernel.files.stream import decrypt
from palermo.kernel.jobs.models import Effect
from palermo.kernel.vault.crypto import Tampered
from palermo.kernel.vault.texts import open_texts
from palermo.rooms.observatory.actions.exporting.asking import KEPT
from palermo.rooms.observatory.actions.exporting.making import key_place
from palermo.rooms.observatory.actions.opening import owner_of
from palermo.rooms.observatory.models import Export, ExportFormat, ExportState, ReviewState, Submission

_UNUSUAL = re.compile(r"[^A-Za-z0-9_-]")
ENDINGS = {"csv": "zip", "spss": "zip", "xlsx": "xlsx", "geojson": "geojson"}


@transaction.atomic
def open_export(*, actor: Viewer, export: Export) -> Stream:
    """The file as a download for its asker, on record. Refused where a record was withdrawn since it was made."""
    require(actor, "observatory.export.open", export.study_id)
    if not export.ready or export.content is None:
        words = _("This file is not there (any more). Make it anew.")
        raise Conflict(words, rule="observatory.export", state=export.state)
    withdrawn = Submission.objects.filter(
        form=export.form_id, state=ReviewState.WITHDRAWN, updated_at__gte=export.created_at
    )
    if withdrawn.exists():
        words = _(
            "A record was withdrawn after this file was asked for. Make it anew: it would still be in it."
        )
        raise Conflict(words, rule="observatory.export.withdrawn", state=export.state)
    with asked_once():
        sealed = [(key_place(export), bytes(export.sealed_key))]
        (text,) = open_texts(actor=actor, owner=owner_of(export.study), sealed=sealed)
    if not text:
        raise Tampered("The key of the file does not open.")
    secret = bytes.fromhex(text)
    for _piece in _pieces(secret, export.content):
        pass  # whole and unchanged before its first byte leaves
    return hand_out_stream(
        actor=actor, permission="observatory.export.open", what=_UNUSUAL.sub("_", export.form.form_id),
        format=ENDINGS[export.format],
        pieces=_pieces(secret, export.content), size=export.size, recipients=export.recipients,
        identity=bool(export.options.get("telling")) and export.format != ExportFormat.GEOJSON,
        object_id=export.study_id, object_kind="study",
    )  # fmt: skip


def _pieces(secret: bytes, content: UUID) -> Iterator[bytes]:
    try:
        with places.path_of(content).open("rb") as source:
            yield from decrypt(secret, content, source)
    except FileNotFoundError:
        raise Tampered("The file is missing from the disk.") from None


def void_exports(viewer: Viewer, effect: Effect) -> None:
    """A record of the form was withdrawn: files that may hold it are deleted, whoever asked for them."""
    if viewer.kind == OPERATOR and effect.object_id is not None:
        _delete(list(Export.objects.filter(form_id=effect.object_id, state=ExportState.DONE)))


def delete_expired() -> None:
    """Files whose time is over are deleted; what waits for longer than that has lost its worker."""
    with acting(Viewer.operator()):
        now = timezone.now()
        _delete(list(Export.objects.filter(state=ExportState.DONE, expires_at__lte=now)))
        for one in Export.objects.filter(state=ExportState.WAITING, created_at__lte=now - KEPT):
            one.change({"state": ExportState.FAILED, "ended_at": now}, expected_version=one.version)


def _delete(gone: list[Export]) -> None:
    contents = [one.content for one in gone if one.content]
    for one in gone:
        one.change(
            {"state": ExportState.GONE, "sealed_key": b"", "content": None}, expected_version=one.version
        )
    transaction.on_commit(lambda: _remove(contents))


def _remove(contents: list[UUID]) -> None:
    for content in contents:
        places.remove(content)

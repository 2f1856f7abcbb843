"""Handing a large file out piece by piece: the same rule as for a small one, without its bytes in memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import Scalar
from palermo.kernel.audit.actions import record as audit
from palermo.kernel.errors import Refused
from palermo.kernel.exports.writers import TYPES


@dataclass(frozen=True, slots=True)
class Stream:
    """A file on its way out. `pieces` needs no query: it is read after the transaction has ended."""

    name: str
    content_type: str
    size: int
    pieces: Iterator[bytes]


def hand_out_stream(
    *,
    actor: Viewer,
    permission: str,
    what: str,
    format: str,
    pieces: Iterator[bytes],
    size: int,
    object_id: UUID,
    object_kind: str,
    identity: bool = False,
    recipients: Sequence[str] = (),
) -> Stream:
    """The file, if `actor` holds `permission` on the object; on record.

    recipients: for whom the pieces were encrypted already (age); with identity inside there must be somebody.
    """
    require(actor, permission, object_id)
    if identity and not recipients:
        raise Refused(
            _("A file with identities leaves only encrypted, to a named recipient."), rule="exports.recipient"
        )
    name, kind = f"{what}.{format}", TYPES[format]
    if recipients:
        name, kind = f"{name}.age", "application/octet-stream"
    detail: dict[str, Scalar] = {"what": what, "format": format, "bytes": size, "encrypted": bool(recipients)}
    audit(
        actor=actor, action="exports.file.hand_out", object_kind=object_kind, object_id=object_id, detail=detail
    )  # fmt: skip
    return Stream(name, kind, size, pieces)


def stream_response(stream: Stream) -> StreamingHttpResponse:
    """The download: never shown in the page or guessed by the browser, kept by no cache."""
    response = StreamingHttpResponse(stream.pieces, content_type=stream.content_type)
    response["Content-Disposition"] = f'attachment; filename="{stream.name}"'
    response["Content-Length"] = str(stream.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response

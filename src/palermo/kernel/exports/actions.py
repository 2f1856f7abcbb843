"""Handing a file out: the rights of the asker, an entry in the audit, and no identity in the clear."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record as audit
from palermo.kernel.errors import Refused
from palermo.kernel.exports.writers import TYPES, encrypted

ENDINGS = {"sdmx": "csv", "hxl": "hxl.csv"}  # of a file's name, where it is not the format


@dataclass(frozen=True, slots=True)
class File:
    """A file on its way out."""

    name: str
    content: bytes
    content_type: str


def hand_out(
    *,
    actor: Viewer,
    permission: str,
    what: str,
    format: str,
    content: bytes,
    identity: bool = False,
    recipients: Sequence[str] = (),
    logged: bool = True,
    object_id: UUID | None = None,
    object_kind: str = "export",
    purpose: str = "",
    fields: Sequence[str] = (),
) -> File:
    """The file, if `actor` holds `permission`; on record. With identity inside it is encrypted, or refused.

    `what` is a short code of the content, which becomes the file's name. `logged` may be False only for what is
    published anyway. A file about one object names it: the right is then asked for that object.
    """
    require(actor, permission, object_id)
    if identity and not recipients:
        raise Refused(
            _("A file with identities leaves only encrypted, to a named recipient."), rule="exports.recipient"
        )
    name, kind = f"{what}.{ENDINGS.get(format, format)}", TYPES[format]
    if recipients:
        content, name, kind = encrypted(content, recipients), f"{name}.age", "application/octet-stream"
    if logged:
        detail: dict[str, str | int | float | bool | None] = {
            "what": what,
            "format": format,
            "bytes": len(content),
            "encrypted": bool(recipients),
        }
        audit(
            actor=actor,
            action="exports.file.hand_out",
            object_kind=object_kind,
            object_id=object_id,
            purpose=purpose,
            fields=fields,
            detail=detail,
        )
    return File(name, content, kind)

"""Handing a document out: on a page to print, or as a file. By code; by name only after the identity was opened."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid, Refused
from palermo.kernel.exports.actions import File, hand_out
from palermo.kernel.exports.documents.as_docx import docx_bytes
from palermo.kernel.exports.documents.as_pdf import pdf_bytes
from palermo.kernel.exports.documents.blocks import Document
from palermo.kernel.vault.actions import reveal

FORMATS = {"pdf": pdf_bytes, "docx": docx_bytes}
NAMED_FIELDS = ("given_names", "family_name")


@transaction.atomic
def show_document(
    *,
    actor: Viewer,
    permission: str,
    document: Document,
    object_id: UUID | None = None,
    object_kind: str = "document",
    person_id: UUID | None = None,
    purpose: str = "",
) -> Document:
    """The document for a page that is printed; on record. With `person_id` and `purpose` it carries the name.

    Render it with web/documents/page.html, under never_cache.
    """
    require(actor, permission, object_id)
    shown = _named(actor, document, person_id, purpose)
    record(
        actor=actor,
        action="exports.document.show",
        object_kind=object_kind,
        object_id=object_id,
        purpose=purpose,
        fields=NAMED_FIELDS if shown.identity else (),
        detail={"what": document.what, "language": document.language},
    )
    return shown


@transaction.atomic
def hand_out_document(
    *,
    actor: Viewer,
    permission: str,
    document: Document,
    format: str,
    object_id: UUID | None = None,
    object_kind: str = "document",
    person_id: UUID | None = None,
    purpose: str = "",
    recipients: Sequence[str] = (),
) -> File:
    """The document as a file, pdf or docx; on record. With a name it needs a recipient's key (age1...).

    Raises Conflict where this machine cannot make PDF.
    """
    if format not in FORMATS:
        raise Invalid(
            _("Choose pdf or docx."), problems=[FieldProblem("format", _("Choose pdf or docx."), "choice")]
        )
    require(actor, permission, object_id)
    if person_id is not None and not recipients:
        # Said before anything is opened: an identity is not opened for a file that cannot leave.
        raise Refused(
            _("A file with identities leaves only encrypted, to a named recipient."), rule="exports.recipient"
        )
    named = _named(actor, document, person_id, purpose)
    return hand_out(
        actor=actor,
        permission=permission,
        what=document.what,
        format=format,
        content=FORMATS[format](named),
        identity=named.identity,
        recipients=recipients,
        object_id=object_id,
        object_kind=object_kind,
        purpose=purpose,
        fields=NAMED_FIELDS if named.identity else (),
    )


def _named(actor: Viewer, document: Document, person_id: UUID | None, purpose: str) -> Document:
    """The document with the name, after a reveal: a live grant, a fresh sign-in, a purpose, a trace of its own."""
    if document.name:
        raise ValueError("a document gets its name here only")
    if person_id is None:
        return document
    shown = reveal(actor=actor, person_id=person_id, fields=NAMED_FIELDS, purpose=purpose)
    return replace(document, name=" ".join(shown[field] for field in NAMED_FIELDS if field in shown))

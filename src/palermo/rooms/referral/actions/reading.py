"""Reading what was told, each time with a trace: the packet, the identity in it, the sheet, one's own period."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid, NotFound
from palermo.kernel.exports.actions import File
from palermo.kernel.exports.documents.blocks import Document
from palermo.kernel.exports.documents.handing import hand_out_document, show_document
from palermo.kernel.exports.documents.letters import packet_sheet
from palermo.kernel.vault.models import Purpose
from palermo.rooms.referral import queries
from palermo.rooms.referral.models import Referral
from palermo.rooms.referral.queries import words
from palermo.rooms.referral.queries.pages import own_case
from palermo.web.room import subject

PRINT = "referral.packet.print"


@transaction.atomic
def open_packet(*, actor: Viewer, row: Referral) -> queries.Paper:
    """The packet as it was frozen, with a trace of who read it. NotFound while this side may not read it."""
    require(actor, "referral.referral.view", row.pk)
    own = own_case(actor, row)
    found = read_packet(actor=actor, row=row, own=own) if own else None
    if found is None:
        raise NotFound()
    return found


@transaction.atomic
def read_packet(*, actor: Viewer, row: Referral, own: UUID) -> queries.Paper | None:
    """The same for a page that has asked already; `own`: the case of one's own side. None while it may not be read."""
    found = queries.paper(actor, row, own=own)
    if found is not None:
        _trace(actor, own, row, "open", tuple(found.packet.categories))
    return found


@transaction.atomic
def open_identity(*, actor: Viewer, row: Referral, purpose: str) -> dict[str, str]:
    """Name and ways of contact out of the packet: scope identity on one's own case, a fresh sign-in, and a trace."""
    found, own = queries.paper(actor, row), own_case(actor, row)
    if found is None or own is None or not found.has_identity:
        raise NotFound()
    require(actor, "referral.identity.open", own)
    if purpose not in Purpose.values:
        problem = FieldProblem("purpose", _("Say why you need to see this."), "required")
        raise Invalid(_("The identity was not opened."), problems=[problem])
    _trace(actor, own, row, "identity", tuple(found.packet.categories), purpose)
    return queries.identity_of(actor, row, found.packet)


def _trace(
    actor: Viewer, own: Any, row: Referral, what: str, fields: tuple[str, ...], purpose: str = ""
) -> None:
    record(
        actor=actor,
        action=f"referral.packet.{what}",
        object_kind="case",
        object_id=own,
        fields=fields,
        purpose=purpose,
        detail={"referral": row.code},
    )


@transaction.atomic
def open_period(*, actor: Viewer, row: Referral) -> queries.Period:
    """What the old house of a case that was handed over still reads: its own time. NotFound for everybody else."""
    require(actor, "referral.period.view", row.pk)
    found = queries.period(actor, row)
    if found is None:
        raise NotFound()
    record(
        actor=actor,
        action="referral.period.view",
        object_kind="referral",
        object_id=row.pk,
        detail={"referral": row.code, "count": len(found.passages)},
    )
    return found


def show_sheet(*, actor: Viewer, row: Referral, language: str) -> Document:
    """The packet as a sheet for a page that is printed. NotFound while this side may not read it."""
    own, sheet = _sheet(actor, row, language)
    return show_document(actor=actor, permission=PRINT, document=sheet, object_id=own, object_kind="case")


def hand_out_sheet(*, actor: Viewer, row: Referral, language: str, format: str) -> File:
    """The sheet as a file: pdf or docx. By code: name and ways of contact stay in the vault."""
    own, sheet = _sheet(actor, row, language)
    return hand_out_document(
        actor=actor, permission=PRINT, document=sheet, format=format, object_id=own, object_kind="case"
    )


def _sheet(actor: Viewer, row: Referral, language: str) -> tuple[Any, Document]:
    """The sheet in that language, and the case of one's own side on whose trail it stands."""
    require(actor, "referral.referral.view", row.pk)
    own = own_case(actor, row)
    with override(language):
        found = queries.paper(actor, row)
        if found is None or own is None:
            raise NotFound()
        said = [(code, name, text or "–") for code, name, text in found.parts]
        return own, packet_sheet(
            language=language,
            person_code=subject(actor, "case", own).person_code,
            reference=row.code,
            sender=str(row.organisation),
            recipient=str(row.receiver),
            service=queries.service_name(actor, row.service_id) or words.kind_name(row.kind),
            sent_on=timezone.localdate(row.sent_at or row.created_at),
            reason=words.kind_name(row.kind),
            contents=[(name, text) for _code, name, text in said],
            basis=words.basis(found.packet.basis_kind),
            urgency=_("urgent") if row.urgent else "",
        )

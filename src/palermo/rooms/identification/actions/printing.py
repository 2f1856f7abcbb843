"""The papers of the legal status: the letter of a decision and the certificate, in the person's language, by code."""

from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, NotFound
from palermo.kernel.exports.actions import File
from palermo.kernel.exports.documents.blocks import Document
from palermo.kernel.exports.documents.handing import hand_out_document, show_document
from palermo.kernel.exports.documents.letters import certificate, decision_letter
from palermo.kernel.exports.documents.words import plain
from palermo.rooms.identification import queries
from palermo.rooms.identification.models import Identification, Ruling
from palermo.standards import codelist
from palermo.standards.packs import pack

PRINT = "identification.letter.print"


def show_paper(*, actor: Viewer, found: Identification, paper: Document) -> Document:
    """A letter or a certificate for a page that is printed; on record."""
    return show_document(
        actor=actor, permission=PRINT, document=paper, object_id=found.pk, object_kind="identification"
    )


def hand_out_paper(*, actor: Viewer, found: Identification, paper: Document, format: str) -> File:
    """The same as a file: pdf or docx; on record."""
    return hand_out_document(
        actor=actor,
        permission=PRINT,
        document=paper,
        format=format,
        object_id=found.pk,
        object_kind="identification",
    )


def letter_of(actor: Viewer, found: Identification, row: Ruling, language: str) -> Document:
    """The decision with its reasons. Once it was explained: in which language, how and when, and the last day for a
    review; before that, that the time runs from the explanation. NotFound for a step that is no decision."""
    if row.event not in queries.FINAL:
        raise NotFound()
    positive, stage = queries.about(row)
    reasons = codelist("palermo/decision_reason")
    days = pack(settings.PALERMO_PACK).limit("review_request").amount
    served = getattr(row, "service", None)
    with override(language):
        told = [reasons.label(code, language) for code in row.sentences]
        right = codelist("palermo/letter_text").label("review_right", language) % {"days": days}
        return decision_letter(
            kind="reasonable" if stage == "rg" else "conclusive",
            positive=positive,
            language=language,
            person_code=found.person_code,
            reference=found.code,
            authority=str(row.authority),
            decided_on=timezone.localdate(row.written_at),
            reasons=[*told, queries.reasons(actor, found, [row])[0]],
            recovery_until=_day(found.recovery_until) if positive and stage == "rg" else None,
            review_until=_last_day(row) if not positive else None,
            review_right=right if not positive and served is None else "",
            explained_in=_explained(row, language),
        )


def _day(moment: object) -> date | None:
    return timezone.localdate(moment) if moment else None  # type: ignore[arg-type]


def _last_day(row: Ruling) -> date | None:
    """Until when a review can be asked for: counted from the explanation, not from the decision."""
    served = getattr(row, "service", None)
    if served is None:
        return None
    return timezone.localdate(pack(settings.PALERMO_PACK).due("review_request", served.served_at))


def _explained(row: Ruling, language: str) -> str:
    """The record of service in a line: language, how, by whom, when. Before it: the language that was asked for."""
    known = codelist("palermo/language")
    served = getattr(row, "service", None)
    if served is None:
        return known.label(row.language, language) if row.language else ""
    return " · ".join(
        (
            known.label(served.language, language),
            codelist("palermo/service_way").label(served.way, language),
            codelist("palermo/decision_bearer").label(served.bearer, language),
            plain(timezone.localdate(served.served_at), language),
        )
    )


def certificate_of(actor: Viewer, found: Identification, language: str) -> Document:
    """What the person shows to other offices: presumed while the protection from removal is in force, or identified.

    Raises Conflict where neither is so.
    """
    identified = found.state == "identified"
    if not identified and not queries.removal_bar(found):
        raise Conflict(
            _("There is nothing to certify now: nobody is protected from removal by this status."),
            rule="identification.bar",
            state=found.state,
        )
    with override(language):
        return certificate(
            status="identified" if identified else "presumed",
            language=language,
            person_code=found.person_code,
            reference=found.code,
            authority=str(found.authority or found.organisation),
            issued_on=timezone.localdate(),
            valid_until=None if identified or found.state != "recovery" else _day(found.recovery_until),
        )

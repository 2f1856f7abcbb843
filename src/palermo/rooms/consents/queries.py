"""Reading the ledger: what counts now, and what it says in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import can
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.organisations.models import Organisation
from palermo.rooms.consents.models import Consent, Decision, Interpreting, LegalBasis, Verdict
from palermo.standards import codelist
from palermo.standards.packs import pack
from palermo.web.room import Due

PURPOSES, CATEGORIES, GROUNDS = (
    "palermo/consent_purpose",
    "palermo/consent_category",
    "palermo/legal_ground",
)
# (code, words) of how somebody was understood, for the forms of other rooms that write a consent down.
INTERPRETING = Interpreting.choices
CONSENT, LAW, STANDING = "consent", "legal_basis", "standing_law"


@dataclass(frozen=True, slots=True)
class Basis:
    """Why something may be told: a live consent, a confirmed legal basis, or a law of the country pack."""

    kind: str
    id: UUID | None
    valid_until: datetime | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one purpose stands: `state` is agreed, partly, refused, withdrawn, ended, law or never."""

    purpose: str
    label: str
    question: str
    state: str
    words: str
    consent: Consent | None
    covers: tuple[str, ...] = ()
    to: tuple[str, ...] = ()


def words(list_id: str, code: str) -> str:
    """The label of a code in the reader's language."""
    return codelist(list_id).label(code, get_language() or "en")


def choices(list_id: str) -> list[tuple[str, str]]:
    return codelist(list_id).choices(get_language() or "en")


def entries(viewer: Viewer, person_id: UUID, purpose: str = "") -> QuerySet[Consent]:
    """The pages of the ledger that the viewer may read, newest first, each with its withdrawal."""
    rows = Consent.objects.filter(person_id=person_id).select_related("withdrawal", "written_by")
    return (rows.filter(purpose=purpose) if purpose else rows).order_by("-asked_at", "-written_at")


def bases(viewer: Viewer, person_id: UUID) -> QuerySet[LegalBasis]:
    """Legal bases asked for, newest first, each with its second opinion."""
    rows = LegalBasis.objects.filter(person_id=person_id)
    return rows.select_related("opinion", "asked_by", "opinion__decided_by").order_by("-written_at")


def consent(viewer: Viewer, person_id: UUID, consent_id: UUID) -> Consent:
    """One page of the ledger, or NotFound."""
    found = entries(viewer, person_id).filter(pk=consent_id).first()
    if found is None:
        raise NotFound()
    return found


def legal_basis(viewer: Viewer, person_id: UUID, basis_id: UUID) -> LegalBasis:
    """One legal basis, or NotFound."""
    found = bases(viewer, person_id).filter(pk=basis_id).first()
    if found is None:
        raise NotFound()
    return found


def live(row: Consent, at: datetime) -> bool:
    """Whether the answer still stands at that moment."""
    ended = row.valid_until is not None and row.valid_until <= at
    return not ended and getattr(row, "withdrawal", None) is None


def reaches(row: Consent | LegalBasis, recipient_id: UUID | None) -> bool:
    """Whether the row is about telling this recipient; without a recipient: about our own house."""
    return recipient_id is None or recipient_id in row.recipients


def basis(
    viewer: Viewer,
    *,
    person_id: UUID,
    purpose: str,
    categories: Iterable[str],
    recipient_id: UUID | None = None,
) -> Basis | None:
    """What allows to tell these categories, for this purpose, to this recipient, now; None when nothing does.

    A consent counts when it stands, covers every category and names the recipient, and no later answer to the same
    question refused it. Several consents are not added together: a person agrees to a whole, not to its parts.
    """
    now, wanted = timezone.now(), set(categories)
    refused = False
    for row in entries(viewer, person_id, purpose):
        about_this = reaches(row, recipient_id)
        if row.decision == Decision.REFUSED and live(row, now) and (about_this or not row.recipients):
            refused = True
            break
        if row.decision == Decision.GIVEN and live(row, now) and about_this and wanted <= set(row.categories):
            return Basis(CONSENT, row.pk, row.valid_until, _consent_sentence(row))
    for found in bases(viewer, person_id).filter(purpose=purpose):
        if _confirmed(found, now) and reaches(found, recipient_id) and wanted <= set(found.categories):
            sentence = _("Legal basis, confirmed by a second person: %(ground)s")
            return Basis(
                LAW, found.pk, found.valid_until, sentence % {"ground": words(GROUNDS, found.ground)}
            )
    return None if refused or _objected(viewer, person_id, purpose) else _standing(purpose)


def _confirmed(row: LegalBasis, now: datetime) -> bool:
    opinion = getattr(row, "opinion", None)
    in_time = row.valid_until is not None and row.valid_until > now
    return in_time and opinion is not None and opinion.verdict == Verdict.CONFIRMED


def _objected(viewer: Viewer, person_id: UUID, purpose: str) -> bool:
    """Who took a consent back and gave none since has objected, also to what a law would allow."""
    newest = entries(viewer, person_id, purpose).first()
    return newest is not None and getattr(newest, "withdrawal", None) is not None


def _standing(purpose: str) -> Basis | None:
    """A law of the country pack that needs no consent of each person (statistics without identity)."""
    law = pack(settings.PALERMO_PACK).bases.get(purpose)
    return Basis(STANDING, None, None, law.source) if law else None


def _consent_sentence(row: Consent) -> str:
    day = timezone.localtime(row.asked_at).date().isoformat()
    if row.valid_until is None:
        return _("Agreed on %(day)s, without end") % {"day": day}
    end = timezone.localtime(row.valid_until).date().isoformat()
    return _("Agreed on %(day)s, until %(end)s") % {"day": day, "end": end}


STATES = {
    "agreed": _("Agreed"),
    "refused": _("Refused"),
    "withdrawn": _("Taken back"),
    "ended": _("Ended"),
    "law": _("By law"),
    "never": _("Not asked yet"),
}


def standings(viewer: Viewer, person_id: UUID) -> list[Standing]:
    """Every purpose and where it stands, in three queries however long the ledger is."""
    now = timezone.now()
    newest: dict[str, Consent] = {}
    rows = list(entries(viewer, person_id))
    for row in rows:
        newest.setdefault(row.purpose, row)
    names = organisation_names({r for row in newest.values() for r in row.recipients})
    found = []
    for code in codelist(PURPOSES):
        row_ = newest.get(code.code)
        state = _state(row_, now, code.code)
        language = get_language() or "en"
        found.append(
            Standing(
                code.code,
                code.label(language),
                question(code.code),
                state,
                _(STATES[state]),
                row_,
                tuple(words(CATEGORIES, c) for c in row_.categories) if row_ else (),
                tuple(names.get(r, "–") for r in row_.recipients) if row_ else (),
            )
        )
    return found


def _state(row: Consent | None, now: datetime, purpose: str) -> str:
    if row is None:
        return "law" if _standing(purpose) else "never"
    if getattr(row, "withdrawal", None) is not None:
        return "withdrawn"
    if row.valid_until is not None and row.valid_until <= now:
        return "ended"
    return "agreed" if row.decision == Decision.GIVEN else "refused"


def question(purpose: str) -> str:
    """The question that is read to the person, in the reader's language."""
    return words("palermo/consent_question", purpose)


def organisation_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of organisations, whole house: who gets something is never a number."""
    return dict(Organisation.objects.filter(pk__in=list(ids)).values_list("pk", "name"))


def possible_recipients(viewer: Viewer) -> list[tuple[str, str]]:
    """Organisations to which something could be told: all but one's own."""
    rows = Organisation.objects.exclude(pk__in=viewer.organisation_ids).order_by("name")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


def due_for(viewer: Viewer) -> list[Due]:
    """Legal bases that wait for a second person, who is not the one who asked."""
    if not viewer.has("supervisor", "child_protection"):
        return []
    waiting = LegalBasis.objects.filter(opinion=None, valid_until__gt=timezone.now()).exclude(case_id=None)
    return [
        Due(
            title=_("A legal basis instead of consent waits for your decision"),
            url=reverse("consents:decide", args=[row.case_id, row.pk]),
            due_at=row.written_at,
        )
        for row in waiting.exclude(asked_by_id=viewer.user_id).filter(~Q(valid_until=None))[:20]
        if can(viewer, "consents.basis.decide", row.case_id)
    ]

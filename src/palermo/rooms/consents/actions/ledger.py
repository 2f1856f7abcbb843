"""Writing the ledger, and asking it before something is told."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, Refused
from palermo.kernel.organisations.models import Organisation
from palermo.rooms.consents.models import (
    FORM_VERSION,
    ChildView,
    Consent,
    Decision,
    Interpreting,
    LegalBasis,
    SecondOpinion,
    Speaker,
    Verdict,
    Withdrawal,
)
from palermo.rooms.consents.queries import CATEGORIES, GROUNDS, PURPOSES, Basis, basis, words
from palermo.standards import codelist
from palermo.web.room import Subject, tell

REASON_AT_LEAST = 20
# What goes to somebody outside needs a recipient: nobody agrees to "anyone".
NAMED = frozenset({"referral", "transfer", "justice", "cooperation", "identification"})


@transaction.atomic
def record_consent(
    *,
    actor: Viewer,
    about: Subject,
    purpose: str,
    categories: Sequence[str],
    recipients: Sequence[UUID] = (),
    decision: str,
    language: str,
    interpreting: str,
    speaker: str = Speaker.PERSON,
    child_view: str = "",
    valid_until: datetime | None = None,
    evidence_id: UUID | None = None,
) -> Consent:
    """Write one answer into the ledger. An older answer to the same question stays readable and counts no more."""
    require(actor, "consents.consent.record", about.key)
    assert actor.user_id is not None
    problems = [
        *_known(purpose, categories, recipients, valid_until),
        *_understood(about, decision, language, interpreting, speaker, child_view),
    ]
    if problems:
        raise Invalid(_("The answer was not written down."), problems=problems)
    made = Consent.objects.create(
        person_id=about.person_id,
        case_id=about.key,
        purpose=purpose,
        categories=list(categories),
        recipients=list(recipients),
        valid_until=valid_until,
        decision=decision,
        speaker=speaker,
        child_view=child_view,
        language=language,
        interpreting=interpreting,
        form_version=FORM_VERSION,
        evidence_id=evidence_id,
        written_by_id=actor.user_id,
    )
    if decision == Decision.REFUSED:
        # Before the trace: who moves a referral locks its row first and writes the audit last, in this order too.
        tell("consents.ended", actor=actor, person_id=about.person_id, purpose=purpose)
    _trace(actor, about.key, f"consents.consent.{decision}", made.pk, purpose)
    return made


def _known(
    purpose: str, categories: Sequence[str], recipients: Sequence[UUID], until: datetime | None
) -> list[FieldProblem]:
    """Every problem with what is told, to whom and how long."""
    problems = []
    if purpose not in codelist(PURPOSES):
        problems.append(FieldProblem("purpose", _("Choose what it is for."), "consents.purpose"))
    if not categories or any(c not in codelist(CATEGORIES) for c in categories):
        problems.append(FieldProblem("categories", _("Choose what may be told."), "consents.categories"))
    if purpose in NAMED and not recipients:
        problems.append(FieldProblem("recipients", _("Name who may be told."), "consents.recipients"))
    if Organisation.objects.filter(pk__in=recipients).count() != len(set(recipients)):
        problems.append(
            FieldProblem("recipients", _("Choose organisations of the list."), "consents.recipients")
        )
    if until is not None and until <= timezone.now():
        problems.append(FieldProblem("valid_until", _("The end must be in the future."), "consents.until"))
    return problems


def _understood(
    about: Subject, decision: str, language: str, interpreting: str, speaker: str, child_view: str
) -> list[FieldProblem]:
    """Every problem with how it was asked and who answered."""
    problems = []
    for name, value, values in (
        ("decision", decision, Decision.values),
        ("speaker", speaker, Speaker.values),
        ("interpreting", interpreting, Interpreting.values),
        ("child_view", child_view, ["", *ChildView.values]),
    ):
        if value not in values:
            problems.append(FieldProblem(name, _("Choose one of the list."), f"consents.{name}"))
    if language not in codelist("palermo/language"):
        problems.append(FieldProblem("language", _("Choose the language."), "consents.language"))
    if speaker != Speaker.PERSON and not child_view:
        words_ = _("Write the child's own view: a child is heard in every matter.")
        problems.append(FieldProblem("child_view", words_, "consents.child_heard"))
    if speaker != Speaker.PERSON and about.child is False:
        words_ = _("An adult answers in person. Nobody else agrees for an adult.")
        problems.append(FieldProblem("speaker", words_, "consents.adult_speaks"))
    return problems


@transaction.atomic
def withdraw_consent(*, actor: Viewer, about: Subject, consent: Consent, note: str = "") -> Withdrawal:
    """The person takes a consent back: it ends now, and every room that relied on it hears of it now."""
    require(actor, "consents.consent.withdraw", about.key)
    if consent.decision != Decision.GIVEN:
        raise Conflict(_("This was refused: there is nothing to take back."), rule="consents.given")
    try:
        with transaction.atomic():
            made = Withdrawal.objects.create(
                consent_id=consent.pk, note=note.strip()[:300], written_by_id=actor.user_id
            )
    except IntegrityError:
        raise Conflict(_("This consent was taken back already."), rule="consents.withdrawn") from None
    tell("consents.ended", actor=actor, person_id=consent.person_id, purpose=consent.purpose)
    _trace(actor, about.key, "consents.consent.withdraw", consent.pk, consent.purpose)
    return made


@transaction.atomic
def ask_legal_basis(
    *,
    actor: Viewer,
    about: Subject,
    purpose: str,
    categories: Sequence[str],
    recipients: Sequence[UUID],
    ground: str,
    reason: str,
    valid_until: datetime | None,
) -> LegalBasis:
    """Ask a second person to confirm a ground in law. Until then it allows nothing."""
    require(actor, "consents.basis.ask", about.key)
    assert actor.user_id is not None
    problems = _known(purpose, categories, recipients, valid_until)
    if ground not in codelist(GROUNDS):
        problems.append(FieldProblem("ground", _("Choose the ground in law."), "consents.ground"))
    if not REASON_AT_LEAST <= len(reason.strip()) <= 1000:
        sentence = _("Say in a sentence or two why it is needed and why consent cannot be had.")
        problems.append(FieldProblem("reason", sentence, "consents.reason"))
    if valid_until is None:
        problems.append(FieldProblem("valid_until", _("Say when it ends."), "consents.until"))
    if problems:
        raise Invalid(_("The request was not sent."), problems=problems)
    made = LegalBasis.objects.create(
        person_id=about.person_id,
        case_id=about.key,
        purpose=purpose,
        categories=list(categories),
        recipients=list(recipients),
        valid_until=valid_until,
        ground=ground,
        reason=reason.strip(),
        asked_by_id=actor.user_id,
    )
    _trace(actor, about.key, "consents.basis.ask", made.pk, purpose)
    return made


@transaction.atomic
def decide_legal_basis(
    *, actor: Viewer, about: Subject, asked: LegalBasis, verdict: str, note: str
) -> SecondOpinion:
    """The second person confirms or refuses. The database refuses the one who asked, whatever the program says."""
    require(actor, "consents.consent.view", about.key)
    require(actor, "consents.basis.decide")
    assert actor.user_id is not None
    if asked.asked_by_id == actor.user_id:
        raise Refused(
            _("A second person must decide this: you asked for it."), rule="consents.basis.second_person"
        )
    if verdict not in Verdict.values or len(note.strip()) < REASON_AT_LEAST:
        sentence = _("Choose, and give your reasons in a sentence.")
        raise Invalid(
            _("Nothing was decided."), problems=[FieldProblem("note", sentence, "consents.verdict")]
        )
    try:
        with transaction.atomic():
            made = SecondOpinion.objects.create(
                basis_id=asked.pk, verdict=verdict, note=note.strip()[:500], decided_by_id=actor.user_id
            )
    except IntegrityError:
        raise Conflict(_("Somebody has decided this already."), rule="consents.basis.decided") from None
    _trace(actor, about.key, f"consents.basis.{verdict}", asked.pk, asked.purpose)
    return made


@transaction.atomic
def require_basis(
    *,
    actor: Viewer,
    person_id: UUID,
    purpose: str,
    categories: Sequence[str],
    recipient_id: UUID | None = None,
    case_id: UUID | None = None,
) -> Basis:
    """What allows to tell this now. Raises Conflict, with what to do, when nothing does. The use leaves a trace."""
    found = basis(
        actor, person_id=person_id, purpose=purpose, categories=categories, recipient_id=recipient_id
    )
    if found is None:
        sentence = _(
            "There is no consent for this: “%(purpose)s”. Ask the person and write the answer down, or ask a "
            "second person to confirm a legal basis."
        )
        raise Conflict(sentence % {"purpose": words(PURPOSES, purpose)}, rule="consents.basis.missing")
    record(
        actor=actor,
        action="consents.basis.use",
        object_kind="case" if case_id else "person",
        object_id=case_id or person_id,
        detail={"purpose": purpose, "kind": found.kind, "basis": str(found.id or "")},
    )
    return found


def _trace(actor: Viewer, case_id: UUID, action: str, entry_id: UUID, purpose: str) -> None:
    record(
        actor=actor,
        action=action,
        object_kind="case",
        object_id=case_id,
        detail={"purpose": purpose, "entry": str(entry_id)},
    )

"""Send a notification: one screening, one case, and a referral or child protection, by the actions of those rooms.

Nothing is decided or shared here by other rules than there: this action only goes the usual way in one step.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.actions import grant
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid
from palermo.kernel.organisations.models import Role
from palermo.kernel.vault.identity import Identity
from palermo.kernel.workflow.actions import begin
from palermo.kernel.workflow.clocks import country, due_at
from palermo.rooms.cases import actions as cases
from palermo.rooms.children import actions as children
from palermo.rooms.consents import actions as consents
from palermo.rooms.identification import actions as identification
from palermo.rooms.networks import queries
from palermo.rooms.networks.actions.rules import tell_house
from palermo.rooms.networks.models import Behind, Draft, Kind, Notification
from palermo.rooms.networks.queries.summary import facts_of, reason_of
from palermo.rooms.referral import actions as referral
from palermo.standards.instruments import instrument
from palermo.web.room import Subject, subject

CONSENT_HOLDS = timedelta(days=90)
TOLD = ("needs", "exploitation")
WHO = ("identity", "contact")
ADULT = "adult"


@dataclass(frozen=True, slots=True)
class Sent:
    """How a notification is sent. An adult's: to whom, and in which words consent was given. A child's: who is told.

    agrees: the adult said yes to this receiver. identity: typed names, which go to the vault alone, after a search
    (`searched`); person_id: somebody whom the search found instead.
    """

    agrees: bool = False
    searched: bool = False
    identity: Identity = field(default_factory=Identity)
    person_id: UUID | None = None
    target: queries.Target | None = None
    tell_identity: bool = False
    language: str = ""
    interpreting: str = ""
    situation: str = ""
    bodies: Mapping[str, str] = field(default_factory=dict)
    view: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def send_notification(*, actor: Viewer, draft: Draft, sent: Sent) -> Notification:
    """Send an unfinished notification; all or nothing, and sent twice it is one.

    An adult must have agreed (the consent is recorded here, for this receiver); a child is not asked for consent.
    Raises Invalid (something is missing), Conflict (a rule of the other rooms refuses), NotFound.
    """
    require(actor, "networks.notification.send")
    known = Notification.objects.filter(pk=draft.pk, sender_id=actor.user_id).first()
    if known is not None:
        return known
    if not _locked(draft):
        return queries.notification(actor, draft.pk)
    answers = queries.answers_of(actor, draft)
    child = answers.get("age") != ADULT
    _check(answers, sent, child)
    screening = _screen(actor, draft, answers)
    about = _open(actor, screening, answers, sent)
    if child:
        receiver, referred = _protect(actor, about, answers, sent), None
    else:
        receiver, referred = _refer(actor, about, answers, sent)
    made = _written(
        actor, draft, Kind.CHILD if child else Kind.REFERRAL, receiver, bool(answers.get("urgent"))
    )
    Behind.objects.create(
        notification=made, case_id=about.key, screening_id=screening.pk, referral_id=referred
    )
    Draft.objects.filter(pk=draft.pk).delete()
    tell_house(made, "network_sent")
    record(
        actor=actor,
        action="networks.notification.send",
        object_kind="notification",
        object_id=made.pk,
        detail={"code": made.code, "kind": made.kind, "sector": made.sector, "urgent": made.urgent},
    )
    return made


def _locked(draft: Draft) -> bool:
    """Whether the draft is still there, locked: of two clicks one sends, the other is told so and does not wait."""
    try:
        with transaction.atomic():
            return Draft.objects.select_for_update(nowait=True).filter(pk=draft.pk).first() is not None
    except OperationalError:
        words = _("This is being sent at this very moment. Look at what you sent.")
        raise Conflict(words, rule="networks.notification.busy", state="draft") from None


def _check(answers: Mapping[str, Any], sent: Sent, child: bool) -> None:
    problems = queries.missing(answers)
    if sent.identity.filled() and not (sent.searched or sent.person_id):
        words = _("Search for the name first: we may know this person already.")
        problems.append(FieldProblem("family_name", words, "search"))
    if not child:
        if not sent.agrees:
            words = _(
                "Without the person’s yes nothing about an adult is told. Notify without a name instead."
            )
            problems.append(FieldProblem("agrees", words, "networks.agrees"))
        if sent.target is None:
            problems.append(FieldProblem("target", _("Choose who should help."), "networks.target"))
        if not sent.language:
            problems.append(FieldProblem("language", _("Choose the language."), "required"))
        if not sent.interpreting:
            problems.append(
                FieldProblem("interpreting", _("Say how you understood one another."), "required")
            )
    if problems:
        raise Invalid(_("It was not sent. What you wrote is kept."), problems=problems)


def _screen(actor: Viewer, draft: Draft, answers: Mapping[str, Any]) -> Any:
    """A screening with what was seen and told: a tick is a yes, nothing else is answered; decided by the person."""
    screening = identification.start_screening(actor=actor, event=str(answers.get("place", "")))
    given = {code: "yes" for code in (*answers.get("urgent", ()), *answers.get("seen", ()))}
    given |= {ADULT: {"age.child_now": "no"}, "under_18": {"age.child_now": "yes"}}.get(
        answers["age"], {"age.doubt": "yes"}
    )
    version = 1
    for section in instrument().sections:
        inside = {q.code: given[q.code] for q in section.questions if q.code in given}
        if inside:
            version = identification.save_answers(
                actor=actor,
                screening=screening,
                section=section.code,
                answers=inside,
                expected_version=version,
            ).version
    suggestion = identification.compute_suggestion(actor=actor, screening=screening)
    identification.decide(
        actor=actor,
        screening=screening,
        suggestion=suggestion,
        outcome=answers["thinks"],
        reason=reason_of(answers, draft.network.sector),
        expected_version=screening.version,
    )
    return screening


def _open(actor: Viewer, screening: Any, answers: Mapping[str, Any], sent: Sent) -> Subject:
    """The case, with the name in the vault if one was given; the person's status begins with it where it must."""
    made = cases.open_case(
        actor=actor,
        reason=_("Notified by a first responder."),
        identity=None if sent.person_id else sent.identity,
        person_id=sent.person_id,
        screening_id=screening.pk,
    )
    return subject(actor, "case", made.pk)


def _refer(actor: Viewer, about: Subject, answers: Mapping[str, Any], sent: Sent) -> tuple[UUID, UUID]:
    """The consent, for this receiver and no longer than needed, and the referral on its way."""
    target = sent.target
    assert target is not None
    categories = [*TOLD, *(WHO if sent.tell_identity else ())]
    consents.record_consent(
        actor=actor,
        about=about,
        purpose="referral",
        categories=categories,
        recipients=[target.receiver_id],
        decision="given",
        language=sent.language,
        interpreting=sent.interpreting,
        valid_until=timezone.now() + CONSENT_HOLDS,
    )
    row = referral.draft(
        actor=actor,
        about=about,
        receiver_id=target.receiver_id,
        service_id=target.service_id,
        kind=queries.kind_of(target, queries.kinds_of(answers)),
        urgent=bool(answers.get("urgent")),
        texts=facts_of(answers, told_who=sent.tell_identity),
        categories=categories,
    )
    referral.move(actor=actor, row=row, event="send", expected_version=row.version)
    return target.receiver_id, row.pk


def _protect(actor: Viewer, about: Subject, answers: Mapping[str, Any], sent: Sent) -> UUID:
    """Child protection, the police unit and the coordinator at the same time; no consent is asked."""
    child = children.begin_child(
        actor=actor, about=about, situation=sent.situation, age=answers["age"], language=sent.language
    )
    children.take_step(
        actor=actor,
        child=child,
        event="notify",
        expected_version=child.version,
        given={**sent.bodies, **sent.view, "view_language": sent.language},
    )
    return UUID(str(sent.bodies["child_protection"]))


def _written(actor: Viewer, draft: Draft, kind: str, receiver_id: UUID, urgent: bool) -> Notification:
    """The notification itself, held by who sent it and by those who answer in the receiver's house."""
    assert actor.user_id is not None
    rule = "network_feedback_urgent" if urgent else "network_feedback"
    made = Notification(
        id=draft.pk,
        kind=kind,
        network=draft.network,
        sector=draft.network.sector,
        organisation_id=draft.organisation_id,
        sender_id=actor.user_id,
        receiver_id=receiver_id,
        urgent=urgent,
        answer_by=due_at(rule, timezone.now(), country()),
    )

    def save(code: str) -> None:
        made.code = code
        begin(actor=actor, obj=made)

    identification.save_with_code("N", save)
    grant(
        actor=actor,
        object_kind="notification",
        object_id=made.pk,
        grantee_kind="organisation",
        grantee_id=receiver_id,
        scopes=("case",),
        purpose="network",
        roles=[Role.FIRST_RESPONDER, Role.CASE_MANAGER, Role.SUPERVISOR, Role.CHILD_PROTECTION],
    )
    return made

"""Begin a referral or a transfer from a case, and change it until it is sent."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.actions import grant
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, Refused
from palermo.kernel.organisations.models import ON_CASES, Organisation
from palermo.kernel.vault.texts import seal_text
from palermo.kernel.workflow.actions import begin
from palermo.rooms.identification.actions import save_with_code, this_transaction
from palermo.rooms.referral.models import Referral, Sending, Transfer
from palermo.rooms.referral.queries import bodies, pages
from palermo.rooms.referral.queries.words import CATEGORIES, FROM_VAULT, KINDS
from palermo.rooms.services import queries as services
from palermo.standards import codelist
from palermo.web.room import Subject

LONGEST = 4000
AGREEABLE = ("draft", "sent", "received")


@transaction.atomic
def draft(
    *,
    actor: Viewer,
    about: Subject,
    receiver_id: UUID,
    service_id: UUID | None = None,
    kind: str = "",
    urgent: bool = False,
    texts: Mapping[str, str],
    categories: Sequence[str] = (),
    transfer: bool = False,
) -> Referral:
    """Begin a referral (or transfer) of a case to a service. Nobody outside sees anything of it yet.

    texts: category -> words, for what is told by words; name and ways of contact come from the vault when it is sent.
    """
    require(actor, "referral.transfer.draft" if transfer else "referral.referral.draft", about.key)
    if about.organisation_id not in actor.organisation_ids:
        raise Refused(_("The organisation that has the case refers."), rule="referral.sender")
    kind = _kind(actor, service_id, kind)
    receiver = _receiver(receiver_id, about)
    told = _told(categories, texts)
    assert actor.user_id is not None
    made = (Transfer if transfer else Referral)(
        organisation_id=about.organisation_id,
        receiver=receiver,
        service_id=service_id,
        kind=kind,
        area=receiver.area,
        urgent=urgent,
        sender_id=actor.user_id,
        transfer=transfer,
    )
    _begin(actor, made)
    half = Sending.objects.create(
        referral_id=made.pk,
        case_id=about.key,
        case_code=about.code,
        person_id=about.person_id,
        child=about.child,
        transfer=transfer,
        receiver_id=receiver_id,
        service_id=service_id,
        categories=told,
    )
    _seal(made, half, texts)
    _trace(actor, half, made, "draft")
    return made


def _begin(actor: Viewer, made: Referral) -> None:
    """The house of the sender holds the envelope; who may read it is who holds the case (the database asks)."""
    grant(
        actor=actor,
        object_kind="referral",
        object_id=made.pk,
        grantee_kind="organisation",
        grantee_id=made.organisation_id,
        scopes=("case",),
        purpose="referral",
        valid_from=this_transaction(),
        roles=ON_CASES,
    )

    def save(code: str) -> None:
        made.code = code
        begin(actor=actor, obj=made)

    save_with_code("R", save)


@transaction.atomic
def change_draft(
    *,
    actor: Viewer,
    row: Referral,
    urgent: bool,
    texts: Mapping[str, str],
    categories: Sequence[str],
    expected_version: int,
) -> Referral:
    """Change what is told, while it is a draft. The address stays: another address is another referral."""
    half = _half(row)
    require(actor, "referral.referral.draft", half.case_id)
    told = _told(categories, texts)
    row.change({"urgent": urgent}, expected_version=expected_version)
    if row.state != "draft":
        raise Conflict(_("This was sent already."), rule="referral.draft", state=row.state)
    half.categories, half.sealed_version = told, half.sealed_version + 1
    half.save(update_fields=["categories", "sealed_version"])
    _seal(row, half, texts)
    _trace(actor, half, row, "change")
    return row


def _half(row: Referral) -> Sending:
    found = Sending.objects.filter(pk=row.pk).first()
    if found is None:
        raise NotFound()
    return found


@transaction.atomic
def agree(*, actor: Viewer, row: Referral) -> None:
    """The child-protection authority agrees that a child's case changes its owner. Never the one who sends.

    Also after it was sent, until it is accepted: that the person is a child may have been learned since.
    """
    half = _half(row)
    require(actor, "referral.transfer.agree", half.case_id)
    # The envelope first, the audit last, as in every move: nobody waits for one another.
    row = Referral.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.sender_id == actor.user_id:
        raise Refused(_("A second person must do this: you did the step before."), rule="referral.agree")
    if not row.transfer or row.state not in AGREEABLE or half.agreed_by_id:
        raise Conflict(_("There is nothing to agree to."), rule="referral.agree", state=row.state)
    half.agreed_by_id = actor.user_id
    half.save(update_fields=["agreed_by"])
    _trace(actor, half, row, "agree")


@transaction.atomic
def put_aside(*, actor: Viewer, row: Referral) -> None:
    """What came back without help needs nothing more: it leaves the list of what waits."""
    half = _half(row)
    require(actor, "referral.referral.draft", half.case_id)
    half.answered_at = timezone.now()
    half.save(update_fields=["answered_at"])
    _trace(actor, half, row, "put_aside")


def _kind(actor: Viewer, service_id: UUID | None, kind: str) -> str:
    if service_id is not None:
        return services.service(actor, service_id).kind
    if kind not in codelist(KINDS):
        message = _("Choose what kind of help is needed.")
        raise Invalid(_("Nothing was saved."), problems=[FieldProblem("kind", message, "referral.kind")])
    return kind


def _receiver(receiver_id: UUID, about: Subject) -> Organisation:
    found = Organisation.objects.filter(pk=receiver_id, closed_on=None).first()
    if found is None or receiver_id == about.organisation_id:
        message = _("Choose another organisation of the list.")
        raise Invalid(_("Nothing was saved."), problems=[FieldProblem("target", message, "referral.target")])
    return found


def _told(categories: Sequence[str], texts: Mapping[str, str]) -> list[str]:
    """The categories: those chosen, and what is needed, which is always told."""
    problems = []
    told = list(dict.fromkeys(["needs", *categories]))
    if any(code not in codelist(CATEGORIES) for code in told):
        problems.append(FieldProblem("categories", _("Choose what is told."), "referral.categories"))
    if not texts.get("needs", "").strip():
        problems.append(FieldProblem("needs", _("Say what is needed."), "referral.needs"))
    for code, text in texts.items():
        if len(text) > LONGEST:
            problems.append(FieldProblem(code, _("At most %(n)s characters.") % {"n": LONGEST}, "length"))
        if text.strip() and (code in FROM_VAULT or code not in codelist(CATEGORIES)):
            problems.append(FieldProblem(code, _("This is not told by words."), "referral.texts"))
    if problems:
        raise Invalid(_("Nothing was saved."), problems=problems)
    return told


def _seal(row: Referral, half: Sending, texts: Mapping[str, str]) -> None:
    kept = {code: text for code, text in texts.items() if code in half.categories}
    half.sealed = seal_text(owner=pages.owner_of(row), place=pages.draft_place(half), text=bodies.write(kept))
    half.save(update_fields=["sealed"])


def _trace(actor: Viewer, half: Sending, row: Referral, what: str) -> None:
    record(
        actor=actor,
        action=f"referral.{row.machine}.{what}",
        object_kind="case",
        object_id=half.case_id,
        fields=tuple(half.categories),
        detail={"referral": row.code, "receiver": str(row.receiver_id)},
    )

"""Confidential addresses: sealed when they are written, opened for a purpose, freshly signed in, on record."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.actions import grant, revoke
from palermo.kernel.access.models import Grant
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from palermo.kernel.organisations.models import ON_CASES, Organisation
from palermo.kernel.vault.texts import Owner, Place, open_texts, seal_text
from palermo.rooms.services.models import AddressPurpose, AddressReveal, SealedAddress, Service

EXPLANATION_AT_LEAST, EXPLANATION_AT_MOST = 10, 300
LONGEST_SHARE = timedelta(days=92)
SCOPES = ("case", "address")


def _owner(service: Service) -> Owner:
    """The vault keeps one key for each service; a sealed address opens with no other."""
    return Owner("service", service.pk, service.organisation_id)


def _place(service: Service, version: int) -> Place:
    return Place("services_sealedaddress", "ciphertext", service.pk, version)


@transaction.atomic
def keep_address(*, actor: Viewer, service: Service, address: str) -> None:
    """Seal a confidential address. Its own organisation may open it; others only when it is shared with them."""
    require(actor, "services.address.seal")
    if service.organisation_id not in actor.organisation_ids:
        raise Refused(
            _("Only its own organisation may enter a confidential address."), rule="services.address.own"
        )
    if not service.confidential or not address.strip():
        words = _("Mark the address as confidential, and write it.")
        raise Invalid(words, problems=[FieldProblem("address", words, "required")])
    before = SealedAddress.objects.filter(service=service).values_list("row_version", flat=True).first()
    if before is None and not Grant.objects.filter(object_id=service.pk).exists():
        grant(
            actor=actor,
            object_kind="service",
            object_id=service.pk,
            grantee_kind="organisation",
            grantee_id=service.organisation_id,
            scopes=SCOPES,
            purpose="own address",
            roles=ON_CASES,
        )
    version = (before or 0) + 1
    text = seal_text(owner=_owner(service), place=_place(service, version), text=address.strip())
    row = SealedAddress(service=service, ciphertext=text, row_version=version)
    row.save(force_insert=before is None, force_update=before is not None)
    record(actor=actor, action="services.address.seal", object_kind="service", object_id=service.pk)


@transaction.atomic
def reveal_address(*, actor: Viewer, service: Service, purpose: str, explanation: str) -> str | None:
    """The address in clear, after the entry in the audit; None when it does not open (changed or moved: an alarm).

    Raises NotFound, StepUpNeeded, Invalid.
    """
    require(actor, "services.address.reveal", service.pk)
    explanation = explanation.strip()
    problems = []
    if purpose not in AddressPurpose.values:
        problems.append(FieldProblem("purpose", _("Choose what you need it for."), "choice"))
    if not EXPLANATION_AT_LEAST <= len(explanation) <= EXPLANATION_AT_MOST:
        problems.append(FieldProblem("explanation", _("Say in a sentence why."), "length"))
    if problems:
        raise Invalid(_("The address was not opened."), problems=problems)
    row = SealedAddress.objects.filter(service=service).first()
    if row is None or actor.user_id is None:
        raise NotFound()
    AddressReveal.objects.create(
        service=service, seen_by_id=actor.user_id, purpose=purpose, explanation=explanation
    )
    record(
        actor=actor,
        action="services.address.reveal",
        object_kind="service",
        object_id=service.pk,
        purpose=purpose,
        fields=("address",),
    )
    sealed = [(_place(service, row.row_version), bytes(row.ciphertext))]
    return open_texts(actor=actor, owner=_owner(service), sealed=sealed)[0]


@transaction.atomic
def share_address(
    *, actor: Viewer, service: Service, organisation_id: UUID, until: datetime, purpose: str
) -> UUID:
    """Let the workers of another organisation open the address until a day. Returns the grant's id."""
    require(actor, "services.address.share", service.pk)
    problems = []
    if not Organisation.objects.filter(pk=organisation_id, closed_on=None).exists():
        problems.append(FieldProblem("organisation", _("Choose an organisation."), "choice"))
    now = timezone.now()
    if not now < until <= now + LONGEST_SHARE:
        problems.append(FieldProblem("until", _("Choose a day within the next three months."), "range"))
    if not EXPLANATION_AT_LEAST // 2 <= len(purpose.strip()) <= 200:
        problems.append(FieldProblem("purpose", _("Say what they need it for."), "length"))
    if problems:
        raise Invalid(_("The address was not shared."), problems=problems)
    return grant(
        actor=actor,
        object_kind="service",
        object_id=service.pk,
        grantee_kind="organisation",
        grantee_id=organisation_id,
        scopes=("address",),
        purpose=purpose.strip(),
        valid_until=until,
        roles=ON_CASES,
    )


@transaction.atomic
def end_address_share(*, actor: Viewer, service: Service, grant_id: UUID) -> None:
    """End a share of the address now. One's own organisation keeps its access."""
    require(actor, "services.address.share", service.pk)
    held = {row.pk: row for row in Grant.objects.raw("SELECT * FROM access_grants_of(%s)", [service.pk])}
    ending = held.get(grant_id)
    if ending is None or ending.revoked_at is not None or ending.grantee_id == service.organisation_id:
        raise NotFound()
    revoke(actor=actor, grant_id=grant_id)


@transaction.atomic
def forget_address(*, actor: Viewer, service: Service) -> None:
    """The address is no secret any more: what was sealed goes, and with it every share."""
    require(actor, "services.address.seal")
    SealedAddress.objects.filter(service=service).delete()
    for row in Grant.objects.raw("SELECT * FROM access_grants_of(%s)", [service.pk]):
        if row.revoked_at is None and row.grantee_id != service.organisation_id:
            revoke(actor=actor, grant_id=row.pk)

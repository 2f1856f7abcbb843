"""Keep the directory: enter a service, change it, bring an earlier version back, suspend it, show it to the public."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, Refused
from palermo.kernel.organisations.models import Organisation
from palermo.rooms.services.actions.addresses import forget_address, keep_address
from palermo.rooms.services.actions.values import FIELDS, cleaned
from palermo.rooms.services.models import Service, ServiceVersion, State
from palermo.rooms.services.queries.clock import review_due_of

# Addresses stay out of the versions: one that becomes confidential must not be readable in what was before.
KEPT = tuple(name for name in FIELDS if name != "address")
REVIEWED = ("shelter",)
REASON_AT_LEAST = 5


def require_keeper(actor: Viewer, organisation_id: UUID, action: str = "services.service.edit") -> None:
    """Raise Refused unless the actor keeps the entries of this organisation, or those of all."""
    require(actor, action)
    if organisation_id not in actor.organisation_ids and not actor.has("coordinator"):
        raise Refused(
            _(
                "This service belongs to another organisation. Its own staff or the coordinator can change it."
            ),
            rule="services.service.own",
        )


@transaction.atomic
def add_service(*, actor: Viewer, organisation_id: UUID, values: Mapping[str, Any]) -> Service:
    """Enter a service in the directory. A confidential address is sealed, never stored beside the rest."""
    require_keeper(actor, organisation_id)
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None or organisation.closed_on is not None:
        raise NotFound()
    good = cleaned({"name": "", "kind": "", **values})
    _one_address(actor, organisation_id, good)
    secret = good.pop("address", "") if good.get("confidential") else ""
    made = Service(organisation=organisation, **good)
    if made.kind in REVIEWED:
        made.review_due = review_due_of(timezone.localdate())
    _save_new(made)
    _keep_version(actor, made, tuple(good))
    if secret:
        keep_address(actor=actor, service=made, address=secret)
    record(
        actor=actor,
        action="services.service.add",
        object_kind="service",
        object_id=made.pk,
        detail={"kind": made.kind},
    )
    return made


def _save_new(made: Service) -> None:
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise _name_taken() from error


def _name_taken() -> Invalid:
    words = _("Your organisation has a service of this name already.")
    return Invalid(words, problems=[FieldProblem("name", words, "unique")])


def _one_address(actor: Viewer, organisation_id: UUID, good: Mapping[str, Any]) -> None:
    if good.get("confidential") and good.get("address") and organisation_id not in actor.organisation_ids:
        raise Invalid(
            _("The service was not saved."),
            problems=[
                FieldProblem(
                    "address", _("Only its own organisation may enter a confidential address."), "own"
                )
            ],
        )


def _keep_version(
    actor: Viewer, service: Service, fields: tuple[str, ...], undoes: int | None = None
) -> None:
    ServiceVersion.objects.create(
        service=service,
        number=service.version,
        values={name: getattr(service, name) for name in KEPT},
        fields=list(fields),
        undoes=undoes,
        changed_by_id=actor.user_id,
    )


@transaction.atomic
def change_service(
    *,
    actor: Viewer,
    service: Service,
    values: Mapping[str, Any],
    expected_version: int,
    base: Mapping[str, Any] | None = None,
    undoes: int | None = None,
) -> Service:
    """Correct an entry. Raises Stale, Invalid, Refused. What was there before stays readable as a version."""
    require_keeper(actor, service.organisation_id)
    good = cleaned(values)
    confidential = good.get("confidential", service.confidential)
    if confidential != service.confidential and service.organisation_id not in actor.organisation_ids:
        raise Refused(
            _("Only its own organisation decides whether the address is confidential."),
            rule="services.address.own",
        )
    secret = ""
    if confidential:
        _one_address(actor, service.organisation_id, {**good, "confidential": True})
        secret, good["address"] = good.get("address", ""), ""
    changed = {name: value for name, value in good.items() if getattr(service, name) != value}
    if not changed and not secret:
        return service
    if changed:
        try:
            with transaction.atomic():
                service.change(changed, expected_version=expected_version, base=base)
        except IntegrityError as error:
            raise _name_taken() from error
        _keep_version(actor, service, tuple(changed), undoes)
    if secret:
        keep_address(actor=actor, service=service, address=secret)
    if changed.get("confidential") is False:
        forget_address(actor=actor, service=service)
    record(
        actor=actor,
        action="services.service.change",
        object_kind="service",
        object_id=service.pk,
        fields=tuple(changed),
    )
    return service


@transaction.atomic
def undo_change(*, actor: Viewer, service: Service, number: int, expected_version: int) -> Service:
    """Bring the entry back to what it said in version `number`, as a new version. The address is left as it is."""
    require_keeper(actor, service.organisation_id)
    version = ServiceVersion.objects.filter(service=service, number=number).first()
    if version is None:
        raise NotFound()
    values = {
        name: value for name, value in version.values.items() if name in KEPT and name != "confidential"
    }
    return change_service(
        actor=actor, service=service, values=values, expected_version=expected_version, undoes=number
    )


@transaction.atomic
def set_state(*, actor: Viewer, service: Service, state: str, reason: str, expected_version: int) -> Service:
    """Suspend a service, open it again, or close it for good; with a reason that everybody reads."""
    require_keeper(actor, service.organisation_id)
    reason = " ".join(reason.split())
    problems = []
    if state not in State.values:
        problems.append(FieldProblem("state", _("Choose a state."), "choice"))
    if state != State.ACTIVE and not REASON_AT_LEAST <= len(reason) <= 300:
        problems.append(FieldProblem("reason", _("Say in a few words why."), "length"))
    if problems:
        raise Invalid(_("The state was not changed."), problems=problems)
    if service.state == State.CLOSED:
        raise Conflict(_("This service is closed for good. Enter a new one."), rule="closed", state="closed")
    values = {"state": state, "state_reason": "" if state == State.ACTIVE else reason}
    service.change(values, expected_version=expected_version)
    _keep_version(actor, service, ("state",))
    record(
        actor=actor,
        action="services.service.set_state",
        object_kind="service",
        object_id=service.pk,
        detail={"state": state},
    )
    return service


@transaction.atomic
def set_public(*, actor: Viewer, service: Service, public: bool, expected_version: int) -> Service:
    """Show a service on the public page, or no more. A confidential address never goes there."""
    require(actor, "services.service.publish")
    if public and not (service.phone or service.website):
        words = _("The public needs a telephone number or a website to reach it.")
        raise Invalid(words, problems=[FieldProblem("public", words, "services.public.reachable")])
    service.change({"public": public}, expected_version=expected_version)
    _keep_version(actor, service, ("public",))
    record(
        actor=actor,
        action="services.service.publish",
        object_kind="service",
        object_id=service.pk,
        detail={"public": public},
    )
    return service

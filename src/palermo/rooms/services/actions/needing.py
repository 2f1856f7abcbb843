"""Record what a person needs, plan and follow the service that answers it, or say why the need is not met."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound
from palermo.rooms.cases import queries as cases
from palermo.rooms.services.actions.values import area_codes
from palermo.rooms.services.models import Delivery, DeliveryState, Need, NeedState, Service, State
from palermo.standards.codes import codelist

# From which states a delivery can go where. Delivered and stopped are the end; a new attempt is a new delivery.
STEPS = {
    DeliveryState.STARTED: (DeliveryState.PLANNED,),
    DeliveryState.DELIVERED: (DeliveryState.PLANNED, DeliveryState.STARTED),
    DeliveryState.STOPPED: (DeliveryState.PLANNED, DeliveryState.STARTED),
}
ENDS = (DeliveryState.DELIVERED, DeliveryState.STOPPED)
# Outcomes after which the need itself is met.
MEETS = ("helped",)


def _trace(actor: Viewer, need: Need, action: str, **detail: str) -> None:
    record(
        actor=actor,
        action=action,
        object_kind="case",
        object_id=need.case_id,
        detail={"kind": need.kind, **detail},
    )


@transaction.atomic
def record_need(
    *, actor: Viewer, case_id: UUID, kind: str, urgency: str, since: date | None = None, area: str = ""
) -> Need:
    """Write down that the person of a case needs something. One open need of a kind at a time: Conflict."""
    require(actor, "services.need.record", case_id)
    case = cases.case(actor, case_id)
    problems = []
    if kind not in codelist("palermo/service_kind"):
        problems.append(FieldProblem("kind", _("Choose what is needed."), "choice"))
    if urgency not in codelist("palermo/need_urgency"):
        problems.append(FieldProblem("urgency", _("Choose how urgent it is."), "choice"))
    if area and area not in area_codes():
        problems.append(FieldProblem("area", _("Choose from the list."), "choice"))
    if since is not None and since > timezone.localdate():
        problems.append(FieldProblem("since", _("This day has not come yet."), "past"))
    if problems or actor.organisation_id is None or actor.user_id is None:
        raise Invalid(_("The need was not recorded."), problems=problems)
    need = Need(
        case_id=case.pk,
        case_code=case.code,
        organisation_id=actor.organisation_id,
        kind=kind,
        urgency=urgency,
        since=since or timezone.localdate(),
        area=area,
        recorded_by_id=actor.user_id,
    )
    _only_open(need)
    _trace(actor, need, "services.need.record", urgency=urgency)
    return need


def _only_open(need: Need) -> None:
    try:
        with transaction.atomic():
            need.save()
    except IntegrityError as error:
        words = _("This need is open already. Answer that one.")
        raise Conflict(words, rule="one_open_need_of_a_kind_for_a_case", state="open") from error


def _locked(actor: Viewer, need_id: UUID) -> Need:
    """The need, locked; NotFound unless the actor may work on its case."""
    need = Need.objects.select_for_update(of=("self",)).filter(pk=need_id).first()
    if need is None:
        raise NotFound()
    require(actor, "services.need.record", need.case_id)
    return need


@transaction.atomic
def plan_delivery(
    *, actor: Viewer, need_id: UUID, service_id: UUID, planned_for: date | None = None
) -> Delivery:
    """Plan a service of the directory as the answer to an open need."""
    need = _locked(actor, need_id)
    if need.state != NeedState.OPEN:
        raise Conflict(
            _("This need is not open. Open it again first."), rule="services.need.open", state=need.state
        )
    service = Service.objects.filter(pk=service_id).first()
    if service is None or service.state != State.ACTIVE:
        raise Invalid(
            _("The service was not planned."),
            problems=[FieldProblem("service", _("Choose a service that is active."), "choice")],
        )
    assert actor.user_id is not None
    made = Delivery.objects.create(
        need=need,
        case_id=need.case_id,
        service=service,
        planned_for=planned_for,
        planned_by_id=actor.user_id,
    )
    _trace(actor, need, "services.delivery.plan", service=str(service.pk))
    return made


@transaction.atomic
def move_delivery(
    *,
    actor: Viewer,
    delivery_id: UUID,
    state: str,
    expected_version: int,
    outcome: str = "",
    on: date | None = None,
) -> Delivery:
    """A planned service has started, was delivered or was stopped. What helped meets the need. Conflict, Stale."""
    delivery = Delivery.objects.filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound()
    need = _locked(actor, delivery.need_id)
    problems = []
    ends = state in ENDS
    if state not in STEPS:
        problems.append(FieldProblem("state", _("Choose what happened."), "choice"))
    if ends and outcome not in codelist("palermo/delivery_outcome"):
        problems.append(FieldProblem("outcome", _("Choose how it went."), "choice"))
    if on is not None and on > timezone.localdate():
        problems.append(FieldProblem("on", _("This day has not come yet."), "past"))
    if problems:
        raise Invalid(_("Nothing was changed."), problems=problems)
    if delivery.state not in STEPS[DeliveryState(state)]:
        raise Conflict(_("This has ended already."), rule="services.delivery.step", state=delivery.state)
    day = on or timezone.localdate()
    values = {"state": state, "outcome": outcome if ends else ""}
    values |= {"ended_on": day} if ends else {"started_on": day}  # type: ignore[dict-item]
    delivery.change(values, expected_version=expected_version)
    if state == DeliveryState.DELIVERED and outcome in MEETS and need.state == NeedState.OPEN:
        need.change({"state": NeedState.MET, "settled_on": day}, expected_version=need.version)
    _trace(actor, need, "services.delivery.move", state=state, outcome=outcome)
    return delivery


@transaction.atomic
def say_unmet(*, actor: Viewer, need_id: UUID, reason: str, expected_version: int) -> Need:
    """The need cannot be met now, and why. It is counted for the coordinator, without the case."""
    need = _locked(actor, need_id)
    if reason not in codelist("palermo/unmet_reason"):
        raise Invalid(
            _("Nothing was changed."),
            problems=[FieldProblem("reason", _("Choose why it is not met."), "choice")],
        )
    if need.state != NeedState.OPEN:
        raise Conflict(_("This need is settled already."), rule="services.need.open", state=need.state)
    need.change(
        {"state": NeedState.UNMET, "unmet_reason": reason, "settled_on": timezone.localdate()},
        expected_version=expected_version,
    )
    _trace(actor, need, "services.need.unmet", reason=reason)
    return need


@transaction.atomic
def reopen_need(*, actor: Viewer, need_id: UUID, expected_version: int) -> Need:
    """Try again: a settled need is open once more."""
    need = _locked(actor, need_id)
    if need.state == NeedState.OPEN:
        raise Conflict(_("This need is open already."), rule="services.need.settled", state=need.state)
    values = {"state": NeedState.OPEN, "unmet_reason": "", "settled_on": None}
    try:
        with transaction.atomic():
            need.change(values, expected_version=expected_version)
    except IntegrityError as error:
        words = _("This need is open already. Answer that one.")
        raise Conflict(words, rule="one_open_need_of_a_kind_for_a_case", state="open") from error
    _trace(actor, need, "services.need.reopen")
    return need

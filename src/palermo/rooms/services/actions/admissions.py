"""Give a place in a shelter to a case, and end it. The database keeps the count; two cannot take the last place."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, Refused
from palermo.rooms.cases import queries as cases
from palermo.rooms.services.models import Admission, Places, Service, State
from palermo.standards.codes import codelist

REASON_AT_LEAST, REASON_AT_MOST = 10, 300
FULL = "an_admission_takes_a_free_place"


@transaction.atomic
def admit(
    *,
    actor: Viewer,
    service: Service,
    case_id: UUID,
    group: str,
    until: date | None = None,
    care: Sequence[str] = (),
    over_reason: str = "",
) -> Admission:
    """Give a free place of `group` to a case that the actor holds. Raises Conflict when there is none.

    `over_reason` gives a place beyond the number; it is written down and stands on the page of the shelter.
    """
    require(actor, "services.admission.make")
    _own(actor, service)
    case = cases.case(actor, case_id)
    if service.state != State.ACTIVE:
        raise Conflict(
            _("This service takes nobody now."), rule="services.service.active", state=service.state
        )
    places = Places.objects.filter(service=service, group=group).first()
    over_reason = " ".join(over_reason.split())
    problems = []
    if places is None:
        problems.append(FieldProblem("group", _("Choose a group of places."), "choice"))
    if any(flag not in codelist("palermo/care_flag") for flag in care):
        problems.append(FieldProblem("care", _("Choose from the list."), "choice"))
    if until is not None and until < timezone.localdate():
        problems.append(FieldProblem("until", _("This day is over."), "future"))
    if over_reason and not REASON_AT_LEAST <= len(over_reason) <= REASON_AT_MOST:
        problems.append(FieldProblem("over_reason", _("Say in a sentence why."), "length"))
    if problems or places is None:
        raise Invalid(_("Nobody was admitted."), problems=problems)
    assert actor.user_id is not None
    made = Admission(
        service=service,
        places=places,
        case_id=case.pk,
        case_code=case.code,
        until=until,
        care=list(dict.fromkeys(care)),
        admitted_by_id=actor.user_id,
        over_reason=over_reason,
    )
    _take(made)
    record(
        actor=actor,
        action="services.admission.make",
        object_kind="case",
        object_id=case.pk,
        detail={"service": str(service.pk), "group": group, "beyond": bool(over_reason)},
    )
    return made


def _own(actor: Viewer, service: Service) -> None:
    if service.organisation_id not in actor.organisation_ids:
        raise Refused(
            _("Only the shelter itself admits. Refer the person to it."), rule="services.admission.own"
        )


def _take(made: Admission) -> None:
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        if name == FULL:
            words = _("No place of this group is free. Take another group, or say why one more is taken in.")
            raise Conflict(words, rule=FULL, state="full") from error
        if name == "one_place_for_a_case_at_a_time":
            words = _("This person has a place in a shelter already. End that one first.")
            raise Conflict(words, rule=name, state="admitted") from error
        raise


@transaction.atomic
def discharge(*, actor: Viewer, admission_id: UUID, leaving: str, expected_version: int) -> Admission:
    """End an admission now, with the reason of leaving. The place is free in the same moment."""
    require(actor, "services.admission.make")
    admission = Admission.objects.filter(pk=admission_id).select_related("service").first()
    if admission is None:
        raise NotFound()
    _own(actor, admission.service)
    if leaving not in codelist("palermo/leaving_reason"):
        raise Invalid(
            _("The admission was not ended."),
            problems=[FieldProblem("leaving", _("Choose the reason of leaving."), "choice")],
        )
    if admission.left_at is not None:
        raise Conflict(_("This person has left already."), rule="services.admission.open", state="left")
    admission.change(
        {"left_at": timezone.now(), "left_by_id": actor.user_id, "leaving": leaving},
        expected_version=expected_version,
    )
    record(
        actor=actor,
        action="services.admission.end",
        object_kind="case",
        object_id=admission.case_id,
        detail={"service": str(admission.service_id), "reason": leaving},
    )
    return admission

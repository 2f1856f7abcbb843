"""What was found out about the age: a child or not. The case says it to every room that asks."""

from uuid import UUID

from django.db import transaction

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import NotFound
from palermo.rooms.cases.models import Case
from palermo.web.room import tell


@transaction.atomic
def settle_age(*, actor: Viewer, case_id: UUID, child: bool) -> Case:
    """Write down that the person is a child (or that the age is in doubt), or an adult beyond doubt.

    The room that decides it (children) calls this in the transaction of its decision. Says nothing where the case
    says the same already; the facts of the case are a person's to change. NotFound for a foreign case.
    """
    require(actor, "cases.case.view", case_id)
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None:
        raise NotFound()
    if case.child is child:
        return case
    case.change({"child": child}, expected_version=case.version, base={"child": case.child})
    record(
        actor=actor,
        action="cases.age.settle",
        object_kind="case",
        object_id=case.pk,
        fields=("child",),
        detail={"child": child},
    )
    # What was begun for an adult may not go on as it is: a referral, a transfer.
    tell("cases.age_settled", actor=actor, case_id=case.pk, child=child)
    return case

"""A case that comes from another organisation: opened as one's own from a referral, or taken over in a transfer."""

import uuid
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Refused
from palermo.kernel.organisations.models import Organisation
from palermo.kernel.workflow.actions import transition
from palermo.rooms.cases.actions.opening import STATUS_OF, _claim
from palermo.rooms.cases.models import Case, Crime, Facts
from palermo.web import room as house


@transaction.atomic
def open_received_case(
    *,
    actor: Viewer,
    person_id: UUID,
    person_code: str,
    child: bool | None,
    crime: str,
    organisation_id: UUID,
    sender: Organisation,
) -> Case:
    """The receiver's own case about a person that was referred, held by its team like any other case.

    What it is about, the status and the age are what the sender told (`told_by`): they are shown as told, no legal
    status is begun with them, and a screening of one's own that is taken over replaces them.
    It gives nobody the person's identity: the room of referrals does, where the packet covers it. The register does
    not hear of it: it is the same person and the same event that the sender's case has told it.
    """
    require(actor, "cases.case.move")
    if organisation_id not in actor.organisation_ids:
        raise Refused(_("You need a place in an organisation to open a case."), rule="organisation")
    made = Case(
        id=uuid.uuid4(),
        organisation_id=organisation_id,
        worker_id=actor.user_id,
        person_id=person_id,
        person_code=person_code,
        opening_reason=(_("Referred by %(organisation)s.") % {"organisation": sender.name})[:300],
        crime=crime,
        status=STATUS_OF[Crime(crime)],
        child=child,
        told_by=sender,
        opened_at=timezone.now(),
    )
    _claim(actor, made)
    Facts.objects.create(case=made)
    record(
        actor=actor,
        action="cases.case.open",
        object_kind="case",
        object_id=made.pk,
        detail={"code": made.code, "crime": made.crime, "from_referral": True},
    )
    return made


@transaction.atomic
def hand_over(*, actor: Viewer, transfer: Any) -> Case:
    """Make the accepting organisation the owner of the case of an accepted transfer, all or nothing.

    Only the database may write a case that the acceptor does not hold yet (`referral_hand_over`): it looks at the
    transfer itself, changes owner and worker in one statement, ends what the old house held and gives the case to the
    new one. The state follows at once, by the machine; the transfer says who accepted.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT referral_hand_over(%s)", [transfer.pk])
        case_id = cursor.fetchone()[0]
    case = Case.objects.get(pk=case_id)
    record(
        actor=actor,
        action="cases.case.hand_over",
        object_kind="case",
        object_id=case.pk,
        detail={"from": str(transfer.organisation_id), "to": str(transfer.receiver_id)},
    )
    transition(
        actor=actor, obj=case, event="transfer", expected_version=case.version, inputs={"transfer": transfer}
    )
    # What hangs on the case and names its house follows, in this transaction.
    house.tell("cases.handed_over", actor=actor, case_id=case.pk, organisation_id=transfer.receiver_id)
    return case

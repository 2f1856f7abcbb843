"""The receiver tells the referrer what became of it: a code of a list, and nothing of the case."""

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid, NotFound
from palermo.kernel.workflow.actions import transition
from palermo.rooms.networks.models import Answer, Notification
from palermo.rooms.networks.queries.words import ANSWERS
from palermo.standards import codelist


@transaction.atomic
def answer(*, actor: Viewer, row: Notification, code: str, expected_version: int) -> Notification:
    """Tell what became of it; told again, it stands beside the first. Raises Conflict, Stale, Invalid, NotFound."""
    require(actor, "networks.notification.answer", row.pk)
    if row.receiver_id not in actor.organisation_ids:
        raise NotFound()
    if code not in codelist(ANSWERS):
        problem = FieldProblem("answer", _("Choose what became of it."), "networks.answer")
        raise Invalid(_("Nothing was sent."), problems=[problem])
    event = "tell_more" if row.state == "answered" else "answer"
    transition(actor=actor, obj=row, event=event, expected_version=expected_version, inputs={"answer": code})
    assert actor.user_id is not None
    Answer.objects.create(notification=row, code=code, written_by_id=actor.user_id)
    record(
        actor=actor,
        action="networks.notification.answer",
        object_kind="notification",
        object_id=row.pk,
        detail={"code": row.code, "answer": code},
    )
    return row

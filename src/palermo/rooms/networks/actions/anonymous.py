"""An adult who does not agree: codes alone, by the room of identification; here one is added to a month's number."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, FieldProblem, Invalid
from palermo.rooms.identification.actions import notify_without_status
from palermo.rooms.networks import queries
from palermo.rooms.networks.models import Draft


@transaction.atomic
def notify_anonymously(*, actor: Viewer, draft: Draft, given: Mapping[str, Any]) -> None:
    """Write the anonymous notification of an adult, and drop the unfinished one: nothing leads across.

    Raises Invalid (a code on no list), Conflict (for a child; or a rare combination that was not accepted).
    """

    require(actor, "networks.notification.send")
    answers = queries.answers_of(actor, draft)
    if answers.get("age") != "adult":
        words = _("A child, or who may be one, is never notified anonymously: child protection is told.")
        raise Conflict(words, rule="networks.anonymous.child", state="draft")
    if not given.get("support_offered"):
        problem = FieldProblem("support_offered", _("Offer help all the same, and say so here."), "required")
        raise Invalid(_("The notification was not sent."), problems=[problem])
    notify_without_status(actor=actor, given=given)
    with connection.cursor() as cursor:
        cursor.execute("SELECT networks_count_anonymous(%s)", [draft.network_id])
    Draft.objects.filter(pk=draft.pk).delete()

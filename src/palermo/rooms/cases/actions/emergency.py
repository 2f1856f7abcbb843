"""A case that is not one's own, in an emergency: by its code, with a reason, for an hour; supervisors are told."""

from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.rooms.cases.queries import code_of

REASON_AT_LEAST = 15


@transaction.atomic
def open_in_emergency(*, actor: Viewer, code: str, reason: str, who_it_is: bool = False) -> UUID:
    """Sixty minutes of access to a case; with `who_it_is` to the identity too. Returns the case's id.

    The database tells the supervisors of both organisations in the same statement. Raises StepUpNeeded without a
    fresh second factor, Refused without the role, Invalid with what is wrong.
    """
    require(actor, "access.break_glass")
    problems = []
    wanted = code_of(code)
    if wanted is None:
        problems.append(
            FieldProblem("code", _("Write the whole code of the case, such as C-7K3Q-94."), "code")
        )
    if len(reason.strip()) < REASON_AT_LEAST:
        problems.append(FieldProblem("reason", _("Say in a sentence why this cannot wait."), "length"))
    if problems:
        raise Invalid(_("Nothing was opened."), problems=problems)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_emergency(%s, %s, %s)", [wanted, reason.strip(), who_it_is])
        found: UUID | None = cursor.fetchone()[0]
    if found is None:
        words = _("No case has this code. Check it sign by sign.")
        raise Invalid(_("Nothing was opened."), problems=[FieldProblem("code", words, "code")])
    # The reason is a person's own words: it stays with the grant, behind its wall, and out of the audit.
    record(
        actor=actor,
        action="access.break_glass",
        object_kind="case",
        object_id=found,
        detail={"identity": who_it_is},
    )
    return found

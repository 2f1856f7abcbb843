"""Another colleague of the same organisation takes the case on: at once, with a note, and both are told."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.actions import revoke
from palermo.kernel.access.models import Grant, User
from palermo.kernel.access.notices import tell
from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid, Refused
from palermo.rooms.cases import queries
from palermo.rooms.cases.actions.notes import add_note
from palermo.rooms.cases.actions.sharing import pass_on
from palermo.rooms.cases.models import Case
from palermo.rooms.identification.actions import supervisors
from palermo.web import room as house

SCOPES = ("case", "notes", "identity")
REASON_AT_LEAST, REASON_AT_MOST = 10, 1000
PURPOSE = "assistance"


@transaction.atomic
def reassign_worker(*, actor: Viewer, case: Case, to: UUID, reason: str, expected_version: int) -> Case:
    """Give the case to a colleague: by a supervisor, or by the worker who hands over. Raises Stale, Refused, Invalid.

    The case is never without a worker: one row changes, once. The new one holds case, notes and identity; what the
    old one held in his own name ends, unless he supervises. What his team holds stays with the team.
    """
    require(actor, "cases.case.reassign", case.pk)
    if not queries.may_reassign(actor, case):
        words = _("A supervisor, or the worker who has the case, hands it over.")
        raise Refused(words, rule="cases.case.reassign")
    _check(actor, case, to, reason)
    before = case.worker_id
    case.change({"worker_id": to}, expected_version=expected_version, base={"worker_id": before})
    pass_on(actor=actor, case=case, to=to, scopes=SCOPES, purpose=PURPOSE)
    house.tell("cases.taken_on", actor=actor, case_id=case.pk, to=to)
    if can(actor, "cases.note.add", case.pk):
        words = _("The case was handed to %(who)s.") % {"who": User.objects.get(pk=to)}
        add_note(actor=actor, case=case, text=f"{words} {reason.strip()}")
    record(
        actor=actor,
        action="cases.case.reassign",
        object_kind="case",
        object_id=case.pk,
        detail={"from": str(before or ""), "to": str(to)},
    )
    for user, kind in ((to, "case_given"), (before, "case_handed_over")):
        if user is not None and user != actor.user_id:
            tell(user, kind=kind, object_kind="case", object_id=case.pk, about=actor.user_id)
    if before is not None and before not in supervisors(case.organisation_id):
        # Last: who hands over holds the case until everything else is done.
        _end_own(actor, case, before)
    return case


def _check(actor: Viewer, case: Case, to: UUID, reason: str) -> None:
    problems = []
    if to not in {user for user, _name in queries.possible_workers(actor, case)}:
        words = _("Choose a colleague of your organisation who works on cases and does not have this one.")
        problems.append(FieldProblem("to", words, "who"))
    if not REASON_AT_LEAST <= len(reason.strip()) <= REASON_AT_MOST:
        problems.append(FieldProblem("reason", _("Say why in a sentence."), "length"))
    if problems:
        raise Invalid(_("The case was not handed over."), problems=problems)


def _end_own(actor: Viewer, case: Case, user: UUID) -> None:
    """End what the old worker holds in his own name: what hangs on the case and the person first, then the case."""
    house.tell("cases.given_up", actor=actor, case_id=case.pk, user=user)
    for object_id in (case.person_id, case.pk):
        for row in Grant.objects.raw("SELECT * FROM access_grants_of(%s)", [object_id]):
            if row.grantee_id == user and row.revoked_at is None and not row.break_glass:
                revoke(actor=actor, grant_id=row.pk)

"""Move a case on through its machine; what was stated stays with the case; the register hears of what it counts."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.kernel.workflow.actions import transition
from palermo.kernel.workflow.statements import STATEMENTS
from palermo.rooms.cases.actions.feeding import feed_register
from palermo.rooms.cases.models import Case, Ending, Facts
from palermo.standards.workflows import machine
from palermo.web import room as house

# What a guard can ask to be stated.
ASKED = {key for key, _sentence in STATEMENTS.values()}
PAUSE = "pause_reason"
# States of standards/workflows/case.toml that the register counts, and the event it knows.
CLOSED = "closed"
COUNTED = {"active": "assisted", CLOSED: "case_closed"}
# Events after which nobody works on the case any more.
CLOSING = ("propose_closure", "approve_closure")
# Input of a guard (kernel.workflow.rules.STATEMENTS) -> the field of the case that keeps what was stated.
KEPT = {
    "outcome": "ending",
    "consented": "follow_up_agreed",
}


@transaction.atomic
def move_case(
    *,
    actor: Viewer,
    case: Case,
    event: str,
    reason: str,
    expected_version: int,
    answers: Mapping[str, Any] | None = None,
) -> Case:
    """Let `event` happen to the case. Raises Conflict (wrong state or guard), Stale, Refused, Invalid, NotFound.

    `answers` are the statements that guards ask for, such as {"outcome": "goals_met"}, and why a case is put on hold
    ({"pause_reason": "hospital"}). What the records of the case can tell (risk, safety, plan) is no statement.
    """
    require(actor, "cases.case.move", case.pk)
    stated = dict(answers or {})
    _check(stated)
    before = case.state
    if event in CLOSING:
        # A room in which something of the case still runs says so here, and nothing has happened.
        house.tell("cases.closing", actor=actor, case_id=case.pk)
    transition(
        actor=actor, obj=case, event=event, expected_version=expected_version, reason=reason, inputs=stated
    )
    changed = {KEPT[name]: value for name, value in stated.items() if name in KEPT and value}
    if (case.state == CLOSED) != (case.closed_at is not None):
        changed["closed_at"] = timezone.now() if case.state == CLOSED else None
    if changed:
        # Part of the same move: the version that transition() gave stays.
        Case.objects.filter(pk=case.pk).update(**changed)
        for name, value in changed.items():
            setattr(case, name, value)
    if case.state in COUNTED and case.state != before:
        facts = Facts.objects.get(case_id=case.pk)
        feed_register(actor=actor, case=case, facts=facts, kind=COUNTED[case.state], on=timezone.localdate())
    return case


def _check(stated: Mapping[str, Any]) -> None:
    """Every statement that is not what it should be: an outcome from the list, or yes and no as such."""
    problems = []
    for name, value in stated.items():
        if name == "outcome":
            if value and (not isinstance(value, str) or value not in Ending.values):
                problems.append(FieldProblem("outcome", _("Choose an outcome."), "choice"))
        elif name == PAUSE:
            if value not in machine(Case.machine).pause_reasons:
                problems.append(FieldProblem(PAUSE, _("Choose one of the reasons."), "choice"))
        elif name not in ASKED:
            problems.append(FieldProblem("answers", _("This is not asked here."), "unknown"))
        elif not isinstance(value, bool):
            problems.append(FieldProblem(name, _("Say yes or no (true or false)."), "boolean"))
    if problems:
        raise Invalid(_("What was stated could not be read."), problems=problems)

"""Where one goes to clear away what stands in the way of a move."""

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.policy import can
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.queries.standing import Standing, standing

Way = tuple[str | Promise, str]
RISK: Way = (_("Assess the risk"), "cases:plan-risk")
LEVELS: Way = (_("Assess needs and the four levels"), "cases:plan-assessment")
SAFETY: Way = (_("Make a safety plan"), "cases:plan-safety")
WRITE: Way = (_("Write the plan"), "cases:plan")
AGREE: Way = (_("Go through the plan with the person"), "cases:plan-draft")
SETTLE: Way = (_("Say what became of the actions"), "cases:plan")
# Guards of the machine `case` that one page answers, whatever the case.
WAYS = {
    "risk_is_known": RISK,
    "risk_is_current": RISK,
    "risk_is_looked_at": RISK,
    "exit_is_assessed": RISK,
    "no_action_is_open": SETTLE,
}


def stands(case: Case) -> Standing:
    """Where the case stands; asked once for one read of the case, however many guards look."""
    found: Standing | None = getattr(case, "stands", None)
    if found is None:
        found = case.stands = standing(case)  # type: ignore[attr-defined]
    return found


def remedy(viewer: Viewer, case: Case, rule: str) -> tuple[str, str]:
    """(what to do, the page for it) when that rule stands in the way; empty where this viewer cannot clear it."""
    way = _way(viewer, case, rule)
    if way is None or not can(viewer, "cases.plan.change", case.pk):
        return "", ""
    return str(way[0]), reverse(way[1], args=[case.pk])


def _way(viewer: Viewer, case: Case, rule: str) -> Way | None:
    if rule == "assessment_is_whole":
        now = stands(case)
        if now.risk_at is None:
            return RISK
        return SAFETY if now.needs_recorded else LEVELS
    if rule == "plan_is_agreed":
        now = stands(case)
        if not now.draft_actions:
            return WRITE
        return AGREE if now.draft_agreed_at is None else None
    return WAYS.get(rule)

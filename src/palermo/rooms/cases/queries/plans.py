"""The assistance plan: versions, goals and actions with what became of them, conferences, what is due."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.cases.models import Action, Case, Conference, Goal, Happening, Plan, Result
from palermo.rooms.cases.queries.risks import parts_of, say, with_words
from palermo.rooms.cases.queries.standing import ENDS, current_plan, open_actions
from palermo.web.room import Due

DUE_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One action in words, with what became of it."""

    action: Action
    text: str
    kind: str
    doer: str
    result: str
    result_name: str
    why: str
    remark: str
    goal: str

    @property
    def open(self) -> bool:
        return self.result not in ENDS

    @property
    def overdue(self) -> bool:
        return self.open and self.action.due_on < timezone.localdate()

    @property
    def due_at(self) -> datetime:
        return end_of(self.action.due_on)


@dataclass(frozen=True, slots=True)
class Aim:
    """One goal in words."""

    goal: Goal
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the plan with its goals and actions; actions that are open come first, the nearest before."""

    plan: Plan
    goals: tuple[Aim, ...]
    actions: tuple[Line, ...]

    @property
    def open(self) -> list[Line]:
        return [line for line in self.actions if line.open]


def end_of(day: date) -> datetime:
    """The last moment of a day where the office is."""
    return timezone.make_aware(datetime.combine(day, time.max.replace(microsecond=0)))


def plans(viewer: Viewer, case: Case) -> list[Plan]:
    """Every version, newest first."""
    require(viewer, "cases.plan.view", case.pk)
    return list(Plan.objects.filter(case=case).select_related("approved_by").order_by("-number"))


def plan(viewer: Viewer, case: Case, plan_id: UUID) -> Plan:
    """One version of the plan of this case; NotFound."""
    found = next((row for row in plans(viewer, case) if row.pk == plan_id), None)
    if found is None:
        raise NotFound()
    return found


def version(viewer: Viewer, case: Case, of: Plan) -> Version:
    """What one version says, in words."""
    return _versions(viewer, case, [of])[0]


def _versions(viewer: Viewer, case: Case, wanted: list[Plan]) -> list[Version]:
    """What each of them says; as many queries for two as for one."""
    if not wanted:
        return []
    goals = list(Goal.objects.filter(plan__in=wanted).select_related("words").order_by("kind", "id"))
    actions = list(
        Action.objects.filter(plan__in=wanted).select_related("words", "conference").order_by("due_on", "id")
    )
    results = _results(case)
    with_words(viewer, case, [*goals, *actions, *results.values()])
    return [
        _version(
            of,
            [goal for goal in goals if goal.plan_id == of.pk],
            [action for action in actions if action.plan_id == of.pk],
            results,
        )
        for of in wanted
    ]


def _version(of: Plan, goals: list[Goal], actions: list[Action], results: dict[UUID, Result]) -> Version:
    names = {goal.key: goal.text or say("palermo/service_kind", goal.kind) for goal in goals}
    lines = [_line(action, results.get(action.key), names) for action in actions]
    return Version(
        of,
        tuple(Aim(goal, goal.text, say("palermo/service_kind", goal.kind)) for goal in goals),
        tuple(sorted(lines, key=lambda line: not line.open)),
    )


def _results(case: Case) -> dict[UUID, Result]:
    rows = Result.objects.filter(case=case).select_related("words").order_by("key", "-made_at", "-id")
    return {row.key: row for row in rows.distinct("key")}


def _line(action: Action, result: Result | None, goals: dict[UUID, str]) -> Line:
    code = result.result if result else "open"
    return Line(
        action=action,
        text=action.text,
        kind=say("palermo/service_kind", action.kind),
        doer=say("palermo/action_doer", action.doer),
        result=code,
        result_name=say("palermo/action_result", code) if result else "",
        why=say("palermo/not_done_reason", result.why) if result and result.why else "",
        remark=result.text if result else "",
        goal=goals.get(action.goal_key, "") if action.goal_key else "",
    )


def in_force(viewer: Viewer, case: Case) -> Version | None:
    """The newest version that was approved."""
    require(viewer, "cases.plan.view", case.pk)
    found = current_plan(case).select_related("approved_by").first()
    return version(viewer, case, found) if found else None


def is_approved(viewer: Viewer, case: Case) -> bool:
    """Whether a version of the plan is in force."""
    require(viewer, "cases.plan.view", case.pk)
    return current_plan(case).exists()


def current(viewer: Viewer, case: Case) -> tuple[Version | None, Version | None]:
    """(the version in force, the one that is being written), read together."""
    rows = plans(viewer, case)
    force = next((row for row in rows if row.approved_at), None)
    draft = next((row for row in rows if not row.approved_at), None)
    found = {one.plan.pk: one for one in _versions(viewer, case, [row for row in (force, draft) if row])}
    return (found[force.pk] if force else None), (found[draft.pk] if draft else None)


def draft_of(viewer: Viewer, case: Case) -> Version | None:
    """The version that is being written."""
    require(viewer, "cases.plan.view", case.pk)
    found = Plan.objects.filter(case=case, approved_at=None).first()
    return version(viewer, case, found) if found else None


def action(viewer: Viewer, case: Case, key: UUID) -> Line:
    """One action of the version in force; NotFound."""
    now = in_force(viewer, case)
    found = next((line for line in now.actions if line.action.key == key), None) if now else None
    if found is None:
        raise NotFound()
    return found


def conferences(viewer: Viewer, case: Case) -> list[Conference]:
    """Conferences, newest first, with `minutes`, `decisions` and `people` in words."""
    require(viewer, "cases.plan.view", case.pk)
    rows = (
        Conference.objects.filter(case=case)
        .select_related("made_by", "words")
        .order_by("-held_on", "-made_at")
    )
    for row in with_words(viewer, case, rows):
        said = parts_of(row.text)
        row.minutes, row.decisions = (said.get(name, said.get("", "")) for name in ("minutes", "decisions"))
        row.people = [_participant(person) for person in row.participants]
    return list(rows)


def _participant(row: dict[str, Any]) -> dict[str, Any]:
    names = {side: [say("palermo/consent_category", c) for c in row[side]] for side in ("sees", "told")}
    return {"organisation": row["organisation"], "role": say("palermo/conference_role", row["role"]), **names}


def due_of(viewer: Viewer) -> list[Due]:
    """Risk to be assessed after something happened, and open actions, in the viewer's own cases."""
    if not can(viewer, "cases.case.list"):
        return []
    mine = Case.objects.filter(worker_id=viewer.user_id)
    codes = dict(mine.values_list("id", "code")[:1000])
    if not codes:
        return []
    looks = Happening.objects.filter(case__in=list(codes), met_by=None).order_by("due_at")[:DUE_AT_MOST]
    found = [
        Due(
            title=_("%(code)s: assess the risk anew") % {"code": codes[row.case_id]},
            url=reverse("cases:plan-risk", args=[row.case_id]),
            due_at=row.due_at,
        )
        for row in looks
    ]
    return found + [
        Due(
            title=_("%(code)s: an action of the plan") % {"code": codes[row.case_id]},
            url=reverse("cases:plan-result", args=[row.case_id, row.key]),
            due_at=end_of(row.due_on),
        )
        for row in _open_of(list(codes))
    ]


def _open_of(case_ids: list[UUID]) -> list[Action]:
    force = Plan.objects.filter(case=OuterRef("case"), approved_at__isnull=False).order_by("-number")
    rows = Action.objects.filter(case__in=case_ids, plan=Subquery(force.values("pk")[:1]))
    newest = Result.objects.filter(case=OuterRef("case"), key=OuterRef("key")).order_by("-made_at", "-id")
    rows = rows.annotate(last=Subquery(newest.values("result")[:1]))
    ended = rows.filter(last__in=ENDS).values("pk")
    return list(rows.exclude(pk__in=ended).order_by("due_on")[:DUE_AT_MOST])


__all__ = [
    "Aim", "Line", "Version", "action", "conferences", "current", "draft_of", "due_of", "in_force", "is_approved",
    "open_actions", "plan", "plans", "version",
]  # fmt: skip

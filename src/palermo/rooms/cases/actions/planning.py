"""The assistance plan: begin a version, write goals and actions, record that the person agrees, approve it."""

import uuid
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, Refused
from palermo.rooms.cases.actions.words import known, long_enough, written
from palermo.rooms.cases.models import Action, Attachment, Case, Conference, Goal, Plan

KINDS, DOERS, LANGUAGES = "palermo/service_kind", "palermo/action_doer", "palermo/language"
LEAST = 5
# States in which the event of the case approves the plan, and no button beside it.
BEFORE = ("intake", "assessment", "planning", "transferred")


@transaction.atomic
def draft_plan(*, actor: Viewer, case: Case) -> Plan:
    """The draft of the case: the one there is, or a new version that takes over what the last one says."""
    require(actor, "cases.plan.change", case.pk)
    plans = Plan.objects.filter(case=case).order_by("-number")
    last = plans.first()
    if last is not None and last.approved_at is None:
        return last
    try:
        with transaction.atomic():
            made = Plan.objects.create(case=case, number=last.number + 1 if last else 1)
    except IntegrityError:  # Somebody began it at the same moment.
        return Plan.objects.get(case=case, approved_at=None)
    if last is not None:
        _take_over(last, made)
    _trace(actor, made, "cases.plan.draft", version=made.number)
    return made


def _take_over(last: Plan, made: Plan) -> None:
    """Goals and actions as they were; words and keys stay the same, so results stay with their actions."""
    goals, actions = list(Goal.objects.filter(plan=last)), list(Action.objects.filter(plan=last))
    row: Goal | Action
    for row in (*goals, *actions):  # type: ignore[assignment]
        row.pk, row.plan, row._state.adding = uuid.uuid4(), made, True
    Goal.objects.bulk_create(goals)
    Action.objects.bulk_create(actions)


@transaction.atomic
def put_goal(
    *, actor: Viewer, plan: Plan, kind: str, text: str, expected_version: int, key: UUID | None = None
) -> Goal:
    """Add a goal to the draft, or put other words in the place of the one with `key`."""
    case = _draft_of(actor, plan)
    problems = known("kind", KINDS, kind)
    problems += long_enough("text", text, LEAST, _("Say in a sentence what is to be reached."))
    if problems:
        raise Invalid(_("The goal was not saved."), problems=problems)
    _touch(plan, expected_version)
    key = key or uuid.uuid4()
    Goal.objects.filter(plan=plan, key=key).delete()
    made = Goal.objects.create(plan=plan, case=case, key=key, kind=kind, words=written(actor, case, text))
    _trace(actor, plan, "cases.plan.goal", kind=kind)
    return made


@transaction.atomic
def put_action(
    *,
    actor: Viewer,
    plan: Plan,
    kind: str,
    doer: str,
    due_on: date,
    text: str,
    expected_version: int,
    goal_key: UUID | None = None,
    conference_id: UUID | None = None,
    key: UUID | None = None,
) -> Action:
    """Add an action to the draft, or put another in the place of the one with `key`; its results stay with it."""
    case = _draft_of(actor, plan)
    problems = known("kind", KINDS, kind) + known("doer", DOERS, doer)
    problems += long_enough("text", text, LEAST, _("Say in a sentence what is done."))
    if key is None and due_on < timezone.localdate():
        problems.append(FieldProblem("due_on", _("This day is past."), "past"))
    if goal_key is not None and not Goal.objects.filter(plan=plan, key=goal_key).exists():
        problems.append(FieldProblem("goal_key", _("Choose a goal of this plan."), "choice"))
    if conference_id is not None and not Conference.objects.filter(pk=conference_id, case=case).exists():
        raise NotFound()
    if problems:
        raise Invalid(_("The action was not saved."), problems=problems)
    _touch(plan, expected_version)
    key = key or uuid.uuid4()
    Action.objects.filter(plan=plan, key=key).delete()
    made = Action.objects.create(
        plan=plan,
        case=case,
        key=key,
        kind=kind,
        doer=doer,
        due_on=due_on,
        goal_key=goal_key,
        conference_id=conference_id,
        words=written(actor, case, text),
    )
    _trace(actor, plan, "cases.plan.action", kind=kind, doer=doer)
    return made


@transaction.atomic
def take_out(*, actor: Viewer, plan: Plan, key: UUID, expected_version: int) -> None:
    """Take a goal or an action out of the draft. Actions of a goal stay, without a goal."""
    _draft_of(actor, plan)
    _touch(plan, expected_version)
    goals, _rows = Goal.objects.filter(plan=plan, key=key).delete()
    if goals:
        _loosen(plan, key)
    actions, _rows = Action.objects.filter(plan=plan, key=key).delete()
    if not goals and not actions:
        raise NotFound()
    _trace(actor, plan, "cases.plan.take_out")


def _loosen(plan: Plan, goal_key: UUID) -> None:
    rows = list(Action.objects.filter(plan=plan, goal_key=goal_key))
    Action.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        row.goal_key, row._state.adding = None, True
    Action.objects.bulk_create(rows)


@transaction.atomic
def agree_plan(
    *, actor: Viewer, plan: Plan, language: str, expected_version: int, evidence_id: UUID | None = None
) -> Plan:
    """The person has heard the draft in `language` and agrees; `evidence_id`: the signed paper among the files."""
    case = _draft_of(actor, plan)
    problems = known("language", LANGUAGES, language)
    if evidence_id is not None:
        held = Attachment.objects.filter(pk=evidence_id, case=case, removed_at=None)
        if not held.exists():
            problems.append(FieldProblem("evidence_id", _("Choose a file of this case."), "choice"))
    if not Action.objects.filter(plan=plan).exists():
        problems.append(FieldProblem("", _("Write at least one action first."), "empty"))
    if problems:
        raise Invalid(_("The agreement was not recorded."), problems=problems)
    plan.change(
        {"agreed_at": timezone.now(), "agreed_language": language, "evidence_id": evidence_id},
        expected_version=expected_version,
    )
    _trace(actor, plan, "cases.plan.agree", language=language, signed=evidence_id is not None)
    return plan


@transaction.atomic
def approve_plan(*, actor: Viewer, plan: Plan, expected_version: int) -> Plan:
    """Approve an agreed draft; somebody who wrote nothing in it. From then on it does not change.

    The first version is approved by the event of the case (`approve_plan`), later ones here. Refused, Conflict.
    """
    require(actor, "cases.plan.change", plan.case_id)
    require(actor, "cases.plan.approve")
    if sentence := why_not_approved(actor, plan):
        raise Conflict(sentence, rule="cases.plan.approve", state="draft")
    if actor.user_id in plan.authors:
        raise Refused(
            _("A second person must do this: you wrote in this plan."), rule="cases.plan.two_person"
        )
    plan.change(
        {"approved_at": timezone.now(), "approved_by_id": actor.user_id}, expected_version=expected_version
    )
    _trace(actor, plan, "cases.plan.approve", version=plan.number)
    return plan


def why_not_approved(actor: Viewer, plan: Plan) -> str:
    """What the draft still lacks, as a sentence."""
    if Case.objects.values_list("state", flat=True).get(pk=plan.case_id) in BEFORE:
        return _("The first plan is approved with the case: “Approve the plan” on the page of the case.")
    if plan.approved_at is not None:
        return _("This version is approved already.")
    if plan.agreed_at is None:
        return _("The person has not agreed to this version of the plan yet.")
    return ""


def _draft_of(actor: Viewer, plan: Plan) -> Case:
    require(actor, "cases.plan.change", plan.case_id)
    if plan.approved_at is not None:
        words = _("An approved plan does not change. Begin a new version.")
        raise Conflict(words, rule="cases.plan.draft", state="approved")
    return Case.objects.get(pk=plan.case_id)


def _touch(plan: Plan, expected_version: int) -> None:
    """Every change of the draft raises its version, and the person has agreed to something else than it says now."""
    plan.change(
        {"agreed_at": None, "agreed_language": "", "evidence_id": None}, expected_version=expected_version
    )


def _trace(actor: Viewer, plan: Plan, action: str, **detail: str | int | bool) -> None:
    record(actor=actor, action=action, object_kind="case", object_id=plan.case_id, detail=detail)

"""The JSON twin of the tab “Plan”: the same queries, actions and refusals."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from palermo.kernel.access.policy import require
from palermo.kernel.errors import NotFound
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.models import Case, Plan
from palermo.rooms.cases.queries.plans import Version
from palermo.web.api import Text

router = Router(tags=["cases"])


class RiskIn(Schema):
    risk: Text
    reason: Text
    expected_version: int
    factors: list[Text] = []
    cause: Text = ""


class HappeningIn(Schema):
    kind: Text
    text: Text = ""


class AssessmentIn(Schema):
    risks: list[Text] = []
    protective: list[Text] = []
    needs_recorded: bool
    texts: dict[Text, Text] = {}


class SafetyItemIn(Schema):
    sign: Text
    step: Text
    call: Text
    text: Text = ""


class SafetyIn(Schema):
    items: list[SafetyItemIn]
    expected_number: int


class GoalIn(Schema):
    kind: Text
    text: Text
    expected_version: int
    key: UUID | None = None


class ActionIn(Schema):
    kind: Text
    doer: Text
    due_on: date
    text: Text
    expected_version: int
    goal_key: UUID | None = None
    conference_id: UUID | None = None
    key: UUID | None = None


class AgreeIn(Schema):
    language: Text
    expected_version: int
    evidence_id: UUID | None = None


class VersionIn(Schema):
    expected_version: int


class ResultIn(Schema):
    result: Text
    why: Text = ""
    text: Text = ""


class ParticipantIn(Schema):
    organisation: Text
    role: Text
    sees: list[Text] = []
    told: list[Text] = []


class ConferenceIn(Schema):
    held_on: date
    participants: list[ParticipantIn]
    decisions: Text
    minutes: Text = ""


class TakeIn(Schema):
    fields: list[Text]
    expected_version: int
    expected_facts: int


def _version(shown: Version | None) -> dict[str, Any] | None:
    if shown is None:
        return None
    plan = shown.plan
    return {
        "id": plan.pk,
        "number": plan.number,
        "version": plan.version,
        "agreed_at": plan.agreed_at,
        "approved_at": plan.approved_at,
        "goals": [{"key": aim.goal.key, "kind": aim.goal.kind, "text": aim.text} for aim in shown.goals],
        "actions": [
            {
                "key": line.action.key,
                "kind": line.action.kind,
                "doer": line.action.doer,
                "due_on": line.action.due_on,
                "text": line.text,
                "result": line.result,
                "overdue": line.overdue,
            }
            for line in shown.actions
        ],
    }


def _case(request: HttpRequest, case_id: UUID) -> Case:
    require(request.viewer, "cases.plan.change", case_id)
    return queries.case(request.viewer, case_id)


def _draft(request: HttpRequest, case_id: UUID) -> Plan:
    found = queries.draft_of(request.viewer, _case(request, case_id))
    if found is None:
        raise NotFound()
    return found.plan


@router.get("/cases/{case_id}/plan")
def plan_read(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """Risk, what happened, safety plan, plan in force and draft. Leaves the same trace as the page."""
    require(request.viewer, "cases.plan.view", case_id)
    case = actions.look_at(actor=request.viewer, case_id=case_id)
    risks = queries.risks(request.viewer, case)
    safety = queries.safety(request.viewer, case)
    return {
        "case_version": case.version,
        "risk_due": queries.risk_due(risks[0] if risks else None),
        "risks": [
            {"level": r.level, "cause": r.cause, "factors": r.factors, "at": r.made_at, "reason": r.text}
            for r in risks
        ],
        "happened": [
            {"kind": h.kind, "at": h.made_at, "due_at": h.due_at, "text": h.text}
            for h in queries.happenings(request.viewer, case)
        ],
        "safety": safety
        and {
            "number": safety.plan.number,
            "gone_through_at": safety.gone_through_at,
            "items": [{**line.codes, "text": line.text} for line in safety.lines],
        },
        "in_force": _version(queries.in_force(request.viewer, case)),
        "draft": _version(queries.draft_of(request.viewer, case)),
        "conferences": [
            {"id": c.pk, "held_on": c.held_on, "participants": c.participants, "decisions": c.decisions}
            for c in queries.conferences(request.viewer, case)
        ],
        "screenings": [asdict(row) for row in queries.screenings_of(request.viewer, case)],
    }


@router.post("/cases/{case_id}/plan/risk")
def plan_assess_risk(request: HttpRequest, case_id: UUID, data: RiskIn) -> dict[str, Any]:
    """Assess the risk."""
    made = actions.assess_risk(actor=request.viewer, case=_case(request, case_id), **data.dict())
    return {"risk": made.risk, "version": made.version}


@router.post("/cases/{case_id}/plan/happened")
def plan_note_happening(request: HttpRequest, case_id: UUID, data: HappeningIn) -> dict[str, Any]:
    """Something happened: the risk must be assessed anew by `due_at`."""
    made = actions.note_happening(actor=request.viewer, case=_case(request, case_id), **data.dict())
    return {"id": made.pk, "due_at": made.due_at}


@router.post("/cases/{case_id}/plan/assessment")
def plan_assess(request: HttpRequest, case_id: UUID, data: AssessmentIn) -> dict[str, Any]:
    """Assess the four levels."""
    return {"id": actions.assess(actor=request.viewer, case=_case(request, case_id), **data.dict()).pk}


@router.post("/cases/{case_id}/plan/safety")
def plan_revise_safety(request: HttpRequest, case_id: UUID, data: SafetyIn) -> dict[str, Any]:
    """A new version of the safety plan."""
    made = actions.revise_safety(
        actor=request.viewer,
        case=_case(request, case_id),
        items=[actions.SafetyItem(**item.dict()) for item in data.items],
        expected_number=data.expected_number,
    )
    return {"number": made.number}


@router.post("/cases/{case_id}/plan/safety/reviewed")
def plan_review_safety(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """Gone through, nothing changed."""
    return {"at": actions.review_safety(actor=request.viewer, case=_case(request, case_id)).made_at}


@router.post("/cases/{case_id}/plan/draft")
def plan_draft(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """Begin a version, or get the one that was begun."""
    made = actions.draft_plan(actor=request.viewer, case=_case(request, case_id))
    return {"id": made.pk, "number": made.number, "version": made.version}


@router.post("/cases/{case_id}/plan/draft/goals")
def plan_put_goal(request: HttpRequest, case_id: UUID, data: GoalIn) -> dict[str, Any]:
    """Add or change a goal of the draft."""
    plan = _draft(request, case_id)
    made = actions.put_goal(actor=request.viewer, plan=plan, **data.dict())
    return {"key": made.key, "version": plan.version}


@router.post("/cases/{case_id}/plan/draft/actions")
def plan_put_action(request: HttpRequest, case_id: UUID, data: ActionIn) -> dict[str, Any]:
    """Add or change an action of the draft."""
    plan = _draft(request, case_id)
    made = actions.put_action(actor=request.viewer, plan=plan, **data.dict())
    return {"key": made.key, "version": plan.version}


@router.post("/cases/{case_id}/plan/draft/parts/{key}/remove")
def plan_take_out(request: HttpRequest, case_id: UUID, key: UUID, data: VersionIn) -> dict[str, Any]:
    """Take a goal or an action out of the draft."""
    plan = _draft(request, case_id)
    actions.take_out(actor=request.viewer, plan=plan, key=key, expected_version=data.expected_version)
    return {"version": plan.version}


@router.post("/cases/{case_id}/plan/draft/agree")
def plan_agree(request: HttpRequest, case_id: UUID, data: AgreeIn) -> dict[str, Any]:
    """The person agrees to the draft."""
    plan = actions.agree_plan(actor=request.viewer, plan=_draft(request, case_id), **data.dict())
    return {"version": plan.version, "agreed_at": plan.agreed_at}


@router.post("/cases/{case_id}/plan/draft/approve")
def plan_approve(request: HttpRequest, case_id: UUID, data: VersionIn) -> dict[str, Any]:
    """Approve a later version of the plan; the first is approved by the event of the case."""
    plan = actions.approve_plan(actor=request.viewer, plan=_draft(request, case_id), **data.dict())
    return {"number": plan.number, "approved_at": plan.approved_at}


@router.post("/cases/{case_id}/plan/actions/{key}/results")
def plan_settle(request: HttpRequest, case_id: UUID, key: UUID, data: ResultIn) -> dict[str, Any]:
    """What became of an action."""
    made = actions.settle_action(actor=request.viewer, case=_case(request, case_id), key=key, **data.dict())
    return {"id": made.pk}


@router.post("/cases/{case_id}/plan/conferences")
def plan_minute(request: HttpRequest, case_id: UUID, data: ConferenceIn) -> dict[str, Any]:
    """Write down a case conference."""
    made = actions.minute_conference(actor=request.viewer, case=_case(request, case_id), **data.dict())
    return {"id": made.pk}


@router.post("/cases/{case_id}/plan/screenings/{screening_id}")
def plan_take_over(request: HttpRequest, case_id: UUID, screening_id: UUID, data: TakeIn) -> dict[str, Any]:
    """Take a later screening over."""
    case = _case(request, case_id)
    made = actions.take_over(actor=request.viewer, case=case, screening_id=screening_id, **data.dict())
    return {"screening": made.screening_code, "fields": made.fields}

"""Where a case stands with risk, safety and plan: what the guards of its machine ask, in one query."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from palermo.kernel.workflow.models import Transition
from palermo.rooms.cases.models import (
    Action,
    Assessment,
    Case,
    Happening,
    Plan,
    Result,
    RiskAssessment,
    SafetyPlan,
)

# Results after which an action is not open any more.
ENDS = ("done", "not_done", "handed_over")


@dataclass(frozen=True, slots=True)
class Standing:
    """None where there is nothing yet. `looked_since`: when the case came into `active` or was last reviewed."""

    risk_at: datetime | None
    looked_since: datetime | None
    active_since: datetime | None
    exit_at: datetime | None
    happening_due: datetime | None
    safety: bool
    needs_recorded: bool | None
    draft_agreed_at: datetime | None
    draft_authors: tuple[UUID, ...]
    draft_actions: int
    open_actions: int


def current_plan(case_ref: Any) -> QuerySet[Plan]:
    """The version in force: the newest that was approved."""
    return Plan.objects.filter(case=case_ref, approved_at__isnull=False).order_by("-number")


def open_actions(case_ref: Any) -> QuerySet[Action]:
    """Actions of the version in force of which nothing final is known."""
    newest = Result.objects.filter(case=OuterRef("case"), key=OuterRef("key")).order_by("-made_at", "-id")
    rows = Action.objects.filter(
        case=case_ref, plan=Subquery(current_plan(OuterRef("case")).values("pk")[:1])
    )
    return rows.annotate(last=Coalesce(Subquery(newest.values("result")[:1]), Value("open"))).exclude(
        last__in=ENDS
    )


def standing(case: Case) -> Standing:
    """Where the case stands now. The caller has asked whether the viewer holds the case."""
    me = OuterRef("pk")
    risk = RiskAssessment.objects.filter(case=me).order_by("-made_at")
    draft = Plan.objects.filter(case=me, approved_at=None)
    done = Transition.objects.filter(object_id=me, machine=Case.machine, to_state="active").order_by("-at")
    counted = open_actions(me).order_by().values("case").annotate(n=Count("pk")).values("n")
    drafted = Action.objects.filter(case=me, plan__approved_at=None).order_by().values("case")
    row = (
        Case.objects.filter(pk=case.pk)
        .annotate(
            risk_at=Subquery(risk.values("made_at")[:1]),
            exit_at=Subquery(risk.filter(cause="exit").values("made_at")[:1]),
            looked=Subquery(done.values("at")[:1]),
            active=Subquery(done.exclude(from_state="active").values("at")[:1]),
            due=Subquery(
                Happening.objects.filter(case=me, met_by=None).order_by("due_at").values("due_at")[:1]
            ),
            safety=Exists(SafetyPlan.objects.filter(case=me)),
            needs=Subquery(
                Assessment.objects.filter(case=me).order_by("-made_at").values("needs_recorded")[:1]
            ),
            agreed=Subquery(draft.values("agreed_at")[:1]),
            authors=Subquery(draft.values("authors")[:1]),
            drafted=Subquery(drafted.annotate(n=Count("pk")).values("n")),
            left=Subquery(counted),
        )
        .values()
        .first()
    ) or {}
    return Standing(
        risk_at=row.get("risk_at"),
        looked_since=row.get("looked"),
        active_since=row.get("active"),
        exit_at=row.get("exit_at"),
        happening_due=row.get("due"),
        safety=bool(row.get("safety")),
        needs_recorded=row.get("needs"),
        draft_agreed_at=row.get("agreed"),
        draft_authors=tuple(row.get("authors") or ()),
        draft_actions=row.get("drafted") or 0,
        open_actions=row.get("left") or 0,
    )

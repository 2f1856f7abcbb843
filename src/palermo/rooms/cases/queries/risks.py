"""Risk, what happened, the four levels, the safety plan; words only for who holds the notes of the case."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.workflow.clocks import country, due_at
from palermo.rooms.cases.models import (
    Assessment,
    Case,
    Happening,
    RiskAssessment,
    SafetyPlan,
    SafetyReview,
)
from palermo.rooms.cases.queries.sealed import opened, words_in
from palermo.standards.codes import codelist

MOST = 40


@dataclass(frozen=True, slots=True)
class SafetyLine:
    """One item of the safety plan in words."""

    sign: str
    step: str
    call: str
    text: str
    codes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Safety:
    """The safety plan in force; `gone_through_at`: when it was last written or reviewed with the person."""

    plan: SafetyPlan
    lines: tuple[SafetyLine, ...]
    gone_through_at: datetime
    today: bool


@dataclass(frozen=True, slots=True)
class Level:
    """One of the four levels in an assessment."""

    name: str
    risks: tuple[str, ...]
    protective: tuple[str, ...]
    text: str


def say(list_id: str, code: str) -> str:
    """A code in the reader's language; the code itself where the list does not know it any more."""
    names = codelist(list_id)
    return names.label(code, get_language() or "en") if code in names else code


def with_words(viewer: Viewer, case: Case, rows: Sequence[Any]) -> list[Any]:
    """The rows with `text`: what they say, or nothing where the viewer may not read it. One query for all of them."""
    if can(viewer, "cases.plan.change", case.pk):
        said = [row for row in rows if row.words_id and row.words is not None]
        texts = opened(viewer, case, [words_in(row.words) for row in said])
        for row, text in zip(said, texts, strict=True):
            row.text = text
    return list(rows)


def parts_of(text: str) -> dict[str, str]:
    """The texts of a record that keeps several; a text that does not open says so in every place."""
    try:
        read = json.loads(text) if text else {}
    except ValueError:
        return {"": text}
    return read if isinstance(read, dict) else {}


def risks(viewer: Viewer, case: Case) -> list[RiskAssessment]:
    """Assessments of the risk, newest first, each with its reason."""
    require(viewer, "cases.plan.view", case.pk)
    rows = RiskAssessment.objects.filter(case=case).select_related("made_by", "words").order_by("-made_at")
    return with_words(viewer, case, rows[:MOST])


def happenings(viewer: Viewer, case: Case) -> list[Happening]:
    """What happened and nobody has looked at the risk since, the most urgent first."""
    require(viewer, "cases.plan.view", case.pk)
    rows = Happening.objects.filter(case=case, met_by=None).select_related("made_by", "words")
    return with_words(viewer, case, rows.order_by("due_at")[:MOST])


def risk_due(newest: RiskAssessment | None) -> datetime | None:
    """By when the risk must be assessed again: 7, 30 or 90 days by level, as the country pack says."""
    return due_at(f"review_{newest.level}", newest.made_at, country()) if newest else None


def safety(viewer: Viewer, case: Case) -> Safety | None:
    """The safety plan in force; None while there is none."""
    require(viewer, "cases.plan.view", case.pk)
    plan = _safety_plans(case).first()
    return _safety(viewer, case, plan) if plan else None


def safety_version(viewer: Viewer, case: Case, number: int) -> Safety:
    """The safety plan as it was in one version; NotFound."""
    require(viewer, "cases.plan.view", case.pk)
    plan = _safety_plans(case).filter(number=number).first()
    if plan is None:
        raise NotFound()
    return _safety(viewer, case, plan)


def _safety_plans(case: Case) -> QuerySet[SafetyPlan]:
    return SafetyPlan.objects.filter(case=case).select_related("made_by", "words").order_by("-number")


def _safety(viewer: Viewer, case: Case, plan: SafetyPlan) -> Safety:
    reviewed = SafetyReview.objects.filter(plan=plan).order_by("-made_at").first()
    at = reviewed.made_at if reviewed else plan.made_at
    said = parts_of(with_words(viewer, case, [plan])[0].text)
    lines = tuple(
        SafetyLine(
            sign=say("palermo/danger_sign", item["sign"]),
            step=say("palermo/safety_step", item["step"]),
            call=say("palermo/safety_call", item["call"]),
            text=said.get(str(place), said.get("", "")),
            codes=dict(item),
        )
        for place, item in enumerate(plan.items)
    )
    return Safety(plan, lines, at, timezone.localdate(at) == timezone.localdate())


def safety_versions(viewer: Viewer, case: Case) -> list[SafetyPlan]:
    """Every version, newest first, without words."""
    require(viewer, "cases.plan.view", case.pk)
    return list(SafetyPlan.objects.filter(case=case).select_related("made_by").order_by("-number"))


def assessments(viewer: Viewer, case: Case) -> list[Assessment]:
    """Assessments on the four levels, newest first."""
    require(viewer, "cases.plan.view", case.pk)
    rows = Assessment.objects.filter(case=case).select_related("made_by", "words").order_by("-made_at")
    return with_words(viewer, case, rows[:MOST])


def levels_of(row: Assessment) -> list[Level]:
    """An assessment by level, in words."""
    risk_list, good_list = "palermo/vulnerability_risk", "palermo/vulnerability_protective"
    said = parts_of(row.text)
    found = []
    for head in codelist(risk_list):
        if head.parent:
            continue
        bad, good = (
            tuple(say(name, c.code) for c in codelist(name) if c.parent == head.code and c.code in codes)
            for name, codes in ((risk_list, row.risks), (good_list, row.protective))
        )
        found.append(Level(say(risk_list, head.code), bad, good, said.get(head.code, said.get("", ""))))
    return found


def overdue_words(at: datetime | None) -> str:
    """A warning where the clock of the level has run out."""
    return _("The risk must be assessed again: its time has run out.") if at and at < timezone.now() else ""

"""Everything that the page of one child shows, in words, with few queries however long the story is."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.workflow.moves import Move, moves
from palermo.rooms.children.models import (
    AgeAssessment,
    Assessment,
    ChildProtection,
    Determination,
    Guardian,
    Kept,
    Kind,
    Panel,
    Placement,
    Told,
    Tracing,
    View,
    Weight,
)
from palermo.rooms.children.queries import codes
from palermo.rooms.children.queries.child import ageing_soon, guardian
from palermo.rooms.children.queries.texts import Sealed, opened, place
from palermo.standards.workflows import machine

UNPLANNED = ("missing", "hand_over_protection")


@dataclass(frozen=True, slots=True)
class Clock:
    """One thing that is due: the step that meets it, and when."""

    event: str
    label: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist; `event` is the step that does it, when it can be done now."""

    label: str
    done: bool
    event: str = ""


@dataclass(slots=True)
class Paper:
    """One paper in words: what it is, when, who wrote it, its facts, its words."""

    title: str
    at: datetime
    who: str
    facts: list[tuple[str, Any]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """The child as the page leads: clocks, checklist, steps, papers by section. `first`: the step that comes next."""

    child: ChildProtection
    state: str
    guardian: Guardian | None
    clocks: list[Clock]
    checks: list[Check]
    steps: list[Move]
    first: str
    sections: list[tuple[str, list[Paper]]]
    ageing: bool


def state_name(state: str) -> str:
    """The name of a state in the language of the page."""
    return machine(ChildProtection.machine).state(state).label(get_language() or "en")


def page(viewer: Viewer, child: ChildProtection) -> Page:
    """The page of one child that the viewer holds."""
    steps = moves(viewer, child)
    clocks = _clocks(steps)
    if child.risk_due_at:
        clocks.append(Clock("", _("Assess the risk again"), child.risk_due_at))
    sealed: list[tuple[Paper, str, Sealed]] = []
    sections = _sections(child, sealed)
    for (paper, name, _spot), text in zip(
        sealed, opened(viewer, child, [spot for _p, _n, spot in sealed]), strict=True
    ):
        if text:
            paper.texts.append((name, text))
    now = guardian(viewer, child)
    return Page(
        child=child,
        state=state_name(child.state),
        guardian=now,
        clocks=sorted(clocks, key=lambda clock: clock.due_at),
        checks=(checks := _checks(child, sections, now, steps)),
        steps=_in_order(steps, checks),
        first=next((check.event for check in checks if check.event), ""),
        sections=[(title, papers) for _key, title, papers in sections],
        ageing=ageing_soon(child),
    )


def _clocks(steps: list[Move]) -> list[Clock]:
    """What is due: one line for a limit, by the step that the viewer can take where there are several."""
    due: dict[datetime, Clock] = {}
    for step in steps:  # Possible ones come first.
        if step.due_at is not None:
            due.setdefault(step.due_at, Clock(step.event, step.label, step.due_at))
    return list(due.values())


def _in_order(steps: list[Move], checks: list[Check]) -> list[Move]:
    """The steps of the checklist in its order, then the others; what nobody plans is last."""
    wanted = [check.event for check in checks if check.event]
    last = len(wanted) + 1

    def place(step: Move) -> int:
        if step.event in wanted:
            return wanted.index(step.event)
        return last if step.event in UNPLANNED else last - 1

    return sorted(steps, key=place)


Sections = list[tuple[str, str, list[Paper]]]


def _checks(
    child: ChildProtection, sections: Sections, now: Guardian | None, steps: list[Move]
) -> list[Check]:
    held = {key: papers for key, _title, papers in sections}
    can = {step.event for step in steps if step.possible}
    full = any(len(p.facts) > 2 and p.title == str(_("Full")) for p in held["interests"])
    lines = [
        (_("The three bodies are told"), bool(held["told"]), "notify"),
        (_("A safe place"), bool(held["place"]), "place_safely"),
        (_("A guardian, independent of the exploiters"), now is not None, "appoint_guardian"),
        (_("Best interests, provisionally"), bool(held["interests"]), "assess_provisionally"),
        (_("Best interests, in full"), full, "complete_bia"),
        (_("The panel has decided"), bool(held["panel"]), "decide_panel"),
        (_("The protection measure runs"), bool(held["measure"]), "begin_protection"),
        (_("The month of birth is estimated"), child.birth_month is not None, ""),
        (_("A durable solution is decided"), bool(held["solution"]), "decide_solution"),
    ]
    return [Check(label, done, event if event in can and not done else "") for label, done, event in lines]


def _sections(child: ChildProtection, sealed: list[tuple[Paper, str, Sealed]]) -> Sections:
    def rows(model: Any, *related: str) -> list[Any]:
        found = model.objects.filter(child=child).select_related("written_by", *related)
        return list(found.prefetch_related("members") if model is Panel else found)

    def add(row: Any, title: str, facts: list[tuple[str, Any]], table: str, *texts: tuple[str, str]) -> Paper:
        made = Paper(title, row.written_at, str(row.written_by), facts)
        for column, name in texts:
            sealed.append((made, name, (place(table, row.pk, column), getattr(row, column))))
        return made

    views = [
        add(
            v,
            codes.label(codes.MANNER, v.manner),
            [(_("Language"), codes.label(codes.LANGUAGE, v.language)), (_("Step"), _step(v.occasion))],
            "view",
            ("sealed", _("What the child said")),
        )
        for v in rows(View)
    ]
    told = [
        add(
            t,
            t.get_body_display(),
            [(_("Organisation"), t.organisation.name), (_("About"), t.get_about_display())],
            "told",
        )
        for t in rows(Told, "organisation")
    ]
    places = [
        add(p, codes.label(codes.SETTING, p.setting), [(_("Family checked"), p.family_checked)], "placement")
        for p in rows(Placement)
    ]
    kept = rows(Kept, "organisation")
    return [
        ("views", _("The child's own views"), views),
        ("told", _("Who was told"), told),
        ("age", _("Age assessments"), [_age(a, add) for a in rows(AgeAssessment, "assessor")]),
        ("place", _("Safe places"), places),
        ("family", _("Family"), [_family(t, add) for t in rows(Tracing)]),
        ("interests", _("Best interests"), [_interests(a, add) for a in rows(Assessment)]),
        ("panel", _("Panels"), [_panel(p, add, sealed) for p in rows(Panel, "chair")]),
        ("measure", _("Protection measure and reviews"), _kept(kept, add, Kind.MEASURE, Kind.REVIEW)),
        ("solution", _("Durable solution"), [_solution(d, add) for d in rows(Determination)]),
        (
            "after",
            _("Growing up, closing, follow-up"),
            _kept(kept, add, Kind.TRANSITION, Kind.CLOSING, Kind.FOLLOW_UP),
        ),
    ]


def _step(event: str) -> str:
    m = machine(ChildProtection.machine)
    found = next((e for e in m.events if e.code == event), None)
    if found is not None:
        return found.label(get_language() or "en")
    return state_name(event) if event in m.states else event


def _age(row: AgeAssessment, add: Any) -> Paper:
    ages = _("%(lowest)s to %(highest)s years") % {"lowest": row.lowest, "highest": row.highest}
    facts = [
        (_("Method"), codes.label(codes.AGE_METHOD, row.method)),
        (_("Assessed by"), row.assessor.name),
        (_("Age"), ages),
    ]
    made: Paper = add(
        row, str(row.get_conclusion_display()), facts, "ageassessment", ("sealed", _("Reasons"))
    )
    return made


def _family(row: Tracing, add: Any) -> Paper:
    facts = [
        (_("Safety check"), row.get_safety_display()),
        (_("The child wishes contact"), row.child_wishes),
        (_("Contact"), row.get_contact_display()),
    ]
    title = codes.label(codes.RELATION, row.relation)
    made: Paper = add(row, title, facts, "tracing", ("sealed", _("What is known")))
    return made


def _interests(row: Assessment, add: Any) -> Paper:
    weights = dict(Weight.choices)
    facts: list[tuple[str, Any]] = [
        (codes.label(codes.ELEMENT, code), str(weights.get(row.findings[code], "")))
        for code in codes.codes(codes.ELEMENT)
        if code in row.findings
    ]
    facts.append((_("The guardian agrees"), row.guardian_agrees))
    made: Paper = add(
        row,
        str(row.get_depth_display()),
        facts,
        "assessment",
        ("sealed", _("Balance and reasons")),
        ("sealed_guardian", _("The guardian")),
    )
    return made


def _panel(row: Panel, add: Any, sealed: list[tuple[Paper, str, Sealed]]) -> Paper:
    members = list(row.members.all())
    facts: list[tuple[str, Any]] = [(_("Met on"), date_format(row.met_on, "DATE_FORMAT"))]
    for member in members:
        name = codes.label(codes.SECTOR, member.sector)
        chair = " · " + _("in the chair") if member.chairs else ""
        facts.append((name, f"{member.get_opinion_display()}{chair}"))
    made: Paper = add(row, str(row.get_answer_display()), facts, "panel", ("sealed", _("Minutes")))
    for member in members:
        words = _("Dissent: %(sector)s") % {"sector": codes.label(codes.SECTOR, member.sector)}
        sealed.append((made, words, (place("panelmember", member.pk), member.sealed)))
    return made


def _solution(row: Determination, add: Any) -> Paper:
    facts = [
        (_("The guardian agrees"), row.guardian_agrees),
        (_("Safety there is checked"), row.safety_checked),
    ]
    title = codes.label(codes.SOLUTION, row.solution)
    made: Paper = add(row, title, facts, "determination", ("sealed", _("Options, and why this one")))
    return made


LIST_OF = {
    Kind.MEASURE: codes.MEASURE,
    Kind.REVIEW: codes.MEASURE,
    Kind.TRANSITION: codes.TRANSITION,
    Kind.FOLLOW_UP: codes.WELLBEING,
}


def _kept(rows: list[Kept], add: Any, *kinds: str) -> list[Paper]:
    words = {
        "guardian_agrees": _("The guardian agrees"),
        "child_told": _("The child was told in the own language"),
        "ordinary": _("Ordinary child protection"),
    }
    found = []
    for row in rows:
        if row.kind in kinds:
            listed = LIST_OF.get(Kind(row.kind))
            said = [words.get(c) or (codes.label(listed, c) if listed else c) for c in row.codes]
            facts: list[tuple[str, Any]] = [(_("Kind"), said)]
            if row.organisation:
                facts.append((_("Organisation"), row.organisation.name))
            found.append(add(row, str(row.get_kind_display()), facts, "kept", ("sealed", _("In words"))))
    return found

"""Reading screenings. Every function starts from what the viewer holds; the database says it a second time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.kernel.access.models import Grant
from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.workflow import queries as workflow
from palermo.rooms.identification.models import Decision, Outcome, Screening, Suggestion
from palermo.rooms.identification.queries.authorities import authorities
from palermo.rooms.identification.queries.explain import Explanation, explain
from palermo.rooms.identification.queries.notification import notification_choices
from palermo.rooms.identification.queries.remarks import remarks
from palermo.rooms.identification.queries.rulings import FINAL, about, ruling, rulings
from palermo.rooms.identification.queries.status import (
    Waiting,
    decides,
    moves_of,
    notified,
    of_case,
    own_and_others,
    packets,
    questions,
    reasons,
    removal_bar,
    signs_of_case,
    state_label,
    status,
    status_due_for,
    status_of,
    steps,
    to_do,
    waiting,
)
from palermo.standards.instruments import Instrument, version
from palermo.standards.workflows import machine
from palermo.web.room import Due

__all__ = [
    "FINAL",
    "Explanation",
    "Page",
    "Progress",
    "Waiting",
    "about",
    "authorities",
    "decides",
    "explain",
    "moves_of",
    "notification_choices",
    "notified",
    "of_case",
    "own_and_others",
    "packets",
    "questions",
    "reasons",
    "remarks",
    "removal_bar",
    "ruling",
    "rulings",
    "screening",
    "screenings",
    "signs_of_case",
    "state_label",
    "status",
    "status_of",
    "steps",
    "to_do",
    "waiting",
]

PAGE = 25
# States in which a screening still waits for somebody (standards/workflows/screening.toml).
UNFINISHED = ("open",)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and the cursor of the next one (empty at the end)."""

    rows: tuple[Screening, ...]
    next: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a section is."""

    code: str
    title: str
    answered: int
    asked: int

    @property
    def complete(self) -> bool:
        return self.answered == self.asked


@dataclass(frozen=True, slots=True)
class Decided:
    """What another room needs to know of a decided screening to open a case from it."""

    screening_id: UUID
    code: str
    outcome: str
    child: bool
    organisation_id: UUID
    forms_yes: tuple[str, ...]
    forms_no: tuple[str, ...]
    controls_yes: tuple[str, ...]
    controls_no: tuple[str, ...]


def _held(viewer: Viewer) -> QuerySet[Grant, UUID]:
    """Ids of screenings that the viewer of this transaction holds; driving the query from here keeps it fast.

    The wall of grants says the same once more; naming the grantees lets the planner know how many to expect.
    """
    grantees = (viewer.user_id, *viewer.unit_ids, *viewer.organisation_ids)
    return Grant.objects.filter(
        object_kind="screening", grantee_id__in=[g for g in grantees if g]
    ).values_list("object_id", flat=True)


def screenings(
    viewer: Viewer,
    *,
    text: str = "",
    state: str = "",
    since: date | None = None,
    until: date | None = None,
    after: str = "",
) -> Page:
    """The viewer's screenings, newest first, by code, state and day; `after` is the cursor of the page before."""
    require(viewer, "identification.screening.list")
    latest = Decision.objects.filter(screening=OuterRef("pk"), superseded_by=None).values("outcome")[:1]
    rows = Screening.objects.filter(pk__in=_held(viewer)).annotate(decided=Subquery(latest))
    if text.strip():
        wanted = text.strip()
        rows = rows.filter(Q(code__icontains=wanted) | Q(event__icontains=wanted))
    if state:
        rows = rows.filter(state=state)
    if since:
        rows = rows.filter(created_at__date__gte=since)
    if until:
        rows = rows.filter(created_at__date__lte=until)
    anchor = Screening.objects.filter(pk__in=_held(viewer), code=after).values("created_at", "id").first()
    if anchor:
        earlier = Q(created_at__lt=anchor["created_at"])
        rows = rows.filter(earlier | Q(created_at=anchor["created_at"], id__lt=anchor["id"]))
    found = list(rows.select_related("started_by").order_by("-created_at", "-id")[: PAGE + 1])
    return Page(tuple(found[:PAGE]), found[PAGE - 1].code if len(found) > PAGE else "")


def screening(viewer: Viewer, screening_id: UUID) -> Screening:
    """One screening with its answers; NotFound unless the viewer holds it."""
    require(viewer, "identification.screening.view", screening_id)
    found = (
        Screening.objects.filter(pk=screening_id)
        .select_related("answers", "started_by", "organisation", "previous")
        .first()
    )
    if found is None:
        raise NotFound()
    return found


def instrument_of(found: Screening) -> Instrument:
    """The version of the instrument with which this screening was begun."""
    return version(found.instrument_version)


def progress(found: Screening, language: str) -> list[Progress]:
    """How many questions of each section have an answer."""
    values = found.answers.values
    return [
        Progress(
            code=section.code,
            title=section.title[language],
            answered=sum(1 for question in section.questions if question.code in values),
            asked=len(section.questions),
        )
        for section in instrument_of(found).sections
    ]


def urgent(found: Screening, language: str) -> list[tuple[str, str]]:
    """(question, what to do now) for every answer that asks for something at once."""
    return [
        (question.ask[language], question.do[language])
        for question in instrument_of(found).questions()
        if question.do is not None and found.answers.values.get(question.code) == question.act_on
    ]


def answered(
    found: Screening, language: str, said: Mapping[str, str]
) -> list[tuple[str, list[tuple[str, str]], str]]:
    """(section, [(question, answer code)], remark) of the whole screening, for paper."""
    return [
        (
            section.title[language],
            [(q.ask[language], found.answers.values.get(q.code, "")) for q in section.questions],
            said.get(section.code, ""),
        )
        for section in instrument_of(found).sections
    ]


def state_choices() -> list[tuple[str, str]]:
    """(state, its name) of the screening machine."""
    language = get_language() or "en"
    return [(state.code, state.label(language)) for state in machine(Screening.machine).states.values()]


def latest_suggestion(viewer: Viewer, found: Screening) -> Suggestion | None:
    """The newest suggestion; None before the first one."""
    require(viewer, "identification.screening.view", found.pk)
    return found.suggestions.order_by("-answers_version", "-id").first()


def is_current(found: Screening, suggestion: Suggestion | None) -> bool:
    """Whether the suggestion was worked out from the answers as they are now."""
    return suggestion is not None and suggestion.answers_version == found.answers.version


def decisions(viewer: Viewer, found: Screening) -> list[Decision]:
    """Every decision, the one in force first."""
    require(viewer, "identification.screening.view", found.pk)
    return list(found.decisions.select_related("decided_by", "suggestion").order_by("-id"))


def ended(viewer: Viewer, found: Screening) -> Any:
    """The step that ended a screening without a decision: who, when and why; None where none did."""
    if found.state in UNFINISHED:
        return None
    return next((step for step in workflow.history(viewer, found) if step.event == "abandon"), None)


def decided(viewer: Viewer, screening_id: UUID) -> Decided | None:
    """The decision in force with the coded answers behind it; None while nobody has decided."""
    found = screening(viewer, screening_id)
    decision = found.decisions.filter(superseded_by=None).select_related("suggestion").first()
    if decision is None:
        return None
    flags: dict[str, list[str]] = {"form yes": [], "form no": [], "control yes": [], "control no": []}
    for question in instrument_of(found).questions():
        answer = found.answers.values.get(question.code)
        for kind, code in (("form", question.form), ("control", question.control)):
            if code and answer in ("yes", "no"):
                flags[f"{kind} {answer}"].append(code)
    # A means asked twice (at the start, at the place) is a yes as soon as one of the two is.
    no = [code for code in flags["control no"] if code not in flags["control yes"]]
    return Decided(
        screening_id=found.pk,
        code=found.code,
        outcome=decision.outcome,
        child=decision.suggestion.child_rule,
        organisation_id=found.organisation_id,
        forms_yes=tuple(dict.fromkeys(flags["form yes"])),
        forms_no=tuple(dict.fromkeys(flags["form no"])),
        controls_yes=tuple(dict.fromkeys(flags["control yes"])),
        controls_no=tuple(dict.fromkeys(no)),
    )


def due_for(viewer: Viewer) -> list[Due]:
    """The viewer's own screenings that are not finished, and what the legal status of people waits for."""
    if not can(viewer, "identification.screening.list"):
        return []
    return [*_unfinished(viewer), *status_due_for(viewer)]


def _unfinished(viewer: Viewer) -> list[Due]:
    clocks = {row.object_id: row.due_at for row in workflow.due(viewer, object_kind="screening")}
    waiting = Screening.objects.filter(
        pk__in=_held(viewer), started_by_id=viewer.user_id, state__in=UNFINISHED
    ).order_by("created_at")[:10]
    return [
        Due(
            title=_("Finish screening %(code)s") % {"code": row.code},
            url=reverse("identification:summary", args=[row.pk]),
            due_at=clocks.get(row.pk),
            level="" if row.pk in clocks else "soon",
        )
        for row in waiting
    ]


def differs(suggestion: Suggestion, outcome: str) -> bool:
    """Whether a decision goes another way than the suggestion; the page then says so, and that it may."""
    return suggestion.outcome != outcome


OUTCOMES = tuple(Outcome)

"""Reading cases. Every function starts from what the viewer holds; the database says it a second time."""

import re
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from palermo.kernel.access.models import Grant
from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.vault.codes import parse_code
from palermo.kernel.workflow import queries as workflow
from palermo.rooms.cases.models import Case, Draft, Note, Reveal
from palermo.rooms.cases.queries.asked import due_of_searches
from palermo.rooms.cases.queries.files import CaseFile, attachment, case_files
from palermo.rooms.cases.queries.labels import facts_in_words
from palermo.rooms.cases.queries.moves import (
    Clock,
    Move,
    Step,
    deadlines,
    moves,
    state_choices,
    state_name,
    steps,
)
from palermo.rooms.cases.queries.period import Passage, period_of
from palermo.rooms.cases.queries.plans import (
    action,
    conferences,
    current,
    draft_of,
    due_of,
    in_force,
    is_approved,
    plan,
    plans,
    version,
)
from palermo.rooms.cases.queries.risks import (
    assessments,
    happenings,
    levels_of,
    parts_of,
    risk_due,
    risks,
    safety,
    safety_version,
    safety_versions,
    say,
)
from palermo.rooms.cases.queries.same import due_of_pairs
from palermo.rooms.cases.queries.screenings import compare, screenings_of
from palermo.rooms.cases.queries.sealed import begun_in, opened, said_in
from palermo.rooms.cases.queries.seen import require_seen
from palermo.rooms.cases.queries.sharing import (
    Share,
    may_reassign,
    possible_grantees,
    possible_workers,
    protection_authorities,
    shares,
)
from palermo.rooms.cases.queries.standing import standing
from palermo.rooms.cases.queries.trail import Deed, deeds
from palermo.web.room import Due, Subject

__all__ = [
    "CaseFile",
    "Clock",
    "Deed",
    "Move",
    "Page",
    "Passage",
    "Share",
    "Step",
    "about",
    "action",
    "assessments",
    "attachment",
    "case",
    "case_files",
    "case_named",
    "cases",
    "compare",
    "conferences",
    "current",
    "deadlines",
    "deeds",
    "draft",
    "draft_of",
    "due_for",
    "due_of",
    "facts_in_words",
    "happenings",
    "in_force",
    "is_approved",
    "levels_of",
    "may_reassign",
    "moves",
    "note",
    "notes",
    "parts_of",
    "period_of",
    "plan",
    "plans",
    "possible_grantees",
    "possible_workers",
    "protection_authorities",
    "reveals",
    "risk_due",
    "risks",
    "safety",
    "safety_version",
    "safety_versions",
    "say",
    "screenings_of",
    "shares",
    "standing",
    "state_choices",
    "state_name",
    "steps",
    "subject",
    "version",
]

PAGE = 25
DRAFTS = 10


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and the cursor of the next one (empty at the end)."""

    rows: tuple[Case, ...]
    next: str


def code_of(text: str) -> str | None:
    """The code of a case as it is stored, from what somebody typed; None when it is not the whole code of one."""
    wanted = text.strip().upper()
    whole = parse_code(re.sub("^C", "P", wanted))
    return "C" + whole[1:] if whole and wanted.startswith("C") else None


def held(viewer: Viewer) -> QuerySet[Grant, UUID]:
    """Ids of cases that the viewer of this transaction holds; driving the query from here keeps it fast.

    The wall of grants says the same once more; naming the grantees lets the planner know how many to expect.
    """
    grantees = (viewer.user_id, *viewer.unit_ids, *viewer.organisation_ids)
    return Grant.objects.filter(object_kind="case", grantee_id__in=[g for g in grantees if g]).values_list(
        "object_id", flat=True
    )


def found(
    viewer: Viewer, *, text: str = "", state: str = "", crime: str = "", risk: str = "", mine: bool = False
) -> QuerySet[Case]:
    """The viewer's cases that fit, newest first."""
    require(viewer, "cases.case.list")
    rows = Case.objects.filter(pk__in=held(viewer))
    wanted = text.strip().upper()
    if whole := code_of(wanted):
        # A whole code is one step in the index, however many cases there are.
        rows = rows.filter(code=whole)
    elif wanted:
        rows = rows.filter(Q(code__icontains=wanted) | Q(person_code__icontains=wanted))
    for name, value in (("state", state), ("crime", crime), ("risk", risk)):
        if value:
            rows = rows.filter(**{name: value})
    if mine:
        rows = rows.filter(worker_id=viewer.user_id)
    return rows.select_related("worker", "organisation").order_by("-opened_at", "-id")


def cases(viewer: Viewer, *, after: str = "", **wanted: object) -> Page:
    """One page of `found`; `after` is the code of the last case on the page before."""
    rows = found(viewer, **wanted)  # type: ignore[arg-type]
    anchor = Case.objects.filter(code=after).values("opened_at", "id").first() if after else None
    if anchor:
        same = Q(opened_at=anchor["opened_at"], id__lt=anchor["id"])
        # The first condition alone lets the index skip; the second one settles equal times.
        rows = rows.filter(Q(opened_at__lte=anchor["opened_at"])).filter(
            Q(opened_at__lt=anchor["opened_at"]) | same
        )
    listed = list(rows[: PAGE + 1])
    return Page(tuple(listed[:PAGE]), listed[PAGE - 1].code if len(listed) > PAGE else "")


def case(viewer: Viewer, case_id: UUID) -> Case:
    """One case with its facts; NotFound unless the viewer holds it."""
    require(viewer, "cases.case.view", case_id)
    row = Case.objects.filter(pk=case_id).select_related("facts", "worker", "organisation", "told_by").first()
    if row is None:
        raise NotFound()
    row.given_to = viewer  # type: ignore[attr-defined]
    return row


def case_named(viewer: Viewer, name: str) -> Case:
    """One case by its key or by its whole code, as somebody wrote it down; NotFound unless the viewer holds it."""
    try:
        return case(viewer, UUID(name))
    except ValueError:
        key = Case.objects.filter(code=code_of(name) or "").values_list("pk", flat=True).first()
    if key is None:
        raise NotFound()
    return case(viewer, key)


def subject(viewer: Viewer, case_id: UUID) -> Subject:
    """What other rooms' pages about a case need to know of it; NotFound unless the viewer holds it."""
    return about(case(viewer, case_id))


def about(row: Case) -> Subject:
    """A case that was read already, as pages of all rooms know it."""
    return Subject(
        place="case",
        key=row.pk,
        code=row.code,
        url=reverse("cases:case", args=[row.pk]),
        person_id=row.person_id,
        person_code=row.person_code,
        organisation_id=row.organisation_id,
        worker_id=row.worker_id,
        child=row.child,
        up=(_("Cases"), reverse("cases:list")),
    )


def case_of_screening(viewer: Viewer, screening_id: UUID) -> Case | None:
    """The case that was opened from a screening, if the viewer holds it."""
    require(viewer, "cases.case.list")
    return Case.objects.filter(screening_id=screening_id).first()


def cases_of_person(viewer: Viewer, person_ids: list[UUID]) -> dict[UUID, list[Case]]:
    """Cases that the viewer holds, by person: what the search before opening shows."""
    require(viewer, "cases.case.list")
    by_person: dict[UUID, list[Case]] = {}
    for row in Case.objects.filter(pk__in=held(viewer), person_id__in=person_ids).order_by("-opened_at"):
        by_person.setdefault(row.person_id, []).append(row)
    return by_person


def notes(viewer: Viewer, of: Case) -> list[Note]:
    """The notes of a case, newest first, each with what corrected it; none without the scope for notes."""
    if not can(viewer, "cases.note.view", of.pk):
        return []
    rows = Note.objects.filter(case=of).select_related("written_by", "corrected_by")
    return _opened_notes(viewer, of, list(rows.order_by("-written_at", "-id")))


def note(viewer: Viewer, of: Case, note_id: int) -> Note:
    """One note of this case, opened; NotFound without the scope for notes."""
    require(viewer, "cases.note.view", of.pk)
    rows = _opened_notes(
        viewer, of, list(Note.objects.filter(pk=note_id, case=of).select_related("written_by"))
    )
    if not rows:
        raise NotFound()
    return rows[0]


def _opened_notes(viewer: Viewer, of: Case, rows: list[Note]) -> list[Note]:
    for row, text in zip(rows, opened(viewer, of, map(said_in, rows)), strict=True):
        row.text = text
    return rows


def reveals(viewer: Viewer, of: Case) -> list[Reveal]:
    """Who saw the identity, and why, newest first."""
    require_seen(viewer, of)
    return list(Reveal.objects.filter(case=of).select_related("seen_by"))


def draft(viewer: Viewer, of: Case) -> str:
    """The viewer's own unfinished note."""
    kept = Draft.objects.filter(case=of, written_by_id=viewer.user_id).first()
    return opened(viewer, of, [begun_in(kept)])[0] if kept else ""


def due_for(viewer: Viewer) -> list[Due]:
    """Deadlines of the cases that the viewer holds, then the notes that he has begun and not added."""
    if not can(viewer, "cases.case.list"):
        return []
    rows = workflow.due(viewer, object_kind="case")
    begun = list(Draft.objects.filter(written_by_id=viewer.user_id).exclude(sealed=b"")[:DRAFTS])
    wanted = {row.object_id for row in rows} | {draft.case_id for draft in begun}
    codes = dict(Case.objects.filter(pk__in=wanted).values_list("id", "code"))
    found = [
        Due(
            title=f"{codes[row.object_id]}: {row.label}",
            url=reverse("cases:case", args=[row.object_id]),
            due_at=row.due_at,
        )
        for row in rows
        if row.object_id in codes
    ]
    return (
        found
        + due_of(viewer)
        + due_of_pairs(viewer)
        + due_of_searches(viewer)
        + [
            Due(
                title=_("Unfinished note in %(code)s") % {"code": codes[draft.case_id]},
                url=reverse("cases:case", args=[draft.case_id]) + "#note-heading",
                level="later",
            )
            for draft in begun
            if draft.case_id in codes
        ]
    )

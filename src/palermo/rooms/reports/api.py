"""The JSON twin of the pages: the same queries, the same refusals."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from palermo.rooms.reports import actions, queries
from palermo.rooms.reports.models import Recommendation, Report, Section

router = Router(tags=["reports"])


class NewReport(Schema):
    """The year of a report."""

    year: int


class Part(Schema):
    """A section: words by language, and for figures a published release, its breakdown and how it is laid out."""

    kind: str
    titles: dict[str, str] = {}
    texts: dict[str, str] = {}
    source: str = ""
    part: str = ""
    layout: str = "years"
    after: str = ""


class ChangedPart(Part):
    """A changed section, and the version that the person saw."""

    version: int


class Place(Schema):
    """Where a section goes."""

    up: bool


class Advice(Schema):
    """A recommendation by language; of one of last year's what became of it."""

    texts: dict[str, str] = {}
    notes: dict[str, str] = {}
    outcome: str = ""
    version: int = 0


class Seen(Schema):
    """The version that the person saw."""

    version: int


class Verdict(Schema):
    """What a person answers for."""

    version: int
    reason: str


def _open(found: Report) -> dict[str, Any]:
    """What everybody may know of a public report."""
    return {
        "identifier": found.identifier, "country": found.country, "year": found.year, "number": found.number,
        "state": found.state, "published": found.published_at, "changes": found.changes,
    }  # fmt: skip


def _files(found: Report) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "language": one.language, "bytes": one.size, "sha256": one.sha256}
        for one in queries.files(found)
    ]


def _section(one: Section) -> dict[str, Any]:
    return {
        "id": one.pk, "version": one.version, "place": one.place, "kind": one.kind, "titles": one.titles,
        "texts": one.texts, "source": one.source, "sha256": one.sha256, "part": one.part, "layout": one.layout,
    }  # fmt: skip


def _advice(one: Recommendation) -> dict[str, Any]:
    return {
        "id": one.pk, "version": one.version, "texts": one.texts, "of": one.of_id, "outcome": one.outcome,
        "notes": one.notes,
    }  # fmt: skip


def _whole(found: Report) -> dict[str, Any]:
    return {
        **_open(found), "id": found.pk, "version": found.version, "revision": found.revision,
        "sections": [_section(one) for one in found.sections.all()],
        "recommendations": [_advice(one) for one in found.recommendations.all()],
        "reviews": [
            {"stage": one.stage, "verdict": one.verdict, "revision": one.revision, "reason": one.reason, "at": one.at}
            for one in queries.reviews(found)
        ],
        "files": _files(found) if found.revision else [],
    }  # fmt: skip


@router.get("/public")
def public_reports(request: HttpRequest) -> list[dict[str, Any]]:
    """The newest edition of each year."""
    return [_open(one) for one in queries.catalogue(request.viewer)[:100]]


@router.get("/public/{identifier}")
def public_report(request: HttpRequest, identifier: str) -> dict[str, Any]:
    """A public report in the reader's language, with its files and what was withdrawn since; 410 where it was."""
    found = queries.landing(request.viewer, identifier)
    return {
        **_open(found.report), "files": _files(found.report), "newest": found.newest, "content": found.told,
        "withdrawn_sources": [{"identifier": name, "newest": newest} for name, newest in found.fallen],
    }  # fmt: skip


@router.get("/")
def list_reports(request: HttpRequest) -> list[dict[str, Any]]:
    """Every edition, the newest first."""
    return [
        {**_open(one), "id": one.pk, "version": one.version} for one in queries.reports(request.viewer)[:100]
    ]


@router.post("/")
def open_new_report(request: HttpRequest, body: NewReport) -> dict[str, Any]:
    """Begin the report of a year with the standard outline."""
    return _whole(actions.open_report(actor=request.viewer, year=body.year))


@router.get("/{report_id}")
def one_report(request: HttpRequest, report_id: UUID) -> dict[str, Any]:
    """A report with its sections."""
    return _whole(queries.one(request.viewer, report_id))


@router.post("/{report_id}/sections")
def add_a_section(request: HttpRequest, report_id: UUID, body: Part) -> dict[str, Any]:
    """Put a section in."""
    found = queries.one(request.viewer, report_id)
    return _section(actions.add_section(actor=request.viewer, report=found, values=body.dict()))


@router.post("/{report_id}/sections/{section_id}")
def change_a_section(
    request: HttpRequest, report_id: UUID, section_id: UUID, body: ChangedPart
) -> dict[str, Any]:
    """Change a section."""
    found = queries.section(request.viewer, queries.one(request.viewer, report_id), section_id)
    values = body.dict(exclude={"version", "kind"})
    return _section(
        actions.change_section(
            actor=request.viewer, section=found, values=values, expected_version=body.version
        )
    )


@router.post("/{report_id}/sections/{section_id}/move")
def move_a_section(request: HttpRequest, report_id: UUID, section_id: UUID, body: Place) -> dict[str, Any]:
    """One place up or down."""
    report = queries.one(request.viewer, report_id)
    actions.move_section(
        actor=request.viewer, section=queries.section(request.viewer, report, section_id), up=body.up
    )
    return _whole(report)


@router.post("/{report_id}/sections/{section_id}/remove")
def remove_a_section(request: HttpRequest, report_id: UUID, section_id: UUID) -> dict[str, Any]:
    """Take a section out."""
    report = queries.one(request.viewer, report_id)
    actions.remove_section(actor=request.viewer, section=queries.section(request.viewer, report, section_id))
    return _whole(report)


@router.post("/{report_id}/recommendations")
def add_a_recommendation(request: HttpRequest, report_id: UUID, body: Advice) -> dict[str, Any]:
    """A new recommendation."""
    found = queries.one(request.viewer, report_id)
    return _advice(actions.recommend(actor=request.viewer, report=found, texts=body.texts))


@router.post("/{report_id}/recommendations/{recommendation_id}")
def change_a_recommendation(
    request: HttpRequest, report_id: UUID, recommendation_id: UUID, body: Advice
) -> dict[str, Any]:
    """Its words, or what became of one of last year's."""
    report = queries.one(request.viewer, report_id)
    found = queries.recommendation(request.viewer, report, recommendation_id)
    values = body.dict(exclude={"version"})
    return _advice(
        actions.change_recommendation(
            actor=request.viewer, recommendation=found, values=values, expected_version=body.version
        )
    )


@router.post("/{report_id}/submit")
def submit_a_report(request: HttpRequest, report_id: UUID, body: Seen) -> dict[str, Any]:
    """Lay it before two other persons."""
    found = queries.one(request.viewer, report_id)
    return _whole(actions.submit(actor=request.viewer, report=found, expected_version=body.version))


@router.post("/{report_id}/review")
def review_a_report(request: HttpRequest, report_id: UUID, body: Verdict) -> dict[str, Any]:
    """The first person."""
    return _whole(_judged(actions.review, request, report_id, body))


@router.post("/{report_id}/approve")
def approve_a_report(request: HttpRequest, report_id: UUID, body: Verdict) -> dict[str, Any]:
    """The second person lets it out."""
    return _whole(_judged(actions.approve, request, report_id, body))


@router.post("/{report_id}/reject")
def reject_a_report(request: HttpRequest, report_id: UUID, body: Verdict) -> dict[str, Any]:
    """Send it back."""
    return _whole(_judged(actions.reject, request, report_id, body))


@router.post("/{report_id}/withdraw")
def withdraw_a_report(request: HttpRequest, report_id: UUID, body: Verdict) -> dict[str, Any]:
    """Take it back; the reason is public."""
    found = queries.one(request.viewer, report_id)
    actions.withdraw(actor=request.viewer, report=found, why=body.reason, expected_version=body.version)
    return _whole(found)


def _judged(act: Any, request: HttpRequest, report_id: UUID, body: Verdict) -> Report:
    found = queries.one(request.viewer, report_id)
    made: Report = act(actor=request.viewer, report=found, reason=body.reason, expected_version=body.version)
    return made

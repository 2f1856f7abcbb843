"""Writing: sections are put in, changed, moved and taken out while a report is a draft."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, Refused
from palermo.rooms.reports import queries
from palermo.rooms.reports.models import Kind, Layout, Outcome, Recommendation, Report, Section

MOST_TITLE, MOST_TEXT, MOST_SECTIONS = 200, 20_000, 80


@transaction.atomic
def say_changes(*, actor: Viewer, report: Report, changes: str, expected_version: int) -> Report:
    """What is new since the last edition."""
    report = _written_in(actor, report)
    changes = changes.strip()
    if len(changes) > 2000:
        problem = FieldProblem("changes", _("At most 2,000 characters."), "length")
        raise Invalid(problem.message, problems=[problem], rule="reports.changes")
    report.change({"changes": changes}, expected_version=expected_version)
    audit(actor, "change", report)
    return report


@transaction.atomic
def add_section(*, actor: Viewer, report: Report, values: Mapping[str, Any]) -> Section:
    """Put a section in, at the end or behind the one named by `after`. Figures come from a published release alone.

    values: kind, titles and texts by language; for tables and charts source, part, layout. Raises Invalid.
    """
    report = _written_in(actor, report)
    clean = _clean(actor, values)
    rows = list(report.sections.all())
    if len(rows) >= MOST_SECTIONS:
        raise Conflict(_("A report has at most 80 sections."), rule="reports.sections", state="full")
    after = str(values.get("after") or "")
    index = next((i + 1 for i, row in enumerate(rows) if str(row.pk) == after), len(rows))
    made = Section(report=report, place=index + 1, **clean)
    for place, row in enumerate(rows[index:], start=index + 2):
        Section.objects.filter(pk=row.pk).update(place=place)
    made.save(force_insert=True)
    audit(actor, "section.add", report)
    return made


@transaction.atomic
def change_section(
    *, actor: Viewer, section: Section, values: Mapping[str, Any], expected_version: int
) -> Section:
    """Change the words or the figures of a section. Raises Stale where somebody else was faster."""
    _written_in(actor, section.report)
    clean = _clean(actor, {"kind": section.kind, **values})
    clean.pop("kind")
    section.change(clean, expected_version=expected_version)
    audit(actor, "section.change", section.report)
    return section


@transaction.atomic
def move_section(*, actor: Viewer, section: Section, up: bool) -> None:
    """One place up or down; at the end it stays where it is."""
    report = _written_in(actor, section.report)
    rows = list(report.sections.all())
    at = next(i for i, row in enumerate(rows) if row.pk == section.pk)
    to = at - 1 if up else at + 1
    if 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
    for place, row in enumerate(rows, start=1):
        Section.objects.filter(pk=row.pk).exclude(place=place).update(place=place)
    audit(actor, "section.move", report)


@transaction.atomic
def remove_section(*, actor: Viewer, section: Section) -> None:
    """Take a section out of a draft."""
    report = _written_in(actor, section.report)
    section.delete()
    for place, row in enumerate(report.sections.all(), start=1):
        Section.objects.filter(pk=row.pk).exclude(place=place).update(place=place)
    audit(actor, "section.remove", report)


@transaction.atomic
def recommend(*, actor: Viewer, report: Report, texts: Mapping[str, str]) -> Recommendation:
    """A new recommendation, with to whom it goes in its words."""
    report = _written_in(actor, report)
    clean = words_of(texts)
    if not clean:
        problem = FieldProblem("texts", _("Write it in at least one language."), "required")
        raise Invalid(problem.message, problems=[problem], rule="reports.recommendation")
    place = int(report.recommendations.aggregate(last=Max("place"))["last"] or 0) + 1
    made = Recommendation.objects.create(report=report, place=place, texts=clean)
    audit(actor, "recommend", report)
    return made


@transaction.atomic
def change_recommendation(
    *, actor: Viewer, recommendation: Recommendation, values: Mapping[str, Any], expected_version: int
) -> Recommendation:
    """Its words; or, of one of last year's, what became of it and why (its words stay)."""
    _written_in(actor, recommendation.report)
    if recommendation.of_id:
        outcome = str(values.get("outcome") or "")
        if outcome and outcome not in Outcome.values:
            problem = FieldProblem("outcome", _("Choose what became of it."), "choice")
            raise Invalid(problem.message, problems=[problem], rule="reports.outcome")
        changed = {"outcome": outcome, "notes": words_of(values.get("notes") or {})}
    else:
        changed = {"texts": words_of(values.get("texts") or {})}
    recommendation.change(changed, expected_version=expected_version)
    audit(actor, "recommendation.change", recommendation.report)
    return recommendation


@transaction.atomic
def remove_recommendation(*, actor: Viewer, recommendation: Recommendation) -> None:
    """Take a new one out. One of last year's stays: it has to be answered."""
    report = _written_in(actor, recommendation.report)
    if recommendation.of_id:
        words = _("A recommendation of last year stays: say what became of it.")
        raise Conflict(words, rule="reports.followed", state=report.state)
    recommendation.delete()
    audit(actor, "recommendation.remove", report)


def writer(actor: Viewer) -> UUID:
    require(actor, "reports.report.write")
    if actor.user_id is None:
        raise Refused(_("A report is written by a person."), rule="reports.person")
    return actor.user_id


def _written_in(actor: Viewer, report: Report) -> Report:
    """The draft, with the actor among those who wrote it: neither reviews nor approves it later."""
    person = writer(actor)
    current = Report.objects.select_for_update(of=("self",), no_key=True).filter(pk=report.pk).first()
    if current is None:
        raise NotFound()
    if current.state != "draft":
        words = _("Only a draft can be changed. Take it back to a draft first.")
        raise Conflict(words, rule="reports.draft", state=current.state)
    if person not in current.prepared:
        Report.objects.filter(pk=current.pk).update(prepared=[*current.prepared, person])
        current.prepared = [*current.prepared, person]
    return current


def words_of(given: Mapping[str, str]) -> dict[str, str]:
    return {code: given[code].strip() for code in queries.languages() if str(given.get(code) or "").strip()}


def _clean(actor: Viewer, values: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(values.get("kind") or "")
    clean: dict[str, Any] = {
        "kind": kind, "titles": words_of(values.get("titles") or {}), "texts": words_of(values.get("texts") or {}),
        "source": "", "sha256": "", "part": "", "layout": Layout.YEARS,
    }  # fmt: skip
    problems = list(_ofwords_of(clean))
    if kind in (Kind.TABLE, Kind.CHART, Kind.MAP):
        problems += _of_figures(actor, clean, values)
    if problems:
        raise Invalid(_("The section was not saved."), problems=problems, rule="reports.section")
    return clean


def _ofwords_of(clean: Mapping[str, Any]) -> Iterator[FieldProblem]:
    if clean["kind"] not in Kind.values:
        yield FieldProblem("kind", _("Choose what the section holds."), "kind")
    for code, text in clean["titles"].items():
        if len(text) > MOST_TITLE:
            yield FieldProblem(f"title_{code}", _("At most 200 characters."), "length")
    for code, text in clean["texts"].items():
        if len(text) > MOST_TEXT:
            yield FieldProblem(f"text_{code}", _("At most 20,000 characters."), "length")


def _of_figures(actor: Viewer, clean: dict[str, Any], values: Mapping[str, Any]) -> Iterator[FieldProblem]:
    layout = str(values.get("layout") or Layout.YEARS)
    try:
        found = queries.source(actor, str(values.get("source") or ""))
    except NotFound:
        yield FieldProblem("source", _("Choose a published release of tables or of an estimate."), "source")
        return
    if layout not in Layout.values:
        yield FieldProblem("layout", _("Choose how the figures are laid out."), "layout")
        return
    part = str(values.get("part") or "")
    if sentence := queries.why_not(found, part, clean["kind"], layout):
        yield FieldProblem("part", sentence, "part")
        return
    clean.update(source=found.identifier, sha256=found.sha256, part=part, layout=layout)


def audit(actor: Viewer, verb: str, report: Report) -> None:
    record(
        actor=actor, action=f"reports.report.{verb}", object_kind="report", object_id=report.pk,
        detail={"year": report.year, "number": report.number, "revision": report.revision},
    )  # fmt: skip

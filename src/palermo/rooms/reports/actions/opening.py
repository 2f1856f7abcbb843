"""Beginning: the report of a year or the story of a route, with an outline or with what its last edition held."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.database.locks import take_turns
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.kernel.workflow.actions import begin
from palermo.rooms.reports import queries
from palermo.rooms.reports.actions.outline import OUTLINE, STORY_OUTLINE, in_every_language
from palermo.rooms.reports.actions.writing import MOST_TITLE, audit, words_of, writer
from palermo.rooms.reports.models import YEARS, Form, Recommendation, Report, Section
from palermo.standards.packs import pack

MOST_SLUG = 24
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@transaction.atomic
def open_report(*, actor: Viewer, year: int) -> Report:
    """Begin the report of a year: with the standard outline, or with what its last edition held.

    Last year's recommendations come with it, to say what became of them.
    """
    person = writer(actor)
    if not isinstance(year, int) or not YEARS[0] <= year <= YEARS[1]:
        problem = FieldProblem("year", _("A year such as 2026."), "year")
        raise Invalid(problem.message, problems=[problem], rule="reports.year")
    made = _begun(actor, person, year, Form.NATIONAL, "", {})
    if made.number == 1 or not _filled_from_before(actor, made):
        _outlined(made)
        _follow_up(made)
    return made


@transaction.atomic
def open_story(*, actor: Viewer, year: int, slug: str, titles: Mapping[str, str]) -> Report:
    """Begin the story of a route: with an outline, or with what its last edition of the year held.

    slug: its name in the address, such as sea-crossing. Raises Invalid with all that is wrong.
    """
    person = writer(actor)
    given = words_of(titles)
    problems = list(_story_problems(year, slug, given))
    if problems:
        raise Invalid(str(problems[0].message), problems=problems, rule="reports.story")
    made = _begun(actor, person, year, Form.STORY, slug, given)
    if made.number == 1 or not _filled_from_before(actor, made):
        for place, (kind, title, _hint) in enumerate(STORY_OUTLINE, start=1):
            Section.objects.create(report=made, place=place, kind=kind, titles=in_every_language(title))
    return made


def _story_problems(year: Any, slug: str, titles: Mapping[str, str]) -> Iterator[FieldProblem]:
    if not isinstance(year, int) or not YEARS[0] <= year <= YEARS[1]:
        yield FieldProblem("year", _("A year such as 2026."), "year")
    if not SLUG.fullmatch(slug) or len(slug) > MOST_SLUG:
        words = _("At most 24 small Latin letters, digits and hyphens, such as sea-crossing.")
        yield FieldProblem("slug", words, "slug")
    if not titles:
        yield FieldProblem("titles", _("Give it a title in one language at least."), "required")
    for code, text in titles.items():
        if len(text) > MOST_TITLE:
            yield FieldProblem(f"title_{code}", _("At most 200 characters."), "length")


def _begun(actor: Viewer, person: UUID, year: int, form: str, slug: str, titles: Mapping[str, str]) -> Report:
    """The next edition of it, empty."""
    country = pack(settings.PALERMO_PACK).country
    take_turns("reports.open")
    same = Report.objects.filter(country=country, form=form, slug=slug, year=year)
    number = int(same.aggregate(last=Max("number"))["last"] or 0) + 1
    kind = f"STORY-{slug}" if slug else "REPORT"
    made = Report(
        country=country, form=form, slug=slug, titles=dict(titles), year=year, number=number,
        identifier=f"PALERMO-{country}-{kind}-{year}.{number}", made_by_id=person, prepared=[person],
    )  # fmt: skip
    begin(actor=actor, obj=made)
    audit(actor, "open", made)
    return made


def _filled_from_before(actor: Viewer, report: Report) -> bool:
    """Whether an edition of the same year was public, whose sections it then begins with."""
    same = Report.objects.filter(**report.series, published_at__isnull=False, number__lt=report.number)
    earlier = same.order_by("-number").first()
    if earlier is not None:
        _copied(actor, report, earlier)
    return earlier is not None


def _outlined(report: Report) -> None:
    for place, (kind, title, _hint) in enumerate(OUTLINE, start=1):
        Section.objects.create(report=report, place=place, kind=kind, titles=in_every_language(title))


def _follow_up(report: Report) -> None:
    """What was recommended last year, to be answered."""
    rows = Report.objects.filter(**{**report.series, "year": report.year - 1}, state="published")
    before = rows.order_by("-number").first()
    if before is None:
        return
    for place, old in enumerate(before.recommendations.filter(of=None), start=1):
        Recommendation.objects.create(report=report, place=place, texts=old.texts, of=old)


def _copied(actor: Viewer, report: Report, earlier: Report) -> None:
    """The last edition once more; figures that were withdrawn give way to what stands now, or are left out."""
    for old in earlier.sections.all():
        more: dict[str, Any] = {}
        if old.figures:
            state, newest = queries.standing(actor, old.source)
            name = old.source if state == "published" else newest
            if not name:
                continue
            found = queries.source(actor, name)
            if old.part not in found.parts:
                continue
            more = {"source": name, "sha256": found.sha256, "part": old.part, "layout": old.layout}
        Section.objects.create(
            report=report, place=old.place, kind=old.kind, titles=old.titles, texts=old.texts, **more
        )
    for one in earlier.recommendations.all():
        Recommendation.objects.create(
            report=report, place=one.place, texts=one.texts, of=one.of, outcome=one.outcome, notes=one.notes
        )

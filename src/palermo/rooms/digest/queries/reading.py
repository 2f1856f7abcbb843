"""Published findings on published cases. Cases are counted, not findings; a wider issue holds the narrower ones."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from palermo.judgments.vocabulary import label
from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.caselaw.queries import citation, published
from palermo.rooms.digest.models import Direction, Finding, Intro, Reviewed, State
from palermo.standards.countries import find_country
from palermo.standards.evidence import VERSION, below, issues
from palermo.web.room import Tile

MODELS: dict[str, type[Reviewed]] = {"finding": Finding, "intro": Intro}
FILTERS = ("standing", "bears_on", "direction", "stage")
MOST = 300


@dataclass(frozen=True, slots=True)
class Hit:
    """What a page shows of an issue: the words of the editors, findings by direction, counts of cases."""

    intro: Intro | None
    groups: list[tuple[Any, list[Finding]]]
    cases: int
    published: int
    countries: list[tuple[str, str, int]]
    systems: list[tuple[str, int]]


def listed(viewer: Viewer) -> QuerySet[Finding]:
    """Every published finding of a published case."""
    require(viewer, "digest.public.view")
    rows = Finding.objects.filter(state=State.PUBLISHED, case__state=State.PUBLISHED)
    return rows.select_related("case").defer("case__body", "case__words").order_by("case__title", "pk")


def counts(viewer: Viewer) -> tuple[dict[str, int], int, int]:
    """Cases by issue, cases with any finding, and all published cases."""
    by_issue: dict[str, set[UUID]] = {}
    for issue, case_id in listed(viewer).order_by().values_list("issue", "case_id"):
        by_issue.setdefault(issue, set()).add(case_id)
    found = {code: len(set().union(*(by_issue.get(one, set()) for one in below(code)))) for code in issues()}
    coded = len(set().union(*by_issue.values())) if by_issue else 0
    return found, coded, published(viewer).count()


def about(viewer: Viewer, code: str, language: str, wanted: Mapping[str, str]) -> Hit:
    """An issue with everything below it. Raises NotFound for an unknown code."""
    if code not in issues():
        raise NotFound()
    rows = listed(viewer).filter(issue__in=below(code))
    rows = rows.filter(**{name: value for name, value in wanted.items() if name in FILTERS and value})
    if wanted.get("country"):
        rows = rows.filter(case__country=wanted["country"])
    found = list(rows[:MOST])
    cases = {one.case_id: one.case for one in found}
    intros = Intro.objects.filter(issue=code, state=State.PUBLISHED).order_by("published_at")
    by_language = {one.language[:2]: one for one in intros}
    return Hit(
        intro=by_language.get(language[:2]) or by_language.get("en"),
        groups=[(one.label, rows) for one in Direction if (rows := [f for f in found if f.direction == one.value])],
        cases=len(cases), published=published(viewer).count(),
        countries=_countries(cases.values(), language), systems=_systems(cases.values(), language),
    )  # fmt: skip


def _countries(cases: Iterable[Any], language: str) -> list[tuple[str, str, int]]:
    counted = Counter(one.country for one in cases)
    named = [
        (code, found.name(language) if (found := find_country(code)) else code, n)
        for code, n in counted.items()
    ]
    return sorted(named, key=lambda row: (-row[2], row[1]))


def _systems(cases: Iterable[Any], language: str) -> list[tuple[str, int]]:
    """Legal systems as the records have them; a record that does not say stands under no system."""
    counted = Counter(
        code.partition(":")[2] for one in cases for code in one.codes if code.startswith("legal_system:")
    )
    return [(label("legal_system", code, language), n) for code, n in counted.most_common()]


def frozen(viewer: Viewer, wanted: Sequence[str] = ()) -> dict[str, Any]:
    """The published digest as data: issues with their words and findings, and the list of cases."""
    known = [code for code in issues() if not wanted or code in wanted]
    rows = [one for one in listed(viewer) if one.issue in known]
    intros = list(Intro.objects.filter(issue__in=known, state=State.PUBLISHED).order_by("published_at"))
    cases = {one.case.palermo_id: one.case for one in rows}
    told = []
    for code in known:
        mine_ = [one for one in rows if one.issue == code]
        words = {one.language: one.text for one in intros if one.issue == code}
        if mine_ or words:
            told.append({
                "code": code, "cases": len({one.case_id for one in mine_}),
                "intros": [{"language": name, "text": text} for name, text in words.items()],
                "findings": [row_of(one) for one in mine_],
            })  # fmt: skip
    return {
        "issues_version": VERSION, "issues": told,
        "cases": [
            {"palermo_id": key, "title": one.title, "country": one.country,
             "citation": citation(one, reverse("caselaw:case", args=[key]))}
            for key, one in sorted(cases.items())
        ],
    }  # fmt: skip


def row_of(one: Finding) -> dict[str, Any]:
    """A finding as plain data, as `palermo digest import` takes it, with its case's title and country."""
    names = (
        "issue", "issues_version", "stage", "standing", "bears_on", "direction", "note", "note_language", "quote",
        "quote_language", "pinpoint", "translation", "translated", "verified",
    )  # fmt: skip
    told = {name: getattr(one, name) for name in names}
    return {"case": one.case.palermo_id, "title": one.case.title, "country": one.case.country, **told}


def rows_out(viewer: Viewer, code: str = "") -> list[dict[str, Any]]:
    """Published findings as plain data: all, or those of an issue and below it."""
    rows = listed(viewer)
    if code:
        rows = rows.filter(issue__in=below(code))
    return [row_of(one) for one in rows]


def mine(viewer: Viewer) -> dict[str, QuerySet[Reviewed]]:
    """What is not public yet, by kind; what waits for a second person first."""
    require(viewer, "digest.record.view")
    waiting = (State.DRAFT, State.IN_REVIEW)
    return {
        kind: model._default_manager.filter(state__in=waiting).order_by("-state", "-updated_at")[:MOST]
        for kind, model in MODELS.items()
    }


def record_of(viewer: Viewer, kind: str, key: UUID) -> Reviewed:
    """A finding or introduction in any state, for the colleagues of the room."""
    model = MODELS.get(kind)
    if model is None or not can(viewer, "digest.record.view"):
        raise NotFound()
    found = model._default_manager.filter(pk=key).first()
    if found is None:
        raise NotFound()
    return found


def cases_to_choose(viewer: Viewer, query: str) -> list[Any]:
    """Published cases by a part of their title or code, for who writes a finding."""
    require(viewer, "digest.record.view")
    rows = published(viewer).defer("record")
    if query.strip():
        rows = rows.filter(title__icontains=query.strip()) | rows.filter(palermo_id__icontains=query.strip())
    return list(rows.order_by("title", "palermo_id")[:200])


def published_tiles(viewer: Viewer) -> list[Tile]:
    """The way in from the public front page, once a finding is published."""
    require(viewer, "digest.public.view")
    if not Finding.objects.filter(state=State.PUBLISHED).exists():
        return []
    return [Tile(label=_("Digest"), value="", url=reverse("digest:public"), icon="books")]

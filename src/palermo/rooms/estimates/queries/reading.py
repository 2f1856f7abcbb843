"""Studies and runs as their readers see them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from palermo.estimation import CaptureTable, Result
from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.jobs import progress
from palermo.rooms.estimates.models import Run, Study
from palermo.rooms.estimates.queries.telling import TONGUE, in_words
from palermo.rooms.estimates.queries.words import method_title, verdict_word
from palermo.web.charts.scale import figure as write_figure
from palermo.web.room import Due


@dataclass(frozen=True)
class Line:
    """One result of a run as a row: where it stands, what it is of, and the result itself."""

    place: int
    stratum: str
    result: Result
    linkage: Result | None = None

    @property
    def with_links(self) -> str:
        """The number with its range when the doubt about who is whom is carried along; empty where there is none."""
        over = self.linkage
        if over is None or over.estimate is None:
            return ""
        if over.lower is None or over.upper is None:
            return people(over.estimate)
        return f"{people(over.estimate)} ({people(over.lower)} – {people(over.upper)})"

    @property
    def title(self) -> str:
        return method_title(self.result.method)

    @property
    def verdict(self) -> str:
        return verdict_word(self.result.verdict and str(self.result.verdict.word))

    @property
    def explanation(self) -> str:
        """The paragraph for who decides, in the reader's language."""
        return self.result.explain(TONGUE)

    @property
    def reasons(self) -> list[str]:
        """Why the verdict is what it is."""
        return [in_words(one) for one in self.result.verdict.reasons] if self.result.verdict else []

    @property
    def beliefs(self) -> list[str]:
        """What the method takes for granted."""
        return [in_words(one) for one in self.result.assumptions]

    @property
    def number(self) -> str:
        """People, whole; nobody is counted in halves."""
        return people(self.result.estimate)

    @property
    def ends(self) -> str:
        """The interval in words; empty where there is none."""
        if self.result.lower is None or self.result.upper is None:
            return ""
        return f"{people(self.result.lower)} – {people(self.result.upper)}"


def people(value: float | None) -> str:
    """A number of people as it is read: whole, a dash where there is none, in words where it has no end."""
    if value is None:
        return "–"
    return _("no end") if math.isinf(value) else write_figure(round(value))


@dataclass(frozen=True)
class Overlap:
    """A table in short: its lists with how many each saw, and how many were seen by two of them."""

    stratum: str
    table: CaptureTable

    @property
    def lists(self) -> list[tuple[str, int]]:
        return [(name, int(total)) for name, total in zip(self.table.lists, self.table.totals, strict=True)]

    @property
    def pairs(self) -> list[tuple[str, str, int]]:
        names, both = self.table.lists, self.table.overlaps
        return [
            (names[i], names[j], int(both[i, j])) for i in range(len(names)) for j in range(i + 1, len(names))
        ]

    @property
    def more_than_once(self) -> int:
        """People whom at least two lists saw."""
        return sum(count for mask, count in self.table.cells() if mask & (mask - 1))


def studies(viewer: Viewer, *, text: str = "", crime: str = "") -> QuerySet[Study]:
    """Studies, the newest first; `text` is looked for in title and description."""
    require(viewer, "estimates.study.view")
    found = Study.objects.select_related("made_by").order_by("-created_at")
    if crime:
        found = found.filter(crime=crime)
    for word in text.split()[:8]:
        found = found.filter(Q(title__icontains=word) | Q(about__icontains=word))
    return found


def one(viewer: Viewer, study_id: UUID) -> Study:
    """A study. NotFound for who may not see any."""
    if not can(viewer, "estimates.study.view"):
        raise NotFound()
    rows = Study.objects.select_related("made_by", "proposed_by", "agreed_by", "headline_run")
    found = rows.filter(pk=study_id).first()
    if found is None:
        raise NotFound()
    return found


def runs(viewer: Viewer, study: Study) -> QuerySet[Run]:
    """The runs of a study, the newest first."""
    require(viewer, "estimates.study.view")
    return study.runs.select_related("asked_by").order_by("-created_at")


def run(viewer: Viewer, study: Study, run_id: UUID) -> tuple[Run, progress.Progress | None]:
    """A run of the study, and how far it is while it is open."""
    found = runs(viewer, study).filter(pk=run_id).select_related("again").first()
    if found is None:
        raise NotFound()
    return found, progress.of(found.pk) if found.open else None


def lines_of(found: Run) -> list[Line]:
    """Its results in order."""
    return [
        Line(
            place, result["stratum"], Result.from_json(result),
            Result.from_json(result["linkage"]) if result.get("linkage") else None,
        )
        for place, result in enumerate(found.results)
    ]  # fmt: skip


def overlaps(study: Study) -> list[Overlap]:
    """The tables of the study in short."""
    return [Overlap(one["stratum"], CaptureTable.from_json(one["table"])) for one in study.tables]


def agreed(viewer: Viewer) -> Iterator[tuple[Study, dict[str, Any]]]:
    """Studies whose result two persons agreed on, with that result: what a release may take."""
    for found in studies(viewer).filter(agreed_at__isnull=False).select_related("headline_run"):
        assert found.headline_run is not None
        assert found.headline_place is not None
        yield found, found.headline_run.result(found.headline_place)


def due_for(viewer: Viewer) -> list[Due]:
    """Results that wait for the agreement of this person."""
    if not can(viewer, "estimates.study.view"):
        return []
    waiting = Study.objects.filter(proposed_at__isnull=False, agreed_at=None).exclude(
        proposed_by_id=viewer.user_id
    )
    return [
        Due(title=_("An estimate waits for a second person"), url=reverse("estimates:study", args=[found.pk]))
        for found in waiting.order_by("proposed_at")[:20]
    ]

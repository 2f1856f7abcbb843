"""What everybody may read: published reports, and what stays of withdrawn ones."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import DomainError, NotFound
from palermo.rooms.reports.models import Form, Report, ReportFile, ReportTombstone
from palermo.rooms.reports.queries.composing import title_of
from palermo.rooms.reports.queries.reading import fallen
from palermo.web.room import Tile

PUBLIC = ("published", "superseded")


class Withdrawn(DomainError):
    """The report was public and is not any more (410). Its tombstone says why."""

    status = 410

    def __init__(self, tombstone: ReportTombstone, successor: str) -> None:
        super().__init__(
            _("This report was withdrawn: %(why)s") % {"why": tombstone.why}, rule="reports.withdrawn"
        )
        self.tombstone = tombstone
        self.successor = successor


@dataclass(frozen=True)
class Landing:
    """A public report in a language, with its files, its other editions, and figures that were withdrawn since."""

    report: Report
    told: dict[str, Any]
    files: tuple[ReportFile, ...]
    editions: tuple[Report | ReportTombstone, ...]
    newest: str
    fallen: tuple[tuple[str, str], ...]


def catalogue(viewer: Viewer, form: str = Form.NATIONAL) -> QuerySet[Report]:
    """The newest edition of each year, or of each story; the latest year first."""
    require(viewer, "reports.public.view")
    rows = Report.objects.filter(state="published", form=form).defer("content")
    return rows.order_by("-year", "-published_at")


def landing(viewer: Viewer, identifier: str) -> Landing:
    """A public report by its identifier. NotFound, or Withdrawn where it was taken back."""
    require(viewer, "reports.public.view")
    stone = ReportTombstone.objects.filter(identifier=identifier).first()
    if stone is not None:
        raise Withdrawn(stone, _newest(stone))
    found = Report.objects.filter(identifier=identifier, state__in=PUBLIC).first()
    if found is None:
        raise NotFound()
    files = found.files.filter(revision=found.revision).defer("content").order_by("name")
    return Landing(
        found, told_in(found, get_language() or "en"), tuple(files), tuple(editions(found)),
        _newest(found), tuple(fallen(viewer, found)),
    )  # fmt: skip


def told_in(report: Report, language: str) -> dict[str, Any]:
    """Its submitted content in this language; in the first that there is where it was not made in it."""
    found: dict[str, Any] = report.content.get(language) or next(iter(report.content.values()), {})
    return found


def _newest(of: Report | ReportTombstone) -> str:
    found = Report.objects.filter(**of.series, state="published").order_by("-number").first()
    return found.identifier if found else ""


def editions(report: Report | ReportTombstone) -> list[Report | ReportTombstone]:
    """Every edition of the same year that was ever public, the newest first."""
    same = report.series
    rows: list[Report | ReportTombstone] = list(
        Report.objects.filter(**same, state__in=PUBLIC).defer("content")
    )
    rows += list(ReportTombstone.objects.filter(**same))
    return sorted(rows, key=lambda row: -row.number)


def published_tiles(viewer: Viewer) -> list[Tile]:
    """The latest report and the latest stories, for the public home page."""
    stories = [
        Tile(
            label=title_of(report), value="", url=reverse("reports:landing", args=[report.identifier]),
            note=_("Route story, published %(date)s")
            % {"date": date_format(localtime(report.published_at), "DATE_FORMAT")},
            icon="map",
        )
        for report in catalogue(viewer, Form.STORY)[:3]
    ]  # fmt: skip
    return [
        Tile(
            label=_("National report %(year)s") % {"year": report.year}, value="",
            url=reverse("reports:landing", args=[report.identifier]),
            note=_("Published %(date)s") % {"date": date_format(localtime(report.published_at), "DATE_FORMAT")},
            icon="file-text",
        )
        for report in catalogue(viewer)[:1]
    ] + stories  # fmt: skip

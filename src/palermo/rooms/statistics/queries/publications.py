"""What is published, what waits for a second person, and what the room reports to the home pages."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.statistics.models import Publication
from palermo.rooms.statistics.queries.declared import TABLES, declared
from palermo.rooms.statistics.queries.view import TableView, read
from palermo.web.room import Due, Tile


@dataclass(frozen=True, slots=True)
class Edition:
    """A publication with the table that it holds."""

    publication: Publication
    view: TableView


def published(viewer: Viewer) -> QuerySet[Publication]:
    """Approved and not withdrawn, the latest first."""
    require(viewer, "statistics.publication.view")
    return Publication.objects.filter(approved_at__isnull=False, withdrawn_at=None).order_by("-approved_at")


def edition(viewer: Viewer, name: str, year: int | None = None) -> Edition:
    """The latest published edition of a table; NotFound, whatever the reason, when there is none."""
    declared(name)
    found = published(viewer).filter(table=name).first()
    if found is None:
        raise NotFound()
    view = read(found.content)
    if year is not None and view.name != "global-report":
        if year not in view.years:
            raise NotFound()
        view = view.for_year(year)
    return Edition(found, view)


def latest(viewer: Viewer) -> dict[str, Publication]:
    """The latest published edition of each table that has one."""
    found: dict[str, Publication] = {}
    for publication in published(viewer).defer("content"):
        found.setdefault(publication.table, publication)
    return found


def drafts(viewer: Viewer) -> list[Publication]:
    """What waits for a second person."""
    require(viewer, "statistics.table.view")
    waiting = Publication.objects.filter(approved_at=None, withdrawn_at=None).order_by("-made_at")
    return list(waiting.defer("content").select_related("made_by"))


def one(viewer: Viewer, publication_id: UUID) -> Edition:
    """Any publication, for those who make and approve them."""
    if not can(viewer, "statistics.table.view"):
        raise NotFound()
    found = Publication.objects.filter(pk=publication_id).select_related("made_by", "approved_by").first()
    if found is None:
        raise NotFound()
    return Edition(found, read(found.content))


def due_for(viewer: Viewer) -> list[Due]:
    """Tables that wait for this viewer as the second person."""
    if not can(viewer, "statistics.publication.approve"):
        return []
    return [
        Due(
            _("Approve or refuse: %(title)s") % {"title": TABLES[p.table].title},
            reverse("statistics:publication", args=[p.pk]),
        )
        for p in drafts(viewer)
        if p.made_by_id != viewer.user_id and p.table in TABLES
    ]


def published_tiles(viewer: Viewer) -> list[Tile]:
    """The published tables, for the public home page."""
    return [
        Tile(
            label=TABLES[name].title,
            value="",
            url=reverse("statistics:public-table", args=[name]),
            note=_("Published %(date)s") % {"date": f"{publication.approved_at:%Y-%m-%d}"},
            icon="chart-bar",
        )
        for name, publication in latest(viewer).items()
        if name in TABLES
    ]

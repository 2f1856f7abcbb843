"""What is published, what waits for a second person, and what the room reports to the home pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from palermo.disclosure import Key, Published, key_of
from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import DomainError, NotFound
from palermo.rooms.statistics.models import Publication, Tombstone
from palermo.rooms.statistics.queries.declared import TABLES, Words, declared
from palermo.rooms.statistics.queries.view import TableView, read
from palermo.web.room import Due, Tile

PICTURED = frozenset({"glotip", "htcds-profile", "ic-tip", "eu-19a"})  # who they are is told from these


@dataclass(frozen=True, slots=True)
class Edition:
    """A publication with the table that it holds."""

    publication: Publication
    view: TableView
    whole: TableView


class Withdrawn(DomainError):
    """The edition was public and is not any more. Its tombstone says why; nothing takes its place by itself."""

    status = 410

    def __init__(self, tombstone: Tombstone, successor: int | None) -> None:
        super().__init__(
            _("This edition was withdrawn: %(why)s") % {"why": tombstone.why}, rule="statistics.withdrawn"
        )
        self.tombstone = tombstone
        self.successor = successor


def published(viewer: Viewer) -> QuerySet[Publication]:
    """Approved and not withdrawn, the latest first."""
    require(viewer, "statistics.publication.view")
    found = Publication.objects.filter(approved_at__isnull=False, withdrawn_at=None)
    return found.defer("shown").order_by("-approved_at")


def edition(viewer: Viewer, name: str, year: int | None = None, number: int | None = None) -> Edition:
    """The edition of that number, or the newest; NotFound when there never was one, Withdrawn when it was taken back.

    Where the newest was withdrawn, no earlier one comes back: it is out of date, and perhaps was withdrawn for what
    it shares with them.
    """
    declared(name)
    rows = published(viewer).filter(table=name)
    found = (rows.filter(number=number) if number else rows.order_by("-number")).first()
    taken = Tombstone.objects.filter(table=name).order_by("-number")
    gone = (taken.filter(number=number) if number else taken).first()
    if gone is not None and (found is None or (not number and gone.number > (found.number or 0))):
        later = rows.filter(number__gt=gone.number).order_by("-number").values_list("number", flat=True)
        raise Withdrawn(gone, later.first())
    if found is None:
        raise NotFound()
    view = whole = read(found.content)
    if year is not None and view.name != "global-report":
        if year not in view.years:
            raise NotFound()
        view = view.for_year(year)
    return Edition(found, view, whole)


def editions(viewer: Viewer, name: str) -> list[Publication | Tombstone]:
    """Every edition of a table that was ever public, the newest first."""
    rows: list[Publication | Tombstone] = list(published(viewer).filter(table=name).defer("content", "shown"))
    rows += list(Tombstone.objects.filter(table=name))
    return sorted(rows, key=lambda row: -(row.number or 0))


def latest(viewer: Viewer) -> dict[str, Publication]:
    """The newest edition of each table that has one and whose newest was not withdrawn."""
    gone: dict[str, int] = {}
    for stone in Tombstone.objects.all():
        gone[stone.table] = max(gone.get(stone.table, 0), stone.number)
    found: dict[str, Publication] = {}
    for publication in published(viewer).defer("content", "shown"):
        if (publication.number or 0) > gone.get(publication.table, 0):
            found.setdefault(publication.table, publication)
    return found


def newest(viewer: Viewer) -> dict[str, Edition]:
    """What `latest` names, with the tables: one query for all of them."""
    rows = published(viewer).filter(pk__in=[found.pk for found in latest(viewer).values()])
    views = {row.table: (row, read(row.content)) for row in rows if row.table in TABLES}
    return {name: Edition(row, view, view) for name, (row, view) in views.items()}


def drafts(viewer: Viewer) -> list[Publication]:
    """What waits for a second person."""
    require(viewer, "statistics.table.view")
    waiting = Publication.objects.filter(approved_at=None, withdrawn_at=None).order_by("-made_at")
    return list(waiting.defer("content", "shown").select_related("made_by"))


def one(viewer: Viewer, publication_id: UUID) -> Edition:
    """Any publication, for those who make and approve them."""
    if not can(viewer, "statistics.table.view"):
        raise NotFound()
    found = Publication.objects.filter(pk=publication_id).select_related("made_by", "approved_by").first()
    if found is None:
        raise NotFound()
    view = read(found.content)
    return Edition(found, view, view)


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
    """The published tables, for the public home page; before them where they are told in pictures."""
    there = latest(viewer)
    pictures = Tile(
        label=_("In pictures"), value="", url=reverse("statistics:public") + "#pictures", icon="chart-bar",
        note=_("Who they are, from where, and how it went over the years"),
    )  # fmt: skip
    return [*([pictures] if PICTURED & there.keys() else []), *_tiles(there)]


def _tiles(there: dict[str, Publication]) -> list[Tile]:
    return [
        Tile(
            label=TABLES[name].title,
            value="",
            url=reverse("statistics:public-table", args=[name]),
            note=_("Published %(date)s")
            % {"date": date_format(localtime(publication.approved_at), "DATE_FORMAT")},
            icon="chart-bar",
        )
        for name, publication in there.items()
        if name in TABLES
    ]


def withdrawn_tables(viewer: Viewer) -> list[tuple[Words, Tombstone]]:
    """Tables whose newest edition was withdrawn, with its tombstone."""
    there = latest(viewer)
    newest: dict[str, Tombstone] = {}
    for stone in Tombstone.objects.order_by("number"):
        newest[stone.table] = stone
    return [
        (TABLES[name].title, stone) for name, stone in newest.items() if name in TABLES and name not in there
    ]


def small_changes(publication: Publication) -> int:
    """How many shown counts differ from the last public edition by fewer persons than the threshold.

    Such a difference is itself a small count: of those who were registered in between. It is not withheld; the
    second person is told.
    """
    earlier = Publication.objects.filter(
        table=publication.table, number__isnull=False, made_at__lt=publication.made_at
    )
    last = earlier.exclude(pk=publication.pk).order_by("-number").values_list("shown", flat=True).first()
    old = {key: n for table in last or () for key, n in _shown_counts(table)}
    new = {key: n for table in publication.shown for key, n in _shown_counts(table)}
    return sum(0 < abs(n - old[key]) < settings.PALERMO_THRESHOLD for key, n in new.items() if key in old)


def _shown_counts(data: dict[str, Any]) -> Iterator[tuple[Key, int]]:
    table = Published.from_data(data)
    for at, count in table.cells.items():
        if count is not None:
            yield key_of(table.population, table.dimensions, at), count

"""What everybody may read: the catalogue, the page of each release, and what stays of withdrawn ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import DomainError, NotFound
from palermo.rooms.releases.models import Release, ReleaseFile, ReleaseTombstone
from palermo.standards.countries import find_country
from palermo.standards.packs import pack
from palermo.web.releasable import Drawn, PublicTables, drawn
from palermo.web.room import Tile

PUBLIC = ("published", "superseded")


@dataclass(frozen=True)
class Landing:
    """A public release with its files and every version of it that ever was public."""

    release: Release
    files: tuple[ReleaseFile, ...]
    versions: tuple[Release | ReleaseTombstone, ...]
    newest: str

    @property
    def citation(self) -> str:
        """The citation as it was written when it was published."""
        found = next((file for file in self.files if file.name == "citation.txt"), None)
        return bytes(found.content).decode().strip() if found else ""

    @property
    def drawn(self) -> Sequence[Drawn]:
        """The figures as tables and charts: the rows of the file, as the room that gave them draws them."""
        return drawn(self.release.product, self.release.about.get("drawn"))

    @property
    def notes(self) -> list[str]:
        return list(self.release.about.get("notes", []))

    @property
    def codebook(self) -> list[tuple[str, str]]:
        return [(name, meaning) for name, meaning in self.release.about.get("codebook", [])]


class Withdrawn(DomainError):
    """The release was public and is not any more (410). Its tombstone says why."""

    status = 410

    def __init__(self, tombstone: ReleaseTombstone, successor: str) -> None:
        super().__init__(
            _("This release was withdrawn: %(why)s") % {"why": tombstone.why}, rule="releases.withdrawn"
        )
        self.tombstone = tombstone
        self.successor = successor


def publisher() -> str:
    """Who publishes: the country of this instance, as the reader's language names it."""
    from django.utils.translation import get_language

    found = find_country(pack(settings.PALERMO_PACK).country)
    country = found.name(get_language() or "en") if found else ""
    return country or _("National register")


def catalogue(viewer: Viewer, *, text: str = "") -> QuerySet[Release]:
    """The newest version of everything that is public, the latest first."""
    require(viewer, "releases.public.view")
    found = Release.objects.filter(state="published").defer("tables", "about").order_by("-published_at")
    for word in text.split()[:8]:
        found = found.filter(
            Q(title__icontains=word) | Q(purpose__icontains=word) | Q(identifier__icontains=word)
        )
    return found


def landing(viewer: Viewer, identifier: str) -> Landing:
    """A public release by its identifier. NotFound, or Withdrawn where it was taken back."""
    require(viewer, "releases.public.view")
    stone = ReleaseTombstone.objects.filter(identifier=identifier).first()
    if stone is not None:
        raise Withdrawn(stone, _newest(stone.series, stone.year))
    found = Release.objects.filter(identifier=identifier, state__in=PUBLIC).first()
    if found is None:
        raise NotFound()
    files = found.files.filter(revision=found.revision, kind="public").defer("content").order_by("name")
    return Landing(found, tuple(files), tuple(versions(found)), _newest(found.series, found.year))


def _newest(series: str, year: int) -> str:
    """The identifier of the version that stands now; empty where none does."""
    found = Release.objects.filter(series=series, year=year, state="published").order_by("-number").first()
    return str(found.identifier) if found else ""


def versions(release: Release | ReleaseTombstone) -> list[Release | ReleaseTombstone]:
    """Every version of the same series and year that was ever public, the newest first."""
    same = {"series": release.series, "year": release.year}
    rows: list[Release | ReleaseTombstone] = list(
        Release.objects.filter(**same, state__in=PUBLIC).defer("tables", "about")
    )
    rows += list(ReleaseTombstone.objects.filter(**same))
    return sorted(rows, key=lambda row: -(row.number or 0))


def version_before(release: Release) -> Release | None:
    """The version that this one replaces."""
    rows = Release.objects.filter(
        series=release.series, year=release.year, state__in=PUBLIC, number__lt=release.number
    )
    return rows.order_by("-number").first()


def published_tiles(viewer: Viewer) -> list[Tile]:
    """The latest releases, for the public home page."""
    return [
        Tile(
            label=release.title,
            value="",
            url=reverse("releases:landing", args=[release.identifier]),
            note=_("Released %(date)s")
            % {"date": date_format(localtime(release.published_at), "DATE_FORMAT")},
            icon="file-export",
        )
        for release in catalogue(viewer)[:6]
    ]


def public_tables() -> Iterator[PublicTables]:
    """The protected tables behind every release that ever was public, withdrawn ones too."""
    found = Release.objects.filter(published_at__isnull=False).exclude(tables=[]).order_by("run_at", "id")
    for one in found:
        if one.run_at is not None and one.published_at is not None:
            yield PublicTables("releases", one.run_at, one.published_at, tuple(one.tables))


def abouts(product: str, source: str) -> list[dict[str, Any]]:
    """What was kept with every release of one offer that ever was public, withdrawn ones too."""
    rows = Release.objects.filter(product=product, source=source, published_at__isnull=False)
    return list(rows.order_by("published_at").values_list("about", flat=True))

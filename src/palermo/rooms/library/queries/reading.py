"""One paper and its files: for its readers where it is published, for the colleagues of the room whatever its state."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import DomainError, NotFound
from palermo.rooms.library.models import Access, Item, ItemFile, ItemTombstone, Kind, State
from palermo.standards.thesaurus import concepts
from palermo.web.room import Tile


class Gone(DomainError):
    """The paper was there and is not any more (410)."""

    status = 410

    def __init__(self, stone: ItemTombstone) -> None:
        super().__init__(_("This was withdrawn: %(why)s") % {"why": stone.why}, rule="library.withdrawn")
        self.stone = stone


def published(viewer: Viewer) -> QuerySet[Item]:
    """The published papers that the viewer may read."""
    require(viewer, "library.public.view")
    rows = Item.objects.filter(state=State.PUBLISHED).defer("words", "names")
    return rows if viewer.user_id is not None else rows.filter(access=Access.PUBLIC)


def public_item(viewer: Viewer, palermo_id: str) -> Item:
    """A published paper by its id. NotFound, or Gone where it was withdrawn."""
    found = published(viewer).filter(palermo_id=palermo_id).first()
    if found is not None:
        return found
    stone = ItemTombstone.objects.filter(palermo_id=palermo_id).first()
    if stone is not None:
        raise Gone(stone)
    raise NotFound()


def colleagues(viewer: Viewer) -> QuerySet[Item]:
    """What is not published: drafts, what waits for a second person, what was withdrawn; the latest change first."""
    require(viewer, "library.item.view")
    rows = Item.objects.exclude(state=State.PUBLISHED).defer("words", "names")
    return rows.order_by("-updated_at", "palermo_id")


def one(viewer: Viewer, item_id: UUID) -> Item:
    """A paper for the colleagues of the room; for everybody else there is none."""
    found = Item.objects.filter(pk=item_id).first() if can(viewer, "library.item.view") else None
    if found is None:
        raise NotFound()
    return found


def files_of(viewer: Viewer, item: Item) -> QuerySet[ItemFile]:
    """The files of a paper, without their content; the database leaves out what the viewer may not read."""
    require(viewer, "library.public.view")
    return ItemFile.objects.filter(item=item).defer("content")


def file_of(viewer: Viewer, item: Item, file_id: UUID) -> ItemFile:
    """One file of a paper, with its content."""
    require(viewer, "library.public.view")
    found = ItemFile.objects.filter(pk=file_id, item=item).first()
    if found is None:
        raise NotFound()
    return found


def exported(viewer: Viewer) -> list[dict[str, Any]]:
    """Every published paper as an import takes it, by its id."""
    rows = published(viewer).order_by("palermo_id")
    return [row.record | {"status": row.state} for row in rows]


def named(facet: str, code: str, language: str) -> str:
    """The code of a facet in words."""
    if facet == "kind":
        return str(Kind(code).label) if code in Kind.values else code
    if facet == "concept" and code in concepts():
        return concepts()[code].name(language)
    return code


def published_tiles(viewer: Viewer) -> list[Tile]:
    """The way to the library, for the public home page; nothing while there is nothing in it."""
    count = published(viewer).count()
    if not count:
        return []
    return [Tile(label=_("Library"), value=count, url=reverse("library:public"), icon="books")]

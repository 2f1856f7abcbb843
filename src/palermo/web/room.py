"""How a room says what it offers: permissions, menu entries, what is due, tiles, importers. Rooms plug in by
declaration in their apps.py; the shell knows no room by name.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import AppConfig, apps
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.kernel.access.policy import can
from palermo.kernel.access.viewer import Viewer

Words = str | Promise

PILLARS: dict[str, Words] = {
    "protection": _("Protection"),
    "prosecution": _("Prosecution"),
    "partnership": _("Partnership"),
    "prevention": _("Prevention"),
    "numbers": _("Numbers"),
    "knowledge": _("Knowledge"),
    "programme": _("Programme"),
    "administration": _("Administration"),
}
SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu: shown to those who hold `permission`. `description` is shown on the home page."""

    label: Words
    url_name: str
    permission: str
    icon: str = "point"
    pillar: str = "protection"
    order: int = 100
    description: Words = ""


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that waits for the viewer. `level` is overdue, soon or later; empty: taken from `due_at`.

    What is past its date is late, whatever its level: the list says so, and the count must agree with the list.
    """

    title: Words
    url: str
    due_at: datetime | None = None
    level: str = ""

    def urgency(self, now: datetime) -> str:
        if self.due_at is not None and self.due_at < now:
            return "overdue"
        if self.level:
            return self.level
        if self.due_at is None:
            return "later"
        return "soon" if self.due_at - now <= SOON else "later"


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure on the home page, with the way to what it counts."""

    label: Words
    value: int | str
    url: str = ""
    note: Words = ""
    icon: str = "point"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a page is about, as the room that keeps it tells the others: a case, by its code and its person's.

    `up` is the way to all things of this kind: the name of a list and its address.
    """

    place: str
    key: UUID
    code: str
    url: str
    person_id: UUID
    person_code: str
    organisation_id: UUID
    worker_id: UUID | None
    child: bool | None
    up: tuple[Words, str] = ("", "")


def always(about: Subject) -> bool:
    """A tab that every thing of its kind has."""
    return True


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the pages about the same thing, whichever room it lies in: `place` names the thing ("case").

    `url_name` takes the key of the thing. Shown to those who hold `permission` on it, where `shown` says that the
    thing has such a page at all. `shown` looks at the subject and asks the database nothing, so that a page stays as
    fast with ten rooms around it as with one.
    """

    place: str
    label: Words
    url_name: str
    permission: str
    icon: str = "point"
    order: int = 100
    shown: Callable[[Subject], bool] = always


@dataclass(frozen=True, slots=True)
class Sign:
    """One short thing that everybody must know who opens a page: what protects the person, with a way to more."""

    text: Words
    url: str = ""
    icon: str = "shield-check"
    level: str = "ok"


class RoomConfig(AppConfig):
    """The apps.py of a room. Callables are named by dotted path, so that nothing is imported at start.

    finds: name of the page on which everything public is looked for.
    help: name of the page on which somebody can ask for help; it takes a language.
    public: names of pages that anybody may read and from which all that the room has published can be reached; they
        and what lies below them go into the site as files (palermo/web/site).
    subjects: place of a tab ("case") -> callable(viewer, key) -> Subject, raising NotFound for a foreign one.
    addresses: kind of object ("case") -> name of its page, which takes its key; so that the shell can lead to it.
    codes: kind of object ("referral") -> callable(viewer, keys) -> {key: code}, of those that the viewer may see.
    goes_on: kind of object ("screening") -> callable(viewer, key) -> (label, address) or None: what comes after it
        where it belongs to something that this room keeps.
    signs: place ("case") -> callable(viewer, Subject) -> list of Sign, for the page of that thing; one query each.
    deeds: action of the audit -> what a colleague did, in words ("sent a referral"), for the trail of a case.
    hears: "room.what happened" -> callable(actor=..., **facts), called in the transaction in which it happens.

    first: callable(viewer) -> list of Tile: what this person most likely came for, above everything else at home.
    due, tiles, published: callable(viewer) -> list of Due, of Tile, of Tile (the latter on the public page).
    drafts: callable() -> list of web.drafts.DraftForm: what may be written on a device without a link.
    imports: format of `palermo import` -> dotted path of the importer.
    releasable, public_tables, released_before: what a release may take, and what is public already; see
        web/releasable.py.
    searched, concept_links: what can be found in this room, and callable(viewer, concept) -> list of ConceptLink: what
        it keeps about a concept of the thesaurus; see web/searched.py.
    """

    # Django takes the one AppConfig of an apps.py; this base, imported there, must not count as a second.
    default = False

    permissions: Sequence[Permission] = ()
    menu: Sequence[Entry] = ()
    tabs: Sequence[Tab] = ()
    first: str = ""
    due: str = ""
    tiles: str = ""
    published: str = ""
    public: Sequence[str] = ()
    finds: str = ""
    help: str = ""
    drafts: str = ""
    subjects: Mapping[str, str] = {}
    addresses: Mapping[str, str] = {}
    codes: Mapping[str, str] = {}
    goes_on: Mapping[str, str] = {}
    signs: Mapping[str, str] = {}
    deeds: Mapping[str, Words] = {}
    hears: Mapping[str, str] = {}
    imports: Mapping[str, str] = {}
    releasable: Mapping[str, str] = {}
    public_tables: str = ""
    released_before: str = ""
    searched: str = ""
    concept_links: str = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.default = True


def rooms() -> Iterator[RoomConfig]:
    """Every installed app that declares itself as a room, in the order of INSTALLED_APPS."""
    for config in apps.get_app_configs():
        if isinstance(config, RoomConfig):
            yield config


def menu_for(viewer: Viewer) -> list[tuple[str, Words, list[Entry]]]:
    """(pillar, its name, entries) for each pillar in which the viewer may open something."""
    entries = [entry for room in rooms() for entry in room.menu if can(viewer, entry.permission)]
    entries.sort(key=lambda entry: (entry.order, str(entry.label)))
    grouped = ((code, name, [e for e in entries if e.pillar == code]) for code, name in PILLARS.items())
    return [group for group in grouped if group[2]]


def tabs_for(viewer: Viewer, about: Subject) -> list[Tab]:
    """The pages about one thing that it has and the viewer may open, in their order, from every room."""
    found = [
        tab for config in rooms() for tab in config.tabs if tab.place == about.place and tab.shown(about)
    ]
    return sorted(
        (tab for tab in found if can(viewer, tab.permission, about.key)),
        key=lambda tab: (tab.order, tab.url_name),
    )


def signs_for(viewer: Viewer, about: Subject) -> list[Sign]:
    """What rooms want everybody to know who opens the page of this thing."""
    found: list[Sign] = []
    for config in rooms():
        if path := config.signs.get(about.place):
            found.extend(import_string(path)(viewer, about))
    return found


def due_for(viewer: Viewer) -> list[Due]:
    """What waits for the viewer in all rooms: overdue first, then by date, then what has no date."""
    now = timezone.now()
    rank = {"overdue": 0, "soon": 1}
    found: list[Due] = collect("due", viewer)
    return sorted(
        found, key=lambda due: (rank.get(due.urgency(now), 2), due.due_at is None, due.due_at or now, due.url)
    )


def first_for(viewer: Viewer) -> list[Tile]:
    """What stands above everything else on this viewer's home page."""
    return collect("first", viewer)


def tiles_for(viewer: Viewer) -> list[Tile]:
    """The figures that rooms show this viewer on the home page."""
    return collect("tiles", viewer)


def published_for(viewer: Viewer) -> list[Tile]:
    """What rooms have published, for the public page."""
    return collect("published", viewer)


def collect(attribute: str, viewer: Viewer) -> list[Any]:
    """The answers of one declared callable, of every room that declares it."""
    found: list[Any] = []
    for room in rooms():
        if path := getattr(room, attribute):
            found.extend(import_string(path)(viewer))
    return found


def subject(viewer: Viewer, place: str, key: UUID) -> Subject:
    """The thing that a tab's page is about, from the room that keeps it; NotFound when the viewer may not see it."""
    for config in rooms():
        if path := config.subjects.get(place):
            found: Subject = import_string(path)(viewer, key)
            return found
    raise LookupError(f"no room keeps a {place}")


def goes_on(viewer: Viewer, kind: str, key: UUID) -> tuple[str, str] | None:
    """(label, address) of what comes after this object in the room that it began in; None where no room says so."""
    for config in rooms():
        if (path := config.goes_on.get(kind)) and (found := import_string(path)(viewer, key)):
            label, address = found
            return str(label), str(address)
    return None


def tell(happening: str, *, actor: Viewer, **facts: Any) -> None:
    """Let every room that declared it hear of a happening, now and in the same transaction: all or nothing."""
    for config in rooms():
        if path := config.hears.get(happening):
            import_string(path)(actor=actor, **facts)


def deed_words(action: str) -> str:
    """What somebody did, in words, as the room that wrote it into the audit says it; empty where none says it."""
    return next((str(config.deeds[action]) for config in rooms() if action in config.deeds), "")


def address_of(kind: str, key: UUID) -> str:
    """The page of an object of that kind; empty when no room shows one."""
    for config in rooms():
        if name := config.addresses.get(kind):
            return reverse(name, args=[key])
    return ""


def codes_of(viewer: Viewer, kind: str, keys: Sequence[UUID]) -> dict[UUID, str]:
    """The codes of objects of that kind, of those that the viewer may see; none where no room tells them."""
    for config in rooms():
        if path := config.codes.get(kind):
            found: dict[UUID, str] = import_string(path)(viewer, keys)
            return found
    return {}


def help_address(language: str) -> str:
    """Where somebody can ask for help, in that language; empty when no room answers."""
    return next((reverse(config.help, args=[language]) for config in rooms() if config.help), "")


def search_address() -> str:
    """Where everything public is looked for; empty when no room does it, or its pages are not served here."""
    try:
        return next((reverse(config.finds) for config in rooms() if config.finds), "")
    except NoReverseMatch:
        return ""

"""What the home page shows a viewer: what is due, figures of the rooms, and the doors his roles open."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palermo.kernel.access.viewer import Viewer
from palermo.web.room import Due, Tile, due_for, first_for, menu_for, tiles_for

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Home:
    """What comes first, due items (the first of them), how many there are and how many are late, figures, doors."""

    first: list[Tile]
    due: list[Due]
    due_count: int
    late_count: int
    tiles: list[Tile]
    doors: list[Tile]

    @property
    def more(self) -> int:
        return self.due_count - len(self.due)

    @property
    def greeting(self) -> str:
        """The state of the day in one sentence."""
        if self.late_count:
            return ngettext(
                "The one thing that waits for you is late.",
                "Of the %(all)s things that wait for you, late: %(late)s.",
                self.due_count,
            ) % {"late": self.late_count, "all": self.due_count}
        if self.due_count:
            return ngettext(
                "Nothing is late. One thing waits for you.",
                "Nothing is late. %(all)s things wait for you.",
                self.due_count,
            ) % {"all": self.due_count}
        return _("Nothing waits for you now.")


def home_for(viewer: Viewer, *, whole: bool = False) -> Home:
    """The home page; `whole` shows all that is due, not the first of it only."""
    due = due_for(viewer)
    now = timezone.now()
    return Home(
        first=first_for(viewer),
        due=due if whole else due[:SHOWN],
        due_count=len(due),
        late_count=sum(item.urgency(now) == "overdue" for item in due),
        tiles=tiles_for(viewer),
        doors=doors_for(viewer),
    )


def doors_for(viewer: Viewer) -> list[Tile]:
    """One large link per menu entry, in the order of the menu."""
    doors = []
    for _code, _name, entries in menu_for(viewer):
        for entry in entries:
            try:
                url = reverse(entry.url_name)
            except NoReverseMatch:
                continue  # A room without addresses; a test of the menu names it.
            doors.append(Tile(label=entry.label, value="", url=url, note=entry.description, icon=entry.icon))
    return doors

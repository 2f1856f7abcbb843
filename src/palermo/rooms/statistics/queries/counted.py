"""How far a count is, how the last one ended, and what of each population was counted when."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.jobs import progress
from palermo.rooms.statistics.models import Counting, CountingState
from palermo.rooms.statistics.queries.kept import Known, admit, newest
from palermo.rooms.statistics.queries.plan import POPULATIONS, Population
from palermo.rooms.statistics.queries.states import unsafe


@dataclass(frozen=True, slots=True)
class Count:
    """A count: of 100, how much is done, and of whom. why: in words, where it was refused."""

    counting: Counting
    share: int
    doing: Population | None

    @property
    def told(self) -> str:
        """What is being done, in words."""
        if self.doing is None:
            return _("Waiting for the worker")
        return _("Counting and protecting: %(population)s") % {"population": self.doing.title}

    @property
    def why(self) -> str:
        return unsafe(self.counting.refused) if self.counting.refused in POPULATIONS else ""


def under_way(viewer: Viewer) -> bool:
    """Whether somebody's count is at work."""
    admit(viewer)
    return Counting.objects.filter(state=CountingState.WAITING).exists()


def last_count(viewer: Viewer) -> Count | None:
    """The count that is under way, or else the one that ended last."""
    admit(viewer)
    found = Counting.objects.select_related("asked_by").order_by("-created_at").first()
    if found is None:
        return None
    told = progress.of(found.pk) if found.open else None
    return Count(
        found, told.share if told else 0, POPULATIONS.get(told.doing) if told and told.doing else None
    )


def counted(viewer: Viewer) -> list[tuple[Population, Known | None]]:
    """Every population with its newest state."""
    return [(population, newest(viewer, name)) for name, population in POPULATIONS.items()]

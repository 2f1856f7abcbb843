"""Counts for the coordinator: of all events, without any row of anybody, small counts withheld."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from palermo.disclosure import TOTAL, Dimension, Rule, Table, protect_linked
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer

WHO = ("child_alone", "child", "adult", "unknown")


@dataclass(frozen=True, slots=True)
class Figures:
    """Protected counts by kind of event and who. None is withheld."""

    kinds: tuple[str, ...]
    cells: dict[tuple[str, str], int | None]

    @property
    def total(self) -> int | None:
        return self.cells[TOTAL, TOTAL]


def figures(viewer: Viewer) -> Figures:
    """Persons met, by kind of event and by child alone, child, adult, not known."""
    require(viewer, "encounters.count.view")
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, who, persons FROM encounters_figures()")
        exact = {(kind, who): int(n) for kind, who, n in cursor.fetchall()}
    kinds = tuple(sorted({kind for kind, _who in exact})) or ("other",)
    dimensions = (Dimension("kind", kinds), Dimension("who", WHO))
    cells = {(kind, who): exact.get((kind, who), 0) for kind in kinds for who in WHO}
    table = Table.from_counts(dimensions, cells, population="persons")
    rule = Rule(threshold=settings.PALERMO_THRESHOLD)
    protected = protect_linked((table,), rule, method="flows").tables[0]
    return Figures(kinds, dict(protected.cells))

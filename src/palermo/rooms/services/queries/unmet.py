"""Unmet needs, counted in cases and protected: no small count can be read or computed. Never a row of anybody."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connection

from palermo.disclosure import TOTAL, Dimension, Rule, Table, protect_linked
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.services.queries.labels import area_names, label
from palermo.web.protection import explained

NOT_RECORDED = "not_recorded"


@dataclass(frozen=True, slots=True)
class Unmet:
    """Protected counts of cases with an unmet need. None is withheld; a code that is absent is zero."""

    since: date
    until: date
    kinds: tuple[str, ...]
    reasons: tuple[str, ...]
    areas: tuple[str, ...]
    by_reason: dict[tuple[str, str], int | None]
    by_area: dict[tuple[str, str], int | None]
    explanation: tuple[str, ...]

    @property
    def total(self) -> int | None:
        return self.by_reason[TOTAL, TOTAL]


def unmet_counts(viewer: Viewer, *, since: date, until: date) -> Unmet:
    """Cases whose need was found to be unmet between two days, by kind and reason and by kind and area.

    One case may stand under several kinds and reasons, so parts may add up to more than their total.
    """
    require(viewer, "services.unmet.view")
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, reason, area, cases FROM services_unmet(%s, %s)", [since, until])
        rows = cursor.fetchall()
    exact = {(kind, reason, area): int(count) for kind, reason, area, count in rows}
    kinds = _seen(exact, 0)
    reasons, areas = _seen(exact, 1), _seen(exact, 2)
    what, why, where = (
        Dimension(name, codes, overlapping=True)
        for name, codes in (("kind", kinds), ("reason", reasons), ("area", areas))
    )
    first = Table.from_counts((what, why), _cells(exact, kinds, reasons, 1), population="cases")
    second = Table.from_counts((what, where), _cells(exact, kinds, areas, 2), population="cases")
    # Nothing adds up along overlapping dimensions; the exact method has nothing to begin with there.
    rule = Rule(threshold=settings.PALERMO_THRESHOLD)
    protected = protect_linked((first, second), rule, method="flows")
    by_reason, by_area = (dict(table.cells) for table in protected.tables)
    return Unmet(
        since,
        until,
        kinds,
        reasons,
        areas,
        by_reason,
        by_area,
        explained(protected),
    )


def _seen(exact: dict[tuple[str, str, str], int], place: int) -> tuple[str, ...]:
    return tuple(sorted({key[place] for key in exact} - {TOTAL}))


def _cells(
    exact: dict[tuple[str, str, str], int], kinds: tuple[str, ...], others: tuple[str, ...], place: int
) -> dict[tuple[str, ...], int]:
    """Counts with their totals; along overlapping dimensions nothing is added up."""
    cells: dict[tuple[str, ...], int] = {}
    for kind in (TOTAL, *kinds):
        for other in (TOTAL, *others):
            key = (kind, other, TOTAL) if place == 1 else (kind, TOTAL, other)
            cells[kind, other] = exact.get(key, 0)
    return cells


def kind_name(code: str) -> str:
    return label("palermo/service_kind", code)


def reason_name(code: str) -> str:
    return label("palermo/unmet_reason", code)


def area_name(code: str) -> str:
    """The name of an area; the code itself where the country has no such area any more."""
    return area_names().get(code, code)

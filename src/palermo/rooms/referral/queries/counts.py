"""Referrals in numbers: persons' cases by kind of help and by what became of it, protected. Never a row of anybody."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from palermo.disclosure import TOTAL, Dimension, Rule, Table, protect_linked
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer

STAGES = {
    "sent": _("Sent"),
    "received": _("Acknowledged"),
    "accepted": _("Accepted"),
    "declined": _("Declined"),
    "expired": _("Expired"),
    "helped": _("Help arrived"),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """Protected counts by (kind of help or TOTAL, stage); None is withheld, a code that is absent is zero."""

    since: date
    until: date
    kinds: tuple[str, ...]
    cells: dict[tuple[str, str], int | None]
    explanation: tuple[str, ...]


def counts(viewer: Viewer, *, since: date, until: date) -> Counts:
    """Cases with a referral sent between two days, by kind of help and by how far it came.

    Stages contain one another (what was accepted was sent), so rows do not add up.
    """
    require(viewer, "referral.counts.view")
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, stage, cases FROM referral_counts(%s, %s)", [since, until])
        exact = {(kind, stage): int(number) for kind, stage, number in cursor.fetchall()}
    kinds = tuple(sorted({kind for kind, _stage in exact} - {TOTAL}))
    what = Dimension("kind", kinds, overlapping=True)
    how = Dimension("stage", tuple(STAGES), overlapping=True)
    cells: dict[tuple[str, ...], int] = {}
    for kind in (TOTAL, *kinds):
        cells |= {(kind, stage): exact.get((kind, stage), 0) for stage in STAGES}
        # Everything was sent: the margin over the stages is the first of them.
        cells[kind, TOTAL] = exact.get((kind, "sent"), 0)
    table = Table.from_counts((what, how), cells, population="cases")
    rule = Rule(threshold=settings.PALERMO_THRESHOLD)
    protected = protect_linked((table,), rule, method="flows")
    shown = dict(protected.tables[0].cells)
    explanation = tuple(str(line) for line in protected.explain())
    return Counts(since, until, kinds, shown, explanation)  # type: ignore[arg-type]

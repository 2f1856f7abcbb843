"""How the mechanism keeps its limits for children: counts of children, never rows; small counts are withheld."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from palermo.disclosure import TOTAL, Dimension, Rule, Table, protect
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.workflow.models import Deadline
from palermo.kernel.workflow.queries import rule_name
from palermo.web.protection import explained

# Limits of the machine child_protection that are met once for a child, in the order of the way.
RULES = (
    "child_notification",
    "child_interim",
    "child_guardian",
    "bia_provisional",
    "bia_full",
    "child_panel",
    "durable_solution",
)
OUTCOMES = ("in_time", "late", "overdue", "running", "called_off")


@dataclass(frozen=True, slots=True)
class Figures:
    """Protected counts: (rule, outcome) -> children; None is withheld."""

    since: date
    until: date
    cells: dict[tuple[str, str], int | None]
    explanation: tuple[str, ...]

    def rules(self) -> list[tuple[str, str]]:
        """(rule, its name) of every limit."""
        return [(rule, rule_name(rule)) for rule in RULES]


def outcome(row: Deadline, now: datetime) -> str:
    """How a limit ended, or where it stands."""
    if row.met_at is not None:
        return "in_time" if row.met_at <= row.due_at else "late"
    if row.cancelled_at is not None:
        return "called_off"
    return "overdue" if row.due_at < now and row.paused_at is None else "running"


def figures(viewer: Viewer, *, since: date, until: date) -> Figures:
    """Children by limit and how it was kept, by the day when the clock started; the first of a child counts."""
    require(viewer, "children.figures.view")
    first = timezone.make_aware(datetime.combine(since, time.min))
    last = timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min))
    rows = Deadline.objects.filter(
        machine="child_protection", rule__in=RULES, started_at__gte=first, started_at__lt=last
    ).order_by("started_at", "id")
    now, seen = timezone.now(), set()
    # A child stands under each limit once; what is added up are clocks, and sums over limits are not shown.
    counts = {(rule, how): 0 for rule in RULES for how in OUTCOMES}
    for row in rows.iterator():
        if (row.object_id, row.rule) in seen:
            continue
        seen.add((row.object_id, row.rule))
        counts[row.rule, outcome(row, now)] += 1
    table = Table.from_counts(
        (Dimension("limit", RULES), Dimension("outcome", OUTCOMES)), counts, population="children"
    )
    protected = protect(table, Rule(threshold=settings.PALERMO_THRESHOLD))
    return Figures(
        since,
        until,
        {(rule, how): n for (rule, how), n in protected.tables[0].cells.items() if rule != TOTAL},
        explained(protected),
    )

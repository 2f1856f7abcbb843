"""The dashboard of a round: what came in, who waits for a verdict, the figures of the moment, and the alerts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from palermo.fieldwork import alerts as changes
from palermo.fieldwork.rounds import Prices
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.observatory.models import Alert, Live, Rates, ReviewState, Study, Submission, Thresholds

WAITING = (ReviewState.RECEIVED, ReviewState.FLAGGED, ReviewState.ON_HOLD)
DAYS = 14
VIEW = "observatory.indicators.view"
COUNTS = {
    "waiting": Count("pk", filter=Q(state__in=WAITING)),
    "approved": Count("pk", filter=Q(state=ReviewState.APPROVED)),
    "rejected": Count("pk", filter=Q(state=ReviewState.REJECTED)),
}


@dataclass(frozen=True)
class Dashboard:
    """days: (day, records), the oldest first, days without a record included."""

    records: int
    last: datetime | None
    states: dict[str, int]
    days: Sequence[tuple[date, int]]
    sites: Sequence[dict[str, Any]]
    enumerators: Sequence[dict[str, Any]]
    live: Live | None
    behind: bool


def dashboard(viewer: Viewer, study: Study) -> Dashboard:
    """Five statements, whatever the number of records."""
    require(viewer, VIEW, study.pk)
    rows = Submission.objects.filter(study=study).exclude(state=ReviewState.WITHDRAWN).order_by()
    whole = rows.aggregate(**COUNTS, n=Count("*"), last=Max("received_at"), changed=Max("updated_at"))
    live = Live.objects.filter(study=study).first()
    return Dashboard(
        records=whole["n"], last=whole["last"], states={name: whole[name] for name in COUNTS},
        days=_days(rows, whole["last"]), sites=_by(rows, "site__name"), enumerators=_by(rows, "device__label"),
        live=live, behind=bool(whole["n"] and (live is None or live.made_at < whole["changed"])),
    )  # fmt: skip


def _by(rows: QuerySet[Submission], field: str) -> list[dict[str, Any]]:
    found = rows.values(name=F(field)).annotate(**COUNTS, n=Count("*"), last=Max("received_at"))
    return [dict(one) for one in found.order_by("name")]


def _days(rows: QuerySet[Submission], last: datetime | None) -> list[tuple[date, int]]:
    """The last fourteen days up to the newest record."""
    if last is None:
        return []
    end = timezone.localtime(last).date()
    since = last - timedelta(days=DAYS)
    found = dict(
        rows.filter(received_at__gt=since).annotate(day=TruncDate("received_at")).values("day")
        .annotate(n=Count("*")).values_list("day", "n")
    )  # fmt: skip
    return [(day, found.get(day, 0)) for day in (end - timedelta(days=DAYS - 1 - n) for n in range(DAYS))]


def alerts(viewer: Viewer, study: Study, *, open_: bool = True) -> list[Alert]:
    """Alerts of a study that wait for somebody, or the last ones that were looked into."""
    require(viewer, VIEW, study.pk)
    rows = Alert.objects.filter(study=study, seen_at__isnull=open_).select_related("seen_by")
    return list(rows[:50])


def alert(viewer: Viewer, study: Study, alert_id: UUID) -> Alert:
    require(viewer, VIEW, study.pk)
    found = Alert.objects.select_related("study").filter(pk=alert_id, study=study).first()
    if found is None:
        raise NotFound()
    return found


def limits_of(study: Study) -> changes.Thresholds:
    """The thresholds of a study, or the defaults."""
    found = Thresholds.objects.filter(study=study).first()
    if found is None:
        return changes.Thresholds()
    return changes.Thresholds(found.days, found.error, found.persons, found.fee, found.rise)


def money_of(study: Study) -> Prices | None:
    """The rates of a study as fees are told with them."""
    found = Rates.objects.filter(study=study).first()
    if found is None:
        return None
    return Prices({(currency, month): usd for currency, month, usd in found.fx}, dict(found.cpi), found.base)

"""Time in the country of this instance: what is now, what is old, when a review falls due."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from palermo.standards.packs import Pack, pack
from palermo.standards.workdays import due


def country() -> Pack:
    """The country pack of this instance."""
    return pack(settings.PALERMO_PACK)


def local(at: datetime | None = None) -> datetime:
    """The moment (now, by default) on the clocks of the country."""
    return (at or timezone.now()).astimezone(ZoneInfo(country().time_zone))


def fresh_for() -> timedelta:
    """How long a count of free places is believed (limit `capacity_told`)."""
    limit, start = country().limit("capacity_told"), datetime(2000, 1, 1, tzinfo=ZoneInfo("UTC"))
    return due(start, limit.amount, limit.unit, country().calendar) - start


def review_due_of(day: date) -> date:
    """When the next review falls due after one on `day` (limit `shelter_review`)."""
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("UTC"))
    return country().due("shelter_review", start).date()

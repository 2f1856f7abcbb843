"""The directory of competent authorities: that there is one and what it does, for everybody."""

from datetime import date

from django.db.models import QuerySet

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.library.models import Authority

A_YEAR = 365


def authorities(viewer: Viewer, country: str = "", kind: str = "") -> QuerySet[Authority]:
    """Those that still do it, by country and kind."""
    require(viewer, "library.public.view")
    rows = Authority.objects.filter(closed_on=None)
    rows = rows.filter(country=country) if country else rows
    return rows.filter(kind=kind) if kind else rows


def countries_of(viewer: Viewer) -> list[str]:
    """The countries of which the directory knows somebody."""
    return sorted(set(authorities(viewer).values_list("country", flat=True)))


def authority(viewer: Viewer, ref: str) -> Authority:
    """One of them; one that was closed is still there and says so."""
    require(viewer, "library.public.view")
    found = Authority.objects.filter(ref=ref).first()
    if found is None:
        raise NotFound()
    return found


def stale(checked_on: date | None, today: date) -> bool:
    """Whether nobody has looked for a year."""
    return checked_on is None or (today - checked_on).days > A_YEAR

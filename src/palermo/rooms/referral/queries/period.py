"""The old house of a case that was handed over: what it may still read, which is its own time and nothing after."""

from dataclasses import dataclass
from datetime import datetime

from palermo.kernel.access.viewer import Viewer
from palermo.rooms.cases import queries as cases
from palermo.rooms.referral.models import Past, Referral


@dataclass(frozen=True, slots=True)
class Period:
    """One's own time with a case, as it stood until it was handed over."""

    case_code: str
    until: datetime
    passages: list[cases.Passage]


def had(viewer: Viewer, row: Referral) -> Past | None:
    """That the viewer held the case which this transfer handed over; None for everybody else."""
    return Past.objects.filter(referral_id=row.pk).first() if row.transfer else None


def period(viewer: Viewer, row: Referral) -> Period | None:
    """Notes and steps of that time; None for who did not hold the case then. The database draws the line."""
    past = had(viewer, row)
    if past is None:
        return None
    found = cases.period_of(viewer, past.case_id, row.organisation_id, past.until)
    return Period(past.case_code, past.until, found)

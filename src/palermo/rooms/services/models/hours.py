"""Opening hours as data: for each weekday a list of (from, until), 24-hour clock, in the country's time zone.

An interval whose end is not after its begin runs past midnight: ["22:00", "06:00"].
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from palermo.standards.workdays import WEEKDAYS, Calendar, holidays

Hours = Mapping[str, Sequence[Sequence[str]]]
_INTERVAL = re.compile(r"(\d{1,2})[:.h](\d{2})\s*[-–—]\s*(\d{1,2})[:.h](\d{2})")
MOST_INTERVALS = 4


def read_day(text: str) -> list[list[str]]:
    """What a person typed for one day: "9:00-12:30, 14:00-18:00"; empty is closed. Raises ValueError."""
    found = []
    for part in filter(None, (piece.strip() for piece in re.split(r"[,;،]", text))):
        match = _INTERVAL.fullmatch(part)
        if match is None:
            raise ValueError(part)
        clock = [int(number) for number in match.groups()]
        # time() refuses 25:00 and 12:75; 24:00 is midnight, the end of the day.
        ends = time(0 if clock[2] == 24 and not clock[3] else clock[2], clock[3])
        found.append([time(clock[0], clock[1]).strftime("%H:%M"), ends.strftime("%H:%M")])
    if len(found) > MOST_INTERVALS:
        raise ValueError(text)
    return found


def write_day(intervals: Sequence[Sequence[str]]) -> str:
    """The text that `read_day` reads back."""
    return ", ".join(f"{begin}–{end}" for begin, end in intervals)


def is_well_formed(hours: object) -> bool:
    """Whether a value from outside (the API) is hours: known days, readable intervals."""
    if not isinstance(hours, dict) or set(hours) - set(WEEKDAYS):
        return False
    try:
        return all(
            read_day(write_day(intervals)) == [list(i) for i in intervals] for intervals in hours.values()
        )
    except (TypeError, ValueError):
        return False


def is_open(hours: Hours, at: datetime, calendar: Calendar, *, closed_on_holidays: bool) -> bool:
    """Whether the door is open at `at`, given in the time zone of the service."""
    today, yesterday = at.date(), at.date() - timedelta(days=1)
    clock = at.strftime("%H:%M")

    def of(day: object) -> Sequence[Sequence[str]]:
        if closed_on_holidays and day in holidays(day.year, calendar):  # type: ignore[attr-defined]
            return ()
        return hours.get(WEEKDAYS[day.weekday()], ())  # type: ignore[attr-defined]

    now = any(begin <= clock and (clock < end or end <= begin) for begin, end in of(today))
    return now or any(end <= begin and clock < end for begin, end in of(yesterday))

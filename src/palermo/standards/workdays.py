"""Working days: which days a country's offices work, and when a legal limit falls due. Pure arithmetic.

A calendar is data of a country pack: weekend days, holidays of a fixed date, holidays counted from Easter
(western or orthodox), the n-th weekday of a month, single dates, and whether a holiday that falls on a
weekend moves to the next working day.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNITS = ("minutes", "hours", "days", "working_days", "months", "years")


@dataclass(frozen=True, slots=True)
class Calendar:
    """fixed: "MM-DD"; easter: days from Easter Sunday; nth: "MM weekday n" (n = -1: the last of the
    month).
    """

    weekend: tuple[str, ...] = ("sat", "sun")
    fixed: tuple[str, ...] = ()
    easter: tuple[int, ...] = ()
    easter_rule: str = "western"
    nth: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    substitute: bool = False


def easter(year: int, rule: str = "western") -> date:
    """Easter Sunday in the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8); years 1900 to
    2099.
    """
    if rule == "orthodox":
        d = (19 * (year % 19) + 15) % 30
        e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7
        return date(year, (d + e + 114) // 31, (d + e + 114) % 31 + 1) + timedelta(days=13)
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    return date(year, (h + k - 7 * m + 114) // 31, (h + k - 7 * m + 114) % 31 + 1)


def _nth(year: int, text: str) -> date:
    month, weekday, n = text.split()
    last = monthrange(year, int(month))[1]
    days = [date(year, int(month), d) for d in range(1, last + 1)]
    match = [d for d in days if WEEKDAYS[d.weekday()] == weekday]
    return match[int(n) - 1 if int(n) > 0 else int(n)]


@lru_cache(maxsize=256)
def holidays(year: int, calendar: Calendar) -> frozenset[date]:
    """Days of `year` on which offices are closed besides the weekend, substitutes included."""
    found = {date.fromisoformat(f"{year}-{md}") for md in calendar.fixed}
    found |= {easter(year, calendar.easter_rule) + timedelta(days=n) for n in calendar.easter}
    found |= {_nth(year, text) for text in calendar.nth}
    if calendar.substitute:
        for day in sorted(d for d in found if WEEKDAYS[d.weekday()] in calendar.weekend):
            while day in found or WEEKDAYS[day.weekday()] in calendar.weekend:
                day += timedelta(days=1)
            found.add(day)
    found |= {date.fromisoformat(d) for d in calendar.dates if d.startswith(f"{year}-")}
    return frozenset(found)


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Neither weekend nor holiday."""
    return WEEKDAYS[day.weekday()] not in calendar.weekend and day not in holidays(day.year, calendar)


def add_working_days(day: date, n: int, calendar: Calendar) -> date:
    """The n-th working day after `day` (the day itself never counts); n = 0 gives `day` or the next working
    day.
    """
    if n < 0:
        raise ValueError("a limit cannot run backwards")
    if set(WEEKDAYS) <= set(calendar.weekend):
        raise ValueError("a calendar without working days has no working-day limits")
    while n == 0 and not is_working_day(day, calendar):
        day += timedelta(days=1)
    while n > 0:
        day += timedelta(days=1)
        n -= is_working_day(day, calendar)
    return day


def add_months(day: date, n: int) -> date:
    """The same day n months later, or the last day of that month (31 January + 1 month = 28 or 29
    February).
    """
    month = day.month - 1 + n
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def due(start: datetime, amount: int, unit: str, calendar: Calendar) -> datetime:
    """When a limit that starts at `start` (with timezone) falls due, at the same time of day.

    Give `start` in the time zone of the office: the local date decides which days are working days. Hours and
    minutes are hours and minutes of the clock on any day, also on the one on which the clocks are changed.
    """
    if unit in ("minutes", "hours"):
        return (start.astimezone(UTC) + timedelta(**{unit: amount})).astimezone(start.tzinfo)
    if unit == "days":
        return start + timedelta(days=amount)
    if unit == "working_days":
        day = add_working_days(start.date(), amount, calendar)
    elif unit in ("months", "years"):
        day = add_months(start.date(), amount * (12 if unit == "years" else 1))
    else:
        raise ValueError(f"unknown unit of a limit: {unit}")
    return datetime.combine(day, start.timetz())


def working_days_between(day: date, until: date, calendar: Calendar) -> int:
    """How many working days there are after `day` up to and with `until`."""
    days = (day + timedelta(days=n) for n in range(1, (until - day).days + 1))
    return sum(is_working_day(d, calendar) for d in days)


def resume(due_at: datetime, paused: datetime, at: datetime, unit: str, calendar: Calendar) -> datetime:
    """When a limit falls due that stood still from `paused` until `at`: what was left then is left now.

    Times are local. Working days that were left are counted again from `at`, and the time of day stays; a limit
    that was overdue when it was paused is overdue by as much. Never earlier than it was.
    """
    if unit in ("minutes", "hours"):
        return (due_at.astimezone(UTC) + (at.astimezone(UTC) - paused.astimezone(UTC))).astimezone(
            due_at.tzinfo
        )
    if unit != "working_days" or due_at <= paused:
        # Wall time: a limit in days keeps its time of day when the clocks were changed meanwhile.
        naive = due_at.replace(tzinfo=None) + (at.replace(tzinfo=None) - paused.replace(tzinfo=None))
        return naive.replace(tzinfo=due_at.tzinfo)
    left = working_days_between(paused.date(), due_at.date(), calendar)
    found = datetime.combine(add_working_days(at.date(), left, calendar), due_at.timetz())
    return max(found, due_at)

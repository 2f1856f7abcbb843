"""Years that are no Gregorian years of birth, read in the calendars of the countries that people come from. Pure.

Buddhist (Thailand, Laos, Cambodia): 543 years on, same months. Bikram Sambat (Nepal): begins in mid-April, 57 years
on. Hijri (lunar) and Persian (solar): around 1400. Ethiopian: 7 or 8 years back; known only by its thirteenth month.
Conversions are arithmetic: within a day for Ethiopian and Persian, two for Hijri, three for Bikram Sambat.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

LATEST = 2035
# From 2400 on only the Buddhist calendar.
_BUDDHIST = 2400
_HIJRI = range(1300, 1500)
# Years from 1320 on are read as Persian, unless the person would be younger than this: then as Hijri, 40 years before.
_PERSIAN_FIRST, _YOUNGEST = 1320, 10
# Years by which the same birth differs, where one list did not convert, and who may write so.
OFFSETS = {7: "ETH ERI", 8: "ETH ERI", 56: "NPL IND", 57: "NPL IND"}


@dataclass(frozen=True, slots=True)
class Reading:
    earliest: date
    latest: date
    precision: str
    calendar: str


def read(year: int, month: int, day: int, last_year: int) -> Reading | None:
    """The span in Gregorian days, or None where no calendar gives a year of birth up to `last_year`."""
    for possible in (_buddhist, _hijri_or_persian, _bikram, _ethiopian):
        found = possible(year, month, day, last_year)
        if found is not None and found.earliest.year <= last_year:
            return found
    return None


def _buddhist(year: int, month: int, day: int, last_year: int) -> Reading | None:
    if not _BUDDHIST <= year <= last_year + 543:
        return None
    gregorian = year - 543
    try:
        exact = date(gregorian, month, day)
    except ValueError:
        return Reading(date(gregorian, 1, 1), date(gregorian, 12, 31), "year", "buddhist")
    if (month, day) == (1, 1):
        return Reading(exact, date(gregorian, 12, 31), "year", "buddhist")
    return Reading(exact, exact, "day", "buddhist")


def _hijri_or_persian(year: int, month: int, day: int, last_year: int) -> Reading | None:
    if year not in _HIJRI:
        return None
    if _PERSIAN_FIRST <= year <= last_year - 621 - _YOUNGEST:
        return _spanned("persian", _persian_day, year, month, day, off=1)
    return _spanned("hijri", _hijri_day, year, month, day, off=2)


def _bikram(year: int, month: int, day: int, last_year: int) -> Reading | None:
    if not last_year < year <= last_year + 57:
        return None
    return _spanned("bikram", _bikram_day, year, month, day, off=3)


def _ethiopian(year: int, month: int, day: int, last_year: int) -> Reading | None:
    if not (1850 < year <= last_year and month == 13):
        return None
    return _spanned("ethiopian", _ethiopian_day, year, month, day, off=1)


def _spanned(
    calendar: str, to_day: Callable[[int, int, int], date], year: int, month: int, day: int, *, off: int
) -> Reading:
    first = to_day(year, 1, 1)
    if 1 <= month <= 13 and 1 <= day <= 32 and (month, day) != (1, 1):
        exact = to_day(year, month, day)
        return Reading(exact - timedelta(days=off), exact + timedelta(days=off), "month", calendar)
    after = to_day(year + 1, 1, 1)
    return Reading(first, after - timedelta(days=1), "year", calendar)


def _persian_day(year: int, month: int, day: int) -> date:
    before = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    return date(year + 621, 3, 21) + timedelta(days=before + day - 1)


def _hijri_day(year: int, month: int, day: int) -> date:
    """The tabular calendar: thirty years of 10,631 days, day 1 on 16 July 622 (Julian), 19 July Gregorian."""
    days = (year - 1) * 354 + (3 + 11 * year) // 30 + (59 * (month - 1) + 1) // 2 + day - 1
    return date(622, 7, 19) + timedelta(days=days)


def _bikram_day(year: int, month: int, day: int) -> date:
    return date(year - 57, 4, 14) + timedelta(days=round(30.44 * (month - 1)) + day - 1)


def _ethiopian_day(year: int, month: int, day: int) -> date:
    """Twelve months of thirty days and a short one; 1 Meskerem is 11 September, 12 before a leap year."""
    start = date(year + 7, 9, 12 if (year + 8) % 4 == 0 else 11)
    return start + timedelta(days=30 * (month - 1) + day - 1)

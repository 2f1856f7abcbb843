"""Dates of birth as they really come: partial, estimated, from a stated age, in another calendar. Pure, no clock.

A birth is a span of days, earliest to latest, with its precision and its basis. Nothing raises: what cannot be read
is a birth that is not known.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache

from palermo.linkage import calendars
from palermo.linkage.numbers import one_slip

PRECISIONS = ("day", "month", "year", "estimated", "unknown")
OLDEST = 115
# What an estimate is worth: years to either side. Ages told to an interviewer are rounded to this.
ESTIMATE = 2

_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:[t ][\d:.z+-]+)?")
_DAY_FIRST = re.compile(r"(?:(\d{1,2})[-/. ])?(\d{1,2})[-/. ](\d{4})")
_AGE = re.compile(r"\D{0,20}?(\d{1,3})\D{0,20}")
_ABOUT = re.compile(r"[~≈?]|about|approx|circa|\bca\b|around|estimated|environ|unos|около|حوالي|تقريبا")


@dataclass(frozen=True, slots=True)
class Birth:
    """precision: day, month, year, estimated, unknown. With precision unknown both days are None.

    basis: written (as it stands), age (from a stated age), january (1 January, which stands for a year), or the
    calendar that it was read in: buddhist, bikram, hijri, persian, ethiopian.
    """

    earliest: date | None
    latest: date | None
    precision: str
    basis: str = "written"

    @property
    def year(self) -> int | None:
        """The middle year of the span."""
        if self.earliest is None or self.latest is None:
            return None
        return (self.earliest.year + self.latest.year) // 2


UNKNOWN = Birth(None, None, "unknown", "")


@lru_cache(maxsize=1 << 17)
def birth(text: str, precision: str = "", recorded_on: str = "") -> Birth:
    """The birth from its three columns: 1998, 1998-05, 1998-05-17, 17/05/1998, or an age ("about 17") with the day
    on which it was told."""
    text = _plain(text)
    told = _iso_day(_plain(recorded_on))
    precision = precision.strip().lower()
    if not text or precision == "unknown":
        return UNKNOWN
    written = _numbers(text)
    if written is None:
        return _from_age(text, precision, told)
    found = _dated(written, told)
    if precision == "estimated" and found.earliest is not None:
        return _widened(found)
    return _coarser(found, precision)


def birth_year(text: str) -> int | None:
    """The year of an ISO date that may be partial: 1998, 1998-05, 1998-05-17; None for anything else."""
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text.strip())
    return int(match[1]) if match else None


def _plain(text: str) -> str:
    """Digits of any script as 0-9, without invisible characters; cut, since longer text is no date."""
    if text.isascii() and text.isprintable():
        return text[:60].strip().lower()
    folded = unicodedata.normalize("NFKC", text[:60])
    kept = (c for c in folded if unicodedata.category(c) not in ("Cf", "Cc", "Cs"))
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in kept).strip().lower()


def _numbers(text: str) -> tuple[int, int, int] | None:
    """Year, month, day as written, 0 where missing; None where the text is no date."""
    if match := _ISO.fullmatch(text):
        return int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if match := _DAY_FIRST.fullmatch(text):
        return int(match[3]), int(match[2]), int(match[1] or 0)
    if re.fullmatch(r"\d{8}", text):
        return int(text[:4]), int(text[4:6]), int(text[6:])
    return None


def _dated(written: tuple[int, int, int], told: date | None) -> Birth:
    year, month, day = written
    last_year = told.year if told else calendars.LATEST
    if not last_year - OLDEST - (0 if told else 100) <= year <= last_year or (month == 13 and 1 <= day <= 6):
        if other := calendars.read(year, month, day, last_year):
            return Birth(other.earliest, other.latest, other.precision, other.calendar)
        return UNKNOWN if not 1800 <= year <= last_year else _span(year, month, day)
    found = _span(year, month, day)
    if told and found.earliest is not None and found.earliest > told:
        return UNKNOWN
    return found


def _span(year: int, month: int, day: int) -> Birth:
    """What a Gregorian date that may be partial or impossible can mean."""
    if month > 12 >= day >= 1:
        month, day = day, month
    if not 1 <= month <= 12:
        return Birth(date(year, 1, 1), date(year, 12, 31), "year")
    if (month, day) == (1, 1):
        return Birth(date(year, 1, 1), date(year, 12, 31), "year", "january")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        return Birth(date(year, month, 1), date(year, month, last), "month")
    return Birth(date(year, month, day), date(year, month, day), "day")


def _coarser(found: Birth, precision: str) -> Birth:
    """A full date that is known to the month or the year only."""
    if found.earliest is None or found.latest is None:
        return found
    if precision == "year" and found.precision in ("day", "month"):
        year = found.earliest.year
        return Birth(date(year, 1, 1), date(year, 12, 31), "year", found.basis)
    if precision == "month" and found.precision == "day":
        year, month = found.earliest.year, found.earliest.month
        return Birth(
            date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month", found.basis
        )
    return found


def _widened(found: Birth) -> Birth:
    assert found.earliest
    assert found.latest
    first, last = max(found.earliest.year - ESTIMATE, 1), min(found.latest.year + ESTIMATE, 9999)
    return Birth(date(first, 1, 1), date(last, 12, 31), "estimated", found.basis)


def _from_age(text: str, precision: str, told: date | None) -> Birth:
    match = _AGE.fullmatch(text)
    if match is None or told is None or not 0 <= int(match[1]) <= OLDEST:
        return UNKNOWN
    age = int(match[1])
    latest = _years_before(told, age)
    earliest = _years_before(told, age + 1) + timedelta(days=1)
    exact = Birth(earliest, latest, "estimated", "age")
    return _widened(exact) if precision == "estimated" or _ABOUT.search(text) else exact


def _years_before(day: date, years: int) -> date:
    if (day.month, day.day) == (2, 29):
        day = date(day.year, 2, 28)
    return day.replace(year=day.year - years)


def _iso_day(text: str) -> date | None:
    numbers = _numbers(text)
    if numbers is None or not 1900 <= numbers[0] <= 2200:
        return None
    found = _span(*numbers)
    if found.basis == "january":
        return found.earliest
    return found.latest


class BirthLevel(Enum):
    """From best to worst; the value is what a reviewer reads. UNKNOWN is no level: one of the two is not known."""

    SAME_DAY = "birth date is the same"
    SWAPPED = "day and month of birth are swapped"
    ONE_SLIP = "birth dates differ in one digit"
    SAME_MONTH = "birth month and year are the same"
    SAME_YEAR = "birth year is the same"
    OTHER_DAY = "birth year is the same, the day is not"
    ESTIMATE_FITS = "birth year fits the estimate"
    NEAR_YEAR = "birth year differs by 1"
    CALENDAR = "birth dates fit if one is in another calendar"
    FEW_YEARS = "birth years differ by 2 or 3"
    APART = "birth years are far apart"
    UNKNOWN = "a birth date is missing"

    @property
    def rank(self) -> int:
        """0 is best; UNKNOWN is the last number."""
        return list(BirthLevel).index(self)


def compare(a: Birth, b: Birth) -> BirthLevel:
    """The best level that the two births reach; the same whichever comes first."""
    if a.earliest is None or a.latest is None or b.earliest is None or b.latest is None:
        return BirthLevel.UNKNOWN
    if a.precision == b.precision == "day" and (level := _days(a.earliest, b.earliest)):
        return level
    if "estimated" in (a.precision, b.precision):
        if a.earliest <= b.latest and b.earliest <= a.latest:
            return BirthLevel.ESTIMATE_FITS
        return _years(gap(a, b))
    if a.earliest <= b.latest and b.earliest <= a.latest:
        coarse = "year" in (a.precision, b.precision)
        return BirthLevel.SAME_YEAR if coarse else BirthLevel.SAME_MONTH
    if a.earliest.year == b.earliest.year or a.latest.year == b.latest.year:
        return BirthLevel.OTHER_DAY
    return _years(gap(a, b))


def _days(a: date, b: date) -> BirthLevel | None:
    if a == b:
        return BirthLevel.SAME_DAY
    if a.year == b.year and (a.month, a.day) == (b.day, b.month):
        return BirthLevel.SWAPPED
    if one_slip(a.isoformat().replace("-", ""), b.isoformat().replace("-", "")):
        return BirthLevel.ONE_SLIP
    return None


def gap(a: Birth, b: Birth) -> int:
    """Whole years between the nearest ends of the two spans; at least 1, since they do not meet."""
    years = [day.year for day in (a.earliest, a.latest, b.earliest, b.latest) if day is not None]
    return max(years[0] - years[3], years[2] - years[1], 1)


def _years(gap: int) -> BirthLevel:
    if gap == 1:
        return BirthLevel.NEAR_YEAR
    if gap <= 3:
        return BirthLevel.FEW_YEARS
    return BirthLevel.CALENDAR if gap in calendars.OFFSETS else BirthLevel.APART

"""Dates of birth as they come to be written: from papers, from memory, from a guess, in another calendar."""

from __future__ import annotations

import numpy as np

from palermo.linkage.generator.drawing import Bools, Ints, Texts
from palermo.linkage.generator.settings import Errors

YEAR = 365.25


def written(
    born: Ints, recorded: Ints, calendars: Texts, errors: Errors, rng: np.random.Generator
) -> tuple[Texts, Texts]:
    """The columns birth_date and birth_precision of records made on the days `recorded`."""
    count = len(born)
    told = _majority(born, recorded, errors, rng)
    year, month, day = split(told)
    year, month, day = _foreign(told, year, month, day, calendars, errors, rng)
    exchanged = (rng.random(count) < errors.day_month) & (day <= 12)
    month, day = np.where(exchanged, day, month), np.where(exchanged, month, day)

    kind = rng.random(count)
    cuts = np.cumsum([errors.no_birth, errors.age_stated, errors.year_only, errors.month_only])
    none, stated, years, months = (kind < cut for cut in cuts)
    false = years & ~stated & (rng.random(count) < errors.false_january)
    guessed = _guessed(told, recorded, rng)
    slack = rng.random(count) < 0.5

    dates, precisions = [], []
    for at in range(count):
        if none[at]:
            text, precision = "", ("unknown" if slack[at] else "")
        elif stated[at]:
            text, precision = str(guessed[at]), "estimated"
        elif false[at]:
            text, precision = f"{year[at]}-01-01", "day"
        elif years[at]:
            text, precision = str(year[at]), "year"
        elif months[at]:
            text, precision = f"{year[at]}-{month[at]:02d}", "month"
        else:
            text, precision = f"{year[at]}-{month[at]:02d}-{day[at]:02d}", "day"
        dates.append(text)
        precisions.append(precision)
    return np.array(dates, dtype=object), np.array(precisions, dtype=object)


def split(days: Ints) -> tuple[Ints, Ints, Ints]:
    """Year, month and day of days counted from 1970-01-01."""
    date = days.astype("datetime64[D]")
    months = date.astype("datetime64[M]")
    year = date.astype("datetime64[Y]").astype(np.int64) + 1970
    return year, months.astype(np.int64) % 12 + 1, (date - months).astype(np.int64) + 1


def _majority(born: Ints, recorded: Ints, errors: Errors, rng: np.random.Generator) -> Ints:
    """Minors who were told to say that they are of age."""
    count = len(born)
    age = (recorded - born) / YEAR
    claims = (age < 18) & (rng.random(count) < errors.claims_majority)
    years = np.ceil(18 - age) + rng.integers(0, 3, count)
    return np.where(claims, born - np.rint(years * YEAR).astype(np.int64), born)


def _guessed(born: Ints, recorded: Ints, rng: np.random.Generator) -> Ints:
    """The year of birth that follows from an age that was stated: a year or two off, often a round number."""
    count = len(born)
    age = np.floor((recorded - born) / YEAR) + np.rint(rng.normal(0, 1.2, count))
    rounded = np.where(rng.random(count) < 0.2, np.rint(age / 5) * 5, age)
    return split(recorded)[0] - np.maximum(rounded, 1).astype(np.int64)


def _foreign(
    born: Ints, year: Ints, month: Ints, day: Ints, calendars: Texts, errors: Errors, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """A date of the person's own calendar, written as if it were of ours; always one that a form accepts."""
    copied: Bools = (rng.random(len(born)) < errors.foreign_calendar) & (calendars != "")
    for name, convert in CALENDARS.items():
        rows = np.flatnonzero(copied & (calendars == name))
        year[rows], month[rows], day[rows] = convert(born[rows])
    month[copied] = np.minimum(month[copied], 12)
    day[copied] = np.minimum(day[copied], np.where(month[copied] == 2, 28, 30))
    return year, month, day


def _buddhist(days: Ints) -> tuple[Ints, Ints, Ints]:
    year, month, day = split(days)
    return year + 543, month, day


def _bikram(days: Ints) -> tuple[Ints, Ints, Ints]:
    """Bikram Sambat to within a day or two: its year begins in the middle of April, 57 years ahead."""
    year, month, day = split(days + 260)
    return year + 56, month, day


def _hijri(days: Ints) -> tuple[Ints, Ints, Ints]:
    """The tabular Islamic calendar (30-year cycle, civil epoch)."""
    left = days + 2440588 - 1948440 + 10632
    cycle = (left - 1) // 10631
    left = left - 10631 * cycle + 354
    j = ((10985 - left) // 5316) * ((50 * left) // 17719) + (left // 5670) * ((43 * left) // 15238)
    left = left - ((30 - j) // 15) * ((17719 * j) // 50) - (j // 16) * ((15238 * j) // 43) + 29
    month = (24 * left) // 709
    return 30 * cycle + j - 30, month, left - (709 * month) // 24


def _ethiopian(days: Ints) -> tuple[Ints, Ints, Ints]:
    """The Ethiopian calendar (Amete Mihret), from the Julian day number."""
    since = days + 2440588 - 1723856
    rest = since % 1461
    of_year = rest % 365 + 365 * (rest // 1460)
    year = 4 * (since // 1461) + rest // 365 - rest // 1460
    return year, of_year // 30 + 1, of_year % 30 + 1


CALENDARS = {"buddhist": _buddhist, "bikram sambat": _bikram, "hijri": _hijri, "ethiopian": _ethiopian}

"""Births as lists write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.linkage.dates import UNKNOWN, Birth, BirthLevel, birth, birth_year, compare

TOLD = "2020-06-15"


def days(found: Birth) -> tuple[str, str]:
    return str(found.earliest), str(found.latest)


@pytest.mark.parametrize(
    ("text", "precision", "first", "last", "is_precise_to"),
    [
        ("1998-05-17", "day", "1998-05-17", "1998-05-17", "day"),
        ("1998-05-17", "", "1998-05-17", "1998-05-17", "day"),
        ("17/05/1998", "", "1998-05-17", "1998-05-17", "day"),
        ("17.5.1998", "", "1998-05-17", "1998-05-17", "day"),
        ("١٩٩٨-٠٥-١٧", "", "1998-05-17", "1998-05-17", "day"),
        ("\u200f1998-05-17\u202c", "", "1998-05-17", "1998-05-17", "day"),
        ("1998-05-17T00:00:00", "", "1998-05-17", "1998-05-17", "day"),
        ("1998-05", "", "1998-05-01", "1998-05-31", "month"),
        ("1998-05-17", "month", "1998-05-01", "1998-05-31", "month"),
        ("1998", "", "1998-01-01", "1998-12-31", "year"),
        ("1998-05-17", "year", "1998-01-01", "1998-12-31", "year"),
        ("1998-01-01", "day", "1998-01-01", "1998-12-31", "year"),
        ("1996-02-29", "day", "1996-02-29", "1996-02-29", "day"),
        ("1998-02-30", "day", "1998-02-01", "1998-02-28", "month"),
        ("1998-00-00", "", "1998-01-01", "1998-12-31", "year"),
        ("1998-25-04", "", "1998-04-25", "1998-04-25", "day"),
        ("1998", "estimated", "1996-01-01", "2000-12-31", "estimated"),
        ("1998-07-01", "estimated", "1996-01-01", "2000-12-31", "estimated"),
        ("17", "", "2002-06-16", "2003-06-15", "estimated"),
        ("17 years", "", "2002-06-16", "2003-06-15", "estimated"),
        ("about 17", "", "2000-01-01", "2005-12-31", "estimated"),
        ("حوالي ١٧", "", "2000-01-01", "2005-12-31", "estimated"),
        ("17", "estimated", "2000-01-01", "2005-12-31", "estimated"),
    ],
)
def test_what_is_written_is_a_span(
    text: str, precision: str, first: str, last: str, is_precise_to: str
) -> None:
    found = birth(text, precision, TOLD)
    assert days(found) == (first, last)
    assert found.precision == is_precise_to


@pytest.mark.parametrize(
    ("text", "told", "first", "last", "basis"),
    [
        ("2541-05-17", TOLD, "1998-05-17", "1998-05-17", "buddhist"),
        ("2541", TOLD, "1998-01-01", "1998-12-31", "buddhist"),
        ("2569-03-01", "2026-06-01", "2026-03-01", "2026-03-01", "buddhist"),
        ("2055", TOLD, "1998-04-14", "1999-04-13", "bikram"),
        ("2055-01-01", TOLD, "1998-04-14", "1999-04-13", "bikram"),
        ("2055-02-10", TOLD, "1998-05-20", "1998-05-26", "bikram"),
        ("1418", TOLD, "1997-05-09", "1998-04-27", "hijri"),
        ("1377", TOLD, "1998-03-21", "1999-03-20", "persian"),
        ("1377-02-27", TOLD, "1998-05-16", "1998-05-18", "persian"),
        ("1394", TOLD, "1974-01-25", "1975-01-13", "hijri"),
        ("1990-13-03", TOLD, "1998-09-07", "1998-09-09", "ethiopian"),
        ("2055", "", "1998-04-14", "1999-04-13", "bikram"),
    ],
)
def test_years_of_other_calendars_are_read_as_possible(
    text: str, told: str, first: str, last: str, basis: str
) -> None:
    found = birth(text, "", told)
    assert (*days(found), found.basis) == (first, last, basis)


def test_new_year_of_the_hijri_calendar() -> None:
    """1 Muharram 1445 was 19 July 2023, 1 Muharram 1420 was 17 April 1999 (Umm al-Qura)."""
    for year, known in ((1445, date(2023, 7, 19)), (1420, date(1999, 4, 17))):
        first = birth(str(year), "", "2026-01-01").earliest
        assert first is not None
        assert abs((first - known).days) <= 1


@pytest.mark.parametrize(
    "text", ["", "unknown", "n/a", "0000-00-00", "9999-12-31", "17", "-5", "1e9", "1998 or 1999"]
)
def test_rubbish_is_not_known(text: str) -> None:
    assert birth(text, "", "") == UNKNOWN


def test_a_birth_after_it_was_written_down_is_not_known() -> None:
    assert birth("2020-07-01", "", TOLD) == UNKNOWN
    assert birth("1998-05-17", "unknown", TOLD) == UNKNOWN


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("1998-05-17", "1998-05-17", BirthLevel.SAME_DAY),
        ("1998-05-07", "1998-07-05", BirthLevel.SWAPPED),
        ("1998-05-17", "1998-05-18", BirthLevel.ONE_SLIP),
        ("1998-05-17", "1989-05-17", BirthLevel.ONE_SLIP),
        ("1998-05-17", "1998-05", BirthLevel.SAME_MONTH),
        ("1998-05-17", "1998", BirthLevel.SAME_YEAR),
        ("1998-05-17", "1998-01-01", BirthLevel.SAME_YEAR),
        ("1998-05-17", "1998-11-02", BirthLevel.OTHER_DAY),
        ("1998-05-17", "2002~", BirthLevel.UNKNOWN),
        ("1998-05-17", "1999-11-02", BirthLevel.NEAR_YEAR),
        ("1998", "1999", BirthLevel.NEAR_YEAR),
        ("1998", "2001", BirthLevel.FEW_YEARS),
        ("1998", "1990", BirthLevel.CALENDAR),
        ("1998", "1985", BirthLevel.APART),
        ("1998", "", BirthLevel.UNKNOWN),
    ],
)
def test_levels(one: str, other: str, level: BirthLevel) -> None:
    assert compare(birth(one), birth(other)) is level
    assert compare(birth(other), birth(one)) is level


def test_an_estimate_fits_within_two_years() -> None:
    estimate = birth("2000", "estimated")
    assert compare(estimate, birth("1998-05-17")) is BirthLevel.ESTIMATE_FITS
    assert compare(estimate, birth("2003-05-17")) is BirthLevel.NEAR_YEAR


def test_an_age_and_a_date_meet() -> None:
    assert compare(birth("17", "", TOLD), birth("2003-01-20")) is BirthLevel.ESTIMATE_FITS


def test_levels_are_ordered() -> None:
    assert [level.rank for level in BirthLevel] == list(range(12))
    assert BirthLevel.SAME_DAY.rank < BirthLevel.NEAR_YEAR.rank < BirthLevel.APART.rank


def test_birth_year_reads_iso_alone() -> None:
    assert birth_year("1998-05") == 1998
    assert birth_year("about 1998") is None


TEXTS = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"[0-9]{1,4}([-/.][0-9]{1,2}){0,2}", fullmatch=True),
    st.dates().map(str),
)


@given(TEXTS, st.sampled_from(["", "day", "estimated", "year", "month", "?"]), TEXTS, TEXTS)
def test_nothing_raises_and_comparing_is_symmetric(text: str, precision: str, told: str, other: str) -> None:
    one, two = birth(text, precision, told), birth(other, "", told)
    assert compare(one, two) is compare(two, one)
    for found in (one, two):
        assert (found.earliest is None) == (found.latest is None) == (found.precision == "unknown")
        if found.earliest is not None and found.latest is not None:
            assert found.earliest <= found.latest

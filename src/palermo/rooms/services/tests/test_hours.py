"""Opening hours: what people type, midnight, holidays."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from palermo.rooms.services.models.hours import is_open, is_well_formed, read_day, write_day
from palermo.standards.workdays import Calendar

UTC = ZoneInfo("UTC")
WEEK = {
    "mon": [["09:00", "12:00"], ["14:00", "18:00"]],
    "fri": [["22:00", "06:00"]],
    "sun": [["18:00", "00:00"]],
}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", []),
        ("9:00-12:30, 14:00 – 18:00", [["09:00", "12:30"], ["14:00", "18:00"]]),
        ("9h00-17h00", [["09:00", "17:00"]]),
        ("20:00-24:00", [["20:00", "00:00"]]),
    ],
)
def test_what_is_typed_is_read_and_written_back(typed: str, read: list[list[str]]) -> None:
    assert read_day(typed) == read
    assert read_day(write_day(read)) == read


@pytest.mark.parametrize("typed", ["morning", "9-17", "25:00-26:00", "09:00-12:75", "1:00-2:00," * 5])
def test_what_cannot_be_read_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_day(typed)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2026-11-23 09:00", True),  # Monday
        ("2026-11-23 12:00", False),
        ("2026-11-23 13:00", False),
        ("2026-11-23 17:59", True),
        ("2026-11-27 21:59", False),  # Friday
        ("2026-11-27 23:30", True),
        ("2026-11-28 05:59", True),  # into Saturday
        ("2026-11-28 06:00", False),
        ("2026-11-29 23:59", True),  # Sunday until midnight
        ("2026-11-30 00:00", False),
    ],
)
def test_the_door_is_open_when_it_says(when: str, expected: bool) -> None:
    at = datetime.fromisoformat(when).replace(tzinfo=UTC)
    assert is_open(WEEK, at, Calendar(), closed_on_holidays=False) is expected


def test_a_holiday_closes_only_what_says_so() -> None:
    calendar, at = Calendar(fixed=("11-23",)), datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert is_open(WEEK, at, calendar, closed_on_holidays=False)
    assert not is_open(WEEK, at, calendar, closed_on_holidays=True)


@pytest.mark.parametrize(
    "wrong", [None, [], {"day": []}, {"mon": [["9", "10"]]}, {"mon": [["09:00"]]}, {"mon": 3}]
)
def test_hours_from_outside_are_checked(wrong: object) -> None:
    assert not is_well_formed(wrong)
    assert is_well_formed(WEEK)

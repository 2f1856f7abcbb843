"""Limits that stand still and go on: across weekends, holidays, time zones and changes of the clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.standards.packs import pack, packs
from palermo.standards.workdays import due, resume, working_days_between

SOFIA = ZoneInfo("Europe/Sofia")
UK = pack("uk-nrm").calendar


def at(text: str, zone: str = "Europe/London") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def test_hours_are_hours_when_the_clocks_change() -> None:
    start = datetime(2026, 3, 28, 12, tzinfo=SOFIA)  # Clocks go forward in the night.
    assert due(start, 24, "hours", UK).astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=24)
    assert due(start, 24, "hours", UK).hour == 13
    assert due(start, 1, "days", UK).hour == 12
    autumn = datetime(2026, 10, 24, 12, tzinfo=SOFIA)
    assert due(autumn, 24, "hours", UK).hour == 11
    assert due(autumn, 1, "days", UK).hour == 12


def test_working_days_keep_their_time_of_day_across_the_change() -> None:
    start = at("2026-03-27T15:30")  # Friday before summer time in London.
    found = due(start, 1, "working_days", UK)
    assert (found.date(), found.hour, found.minute) == (date(2026, 3, 30), 15, 30)
    assert found.utcoffset() == timedelta(hours=1)


def test_the_same_moment_is_another_day_elsewhere() -> None:
    moment = datetime(2026, 6, 4, 22, 30, tzinfo=UTC)  # Thursday in London, Friday in Sofia.
    assert due(moment.astimezone(SOFIA), 1, "working_days", UK).date() == date(2026, 6, 8)
    assert due(moment.astimezone(ZoneInfo("Europe/London")), 1, "working_days", UK).date() == date(2026, 6, 5)


def test_what_was_left_is_left() -> None:
    start = at("2026-12-21T10:00")  # Monday; 25 and 28 December are holidays (26 is a Saturday).
    end = due(start, 5, "working_days", UK)
    assert end.date() == date(2026, 12, 30)
    paused, again = at("2026-12-22T16:00"), at("2027-01-06T09:00")  # 23, 24, 29, 30 were left.
    assert resume(end, paused, again, "working_days", UK) == at("2027-01-12T10:00")


def test_hours_and_days_move_by_the_time_that_passed() -> None:
    end = at("2026-06-10T10:00")
    assert resume(end, at("2026-06-09T10:00"), at("2026-06-12T11:00"), "hours", UK) == at("2026-06-13T11:00")
    autumn = at(
        "2026-10-26T10:00"
    )  # The clocks change on the 25th: the time of day of a limit in days stays.
    assert resume(autumn, at("2026-10-24T10:00"), at("2026-10-25T10:00"), "days", UK) == at(
        "2026-10-27T10:00"
    )


START = at("2024-01-01T00:00")
MOMENTS = st.integers(0, 7 * 366 * 24).map(lambda hours: START + timedelta(hours=hours))


@given(MOMENTS, st.integers(0, 400), st.integers(0, 400), st.integers(1, 30), st.sampled_from(packs()))
def test_a_pause_never_shortens_and_no_pause_changes_nothing(
    start: datetime, before: int, length: int, amount: int, code: str
) -> None:
    calendar = pack(code).calendar
    end = due(start, amount, "working_days", calendar)
    paused = start + timedelta(hours=before)
    again = paused + timedelta(hours=length)
    assert resume(end, paused, paused, "working_days", calendar) == end
    found = resume(end, paused, again, "working_days", calendar)
    assert found >= end
    if paused < end:
        left = working_days_between(paused.date(), end.date(), calendar)
        assert working_days_between(again.date(), found.date(), calendar) >= left


@pytest.mark.parametrize("code", packs())
def test_every_pack_escalates_to_somebody(code: str) -> None:
    levels = pack(code).levels("cg_decision")
    assert [x.level for x in levels] == ["soon", "due", "supervisor", "coordinator"]
    assert all(x.source for x in levels)
    assert pack(code).limit(levels[-1].limit).amount == 90
    assert pack(code).levels("refer")[-1].limit == ""

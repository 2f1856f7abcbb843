"""Country packs inherit, name their sources, and count working days as their country does."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from palermo.standards import codelist, find_country
from palermo.standards.packs import VERIFIED, UnknownPack, pack, packs
from palermo.standards.workdays import (
    UNITS,
    Calendar,
    add_months,
    add_working_days,
    due,
    easter,
    holidays,
    is_working_day,
)

UK = pack("uk-nrm").calendar
BG = pack("bg-nrm").calendar


def test_the_four_packs_are_shipped() -> None:
    assert packs() == ("bg-nrm", "default", "demo", "uk-nrm")
    with pytest.raises(UnknownPack):
        pack("xx")


@pytest.mark.parametrize("code", packs())
def test_every_limit_names_its_source(code: str) -> None:
    p = pack(code)
    for limit in p.limits.values():
        assert limit.amount > 0
        assert limit.unit in UNITS
        assert limit.verified in VERIFIED
        assert limit.source
        if limit.verified != "ours":
            assert "palermo default" not in limit.source
    ZoneInfo(p.time_zone)


@pytest.mark.parametrize("code", packs())
def test_bodies_areas_and_offences_use_known_codes(code: str) -> None:
    p = pack(code)
    assert not p.country or find_country(p.country) is not None
    for body in p.bodies:
        assert body.kind in codelist("palermo/organisation_kind")
        assert body.role == "" or body.role in codelist("palermo/role")
    for offence in p.offences:
        assert offence.crime in codelist("palermo/crime")
        assert offence.iccs in codelist("iccs-2015")
    assert len({a.code for a in p.areas}) == len(p.areas)


def test_packs_inherit_and_override() -> None:
    assert pack("demo").limit("recovery_period").amount == 45
    assert pack("demo").limit("recovery_period").pack == "demo"
    assert pack("demo").limit("cg_decision") == pack("default").limit("cg_decision")
    assert pack("demo").limit("recovery_period").amount >= pack("default").limit("recovery_period").amount
    with pytest.raises(LookupError):
        pack("default").limit("nothing")


def test_palermia_has_twelve_areas_in_three_languages() -> None:
    areas = pack("demo").areas
    assert len(areas) == 12
    assert all(set(a.names) == {"en", "fr", "ar"} for a in areas)


@pytest.mark.parametrize(
    ("year", "western", "orthodox"),
    [(2024, "2024-03-31", "2024-05-05"), (2025, "2025-04-20", "2025-04-20"), (2026, "2026-04-05",
    "2026-04-12"), (2027, "2027-03-28", "2027-05-02"), (2038, "2038-04-25", "2038-04-25")],
)  # fmt: skip
def test_easter(year: int, western: str, orthodox: str) -> None:
    assert easter(year) == date.fromisoformat(western)
    assert easter(year, "orthodox") == date.fromisoformat(orthodox)


def test_uk_bank_holidays_2026_and_2027() -> None:
    weekdays = sorted(d.isoformat() for d in holidays(2026, UK) if d.weekday() < 5)
    assert weekdays == ["2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31",
                        "2026-12-25", "2026-12-28"]  # fmt: skip
    weekdays = sorted(d.isoformat() for d in holidays(2027, UK) if d.weekday() < 5)
    assert weekdays[-2:] == ["2027-12-27", "2027-12-28"]


def test_five_working_days_over_easter() -> None:
    assert add_working_days(date(2026, 4, 1), 5, UK) == date(2026, 4, 10)
    assert add_working_days(date(2026, 4, 1), 5, Calendar()) == date(2026, 4, 8)
    assert add_working_days(date(2026, 4, 9), 2, BG) == date(2026, 4, 15)


def test_zero_days_and_bad_input() -> None:
    assert add_working_days(date(2026, 11, 21), 0, UK) == date(2026, 11, 23)
    assert add_working_days(date(2026, 11, 20), 0, UK) == date(2026, 11, 20)
    with pytest.raises(ValueError, match="backwards"):
        add_working_days(date(2026, 1, 1), -1, UK)
    with pytest.raises(ValueError, match="without working days"):
        add_working_days(
            date(2026, 1, 1), 1, Calendar(weekend=("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
        )


def test_friday_and_saturday_weekend() -> None:
    gulf = Calendar(weekend=("fri", "sat"))
    assert add_working_days(date(2026, 11, 19), 1, gulf) == date(2026, 11, 22)
    assert is_working_day(date(2026, 11, 22), gulf)


def test_months_end_in_the_month() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(date(2028, 2, 29), 12) == date(2029, 2, 28)


def test_due_keeps_the_time_of_day() -> None:
    start = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    assert pack("uk-nrm").due("rg_decision", start) == datetime(2026, 11, 27, 16, 30, tzinfo=UTC)
    assert due(start, 24, "hours", UK) == start + timedelta(hours=24)
    assert due(start, 1, "years", UK).year == 2027
    with pytest.raises(ValueError, match="unknown unit"):
        due(start, 1, "fortnights", UK)

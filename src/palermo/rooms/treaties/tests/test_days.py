"""Two days compared, what States said, the years: by the fold and on the pages."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.treaties import actions
from palermo.standards.treaties import Action, count, instruments
from palermo.standards.treaty_days import by_year, changes, remarks

TIP = instruments()["TIP"]
LOG = [
    Action("TIP", "FRA", "signature", date(2000, 12, 12)), Action("TIP", "FRA", "ratification", date(2002, 10, 29)),
    Action("TIP", "ITA", "ratification", date(2006, 8, 2)), Action("TIP", "ITA", "withdrawal", date(2010, 1, 1)),
    Action("TIP", "ITA", "reservation", date(2006, 8, 2), note="Not that article."),
    Action("TIP", "ITA", "withdrawal_of_reservation", date(2008, 3, 1)),
    Action("TIP", "DEU", "objection", date(2007, 1, 1)), Action("TIP", "JPN", "acceptance", None, "unknown"),
]  # fmt: skip
CSV = b"""instrument,state,action,date,note
TIP,FRA,ratification,2002-10-29,
TIP,ITA,ratification,2006-08-02,
TIP,ITA,reservation,2006-08-02,<b>Not that article.</b>
"""


def test_who_joined_who_left_what_was_said() -> None:
    told = changes(TIP, LOG, date(2005, 1, 1), date(2007, 6, 1))
    assert [a.party for a in told.joined] == ["ITA"]
    assert told.left == ()
    assert [(a.party, a.kind) for a in told.remarks] == [("DEU", "objection"), ("ITA", "reservation")]
    assert told.parties == (2, 3), "who has no date at all is a party on both days"
    gone = changes(TIP, LOG, date(2012, 1, 1), date(2009, 1, 1))
    assert (gone.earlier, gone.later) == (date(2009, 1, 1), date(2012, 1, 1))
    assert [a.party for a in gone.left] == ["ITA"]
    assert [a.party for a in changes(TIP, LOG, date(2000, 1, 1), date(2001, 1, 1)).signed] == ["FRA"]


def test_remarks_of_a_day_and_the_years() -> None:
    assert len(remarks(TIP, LOG, date(2006, 12, 31))) == 1
    assert [a.kind for a in remarks(TIP, LOG, date(2020, 1, 1))] == [
        "objection", "reservation", "withdrawal_of_reservation",
    ]  # fmt: skip
    assert dict((year, n) for year, n, _u in by_year(TIP, LOG, 2012))[2006] == 3
    assert by_year(TIP, LOG, 2012)[-1] == (2012, 2, 1)


@given(st.dates(date(1999, 1, 1), date(2015, 1, 1)), st.dates(date(1999, 1, 1), date(2015, 1, 1)))
def test_the_numbers_of_two_days_differ_by_who_came_and_went(one: date, other: date) -> None:
    told = changes(TIP, LOG, one, other)
    assert told == changes(TIP, LOG[::-1], other, one)
    assert told.parties[1] - told.parties[0] == len(told.joined) - len(told.left)
    assert told.parties[1] == count(TIP, LOG, max(one, other))["parties"]


@pytest.mark.django_db
def test_the_pages_tell_it(client: Any, settings: Any) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    empty = client.get(reverse("treaties:remarks", args=["TIP"])).content.decode()
    assert "The log holds none" in empty
    assert client.get(reverse("treaties:years", args=["TIP"])).status_code == 200
    with acting(Viewer.operator()) as viewer:
        assert actions.import_lines(actor=viewer, content=CSV).added == 3
    asked = {"from": "2003-01-01", "to": "2007-01-01"}
    page = client.get(reverse("treaties:changes", args=["tip"]), asked).content.decode()
    assert "Italy" in page
    assert "France" not in page
    assert "&lt;b&gt;Not that article." in page
    assert (
        client.get(reverse("treaties:changes", args=["TIP"]), {"from": "x", "to": "2024-02-29"}).status_code
        == 200
    )
    assert "Reservation" in client.get(reverse("treaties:remarks", args=["TIP"])).content.decode()
    for day in ("0001-01-01", "9999-12-31"):
        assert client.get(reverse("treaties:changes", args=["TIP"]), {"to": day}).status_code == 200
    told = client.get(reverse("treaties:json", args=["TIP"]), {"on": "2006-12-31"}).json()
    assert told["counts"]["parties"] == 2
    assert {one["party"]: one["bound"]["date"] for one in told["parties"]} == {
        "FRA": "2002-10-29",
        "ITA": "2006-08-02",
    }
    years = client.get(reverse("treaties:years", args=["TIP"])).content.decode()
    assert "<svg" in years
    assert "<table" in years
    for name in ("changes", "remarks", "years", "json"):
        assert client.get(reverse(f"treaties:{name}", args=["NONE"])).status_code == 404

"""Synthetic rows from the register: the worker makes them, the ledger books them, internal findings stay."""

import csv
import io
from typing import Any

import numpy as np
import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.register.actions import demo_register
from palermo.rooms.register.queries.microdata import columns_of, lists_of
from palermo.rooms.releases import actions, queries
from palermo.rooms.releases.models import LedgerEntry, ReleaseFile
from palermo.rooms.releases.tests.conftest import ROWS, carried_out, draft, judged

pytestmark = pytest.mark.django_db
YEARS = {"year_from": 2015, "year_to": 2030}


def test_categories_come_from_code_lists_and_never_from_rows() -> None:
    lists = lists_of(("year", "sex", "citizenship", "form"), 2024, 2025)
    assert lists["year"] == ("2024", "2025")
    assert len(lists["citizenship"]) > 190
    assert tuple(lists) == columns_of(("year", "sex", "citizenship", "form"))
    assert set(lists["form_begging"]) == {"yes", "no"}


def test_too_few_persons_are_refused_and_what_was_booked_is_spent(people: Any) -> None:
    made = carried_out(people.analyst, draft(people.analyst, ROWS))
    assert made.state == "draft"
    with acting(people.analyst.viewer) as viewer:
        assert "too few persons" in queries.history(made)[0][0].reason
        assert queries.purses(viewer)[0].account.spent > 0


@pytest.mark.slow
def test_rows_are_made_checked_and_published(people: Any) -> None:
    pytest.importorskip("mbi")
    with acting(Viewer.operator()):
        demo_register(np.random.default_rng(5), 900)
    made = carried_out(people.analyst, draft(people.analyst, ROWS, **YEARS))
    with acting(people.analyst.viewer) as viewer:
        told = [(one.code, one.level, one.text) for one in queries.checks(made)]
        assert made.state == "checked", queries.history(made)[0][0].reason
        assert {code for code, _level, _text in told} >= {"spent", "attacks"}, told
        files = {one.name: one for one in ReleaseFile.objects.filter(release=made, revision=1)}
        assert {name for name, one in files.items() if one.kind == "internal"} == {"risk.json"}
        rows = list(csv.reader(io.StringIO(bytes(files["data.csv"].content).decode("utf-8-sig"))))
        assert rows[0] == ["sex", "majority"]
        assert len(rows) > 200
        assert {row[0] for row in rows[1:]} <= {"female", "male", "other", "unknown", ""}
        assert LedgerEntry.objects.filter(kind="outcome", result="made").count() == 16
        assert queries.purses(viewer)[0].account.spent <= queries.purses(viewer)[0].account.cap
    if all(level != "block" for _code, level, _text in told):
        judged(people.second_analyst, made, actions.review)
        out = judged(people.coordinator, made, actions.approve)
        with acting(Viewer.anonymous()) as anybody:
            names = {one.name for one in queries.landing(anybody, out.identifier).files}
        assert {"data.csv", "tables.csv", "errors.csv", "metadata.json"} <= names
        assert "risk.json" not in names

"""Key figures of the mechanism: counted truly, protected, and never a row for anybody."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from palermo.demo.past import make_past
from palermo.disclosure import TOTAL, Published, attack_editions, audit, breaches, key_of
from palermo.kernel.access.cast import make_cast
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, NotFound, Refused
from palermo.rooms.services.actions import demo_services
from palermo.rooms.statistics import actions, queries
from palermo.rooms.statistics.queries import mechanism_counts as exact
from palermo.rooms.statistics.queries.definitions import definition
from palermo.rooms.statistics.queries.editions import known_editions
from palermo.rooms.statistics.queries.mechanism import period
from palermo.rooms.statistics.queries.register_tables import protected, threshold

COMMITTED = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
PROTECTED_ROWS = ("cases_case", "identification_identification", "services_need", "services_delivery",
                  "referral_referral", "referral_sending", "children_childprotection")  # fmt: skip


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Pages are tested without the built front end."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def country(cases: int = 150) -> Any:
    """The cast, a directory of services and some closed cases of earlier years, in two houses."""
    cast = make_cast()
    demo_services(np.random.default_rng(1), cast=cast)
    more(cast, cases, 2)
    return cast


def more(cast: Any, cases: int, seed: int) -> None:
    houses = (cast.organisation.pk, cast.other_organisation.pk)
    office = cast.competent_authority.viewer.organisation_id
    make_past(np.random.default_rng(seed), cases, houses=houses, author=cast.case_worker.pk, authority=office)


def owner(statement: str, *values: Any) -> list[Any]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def rows(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


@COMMITTED
def test_counts_are_true_and_nobody_gets_a_row(client_for: Any) -> None:
    cast = country()
    analyst = cast.analyst.viewer
    with acting(analyst):
        when = period()
        wait = exact.help_table(when).tables[0]
        again = exact.presumed_table(when).tables[0]
        limits = exact.limit_tables(when)
        sent = exact.referral_tables(when, "sent")
        unmet = exact.unmet_tables(when)
        # Counts reach an analyst; of the tables behind them he sees not one row.
        assert wait.cells[TOTAL, TOTAL] > 100
        for table in PROTECTED_ROWS:
            assert rows(f"SELECT count(*) FROM {table}") == [(0,)]
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            rows("SELECT * FROM statistics_episodes('2000-01-01', '2100-01-01', NULL)")
        # The same referrals are not counted a second time, by other stages or between other days.
        with pytest.raises(DatabaseError, match="does not exist"), transaction.atomic():
            rows("SELECT * FROM referral_counts('2000-01-01', '2100-01-01')")
    check_against_a_recount(wait, again, limits, sent, unmet)
    view = check_protection(cast)
    check_who_may(cast)
    check_pages(cast, client_for, view)


def check_against_a_recount(wait: Any, again: Any, limits: Any, sent: Any, unmet: Any) -> None:
    """The same figures, by hand and another way, from all the rows."""
    cases = owner("SELECT person_id, opened_at, closed_at, status, id FROM cases_case ORDER BY opened_at, id")
    began, presumed, back = 0, 0, 0
    for place, (person, opened, _closed, status, _id) in enumerate(cases):
        before = [case for case in cases[:place] if case[0] == person]
        if any(closed is None or closed >= opened for _p, _o, closed, _s, _i in before):
            continue
        began += 1
        presumed += status == "presumed"
        back += status == "presumed" and any(case[3] == "presumed" for case in before)
    assert (wait.cells[TOTAL, TOTAL], again.cells[TOTAL, TOTAL], again.cells[TOTAL, "again"]) == (
        began,
        presumed,
        back,
    )
    assert back > 0
    clocks = owner(
        "SELECT rule, due_at, met_at, cancelled_at, to_char(started_at, 'YYYY-\"Q\"Q') FROM workflow_deadline "
        "WHERE rule IN ('rg_decision', 'rg_decision_detained', 'child_panel') AND machine = 'identification'"
    )
    kept: Counter[tuple[str, str]] = Counter()
    for _rule, due, met, cancelled, quarter in clocks:
        assert met or cancelled  # the invented past is over
        kept[quarter, "called_off" if not met else "in_time" if met <= due else "late"] += 1
    by_quarter = limits["reasonable"].tables[0]
    assert {at: n for at, n in by_quarter.cells.items() if n and TOTAL not in at} == dict(kept)
    guardians = owner("SELECT count(*) FROM workflow_deadline WHERE rule = 'child_guardian'")[0][0]
    assert limits["guardian"].tables[0].cells[TOTAL, TOTAL] == guardians > 0
    answers = dict(owner("SELECT state, count(*) FROM referral_referral GROUP BY 1"))
    by_kind = sent.tables[1]
    assert by_kind.cells[TOTAL, "declined"] == answers["declined"]
    assert by_kind.cells[TOTAL, "helped"] + by_kind.cells[TOTAL, "accepted"] == answers["closed"]
    kinds = dict(owner("SELECT kind, count(*) FROM services_need WHERE state = 'unmet' GROUP BY 1"))
    assert {kind: unmet.tables[0].cells[TOTAL, kind] for kind in kinds} == kinds


def check_protection(cast: Any) -> Any:
    """No small count is shown or can be computed; a median says nothing that the shown counts do not."""
    with acting(cast.coordinator.viewer):
        view = queries.table(cast.coordinator.viewer, "mechanism")
        for group in (
            exact.help_table(period()),
            exact.unmet_tables(period()),
            exact.referral_tables(period(), "sent"),
        ):
            result = protected(group.tables, threshold(), withhold=group.few)
            care = {(f"0|{population}", parts) for population, parts in result.primary}
            assert care
            assert attack_editions([result.tables], care, threshold()) == []
    shown = [cell for part in view.parts if part.key != "days" for line in part.cells for cell in line]
    assert all(cell.withheld or not 0 < cell.value < 5 for cell in shown)
    by_key = {part.key: part for part in view.parts}
    wait, days = by_key["wait"], by_key["days"]
    told = [
        (row, code) for row in days.rows for code in days.columns if days.cell(row, code).value is not None
    ]
    assert told
    for row, code in told:
        value, total, upto = days.cell(row, code).value, wait.cell(row, TOTAL).value, 0.0
        share = {"lower": 0.25, "median": 0.5, "upper": 0.75}[code]
        for place, last in exact.LAST_DAY.items():
            assert not wait.cell(row, place).withheld
            upto += wait.cell(row, place).value
            if upto >= share * total:  # the class follows from what is shown
                assert value <= last
                break
    return view


def check_who_may(cast: Any) -> None:
    """All to coordinators and analysts, one's own to supervisors, nothing to anybody else."""
    mine, other = cast.organisation.pk, cast.other_organisation.pk
    call = "SELECT count(*) FROM statistics_help('2000-01-01', '2100-01-01', %s)"
    for who in (
        cast.case_worker,
        cast.other_worker,
        cast.prosecutor,
        cast.stranger,
        cast.administrator,
        cast.supervisor,
    ):
        with acting(who.viewer):
            assert rows(call, None) == [(0,)]
    with acting(cast.supervisor.viewer):
        assert rows(call, mine)[0][0] > 0
        assert rows(call, other) == [(0,)]
        view = queries.own_mechanism(cast.supervisor.viewer)
        assert {"wait", "received-kind"} <= {part.key for part in view.parts}
        with pytest.raises(NotFound):
            queries.own_mechanism(cast.supervisor.viewer, other)
        with pytest.raises(NotFound):
            queries.table(cast.supervisor.viewer, "mechanism")
    for who in (cast.analyst, cast.case_worker):
        with acting(who.viewer):
            assert rows(call, mine) == [(0,)]
            with pytest.raises(NotFound):
                queries.own_mechanism(who.viewer)
    with acting(Viewer.anonymous()):
        assert rows(call, None) == [(0,)]
    with acting(cast.coordinator.viewer), pytest.raises((NotFound, Refused)):
        queries.table(cast.coordinator.viewer, "mechanism", exact=True)


def check_pages(cast: Any, client_for: Any, view: Any) -> None:
    """Page, part, files and an edition; the number of queries does not grow with the rows."""
    client = client_for(cast.coordinator.user)
    page = client.get(reverse("statistics:table", args=["mechanism"])).content.decode()
    for part in view.parts:
        assert f'id="part-{part.key}"' in page
        assert definition(part.key)[0][:40] in page.replace("&#x27;", "'")
    assert "48 hours (a default of palermo, not law)" in page
    assert client.get(reverse("statistics:table", args=["mechanism"]), {"year": "2025"}).status_code == 200
    assert client.get(reverse("statistics:part", args=["mechanism", "unmet"])).status_code == 200
    for form in ("csv", "json", "xlsx", "sdmx"):
        assert client.get(reverse("statistics:file", args=["mechanism", form])).status_code == 200
    supervisor = client_for(cast.supervisor.user)
    assert str(cast.organisation) in supervisor.get(reverse("statistics:own")).content.decode()
    assert supervisor.get(reverse("statistics:own-file", args=["xlsx"])).status_code == 200
    with acting(cast.analyst.viewer):
        made = actions.make_publication(actor=cast.analyst.viewer, table="mechanism")
    with acting(cast.second_analyst.viewer):
        actions.approve(actor=cast.second_analyst.viewer, publication_id=made.pk)
    assert client.get(reverse("statistics:public-table", args=["mechanism"])).status_code == 200
    before = counted(cast)
    more(cast, 100, 3)
    assert counted(cast) == before
    with acting(cast.analyst.viewer):
        actions.make_publication(actor=cast.analyst.viewer, table="mechanism")
        assert len(known_editions()) == 1


def counted(cast: Any) -> int:
    with acting(cast.analyst.viewer), CaptureQueriesContext(connection) as seen:
        queries.table(cast.analyst.viewer, "mechanism")
    return len(seen)


def test_few_that_expired_are_not_computed_from_the_other_answers(monkeypatch: Any) -> None:
    """Each referral stands under one answer and all are protected together; no room counts referrals a second time."""
    found = [("shelter", "helped", 21), ("shelter", "accepted", 15), ("shelter", "declined", 9),
             ("shelter", "received", 8), ("shelter", "expired", 3), ("medical", "helped", 30)]  # fmt: skip
    monkeypatch.setattr(exact.Period, "rows", lambda *_: list(summed(found)))
    group = exact.referral_tables(period(), "sent")
    by_kind = group.tables[1]
    care = frozenset(
        key_of("referrals_sent", table.dimensions, at)
        for table in group.tables
        for at, count in table.cells.items()
        if threshold().sensitive(count)
    )
    # The same attack computes it where nothing but the small answer itself is withheld, as stages within stages were.
    naive = Published(
        by_kind.dimensions,
        {at: None if threshold().sensitive(n) else n for at, n in by_kind.cells.items()},
        "referrals_sent",
    )
    assert {(bound.low, bound.high) for bound in audit([naive]) if bound.cell in care} == {(3.0, 3.0)}
    result = protected(group.tables, threshold(), withhold=group.few)
    assert breaches(result.tables, care, result.rule) == []
    assert {("shelter", "expired"), (TOTAL, "expired")} <= {
        at for at, n in result.tables[1].cells.items() if n is None
    }


def summed(found: list[tuple[str, str, int]]) -> Any:
    """What the counting function says of these, in one quarter: each sum that it gives, and as many persons."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for kind, answer, number in found:
        for at in (("2026-Q1", TOTAL, answer), (TOTAL, kind, answer), ("2026-Q1", TOTAL, TOTAL),
                   (TOTAL, kind, TOTAL), (TOTAL, TOTAL, answer), (TOTAL, TOTAL, TOTAL)):  # fmt: skip
            sums[at] += number
    return ((*at, number, number) for at, number in sums.items())


@pytest.mark.django_db
def test_an_empty_country_has_an_empty_page_and_no_file(people: Any, client_for: Any) -> None:
    with acting(people.analyst.viewer):
        assert queries.table(people.analyst.viewer, "mechanism").empty
        with pytest.raises(Conflict):
            actions.make_publication(actor=people.analyst.viewer, table="mechanism")
    with acting(Viewer.operator()), pytest.raises(Conflict, match="no case was opened"):
        actions.tabulate(actor=Viewer.operator(), table="mechanism")
    page = client_for(people.supervisor.user).get(reverse("statistics:own"))
    assert page.status_code == 200
    assert "There is nothing to count yet" in page.content.decode()


@pytest.mark.django_db
def test_nonsense_in_the_address_is_a_page_that_there_is_not(people: Any, client_for: Any) -> None:
    client = client_for(people.supervisor.user)
    address = reverse("statistics:own")
    assert client.get(address, {"organisation": "x"}).status_code == 404
    assert client.get(address, {"organisation": str(people.other_organisation.pk)}).status_code == 404
    assert client_for(people.analyst.user).get(address).status_code == 404

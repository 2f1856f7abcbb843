"""The filters of the directory, asked in the database, against what the same words mean service by service."""

from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.rooms.services import queries
from palermo.rooms.services.actions.demo import demo_services
from palermo.rooms.services.models import Service, State
from palermo.rooms.services.queries.directory import ADULT, WHO, row_of


def takes(service: Service, who: str) -> bool:
    if who == "family":
        return service.families
    sex = "female" if who in ("woman", "girl") else "male"
    if service.sexes and sex not in service.sexes:
        return False
    if who in ("woman", "man"):
        return service.age_until is None or service.age_until >= ADULT
    return service.age_from is None or service.age_from < ADULT


@pytest.fixture
def directory(people: Any) -> Any:
    demo_services(np.random.default_rng(7), cast=people)
    with acting(people.case_worker.viewer) as viewer:
        yield viewer


@pytest.mark.parametrize("who", ["", *WHO])
@pytest.mark.parametrize("free", [False, True])
@pytest.mark.parametrize("open_now", [False, True])
def test_the_database_finds_what_the_words_mean(directory: Any, who: str, free: bool, open_now: bool) -> None:
    now = timezone.now()
    living = Service.objects.exclude(state=State.CLOSED).filter(organisation__closed_on=None)
    rows = [row_of(service, now) for service in living.prefetch_related("places")]
    wanted = {
        row.service.name
        for row in rows
        if (not who or takes(row.service, who))
        and (not free or (row.free_for(who) and row.service.state == State.ACTIVE))
        and (not open_now or (row.is_open and row.service.state == State.ACTIVE))
    }
    found = queries.services(directory, who=who, free=free, open_now=open_now, all_at_once=True)
    assert {row.service.name for row in found.rows} == wanted
    assert found.count == len(wanted)
    assert sum(found.kinds.values()) == len(wanted)


def test_a_page_reads_its_own_rows_alone(directory: Any) -> None:
    with CaptureQueriesContext(connection) as asked:
        page = queries.services(directory, who="woman", free=True, open_now=True, kind="shelter")
    assert page.count == len(page.rows)
    assert len(asked) <= 5
    mine = queries.services(directory, mine=True)
    assert {row.service.organisation_id for row in mine.rows} <= set(directory.organisation_ids)

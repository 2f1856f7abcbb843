"""Who reads no national tables sees no study, whatever the program asks; and nothing that was computed is rewritten."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.rooms.estimates import actions
from palermo.rooms.estimates.models import Run, Study
from palermo.rooms.estimates.tests.conftest import SETTINGS, carried_out

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["case_worker", "supervisor", "competent_authority", "prosecutor", "administrator"]
)
def test_others_see_nothing_in_the_database(people: Any, study: Study, name: str) -> None:
    carried_out(people.analyst, study)
    with acting(getattr(people, name).viewer), connection.cursor() as cursor:
        for table in ("estimates_study", "estimates_run"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,)


def refused(viewer: Any, sql: str, *values: Any) -> None:
    with acting(viewer), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_what_came_out_is_never_changed(people: Any, study: Study) -> None:
    run = carried_out(people.analyst, study)
    refused(people.analyst.viewer, "UPDATE estimates_run SET results = '[]' WHERE id = %s", run.pk)
    refused(people.analyst.viewer, "UPDATE estimates_study SET tables = '[]' WHERE id = %s", study.pk)
    refused(people.analyst.viewer, "DELETE FROM estimates_run WHERE id = %s", run.pk)


def test_nobody_agrees_in_the_name_of_another(people: Any, study: Study) -> None:
    run = carried_out(people.analyst, study)
    with acting(people.analyst.viewer) as viewer:
        actions.propose(
            actor=viewer, study=study, run_id=run.pk, place=0, why="A reason of more than twenty letters.",
            expected_version=1,
        )  # fmt: skip
    sql = "UPDATE estimates_study SET agreed_at = %s, agreed_by_id = %s WHERE id = %s"
    refused(people.analyst.viewer, sql, timezone.now(), people.coordinator.pk, study.pk)
    refused(people.analyst.viewer, sql, timezone.now(), people.analyst.pk, study.pk)


def test_nobody_asks_for_a_run_in_the_name_of_another(people: Any, study: Study) -> None:
    with acting(people.coordinator.viewer), pytest.raises(DatabaseError), transaction.atomic():
        Run.objects.create(study=study, methods=["main"], options=SETTINGS, asked_by_id=people.analyst.pk)

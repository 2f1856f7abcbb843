"""An anonymous notification names nobody: the database takes codes and nothing else."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.errors import Conflict, Invalid
from palermo.rooms.identification import actions, queries
from palermo.rooms.identification.models import Identification, Notification
from palermo.rooms.identification.tests.way import CANARY, Way

COLUMNS = {
    "crime": "tip",
    "forms": ["forced_labour_or_services"],
    "sectors": ["agriculture"],
    "sex": "female",
    "age_band": "25-34",
    "region": "014",
    "area": "PX-01",
    "month": "2026-01-01",
    "organisation_kind": "NGO",
}
REFUSE = {"support_offered": True, "crime": "tip", "sex": "female"}
INSERT = "INSERT INTO identification_notification (id, {0}) VALUES (gen_random_uuid(), {1})"


def insert(values: dict[str, Any]) -> None:
    marks = ", ".join("%s::varchar[]" if isinstance(v, list) else "%s" for v in values.values())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT.format(", ".join(values), marks), list(values.values()))


def test_every_column_is_known_here() -> None:
    """A column more would need its own check below."""
    assert {field.column for field in Notification._meta.fields} == {"id", *COLUMNS}
    assert not [field for field in Notification._meta.fields if field.is_relation]


def test_codes_are_taken(people: Any) -> None:
    with acting(people.case_worker.viewer):
        insert(COLUMNS)


@pytest.mark.parametrize("column", [name for name in COLUMNS if name != "month"])
@pytest.mark.parametrize("name", [CANARY, "Ana", "AN-NA", "زهرة", "PX-01\nAna"])
def test_a_name_fits_into_no_column(people: Any, column: str, name: str) -> None:
    wrong = COLUMNS | {column: [name] if isinstance(COLUMNS[column], list) else name}
    with acting(people.case_worker.viewer), pytest.raises(DatabaseError):
        insert(wrong)


def test_a_day_is_no_month(people: Any) -> None:
    with acting(people.case_worker.viewer), pytest.raises(DatabaseError):
        insert(COLUMNS | {"month": "2026-01-17"})


def test_it_is_written_once_and_not_read_by_who_writes(people: Any) -> None:
    with acting(people.case_worker.viewer), connection.cursor() as cursor:
        insert(COLUMNS)
        cursor.execute("SELECT count(*) FROM identification_notification")
        assert cursor.fetchone() == (0,)
        for statement in (
            "UPDATE identification_notification SET sex = ''",
            "DELETE FROM identification_notification",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(statement)
    with acting(people.coordinator.viewer) as viewer:
        assert Notification.objects.count() == 1
        assert queries.notified(viewer)[0][2] is None


def test_a_rare_combination_is_shown_before_it_is_saved(way: Way) -> None:
    found = way.presumed()
    with pytest.raises(Conflict, match="rare"):
        way.move(way.worker, found, "refuse", region="014", **REFUSE)
    with pytest.raises(Invalid):
        way.move(way.worker, found, "refuse", **(REFUSE | {"sex": CANARY}))
    with acting(way.worker.viewer):
        for _n in range(5):
            insert(COLUMNS | {"region": ""})
        assert actions.similar_to(actions.coded({"crime": "tip", "sex": "female"})) == 5
        assert actions.similar_to(actions.coded({"crime": "tip", "region": "014"})) == 0
    assert way.move(way.worker, found, "refuse", **REFUSE).state == "notified"


def test_nothing_of_it_leads_back_and_a_later_referral_begins_from_nothing(way: Way) -> None:
    found = way.presumed()
    assert (
        way.move(way.worker, found, "refuse", rare_accepted=True, area="PX-01", **REFUSE).state == "notified"
    )
    with acting(way.people.coordinator.viewer):
        (row,) = Notification.objects.values()
        assert row.pop("month") == timezone.localdate().replace(day=1)
        ids = {str(found.pk), str(found.case_id), str(found.person_id), str(way.worker.pk)}
        assert not ids & {str(value) for value in row.values()}
    with pytest.raises(Conflict):
        way.refer(found, "reconsent")
    way.consent()
    found = way.refer(found, "reconsent")
    assert found.state == "referred"
    with acting(way.first.viewer) as viewer:
        ((_packet, texts),) = queries.packets(viewer, Identification.objects.get(pk=found.pk))
        assert set(texts) == {"exploitation", "needs"}

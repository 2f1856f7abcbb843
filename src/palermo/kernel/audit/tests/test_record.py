"""An entry is written with the change, in the viewer's own name, and holds codes only."""

import uuid
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import clean, record
from palermo.kernel.audit.models import Entry
from palermo.kernel.audit.queries import trail
from palermo.kernel.errors import NotFound


def test_an_entry_names_the_viewer_of_the_database(people: Any) -> None:
    thing = uuid.uuid4()
    with acting(people.case_worker.viewer) as viewer:
        seq = record(
            actor=viewer, action="cases.case.open", object_kind="case", object_id=thing, fields=("state",),
            detail={"count": 3, "draft": False},
        )  # fmt: skip
        entry = Entry.objects.get(seq=seq)
    assert entry.actor == people.case_worker.pk
    assert entry.actor_kind == "person"
    assert entry.session_ref == "test-case-worker"
    assert entry.object_id == thing
    assert entry.fields == ["state"]
    assert entry.detail == {"count": 3, "draft": False}


def test_nobody_writes_in_another_name(people: Any) -> None:
    with acting(people.case_worker.viewer):
        seq = record(actor=people.supervisor.viewer, action="cases.case.open")
        assert Entry.objects.get(seq=seq).actor == people.case_worker.pk


def test_an_entry_vanishes_with_the_change_it_tells_of(people: Any) -> None:
    with acting(people.case_worker.viewer) as viewer:
        try:
            with transaction.atomic():
                seq = record(actor=viewer, action="cases.case.open")
                raise RuntimeError("the change fails")
        except RuntimeError:
            pass
        assert record(actor=viewer, action="cases.case.open") == seq


def test_a_stranger_sees_no_entry_even_with_raw_sql(people: Any) -> None:
    with acting(people.case_worker.viewer) as viewer:
        record(actor=viewer, action="cases.case.open", object_kind="case", object_id=uuid.uuid4())
    for other in (people.other_worker, people.supervisor, people.stranger):
        with acting(other.viewer), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM audit_entry WHERE actor = %s", [people.case_worker.pk])
            assert cursor.fetchone() == (0,)
    with acting(Viewer.operator()):
        assert not Entry.objects.filter(actor=people.case_worker.pk).exists()
    with acting(people.administrator.viewer):
        assert Entry.objects.filter(actor=people.case_worker.pk).exists()


def test_a_trail_is_for_those_who_hold_the_object(people: Any) -> None:
    from palermo.kernel.access.actions import grant

    thing = uuid.uuid4()
    with acting(people.case_worker.viewer) as viewer:
        grant(
            actor=viewer, object_kind="case", object_id=thing, grantee_kind="person",
            grantee_id=viewer.user_id,
            scopes=["case"], purpose="service",
        )  # fmt: skip
        assert [entry.action for entry in trail(viewer, thing)] == ["access.grant.give"]
    with acting(people.other_worker.viewer) as viewer, pytest.raises(NotFound):
        trail(viewer, thing)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_entry SELECT * FROM audit_entry",
        "UPDATE audit_entry SET action = 'x.y'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "UPDATE audit_head SET seq = seq + 1",
        "DELETE FROM audit_head",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "SELECT audit_refuse()",
    ],
)
def test_the_application_can_only_append(people: Any, statement: str) -> None:
    with acting(people.administrator.viewer) as viewer:
        record(actor=viewer, action="cases.case.open")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'x.y'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "DELETE FROM audit_head",
    ],
)
def test_even_the_owner_cannot_change_an_entry(django_db_setup: None, cluster: Any, statement: str) -> None:
    with psycopg.connect(cluster.superuser_dsn("palermo")) as owner:
        owner.execute("SELECT audit_append('test.entry.make', '', NULL, '', '{}', '{}', 'done')")
        owner.execute("SET LOCAL ROLE palermo_owner")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only ever added"):
            owner.execute(statement)  # type: ignore[arg-type]
        owner.rollback()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("action", "no dots"),
        ("action", "Cases.case.open\nforged.line"),
        ("detail", '{"name": ["a", "list"]}'),
        ("detail", '{"note": "' + "x" * 201 + '"}'),
        ("detail", '["not an object"]'),
        ("detail", '{"a b": 1}'),
        ("fields", ["two words"]),
        ("purpose", "two\nlines"),
        ("result", None),
    ],
)
def test_the_database_itself_refuses_content(people: Any, field: str, value: Any) -> None:
    given = {"action": "a.b", "purpose": "", "fields": [], "detail": "{}", "result": "done"} | {field: value}
    with (
        acting(people.case_worker.viewer),
        pytest.raises(IntegrityError, match="codes and short scalars"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT audit_append(%s, '', NULL, %s, %s::text[], %s::jsonb, %s)",
            [given["action"], given["purpose"], given["fields"], given["detail"], given["result"]],
        )


def test_forged_lines_and_turned_text_are_cleaned() -> None:
    assert clean("one\r\n2026 forged.entry\x1b[31m", 80) == "one 2026 forged.entry[31m"
    assert clean("abc\u202edcba\u200b\u2028next", 80) == "abcdcba next"
    assert clean("x" * 300, 200) == "x" * 200


def test_detail_takes_scalars_only(people: Any) -> None:
    with acting(people.case_worker.viewer) as viewer, pytest.raises(TypeError, match="scalars"):
        record(actor=viewer, action="a.b", detail={"list": ["x"]})  # type: ignore[dict-item]

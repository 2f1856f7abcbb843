"""The wall, asked with SQL of one's own; what is sealed; the name of a guardian; a planted name nowhere."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.errors import Conflict, NotFound, Refused
from palermo.rooms.children import actions, queries
from palermo.rooms.children.actions.demo import SAID
from palermo.rooms.children.models import AgeAssessment, Panel, View
from palermo.rooms.children.tests.conftest import CANARY, Way

TABLES = (
    "childprotection", "view", "told", "ageassessment", "placement", "guardian", "guardianname", "tracing",
    "assessment", "panel", "panelmember", "determination", "kept",
)  # fmt: skip
GUARDIAN = "Tarrenfex"


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM children_{table}")
        return int(cursor.fetchone()[0])


def refuses(sql: str, *values: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_who_does_not_hold_the_case_reads_no_row_of_any_table(way: Way) -> None:
    way.walk()
    with acting(way.people.case_worker.viewer):
        assert all(
            count(table) for table in TABLES if table not in ("ageassessment", "tracing", "determination")
        )
    for stranger in (
        way.people.other_worker,
        way.people.coordinator,
        way.people.administrator,
        way.people.analyst,
    ):
        with acting(stranger.viewer):
            assert [table for table in TABLES if count(table)] == []


def test_nobody_writes_into_the_file_of_a_child_whom_he_does_not_hold_or_in_anothers_name(way: Way) -> None:
    way.walk("notify")
    insert = (
        "INSERT INTO children_view (id, child_id, occasion, manner, language, sealed, written_by_id, written_at) "
        "VALUES (gen_random_uuid(), %s, 'x', 'told_us', 'ar', '\\x01', %s, now())"
    )
    with acting(way.people.other_worker.viewer) as viewer:
        refuses(insert, way.about.key, viewer.user_id)
    with acting(way.people.case_worker.viewer):
        refuses(insert, way.about.key, way.people.supervisor.pk)
        for table in TABLES[1:]:
            refuses(f"DELETE FROM children_{table}")
        refuses("UPDATE children_view SET manner = 'drew_or_wrote'")


def test_the_database_itself_keeps_the_rules(way: Way) -> None:
    way.walk("complete_bia")
    agency, me = way.staff["agency"].pk, way.protector.pk
    with acting(way.protector.viewer):
        view = View.objects.first()
        assert view is not None
        refuses(
            "INSERT INTO children_ageassessment (id, child_id, method, assessor_id, done_on, lowest, highest, "
            "informed, conclusion, sealed, written_by_id, written_at) "
            "VALUES (gen_random_uuid(), %s, 'medical', %s, "
            "now(), 17, 19, true, 'adult', '', %s, now())",
            way.about.key, agency, me,
        )  # fmt: skip
        panel = (
            "INSERT INTO children_panel (id, child_id, met_on, answer, chair_id, lead_worker_id, view_id, sealed, "
            "written_by_id, written_at) "
            "VALUES (gen_random_uuid(), %s, now(), 'protect', %s, %s, %s, '\\x01', %s, now())"
        )
        lead = way.people.case_worker.pk
        refuses(panel, way.about.key, lead, lead, view.pk, me)
        # A panel at which nobody sits: the transaction does not end.
        refuses("SET CONSTRAINTS ALL IMMEDIATE; " + panel, way.about.key, None, lead, view.pk, me)
        assert not Panel.objects.exists()
        assert not AgeAssessment.objects.exists()


def test_the_name_of_a_guardian_needs_the_scope_identity_and_leaves_a_trace(way: Way) -> None:
    way.walk("appoint_guardian")
    with acting(way.people.case_worker.viewer) as viewer:
        shown = actions.reveal_guardian(actor=viewer, child=way.child(), purpose="protect")
        assert GUARDIAN in shown["name"]
    with acting(way.people.supervisor.viewer), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry WHERE action = 'children.guardian.reveal'")
        assert cursor.fetchone()[0] == 1
    from palermo.kernel.access.actions import grant

    with acting(way.people.case_worker.viewer) as viewer:
        grant(
            actor=viewer, object_kind="case", object_id=way.about.key, grantee_kind="person",
            grantee_id=way.people.other_worker.pk, scopes=("case",), purpose="assistance",
        )  # fmt: skip
    with acting(way.people.other_worker.viewer) as viewer:
        assert queries.child(viewer, way.about.key).pk == way.about.key
        assert count("guardian") == 1
        assert count("guardianname") == 0
        with pytest.raises((NotFound, Refused, Conflict)):
            actions.reveal_guardian(actor=viewer, child=way.child(), purpose="protect")


def test_no_name_and_no_word_of_the_child_lies_in_clear_in_the_database(way: Way, cluster: Any) -> None:
    way.walk()
    with acting(way.people.case_worker.viewer), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM children_{table} t")
            text = cursor.fetchone()[0]
            for planted in (CANARY, GUARDIAN, SAID):
                assert planted not in text
                assert planted.encode().hex() not in text


def test_a_planted_name_is_on_no_page_and_in_no_answer(way: Way) -> None:
    way.walk()
    for member in (way.people.case_worker, way.protector, way.people.supervisor):
        client = signed_in_client(member)
        key = way.about.key
        for url in (
            f"/children/case/{key}/", f"/children/case/{key}/print/", "/children/", "/home/",
            f"/api/children/cases/{key}/child", "/api/children/children",
        ):  # fmt: skip
            body = client.get(url).content.decode()
            assert CANARY not in body
            assert GUARDIAN not in body

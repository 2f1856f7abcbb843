"""A table that a request makes for itself never stands in for one of palermo in the owner's functions."""

import uuid
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from palermo.kernel.access.context import acting
from palermo.rooms.cases.tests.conftest import opened

SHADOW = (
    "CREATE TEMPORARY TABLE {0} (LIKE public.{0} INCLUDING DEFAULTS) ON COMMIT DROP",
    "GRANT ALL ON pg_temp.{0} TO PUBLIC",
)


def shadow(cursor: Any, table: str, **row: Any) -> None:
    """What injected SQL can do: the application may make temporary tables, since imports stage rows in them."""
    for statement in SHADOW:
        cursor.execute(statement.format(table))
    if row:
        names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
        cursor.execute(
            f"ALTER TABLE pg_temp.{table} "
            + ", ".join(f"ALTER {name} DROP NOT NULL" for name in _columns(cursor, table))
        )
        cursor.execute(f"INSERT INTO pg_temp.{table} ({names}) VALUES ({marks})", list(row.values()))


def _columns(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = ('public.' || %s)::regclass AND attnum > 0 "
        "AND NOT attisdropped",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def test_nobody_is_made_supervisor_by_a_table_of_his_own(people: Any) -> None:
    house = people.organisation.pk
    with acting(people.analyst.viewer), connection.cursor() as cursor:
        shadow(
            cursor,
            "organisations_membership",
            user_id=people.analyst.pk,
            organisation_id=house,
            role="supervisor",
        )
        cursor.execute("SELECT networks_opens(%s), access_has('supervisor')", [house])
        assert cursor.fetchone() == (False, False)


def test_no_case_is_handed_over_by_a_referral_of_ones_own(people: Any) -> None:
    with acting(people.case_worker.viewer) as viewer:
        case = opened(viewer)
    forged = uuid.uuid4()
    with acting(people.other_worker.viewer), connection.cursor() as cursor:
        shadow(
            cursor,
            "referral_referral",
            id=forged,
            code="R-2222-22",
            state="accepted",
            transfer=True,
            organisation_id=people.organisation.pk,
            receiver_id=people.other_organisation.pk,
        )
        shadow(cursor, "referral_sending", referral_id=forged, case_id=case.pk, child=False)
        shadow(cursor, "referral_past")
        cursor.execute("ALTER TABLE pg_temp.referral_past ALTER id SET DEFAULT 1")
        with pytest.raises(DatabaseError, match="nothing was accepted here"), transaction.atomic():
            cursor.execute("SELECT referral_hand_over(%s)", [forged])
        cursor.execute("SELECT count(*) FROM cases_case WHERE id = %s", [case.pk])
        assert cursor.fetchone() == (0,)


@pytest.mark.usefixtures("db")
def test_every_function_looks_into_temporary_tables_last(cluster: Any) -> None:
    """Where `pg_temp` is not named, PostgreSQL looks there first. Functions of extensions touch no table of ours."""
    with psycopg.connect(cluster.dsn("palermo_owner")) as owner:
        found = owner.execute(
            "SELECT p.oid::regprocedure::text, coalesce(array_to_string(p.proconfig, ' '), '') FROM pg_proc p "
            "WHERE p.pronamespace = 'public'::regnamespace AND pg_get_userbyid(p.proowner) = 'palermo_owner' "
            "AND (p.prosecdef OR p.prorettype = 'trigger'::regtype)"
        ).fetchall()
    assert len(found) > 80
    assert [name for name, path in found if "pg_catalog, public, pg_temp" not in path] == []

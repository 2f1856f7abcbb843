"""What the database says about itself: every table has a wall or a reason, and no role can climb over.

A new table without `Protect` or `Open` in its migration, or a library's table that framework_tables.py does not
name, fails here.
"""

from typing import Any

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db
APP, JOB, OWNER = "palermo_app", "palermo_job", "palermo_owner"


def rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


TABLES = """
SELECT c.relname, coalesce(obj_description(c.oid, 'pg_class'), ''), c.relrowsecurity, c.relforcerowsecurity,
       pg_get_userbyid(c.relowner), c.oid
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
  AND c.relkind IN ('r', 'p', 'f')
"""


def test_every_table_is_classified() -> None:
    unnamed = [t for t, comment, *_rest in rows(TABLES) if not comment.startswith(("protected: ", "open: "))]
    assert unnamed == []


def test_every_classification_gives_a_reason() -> None:
    assert [t for t, comment, *_rest in rows(TABLES) if not comment.partition(": ")[2].strip()] == []


def test_protected_tables_have_forced_row_security_and_policies_for_our_roles_only() -> None:
    problems: list[str] = []
    policies = rows("SELECT tablename, policyname, roles, permissive FROM pg_policies")
    for table, comment, enabled, forced, _owner, _oid in rows(TABLES):
        mine = [p for p in policies if p[0] == table]
        if comment.startswith("protected: "):
            if not (enabled and forced):
                problems.append(f"{table}: row security is not enabled and forced")
            if not any(APP in roles or JOB in roles for _t, _p, roles, _k in mine):
                problems.append(f"{table}: no policy for the application")
        for _table, name, roles, _kind in mine:
            if not set(roles) <= {APP, JOB, OWNER}:
                problems.append(f"{table}: policy {name} is for {roles}")
    assert problems == []


def test_the_application_reaches_no_more_of_a_protected_table_than_a_policy_says() -> None:
    """A privilege without a policy of its command would be a hole as soon as somebody adds a general policy."""
    commands = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    given = rows(
        "SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants "
        f"WHERE grantee IN ('{APP}', '{JOB}') AND table_schema = 'public'"
    )
    protected = {t for t, comment, *_rest in rows(TABLES) if comment.startswith("protected: ")}
    policies = {
        (t, r, c) for t, roles, c in rows("SELECT tablename, roles, cmd FROM pg_policies") for r in roles
    }
    missing = [
        (table, role, privilege)
        for table, role, privilege in given
        if table in protected and not {(table, role, privilege), (table, role, "ALL")} & policies
    ]
    assert missing == []
    assert [g for g in given if g[2] not in commands] == []


def test_nothing_is_granted_to_public() -> None:
    tables = rows(
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
        "WHERE grantee = 'PUBLIC' AND table_schema = 'public'"
    )
    assert tables == []
    assert rows("SELECT 1 WHERE has_schema_privilege('palermo_app', 'public', 'CREATE')") == []
    assert rows("SELECT 1 WHERE has_database_privilege('palermo_app', current_database(), 'CREATE')") == []


def test_functions_with_the_owners_rights_are_pinned_and_not_public() -> None:
    problems = []
    for name, config, acl, owner in rows(
        "SELECT p.oid::regprocedure::text, p.proconfig, coalesce(p.proacl, acldefault('f', p.proowner))::text, "
        "pg_get_userbyid(p.proowner) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE n.nspname = 'public' AND p.prosecdef"
    ):
        if "search_path=pg_catalog, public, pg_temp" not in (config or ()):
            problems.append(f"{name}: its search path is not pinned")
        if any(entry.startswith("=") for entry in acl.strip("{}").split(",")):
            problems.append(f"{name}: everybody may call it")
        if owner != OWNER:
            problems.append(f"{name}: owned by {owner}")
    assert problems == []


def test_views_show_what_their_reader_may_see_and_none_is_materialised() -> None:
    found = rows(
        "SELECT c.relname, c.relkind, coalesce(c.reloptions::text, '') FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm')"
        " AND pg_get_userbyid(c.relowner) = 'palermo_owner'"
    )
    assert [
        name for name, kind, options in found if kind == "m" or "security_invoker=true" not in options
    ] == []


def test_the_roles_can_do_nothing_special() -> None:
    found = rows(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles "
        f"WHERE rolname IN ('{APP}', '{JOB}', '{OWNER}')"
    )
    assert len(found) == 3
    assert [name for name, *powers in found if any(powers)] == []
    assert rows("SELECT 1 FROM pg_auth_members WHERE member::regrole::text ~ '^palermo_'") == []


def test_the_application_owns_nothing() -> None:
    for role in (APP, JOB):
        assert rows(f"SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = '{role}'") == []
        assert rows(f"SELECT proname FROM pg_proc WHERE pg_get_userbyid(proowner) = '{role}'") == []
        assert rows(f"SELECT nspname FROM pg_namespace WHERE pg_get_userbyid(nspowner) = '{role}'") == []


def test_there_are_no_default_privileges() -> None:
    assert rows("SELECT defaclrole::regrole::text, defaclobjtype FROM pg_default_acl") == []


def test_the_tests_run_as_the_application(cluster: Any) -> None:
    assert rows("SELECT current_user, session_user") == [(APP, APP)]
    assert rows("SELECT 1 FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)") == []

"""Migration operations that give each table its wall: `Protect` (row-level security) or `Open` (with a reason).

There are no default privileges: a table that a migration creates is unreachable for requests and jobs until
one of these two says otherwise. The class is written as the table's comment, and the catalogue test and
`palermo doctor` read it back.
"""

from collections.abc import Iterator
from typing import Any

from django.db.migrations.operations.base import Operation

APP, JOB, OWNER = "palermo_app", "palermo_job", "palermo_owner"
COMMANDS = ("select", "insert", "update", "delete")


def _comment(table: str, text: str) -> str:
    quoted = text.replace("'", "''")
    return f"COMMENT ON TABLE {table} IS '{quoted}'"


def protect_sql(
    table: str,
    *,
    read: str,
    insert: str | None,
    update: str | None,
    delete: str | None,
    job: bool,
    reason: str,
) -> Iterator[str]:
    """The statements that put `table` behind row-level security, one policy per command."""
    roles = f"{APP}, {JOB}" if job else APP
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield f"REVOKE ALL ON {table} FROM PUBLIC, {APP}, {JOB}"
    # Our own SECURITY DEFINER functions and migrations run as the owner, whom FORCE would stop as well.
    yield f"CREATE POLICY owner_all ON {table} TO {OWNER} USING (true) WITH CHECK (true)"
    yield f"CREATE POLICY may_read ON {table} FOR SELECT TO {roles} USING ({read})"
    if insert is not None:
        yield f"CREATE POLICY may_insert ON {table} FOR INSERT TO {roles} WITH CHECK ({insert})"
    if update is not None:
        yield f"CREATE POLICY may_update ON {table} FOR UPDATE TO {roles} USING ({update}) WITH CHECK ({update})"
    if delete is not None:
        yield f"CREATE POLICY may_delete ON {table} FOR DELETE TO {roles} USING ({delete})"
    given = [c for c, sql in zip(COMMANDS, (read, insert, update, delete), strict=True) if sql is not None]
    yield f"GRANT {', '.join(given)} ON {table} TO {roles}"
    yield _comment(table, f"protected: {reason}")


def open_sql(table: str, *, app: str, job: str, reason: str) -> Iterator[str]:
    """The statements that open `table` without row-level security, to just the given commands."""
    yield f"REVOKE ALL ON {table} FROM PUBLIC, {APP}, {JOB}"
    if app:
        yield f"GRANT {app} ON {table} TO {APP}"
    if job:
        yield f"GRANT {job} ON {table} TO {JOB}"
    yield _comment(table, f"open: {reason}")


class _Wall(Operation):
    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, statements: list[str]) -> None:
        self.table = table
        self.statements = statements

    def state_forwards(self, app_label: str, state: Any) -> None:
        """A wall changes nothing in the models."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in self.statements:
            schema_editor.execute(statement)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for command in ("read", "insert", "update", "delete"):
            schema_editor.execute(f"DROP POLICY IF EXISTS may_{command} ON {self.table}")
        schema_editor.execute(f"DROP POLICY IF EXISTS owner_all ON {self.table}")
        schema_editor.execute(f"REVOKE ALL ON {self.table} FROM {APP}, {JOB}")

    def describe(self) -> str:
        return f"Wall of {self.table}"


class Protect(_Wall):
    """Row-level security on `table`. `read`, `insert`, `update`, `delete` are SQL conditions; None = never."""

    def __init__(
        self,
        table: str,
        *,
        read: str,
        insert: str | None = None,
        update: str | None = None,
        delete: str | None = None,
        job: bool = True,
        reason: str = "",
    ) -> None:
        self.arguments = dict(
            table=table, read=read, insert=insert, update=update, delete=delete, job=job, reason=reason
        )
        super().__init__(
            table,
            list(
                protect_sql(
                    table, read=read, insert=insert, update=update, delete=delete, job=job, reason=reason
                )
            ),
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, [], self.arguments)


class Open(_Wall):
    """A table without personal data or with its own wall; `reason` says why, `app` and `job` what each may do."""

    def __init__(
        self, table: str, *, app: str = "select, insert, update, delete", job: str = "select", reason: str
    ) -> None:
        self.arguments = dict(table=table, app=app, job=job, reason=reason)
        super().__init__(table, list(open_sql(table, app=app, job=job, reason=reason)))

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, [], self.arguments)

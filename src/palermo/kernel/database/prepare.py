"""From nothing to a database that is ready: cluster, roles, migrations, walls. Safe to run again and again."""

import atexit
import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Progress = Callable[[str], None]


def embedded(env: Mapping[str, str]) -> bool:
    """Whether this instance runs the database that comes with palermo (no DATABASE_URL)."""
    return not env.get("DATABASE_URL")


def start(home: Path, env: Mapping[str, str], progress: Progress) -> Any:
    """Start or adopt the embedded server and its roles; None where DATABASE_URL names a server.

    This process holds a lease on the server until it ends; the last process to leave stops it.
    """
    from palermo.kernel.database import launcher, roles

    if not embedded(env):
        return None
    held = contextlib.ExitStack()
    cluster = held.enter_context(launcher.lease(home, progress=progress))
    atexit.register(held.close)
    roles.ensure_roles(cluster.superuser_dsn(), home)
    return cluster


def migrate(progress: Progress) -> None:
    """Bring the schema up to date as palermo_owner, one process at a time, and put up every wall."""
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    from palermo.kernel.database.framework_tables import secure

    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('palermo.migrate'))")
        try:
            executor = MigrationExecutor(owner)
            plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
            if plan:
                progress(f"Bringing the database up to date: {len(plan)} steps")
                call_command("migrate", database="owner", verbosity=0, interactive=False)
            secure(owner)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('palermo.migrate'))")
    owner.close()

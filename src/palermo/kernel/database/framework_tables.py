"""Walls for the tables that come from libraries: what requests and jobs may do with each, and why.

Run by `palermo migrate` after every migration, as the owner. A table that is neither here nor walled by a
migration of ours is reported by the catalogue test and by `palermo doctor`.
"""

from typing import Any

from palermo.kernel.database.functions import settle
from palermo.kernel.database.rls import APP, JOB, open_sql

# table: (what requests may do, what jobs may do, why it carries no row-level security)
FRAMEWORK_TABLES: dict[str, tuple[str, str, str]] = {
    "django_migrations": ("select", "select", "which migrations ran"),
    "django_content_type": ("select", "select", "names of models"),
    "auth_permission": ("", "", "unused: palermo's own policy decides"),
    "auth_group": ("", "", "unused: palermo's own policy decides"),
    "auth_group_permissions": ("", "", "unused: palermo's own policy decides"),
    "account_emailaddress": ("select", "", "unused: nobody signs in, or is let in again, by e-mail"),
    "account_emailconfirmation": ("", "", "unused: nobody signs in, or is let in again, by e-mail"),
    "mfa_authenticator": (
        "select, update (last_used_at)",
        "",
        "second factors, sealed for their owner; written by proof only (access_factor_put, access_factor_remove)",
    ),
    "procrastinate_jobs": ("select, insert", "select, insert, update, delete", "ids only, no content"),
    "procrastinate_events": ("select, insert", "select, insert, update, delete", "job history, ids only"),
    "procrastinate_periodic_defers": ("", "select, insert, update, delete", "timer bookkeeping"),
    "procrastinate_workers": ("select", "select, insert, update, delete", "which workers live"),
}
SEQUENCES = {
    "procrastinate_jobs_id_seq",
    "procrastinate_events_id_seq",
    "procrastinate_periodic_defers_id_seq",
}


def secure(connection: Any) -> None:
    """Apply the walls above, settle where functions look for tables, and hand the database the key of access.

    Idempotent; needs the owner's connection.
    """
    from django.conf import settings

    from palermo.kernel.access.context import padded

    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for table, (app, job, reason) in FRAMEWORK_TABLES.items():
            if table in present:
                for statement in open_sql(table, app=app, job=job, reason=reason):
                    cursor.execute(statement)
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
        for (sequence,) in cursor.fetchall():
            if sequence in SEQUENCES:
                cursor.execute(f"GRANT USAGE ON SEQUENCE {sequence} TO {APP}, {JOB}")
        settle(cursor)
        inner, outer = padded(bytes(settings.PALERMO_CONTEXT_KEY))
        cursor.execute(
            "INSERT INTO access_secret (name, inner_pad, outer_pad) VALUES ('context', %s, %s) "
            "ON CONFLICT (name) DO UPDATE SET inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad",
            [inner, outer],
        )

"""Whoever runs the installation may add and publish forms from the command line (`palermo survey publish`)."""

from django.db import migrations

from palermo.rooms.observatory.migrations._walls import WORKER

ROLES = "TO palermo_app, palermo_job"
TABLES = ("form", "formversion", "formmedia")
ALLOWED = [
    statement
    for table in TABLES
    for statement in (
        f"CREATE POLICY operator_insert ON observatory_{table} FOR INSERT {ROLES} WITH CHECK ({WORKER})",
        f"CREATE POLICY operator_update ON observatory_{table} FOR UPDATE {ROLES} USING ({WORKER}) WITH CHECK ({WORKER})",
    )
]


class Migration(migrations.Migration):
    dependencies = [("observatory", "0005_sealed")]

    operations = [migrations.RunSQL([(one, None) for one in ALLOWED], migrations.RunSQL.noop)]

"""The append function, the triggers that refuse every change, and the walls of the audit."""

from django.db import migrations

from palermo.kernel.audit import sql
from palermo.kernel.database.rls import Open, Protect


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("access", "0002_walls")]

    operations = [
        *[migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in sql.statements()],
        Protect("audit_entry", read=sql.READ, reason="one's own entries and those about objects one holds"),
        Open("audit_head", app="select", job="select", reason="number and hash of the newest entry; no content"),
    ]

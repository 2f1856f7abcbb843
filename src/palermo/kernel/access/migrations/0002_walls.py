"""The SQL functions that know the viewer, and the walls of the tables of access and organisations."""

from django.db import migrations

from palermo.kernel.access import sql
from palermo.kernel.database.rls import Open, Protect


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("organisations", "0001_initial")]

    operations = [
        migrations.RunSQL([(statement, None) for statement in sql.statements()], migrations.RunSQL.noop),
        Open(
            "access_user",
            app="select, insert, update",
            job="select",
            reason="staff accounts; needed before anybody is signed in; no assisted person is in it",
        ),
        Open("access_session", job="", reason="hashed session keys; needed before anybody is signed in"),
        Open("access_context", app="", job="", reason="reachable only through the access_ functions"),
        Open("access_secret", app="", job="", reason="reachable only through the access_ functions"),
        Protect("access_grant", read=sql.LIVE_GRANT, reason="only one's own live grants"),
        Open("organisations_organisation", app="select, insert, update", reason="directory of bodies"),
        Open("organisations_unit", app="select, insert, update", reason="directory of units"),
        Open("organisations_membership", app="select, insert, update", reason="staff roles; asked by every policy"),
    ]

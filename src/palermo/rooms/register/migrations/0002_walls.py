"""Cells that follow the persons, the door for case events, and the walls of every table of the register."""

from django.db import migrations

from palermo.kernel.database.rls import Protect
from palermo.rooms.register.models import sql

REASON = "persons without identity; for coordinators, analysts and the operator"


OLD_DOOR = (
    "CREATE FUNCTION register_case_event(bytea, text, date, text, jsonb) RETURNS boolean LANGUAGE sql AS 'SELECT false'",
)


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial"), ("access", "0002_walls")]

    operations = [
        *[migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in (*sql.statements(), *OLD_DOOR)],
        *[
            Protect(table, read=sql.READ, insert=sql.WRITE, update=sql.WRITE, delete=sql.WRITE, reason=REASON)
            for table in (
                "register_sourcelist",
                "register_provenance",
                "register_person",
                "register_event",
                "register_suspect",
                "register_justiceevent",
            )
        ],
        Protect("register_cell", read=sql.READ, reason="counts of the register, written by its trigger only"),
    ]

"""Figures of the mechanism: functions that count across the rooms and give no row to anybody."""

from django.db import migrations

from palermo.rooms.statistics.migrations._mechanism import COUNTS, INNER


def functions():
    """Made for nobody; the counts may then be called by the application."""
    for text, name in (*INNER, *COUNTS):
        yield migrations.RunSQL(text, f"DROP FUNCTION {name}")
        yield migrations.RunSQL(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC", migrations.RunSQL.noop)
    for _text, name in COUNTS:
        yield migrations.RunSQL(f"GRANT EXECUTE ON FUNCTION {name} TO palermo_app", migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [
        ("statistics", "0003_editions"),
        ("access", "0007_credentials"),
        ("cases", "0005_emergency"),
        ("children", "0001_initial"),
        ("identification", "0003_legal_status"),
        ("referral", "0001_initial"),
        ("services", "0001_initial"),
        ("workflow", "0002_timer"),
    ]

    operations = list(functions())

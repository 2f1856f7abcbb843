"""Referrals are counted in one place, the key figures of the mechanism.

The function counted stages that contain one another between any two days: a small answer could be computed from the
others, and two periods gave away what lay between them.
"""

from importlib import import_module

from django.db import migrations

FIRST = import_module("palermo.rooms.referral.migrations.0001_initial")
NAME = "referral_counts(date, date)"
AGAIN = [
    FIRST.COUNTS,
    f"REVOKE ALL ON FUNCTION {NAME} FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION {NAME} TO palermo_app, palermo_job",
]


class Migration(migrations.Migration):
    dependencies = [("referral", "0004_all_that_was_held")]

    operations = [migrations.RunSQL(f"DROP FUNCTION {NAME}", AGAIN)]

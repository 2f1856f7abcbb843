"""The worker forgets counters whose time is over."""

from django.db import migrations

from palermo.kernel.database.rls import Open


class Migration(migrations.Migration):
    dependencies = [("access", "0004_live_grants")]

    operations = [
        Open(
            "access_counter",
            job="select, delete",
            reason="counts of failed sign-ins and used codes, under hashed keys; shared by workers",
        ),
    ]

"""A grant lives by the time of the statement that asks, not by the time at which the transaction began."""

from django.db import migrations

from palermo.kernel.access import sql


class Migration(migrations.Migration):
    dependencies = [("access", "0003_sign_in")]

    operations = [
        migrations.RunSQL(
            f"ALTER POLICY may_read ON access_grant USING ({sql.LIVE_GRANT})", migrations.RunSQL.noop
        ),
    ]

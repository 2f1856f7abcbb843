"""Ending a grant tells whose it was, so that the audit can say it."""

from django.db import migrations

from palermo.kernel.access import sql_grants


class Migration(migrations.Migration):
    dependencies = [("access", "0010_grants_of_a_house")]

    operations = [
        migrations.RunSQL(
            [(statement, None) for statement in sql_grants.revoke_statements()], migrations.RunSQL.noop
        )
    ]

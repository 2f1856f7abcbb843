"""A grant to a house or a team can name the roles whom it reaches; nobody else there sees that it exists."""

import django.contrib.postgres.fields
from django.db import migrations, models

from palermo.kernel.access import sql_reach


class Migration(migrations.Migration):
    dependencies = [("access", "0007_credentials")]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="roles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=30), blank=True, default=list, size=None
            ),
        ),
        # The owner's functions of other parts insert grants without naming the column.
        migrations.RunSQL(
            "ALTER TABLE access_grant ALTER COLUMN roles SET DEFAULT '{}'", migrations.RunSQL.noop
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(roles=[]) | ~models.Q(grantee_kind="person"),
                name="roles_are_named_of_a_house_or_a_team",
            ),
        ),
        migrations.RunSQL([(statement, None) for statement in sql_reach.statements()], migrations.RunSQL.noop),
    ]

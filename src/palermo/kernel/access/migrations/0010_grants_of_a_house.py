"""What somebody was given in person is held in a house, and ends with the last working role there."""

from django.db import migrations, models

from palermo.kernel.access import sql_houses


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0009_reminders_by_mail"),
        ("audit", "0002_chain"),
        ("organisations", "0002_proposals"),
    ]

    operations = [
        migrations.AddField(
            model_name="grant", name="house_id", field=models.UUIDField(blank=True, null=True)
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(house_id=None) | models.Q(grantee_kind="person"),
                name="a_house_is_named_of_what_a_person_holds",
            ),
        ),
        migrations.RunSQL([(statement, None) for statement in sql_houses.statements()], migrations.RunSQL.noop),
    ]

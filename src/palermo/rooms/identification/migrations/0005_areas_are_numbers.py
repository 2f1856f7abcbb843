"""The area of an anonymous notification is a number within a country: two letters more could spell a name."""

from django.db import migrations, models

NAME = "notified_area_is_a_code"


class Migration(migrations.Migration):
    dependencies = [("identification", "0004_screening_begun_at")]

    operations = [
        migrations.RemoveConstraint("notification", NAME),
        migrations.AddConstraint(
            "notification",
            models.CheckConstraint(condition=models.Q(("area__regex", "^([A-Z]{2}-[0-9]{2})?$")), name=NAME),
        ),
    ]

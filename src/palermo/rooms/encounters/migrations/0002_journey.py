"""How the persons of an event had travelled, and at which border they were met; empty: not recorded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("encounters", "0001_initial")]

    operations = [
        migrations.AddField(
            "event",
            "travelled",
            models.CharField(blank=True, default="", max_length=20, verbose_name="how they had travelled"),
        ),
        migrations.AddField(
            "event",
            "border",
            models.CharField(blank=True, default="", max_length=20, verbose_name="border"),
        ),
    ]

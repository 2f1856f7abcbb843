"""A note that was written without a link says when that was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_emergency")]

    operations = [
        migrations.AddField("note", "begun_at", models.DateTimeField(blank=True, editable=False, null=True)),
    ]

"""A screening that was asked without a link says when that was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identification", "0003_legal_status")]

    operations = [
        migrations.AddField("screening", "begun_at", models.DateTimeField(blank=True, editable=False, null=True)),
    ]

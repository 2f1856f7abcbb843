"""A case that began with a referral says who told what it is about: nobody in this house has decided it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_note_begun_at"), ("organisations", "0002_proposals")]

    operations = [
        migrations.AddField(
            "case",
            "told_by",
            models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
    ]

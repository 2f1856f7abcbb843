"""Links to a form, and seats of people who fill forms in at a desk: kinds of accounts of devices."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("observatory", "0002_facts")]

    operations = [
        migrations.AddField(
            model_name="deviceaccount",
            name="kind",
            field=models.CharField(
                choices=[("device", "Device"), ("link", "Link to a form"), ("seat", "Person at a desk")],
                default="device",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="deviceaccount",
            name="form",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="observatory.form",
            ),
        ),
        migrations.AddField(
            model_name="deviceaccount",
            name="most",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="records at most"),
        ),
        migrations.AddConstraint(
            model_name="deviceaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(kind="link", form__isnull=False, most__gte=1)
                | models.Q(kind__in=("device", "seat"), form=None, most=None),
                name="a_link_opens_one_form_for_so_many_records",
            ),
        ),
    ]

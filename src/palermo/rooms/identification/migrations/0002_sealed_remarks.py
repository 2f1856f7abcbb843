"""Remarks are sealed where they stand; those in clear text are sealed on the way."""

import json

from django.db import migrations, models

from palermo.kernel.vault.migrating import Sealer
from palermo.kernel.vault.texts import Owner, Place


def seal_what_is_there(apps, schema_editor):
    """All remarks of a screening are one text, bound to the version of its answers."""
    alias = schema_editor.connection.alias
    sealer = Sealer(apps, alias)
    rows = apps.get_model("identification", "Answers").objects.using(alias)
    for row in rows.exclude(remarks={}).select_related("screening").iterator(500):
        owner = Owner("screening", row.screening_id, row.screening.organisation_id)
        place = Place("identification_answers", "sealed_remarks", row.pk, row.version)
        rows.filter(pk=row.pk).update(sealed_remarks=sealer.seal(owner, place, json.dumps(row.remarks)))


class Migration(migrations.Migration):
    dependencies = [("identification", "0001_initial"), ("vault", "0003_text_keys")]

    operations = [
        migrations.AddField("answers", "sealed_remarks", models.BinaryField(default=bytes)),
        migrations.RunPython(seal_what_is_there),
        migrations.RemoveField("answers", "remarks"),
    ]

"""A data key for each object of a room, for the texts that the room keeps sealed where they stand."""

import django.db.models.deletion
from django.db import migrations, models

from palermo.kernel.database.rls import Protect
from palermo.kernel.vault import sql


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial"), ("vault", "0002_walls")]

    operations = [
        migrations.CreateModel(
            name="TextKey",
            fields=[
                ("object_id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("object_kind", models.CharField(max_length=40)),
                ("wrapped_key", models.BinaryField()),
                ("key_number", models.PositiveIntegerField()),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["holder", "key_number"], name="text_key_by_key")],
            },
        ),
        Protect(
            "vault_textkey",
            read=f"{sql.OPERATOR} OR {sql.HELD.format('vault_textkey.object_id')}",
            insert=f"{sql.OPERATOR} OR {sql.HELD.format('vault_textkey.object_id')}",
            update=sql.OPERATOR,
            reason="wrapped keys of texts; only with a live grant on the object. The operator re-wraps them",
        ),
    ]

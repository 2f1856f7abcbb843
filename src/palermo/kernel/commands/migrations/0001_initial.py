"""The answers to commands that may come twice. The worker forgets them after their time and reads nothing in them."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from palermo.kernel.database.rls import Protect

MINE = "user_id = (SELECT access_viewer())"
OVER = "at < now() - interval '30 days'"
FORGET = f"""
CREATE POLICY job_sees_age ON commands_command FOR SELECT TO palermo_job USING ({OVER});
CREATE POLICY job_forgets ON commands_command FOR DELETE TO palermo_job USING ({OVER});
GRANT SELECT (id, at), DELETE ON commands_command TO palermo_job
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("access", "0007_credentials")]

    operations = [
        migrations.CreateModel(
            name="Command",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.UUIDField(editable=False)),
                ("digest", models.BinaryField()),
                ("status", models.PositiveSmallIntegerField()),
                ("sealed", models.BinaryField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="command_by_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "key"), name="a_command_is_carried_out_once"),
                    models.CheckConstraint(
                        condition=models.Q(status__gte=200, status__lt=400), name="only_what_succeeded_is_kept"
                    ),
                ],
            },
        ),
        Protect(
            "commands_command",
            read=MINE,
            insert=MINE,
            job=False,
            reason="an account's own commands and the answers they had; written once, forgotten after 30 days",
        ),
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
    ]

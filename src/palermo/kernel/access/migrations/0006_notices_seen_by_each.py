"""A notice is seen by each reader for himself: one supervisor cannot make it disappear for the others."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from palermo.kernel.access.sql_notices import OWN_MARK
from palermo.kernel.database.rls import Protect

KEEP_MARKS = """
INSERT INTO access_noticeseen (id, notice_id, reader_id, at)
SELECT gen_random_uuid(), id, seen_by_id, seen_at FROM access_notice
WHERE seen_at IS NOT NULL AND seen_by_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0005_forget_counters")]

    operations = [
        migrations.CreateModel(
            name="NoticeSeen",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="seen", to="access.notice"
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "reader"), name="a_reader_sees_a_notice_once")
                ],
            },
        ),
        Protect(
            "access_noticeseen",
            read="reader_id = (SELECT access_viewer())",
            insert=OWN_MARK,
            job=False,
            reason="one's own marks on one's own notices; nobody reads or makes those of others",
        ),
        migrations.RunSQL(KEEP_MARKS, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="notice", name="seen_at"),
        migrations.RemoveField(model_name="notice", name="seen_by"),
        # A notice that is written stays as it was written.
        migrations.RunSQL(
            [
                ("DROP POLICY may_update ON access_notice", None),
                ("REVOKE UPDATE ON access_notice FROM palermo_app, palermo_job", None),
            ],
            migrations.RunSQL.noop,
        ),
    ]

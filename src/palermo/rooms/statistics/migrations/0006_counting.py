"""Counting in the background: who asked for it and how it ended. The worker may call what the room counts with."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from palermo.kernel.database.rls import Protect
from palermo.rooms.statistics.migrations._counts import COUNTS
from palermo.rooms.statistics.migrations._mechanism import COUNTS as MECHANISM

READERS = "(select access_has('coordinator', 'analyst'))"
FUNCTIONS = tuple(name for _text, name in (*COUNTS, *MECHANISM))


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("statistics", "0005_states"),
    ]

    operations = [
        migrations.CreateModel(
            name="Counting",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Under way"),
                            ("done", "Done"),
                            ("refused", "Refused"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("ended_at", models.DateTimeField(editable=False, null=True)),
                ("made", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("refused", models.CharField(blank=True, editable=False, max_length=40)),
                (
                    "asked_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "count",
                "verbose_name_plural": "counts",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "done", "refused", "failed"])),
                        name="a_count_has_a_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "waiting")),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True), ("ended_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="a_count_that_ended_says_when",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("state",),
                        name="one_count_at_a_time",
                    ),
                ],
            },
        ),
        Protect(
            "statistics_counting",
            read=READERS,
            insert=f"{READERS} AND asked_by_id = (select access_viewer())",
            update=READERS,
            reason="who asked for a count, and how it ended; no figures",
        ),
        *(
            migrations.RunSQL(
                f"GRANT EXECUTE ON FUNCTION {name} TO palermo_job",
                f"REVOKE EXECUTE ON FUNCTION {name} FROM palermo_job",
            )
            for name in FUNCTIONS
        ),
    ]

"""Whether and how the people of a reconciliation are counted in the register, and what the bodies found of them."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from palermo.rooms.reconciliation.migrations import _walls

# What a linkage found stays as it was; only its capture histories may go, when a record was taken out for good.
STAYS = """
CREATE OR REPLACE FUNCTION reconciliation_run_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
  IF OLD.state = 'done' AND NEW.histories = '{}' AND to_jsonb(NEW) - ARRAY['histories', 'version', 'updated_at']
      = to_jsonb(OLD) - ARRAY['histories', 'version', 'updated_at'] THEN
    RETURN NEW;
  END IF;
  IF (NEW.project_id, NEW.asked_by_id) IS DISTINCT FROM (OLD.project_id, OLD.asked_by_id) OR OLD.state <> 'waiting' THEN
    RAISE EXCEPTION 'a linkage that ended stays what it was' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0001_initial"), ("register", "0002_one_person")]

    operations = [
        migrations.AddField(
            "project", "counted",
            models.CharField(
                blank=True, choices=[("", "Not in the register"), ("standing", "Every link that stands"),
                ("decided", "Only links that people have decided")], db_default="", default="", editable=False,
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            "project",
            models.CheckConstraint(
                condition=models.Q(("counted__in", ["", "standing", "decided"])),
                name="people_are_counted_by_a_known_rule",
            ),
        ),
        migrations.AddField(
            "source", "status",
            models.CharField(
                blank=True, db_default="", default="", max_length=32, verbose_name="who is on the list"
            ),
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("held", "Waiting for its columns to be named"),
                        ("waiting", "Being checked and written"), ("done", "Brought in"), ("refused", "Refused"),
                        ("failed", "Failed")], default="held", editable=False, max_length=8,
                    ),
                ),
                ("size", models.PositiveIntegerField(editable=False)),
                ("sealed_key", models.BinaryField()),
                ("sealed_header", models.BinaryField()),
                ("problems", models.JSONField(default=list, editable=False)),
                ("more", models.PositiveIntegerField(default=0, editable=False)),
                ("counts", models.JSONField(default=dict, editable=False)),
                ("ended_at", models.DateTimeField(editable=False, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to="reconciliation.source",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            "upload", models.Index(fields=["source", "-created_at"], name="uploads_of_a_list")
        ),
        migrations.AddConstraint(
            "upload",
            models.CheckConstraint(
                condition=models.Q(("state__in", ["held", "waiting", "done", "refused", "failed"])),
                name="an_upload_has_a_known_state",
            ),
        ),
        migrations.AddConstraint(
            "upload",
            models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("held", "waiting")),
                    models.Q(("sealed_header", b""), ("sealed_key", b"")), _connector="OR",
                ),
                name="a_file_that_was_read_is_gone",
            ),
        ),
        _walls.UPLOADS,
        migrations.RunSQL(STAYS, migrations.RunSQL.noop),
    ]

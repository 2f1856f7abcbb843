"""What the timer needs: when to look at a deadline, where a state was entered from, and who was told."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from palermo.kernel.database.rls import Protect

HELD = "EXISTS (SELECT 1 FROM access_grant g WHERE g.object_id = {table}.object_id)"
OPERATOR = "(SELECT access_kind()) = 'operator'"
ORIGIN = f"{HELD.format(table='workflow_origin')} OR {OPERATOR}"
REMINDER = HELD.format(table="workflow_reminder")

RUNNING = models.Q(("cancelled_at", None), ("met_at", None))

# Deadlines that run already are looked at when they are due; where objects stand now they came from once.
FILL = """
UPDATE workflow_deadline SET base_at = due_at, next_at = CASE WHEN met_at IS NULL AND cancelled_at IS NULL
  THEN due_at END;
INSERT INTO workflow_origin (id, object_id, machine, state, came_from)
  SELECT DISTINCT ON (object_id, machine, to_state) gen_random_uuid(), object_id, machine, to_state, from_state
  FROM workflow_transition WHERE from_state NOT IN ('', to_state)
  ORDER BY object_id, machine, to_state, object_version DESC;
"""


class Migration(migrations.Migration):

    dependencies = [("workflow", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Origin",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("object_id", models.UUIDField()),
                ("machine", models.CharField(max_length=40)),
                ("state", models.CharField(max_length=30)),
                ("came_from", models.CharField(max_length=30)),
            ],
            options={
                "verbose_name": "state before",
                "verbose_name_plural": "states before",
                "constraints": [models.UniqueConstraint(fields=("object_id", "machine", "state"), name="a_state_was_entered_from_one_state")],
            },
        ),
        Protect(
            "workflow_origin",
            read=ORIGIN,
            insert=ORIGIN,
            update=ORIGIN,
            reason="who holds the object, and the timer, lead it back to where it was; codes of states only",
        ),
        migrations.RemoveConstraint(model_name="deadline", name="a_limit_of_an_object_runs_once"),
        migrations.AddField(model_name="deadline", name="fires", field=models.BooleanField(default=False, verbose_name="happens by itself")),
        migrations.AddField(model_name="deadline", name="base_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="deadline", name="next_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="deadline", name="paused_for", field=models.CharField(blank=True, default="", max_length=60, verbose_name="paused for")),
        migrations.AddField(
            model_name="deadline",
            name="paused_in",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, default=list, size=None),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        # The rows are filled in this transaction: PostgreSQL checks their references before the table changes on.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(model_name="deadline", name="base_at", field=models.DateTimeField()),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.UniqueConstraint(condition=RUNNING, fields=("object_id", "machine", "rule", "fires"), name="a_limit_of_an_object_runs_once"),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("cancelled_at", None), ("met_at", None), ("paused_at", None)),
                fields=["next_at"],
                name="deadline_for_the_timer",
            ),
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("object_id", models.UUIDField()),
                ("level", models.CharField(max_length=20, verbose_name="level")),
                ("roles", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None)),
                ("raised_at", models.DateTimeField(verbose_name="raised")),
                ("deadline", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="reminders", to="workflow.deadline")),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "constraints": [models.UniqueConstraint(fields=("deadline", "level"), name="one_reminder_for_a_deadline_and_level")],
            },
        ),
        # Written by the timer alone, never changed.
        Protect(
            "workflow_reminder",
            read=f"{REMINDER} OR {OPERATOR} OR (SELECT access_has('coordinator'))",
            insert=OPERATOR,
            reason="who holds the object is reminded; coordinators count; no words, no identity",
        ),
    ]

"""Editions: numbered, kept for ever as knowledge, and withdrawn with a tombstone that the public can read."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from palermo.kernel.database.rls import Protect

READERS = "(select access_has('coordinator', 'analyst'))"
KEPT = '(id, "table", title, content, sha256, made_at, made_by_id, shown, again_id)'

FREEZE = f"""
CREATE OR REPLACE FUNCTION statistics_publication_frozen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF {KEPT.replace("(", "(NEW.").replace(", ", ", NEW.")}
     IS DISTINCT FROM {KEPT.replace("(", "(OLD.").replace(", ", ", OLD.")} THEN
    RAISE EXCEPTION 'a publication cannot be changed' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.approved_at IS NOT NULL AND (NEW.approved_at, NEW.approved_by_id, NEW.number)
     IS DISTINCT FROM (OLD.approved_at, OLD.approved_by_id, OLD.number) THEN
    RAISE EXCEPTION 'a publication is approved once' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.approved_at IS NULL AND NEW.approved_at IS NOT NULL
     AND NEW.approved_by_id IS DISTINCT FROM access_viewer() THEN
    RAISE EXCEPTION 'nobody approves in the name of another' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.withdrawn_at IS NOT NULL AND (NEW.withdrawn_at, NEW.withdrawn_why)
     IS DISTINCT FROM (OLD.withdrawn_at, OLD.withdrawn_why) THEN
    RAISE EXCEPTION 'a publication is withdrawn once' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""
# The owner sees nothing of a table whose walls are forced, so they are opened for this one statement.
NUMBER = """
ALTER TABLE statistics_publication NO FORCE ROW LEVEL SECURITY;
UPDATE statistics_publication AS p SET number = n.number FROM (
  SELECT id, row_number() OVER (PARTITION BY "table" ORDER BY approved_at, id) AS number
  FROM statistics_publication WHERE approved_at IS NOT NULL
) AS n WHERE n.id = p.id;
INSERT INTO statistics_tombstone (id, "table", number, title, published_at, withdrawn_at, why)
  SELECT id, "table", number, title, approved_at, withdrawn_at, withdrawn_why
  FROM statistics_publication WHERE approved_at IS NOT NULL AND withdrawn_at IS NOT NULL;
ALTER TABLE statistics_publication FORCE ROW LEVEL SECURITY;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("statistics", "0002_walls")]

    operations = [
        migrations.AddField("publication", "number", models.PositiveIntegerField(null=True)),
        migrations.AddField("publication", "shown", models.JSONField(default=list)),
        migrations.AddField(
            "publication",
            "again",
            models.ForeignKey(
                null=True,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="statistics.publication",
            ),
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("table", models.CharField(max_length=40, verbose_name="table")),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("published_at", models.DateTimeField(verbose_name="published")),
                ("withdrawn_at", models.DateTimeField(verbose_name="withdrawn")),
                ("why", models.CharField(max_length=300, verbose_name="why it was withdrawn")),
            ],
            options={
                "verbose_name": "tombstone",
                "verbose_name_plural": "tombstones",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("table", "number"), name="an_edition_is_withdrawn_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(NUMBER, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "publication",
            models.UniqueConstraint(fields=("table", "number"), name="an_edition_has_a_number_of_its_own"),
        ),
        migrations.AddConstraint(
            "publication",
            models.CheckConstraint(
                condition=models.Q(approved_at=None, number=None)
                | models.Q(approved_at__isnull=False, number__isnull=False),
                name="an_edition_is_numbered_when_it_is_approved",
            ),
        ),
        Protect(
            "statistics_tombstone",
            read="true",
            insert=READERS,
            reason="what stays of a withdrawn edition: when and why; anybody may read it, nobody may change it",
        ),
        migrations.RunSQL(FREEZE, migrations.RunSQL.noop),
    ]

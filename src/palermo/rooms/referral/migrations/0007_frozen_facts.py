"""What the case is about and whether it is about a child are frozen with the packet, and taken from there alone.

Until now the receiver's case read the crime of the sender's case on the day of the acceptance. Packets that were
frozen before (format 1) hold no codes and are read as they were.
"""

from importlib import import_module

from django.db import migrations, models

BEFORE = import_module("palermo.rooms.referral.migrations.0001_initial").TAKE
TOLD = "CASE WHEN 'exploitation' = ANY (k.categories) THEN {0} ELSE 'neither_yet' END"
LIVE, FROZEN = TOLD.format("c.crime"), TOLD.format("coalesce(nullif(k.crime, ''), 'neither_yet')")
TAKE = (
    BEFORE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    .replace("s.child,\n", "CASE WHEN k.format > 1 THEN k.child ELSE s.child END,\n")
    .replace(LIVE, f"CASE WHEN k.format > 1 THEN {FROZEN} ELSE {LIVE} END")
)
if "k.child" not in TAKE or "k.crime" not in TAKE:
    raise AssertionError("the function that this builds on has changed")


class Migration(migrations.Migration):
    dependencies = [("referral", "0006_past_of_the_house"), ("cases", "0007_told_by")]

    operations = [
        migrations.AddField("packet", "crime", models.CharField(blank=True, max_length=20)),
        migrations.AddField("packet", "child", models.BooleanField(null=True)),
        migrations.AlterField("packet", "format", models.PositiveSmallIntegerField(default=2)),
        migrations.RunSQL(TAKE, BEFORE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
    ]

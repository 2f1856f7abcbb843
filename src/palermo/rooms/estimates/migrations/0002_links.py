"""A study may stand on linked lists: which hand-over, and the tables drawn from the doubt about its links."""

from django.db import migrations, models

from palermo.rooms.estimates.migrations import _sql

# What a run stands on now includes the draws.
STAYS = (
    _sql.FROZEN[0]
    .replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    .replace("NEW.year_from, NEW.year_to)", "NEW.year_from, NEW.year_to, NEW.draws, NEW.links)")
    .replace("OLD.year_from, OLD.year_to)", "OLD.year_from, OLD.year_to, OLD.draws, OLD.links)")
)


class Migration(migrations.Migration):
    dependencies = [("estimates", "0001_initial"), ("reconciliation", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="study", name="links", field=models.UUIDField(editable=False, null=True)
        ),
        migrations.AddField(
            model_name="study", name="draws", field=models.JSONField(default=list, editable=False)
        ),
        migrations.RunSQL(STAYS.strip(), migrations.RunSQL.noop),
    ]

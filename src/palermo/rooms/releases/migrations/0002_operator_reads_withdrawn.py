"""The command line reads releases that were withdrawn too: what it counts is protected beside all that ever was public."""

from django.db import migrations

from palermo.rooms.releases.migrations._sql import READERS

OPERATOR = "(SELECT access_kind()) = 'operator'"
BEFORE = f"state IN ('published', 'superseded') OR {READERS}"
AFTER = f"{BEFORE} OR (published_at IS NOT NULL AND {OPERATOR})"
POLICY = "ALTER POLICY may_read ON releases_release USING ({})"


class Migration(migrations.Migration):
    dependencies = (("releases", "0001_initial"),)
    operations = (migrations.RunSQL(POLICY.format(AFTER), POLICY.format(BEFORE)),)

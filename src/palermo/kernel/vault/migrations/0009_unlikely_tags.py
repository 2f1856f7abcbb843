"""Of a tag that the person sought hardly bears, fewer bearers are looked at."""

from django.db import migrations

from palermo.kernel.vault import sql_ranked


class Migration(migrations.Migration):
    dependencies = [("vault", "0008_compared_nationality")]

    operations = [
        migrations.RunSQL(
            sql_ranked.RANKED_SEARCH.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
            migrations.RunSQL.noop,
        )
    ]

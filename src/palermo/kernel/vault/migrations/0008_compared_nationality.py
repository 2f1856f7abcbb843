"""Nationality is compared too."""

from django.db import migrations

from palermo.kernel.vault import sql_ranked


class Migration(migrations.Migration):
    dependencies = [("vault", "0007_indexed_anew")]

    operations = [
        migrations.RunSQL(
            sql_ranked.RANKED_SEARCH.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
            migrations.RunSQL.noop,
        )
    ]

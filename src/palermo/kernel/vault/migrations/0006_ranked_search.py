"""The search asks for tags by rarity and gives back sealed candidates in order; each person says how he was indexed."""

from django.db import migrations, models

from palermo.kernel.vault import sql, sql_ranked


class Migration(migrations.Migration):
    dependencies = [("vault", "0005_same_person")]

    operations = [
        migrations.AddField(
            "person", "edition", models.PositiveSmallIntegerField(db_default=1, default=1, editable=False)
        ),
        migrations.RunSQL("DROP FUNCTION vault_search(bytea[], bytea[])", sql.SEARCH),
        migrations.RunSQL(sql_ranked.RANKED_SEARCH, f"DROP FUNCTION {sql_ranked.CALLABLE}"),
        migrations.RunSQL(f"REVOKE ALL ON FUNCTION {sql_ranked.CALLABLE} FROM PUBLIC", migrations.RunSQL.noop),
        migrations.RunSQL(
            f"GRANT EXECUTE ON FUNCTION {sql_ranked.CALLABLE} TO palermo_app", migrations.RunSQL.noop
        ),
    ]

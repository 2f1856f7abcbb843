"""The one search over all persons asks, as every wall does, whether a grant reaches the asker's role."""

from django.db import migrations

from palermo.kernel.vault import sql


class Migration(migrations.Migration):
    dependencies = [("vault", "0003_text_keys"), ("access", "0008_grants_name_roles")]

    operations = [migrations.RunSQL(sql.REACHING_SEARCH, migrations.RunSQL.noop)]

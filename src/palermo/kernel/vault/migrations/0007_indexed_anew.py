"""Everybody is indexed anew: sounds after Daitch and Mokotoff, pairs without a year, days of birth."""

from django.db import migrations

from palermo.kernel.vault.indexing import index_anew


def indexed_anew(apps, schema_editor):
    index_anew(schema_editor.connection.alias)


class Migration(migrations.Migration):
    # In batches of their own: cut off halfway, it goes on where it stopped.
    atomic = False
    dependencies = [("vault", "0006_ranked_search")]

    operations = [migrations.RunPython(indexed_anew, migrations.RunPython.noop)]

"""The wall of the list of imports."""

from django.db import migrations

from palermo.kernel.database.rls import Protect

OPERATOR = "(select access_kind()) = 'operator'"


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_initial"), ("access", "0002_walls")]

    operations = [
        Protect(
            "imports_importrun",
            read=f"{OPERATOR} OR (select access_has('coordinator', 'analyst'))",
            insert=OPERATOR,
            update=OPERATOR,
            reason="which lists were imported, by whom, with what result",
        ),
    ]

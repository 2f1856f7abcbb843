"""The wall of files: each opens with the scope that its row names."""

from django.db import migrations

from palermo.kernel.database.rls import Protect

MINE = "access_granted(object_id, scope)"
OPERATOR = "(SELECT access_kind()) = 'operator'"


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial"), ("vault", "0002_walls")]

    operations = [
        Protect(
            "files_file",
            read=f"{OPERATOR} OR {MINE}",
            insert=f"{MINE} AND uploaded_by_id = (SELECT access_viewer())",
            update=f"{OPERATOR} OR {MINE}",
            reason="files by id; only with a live grant of the scope they need. The operator re-wraps keys",
        ),
    ]

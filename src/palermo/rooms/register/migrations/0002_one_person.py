"""One person who stands on several lists is counted once: links of rows, the facts that count, the legal basis of lists."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from palermo.kernel.database.rls import Protect
from palermo.rooms.register.models import sql, sql_joining, sql_withdrawal

REASON = "which rows of lists stand for one person, by key; for those who keep the register and the operator"


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]

    operations = [
        migrations.AddField(
            "sourcelist", "legal_basis",
            models.CharField(blank=True, db_default="", max_length=300, verbose_name="legal basis"),
        ),
        migrations.AddField(
            "sourcelist", "members",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.SmallIntegerField(), editable=False, null=True, size=None, unique=True
            ),
        ),
        migrations.AddField(
            "person", "basis",
            models.CharField(blank=True, db_collation="C", db_default="", default="", max_length=12),
        ),
        migrations.AddField("person", "part_of", models.BigIntegerField(editable=False, null=True)),
        migrations.AddIndex(
            "person",
            models.Index(
                condition=models.Q(("part_of__isnull", False)), fields=["part_of"], name="register_rows_of_a_person"
            ),
        ),
        migrations.CreateModel(
            name="Joined",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("key", models.BinaryField(max_length=16, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="RowLink",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("source_key", models.BinaryField(max_length=20)),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("linkage", "the lists were linked"),
                            ("decided", "people decided that it is one person"),
                        ],
                        max_length=8,
                    ),
                ),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("until", models.DateTimeField(null=True)),
                (
                    "joined",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="register.joined"
                    ),
                ),
                (
                    "source_list",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to="register.sourcelist",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "rowlink",
            models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("source_list", "source_key"),
                name="a_row_stands_for_one_person",
            ),
        ),
        migrations.AddConstraint(
            "rowlink",
            models.CheckConstraint(
                condition=models.Q(("why__in", ["linkage", "decided"])), name="a_row_is_linked_for_a_reason"
            ),
        ),
        *[
            Protect(
                table, read=sql.READ_ROWS, insert=sql.WRITE, update=sql.WRITE, delete=sql.WRITE, reason=REASON
            )
            for table in ("register_joined", "register_rowlink")
        ],
        *[
            migrations.RunSQL(statement, migrations.RunSQL.noop)
            for statement in (*sql_joining.statements(), sql.CELLS_FOLLOW, *sql_withdrawal.statements())
        ],
    ]

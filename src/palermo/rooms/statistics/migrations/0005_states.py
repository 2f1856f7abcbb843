"""States: the protected counts of a whole population on one day, of which every free table is a part; kept for ever."""

import uuid

from django.db import migrations, models

from palermo.kernel.database.rls import Protect
from palermo.rooms.statistics.migrations._counts import COUNTS

READERS = "(select access_kind()) = 'operator' OR (select access_has('coordinator', 'analyst'))"


def functions():
    """Made for nobody; the counts may then be called by the application."""
    for text, name in COUNTS:
        yield migrations.RunSQL(text, f"DROP FUNCTION {name}")
        yield migrations.RunSQL(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC", migrations.RunSQL.noop)
        yield migrations.RunSQL(f"GRANT EXECUTE ON FUNCTION {name} TO palermo_app", migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [
        ("statistics", "0004_mechanism"),
        ("register", "0001_initial"),
        ("encounters", "0002_journey"),
    ]

    operations = [
        migrations.CreateModel(
            name="State",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("population", models.CharField(max_length=40, verbose_name="population")),
                ("number", models.PositiveIntegerField()),
                ("as_of", models.DateTimeField(verbose_name="as of")),
                ("method", models.CharField(max_length=20)),
                ("version", models.CharField(max_length=10)),
                ("threshold", models.PositiveSmallIntegerField()),
                ("withheld", models.PositiveIntegerField()),
                ("shown", models.JSONField()),
            ],
            options={
                "verbose_name": "state of the counts",
                "verbose_name_plural": "states of the counts",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("population", "number"), name="a_state_of_a_population_has_a_number"
                    )
                ],
            },
        ),
        Protect(
            "statistics_state",
            read=READERS,
            insert=READERS,
            reason="protected counts as they were shown inside on one day; nobody changes them or takes them away",
        ),
        *functions(),
    ]

"""How far a long effect is, told while its own transaction is still open."""

from django.db import migrations, models

from palermo.kernel.database.rls import Open


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("object_id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("share", models.PositiveSmallIntegerField(default=0)),
                ("doing", models.CharField(blank=True, max_length=60)),
                ("stop", models.BooleanField(default=False)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(share__lte=100), name="progress_is_at_most_whole")
                ],
            },
        ),
        Open(
            "jobs_progress",
            app="select, insert, update",
            job="select, insert, update",
            reason="random ids, a percentage and a code of what is being done",
        ),
    ]

"""Encrypted records: keys of studies, what became of each envelope; and a mark by which the same answers are known."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from palermo.rooms.observatory.migrations import _sealed_walls

FLATTENING = [("waiting", "Waiting"), ("locked", "Encrypted"), ("done", "Done"), ("failed", "Failed")]


class Migration(migrations.Migration):
    dependencies = [
        ("observatory", "0004_exports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("submission", "content_mark", models.BinaryField(default=b"", max_length=32)),
        migrations.AlterField(
            "submission", "flattening", models.CharField(choices=FLATTENING, default="waiting", max_length=8)
        ),
        migrations.RemoveConstraint("submission", "flattening_is_in_a_known_state"),
        migrations.AddConstraint(
            "submission",
            models.CheckConstraint(
                condition=models.Q(("flattening__in", ["waiting", "locked", "done", "failed"])),
                name="flattening_is_in_a_known_state",
            ),
        ),
        migrations.AddIndex(
            "submission", models.Index(fields=["form", "content_mark"], name="submissions_of_one_content")
        ),
        migrations.CreateModel(
            name="StudyKey",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("label", models.CharField(max_length=80, verbose_name="name of the key")),
                ("public", models.TextField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("on_server", models.BooleanField(default=False)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="keys", to="observatory.study"
                    ),
                ),
            ],
            options={"ordering": ("-created_at",)},
        ),
        migrations.CreateModel(
            name="Envelope",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("fingerprint", models.CharField(max_length=64)),
                ("sealed_xml", models.BinaryField(default=b"")),
                ("signed", models.BooleanField(default=False)),
                ("problem", models.CharField(blank=True, default="", max_length=80)),
                ("tried_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField(null=True)),
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="envelope",
                        to="observatory.submissionrevision",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="envelopes",
                        to="observatory.submission",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "studykey",
            models.UniqueConstraint(fields=("study", "fingerprint"), name="a_study_has_each_key_once"),
        ),
        migrations.AddIndex("envelope", models.Index(fields=["submission"], name="envelopes_of_a_record")),
        *_sealed_walls.WALLS,
        *(migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in _sealed_walls.TRIGGERS),
    ]

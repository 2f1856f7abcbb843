"""What each file of a case is; the file itself lies with kernel.files."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from palermo.kernel.database.rls import Protect

# The scope that the row names, as for the file itself.
MINE = "access_granted(case_id, scope)"
KINDS = [
    ("consent", "Consent or agreement"),
    ("medical", "Medical paper"),
    ("legal", "Paper of the police, a court or a lawyer"),
    ("statement", "Statement of the person"),
    ("identity_document", "Identity or travel document"),
    ("picture", "Picture"),
    ("other", "Something else"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
        ("files", "0002_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="files.file",
                    ),
                ),
                ("scope", models.CharField(max_length=20)),
                ("kind", models.CharField(choices=KINDS, max_length=20, verbose_name="kind")),
                ("sealed_description", models.BinaryField()),
                ("removed_at", models.DateTimeField(editable=False, null=True)),
                ("sealed_removal_reason", models.BinaryField(default=bytes)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="cases.case",
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "file",
                "verbose_name_plural": "files",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", [code for code, _name in KINDS])),
                        name="file_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scope", "identity"),
                            models.Q(
                                ("scope", "notes"), models.Q(("kind", "identity_document"), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="an_identity_document_needs_the_scope_identity",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("removed_at", None), ("removed_by__isnull", False), _connector="OR"
                        ),
                        name="who_removes_a_file_is_known",
                    ),
                ],
            },
        ),
        Protect(
            "cases_attachment",
            read=MINE,
            insert=MINE,
            update=MINE,
            reason="what a file of a case is: by grant of the scope that the row names",
        ),
    ]

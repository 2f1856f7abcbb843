"""Notes and drafts are sealed where they stand; those in clear text are sealed on the way."""

from django.db import migrations, models

from palermo.kernel.vault.migrating import Sealer
from palermo.kernel.vault.texts import Owner, Place


def seal_what_is_there(apps, schema_editor):
    """A note is bound to its number, a draft to its author; each under the key of its case."""
    alias = schema_editor.connection.alias
    sealer = Sealer(apps, alias)
    for name, row_of in (("Note", lambda row: row.pk), ("Draft", lambda row: row.written_by_id)):
        rows = apps.get_model("cases", name).objects.using(alias)
        for row in rows.exclude(text="").select_related("case").iterator(500):
            owner = Owner("case", row.case_id, row.case.organisation_id)
            place = Place(f"cases_{name.lower()}", "sealed", row_of(row))
            rows.filter(pk=row.pk).update(sealed=sealer.seal(owner, place, row.text))


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_files"), ("vault", "0003_text_keys")]

    operations = [
        migrations.AddField("note", "sealed", models.BinaryField(default=bytes, verbose_name="note"), False),
        migrations.AddField("draft", "sealed", models.BinaryField(default=bytes)),
        migrations.RunPython(seal_what_is_there),
        migrations.RemoveConstraint("note", "a_note_is_not_empty"),
        migrations.RemoveField("note", "text"),
        migrations.RemoveField("draft", "text"),
        migrations.AddConstraint(
            "note",
            models.CheckConstraint(condition=models.Q(("sealed", b""), _negated=True), name="a_note_is_not_empty"),
        ),
        # The number of a note is known before the note is: its text is sealed for that row alone.
        migrations.RunSQL(
            "GRANT USAGE ON SEQUENCE cases_note_id_seq TO palermo_app, palermo_job",
            "REVOKE USAGE ON SEQUENCE cases_note_id_seq FROM palermo_app, palermo_job",
        ),
    ]

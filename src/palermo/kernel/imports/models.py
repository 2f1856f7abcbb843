"""One row per import of a file: what came in, when, how far it got and how it ended."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    RUNNING = "running", _("not finished")
    FINISHED = "finished", _("finished")


class ImportRun(models.Model):
    """An import of one file in one format from one source. `rows_done` counts committed rows of the file.

    A run that is still `running` when nobody works on it was interrupted: the same command continues it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    format = models.CharField(max_length=40)
    source = models.CharField(_("source list"), max_length=120)
    file_sha256 = models.CharField(max_length=64)
    mapping_sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(_("size in bytes"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    rows_total = models.BigIntegerField(_("rows in the file"))
    rows_done = models.BigIntegerField(default=0)
    added = models.BigIntegerField(_("added"), default=0)
    updated = models.BigIntegerField(_("updated"), default=0)
    unchanged = models.BigIntegerField(_("unchanged"), default=0)
    rejected = models.BigIntegerField(_("rejected"), default=0)
    rejected_file = models.CharField(max_length=80, blank=True)
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    moved_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-started_at", "id")
        indexes = (
            models.Index(fields=("file_sha256", "source"), name="import_of_a_file"),
            models.Index(fields=("-started_at", "id"), name="imports_newest_first"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(rows_done__gte=0) & models.Q(rows_done__lte=models.F("rows_total")),
                name="an_import_cannot_pass_its_own_end",
            ),
            models.UniqueConstraint(
                fields=("format", "source", "file_sha256", "mapping_sha256"),
                condition=models.Q(state="running"),
                name="one_unfinished_import_per_file_and_source",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} ({self.format})"

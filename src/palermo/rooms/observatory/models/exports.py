"""What leaves a study: files that somebody asked for, and the tokens with which programs read coded answers."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from palermo.kernel.database.models import Record
from palermo.rooms.observatory.models.studies import Form, Study


class ExportFormat(models.TextChoices):
    """What statistical programs open. GeoJSON holds places alone, as cells of a tenth of a degree."""

    CSV = "csv", _("CSV: a table for each repeat, in one zip")
    XLSX = "xlsx", _("Excel: a sheet for each repeat")
    SPSS = "spss", _("SPSS: CSV with a syntax file that has all labels")
    GEOJSON = "geojson", _("GeoJSON: places as cells of a tenth of a degree")


class ExportState(models.TextChoices):
    """Gone: its time was over, or a record in it was withdrawn; the file is deleted."""

    WAITING = "waiting", pgettext_lazy("state of an export", "Under way")
    DONE = "done", pgettext_lazy("state of an export", "Ready")
    STOPPED = "stopped", pgettext_lazy("state of an export", "Stopped")
    FAILED = "failed", pgettext_lazy("state of an export", "Failed")
    GONE = "gone", pgettext_lazy("state of an export", "Deleted")


class Export(Record):
    """A file of one form, made by the worker with the rights of the asker, for the asker alone.

    options: what was chosen, codes only. recipients: age keys for which it was encrypted before it was written.
    content: where the encrypted bytes lie; sealed_key: what opens them.
    """

    study = models.ForeignKey(Study, models.PROTECT, related_name="+")
    form = models.ForeignKey(Form, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    format = models.CharField(max_length=8, choices=ExportFormat)
    options = models.JSONField(default=dict)
    recipients = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=ExportState, default=ExportState.WAITING)
    records = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    content = models.UUIDField(null=True)
    sealed_key = models.BinaryField(default=b"")
    problem = models.CharField(max_length=60, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(_("deleted on"))

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=ExportState.values), name="an_export_is_in_a_known_state"
            ),
            models.CheckConstraint(
                condition=models.Q(format__in=ExportFormat.values), name="an_export_has_a_known_format"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="done") | models.Q(content__isnull=False),
                name="an_export_that_is_ready_is_somewhere",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.format} {self.pk}"

    @property
    def open(self) -> bool:
        return self.state == ExportState.WAITING

    @property
    def ready(self) -> bool:
        return self.state == ExportState.DONE and self.expires_at > timezone.now()


class ReadToken(Record):
    """With what a program reads the coded answers of one study, with the rights of whoever made it. A hash alone."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="+")
    label = models.CharField(_("what it is for"), max_length=60)
    username = models.CharField(max_length=40, unique=True)
    secret_sha256 = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    seen_at = models.DateTimeField(_("last used"), null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.username

    @property
    def live(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

"""A file of people that its holder brought in over the web: sealed on the way to the worker, gone when it is read."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record
from palermo.rooms.reconciliation.models.lists import Source


class UploadState(models.TextChoices):
    """Held until its columns are named; then it waits for the worker, who takes or refuses it."""

    HELD = "held", _("Waiting for its columns to be named")
    WAITING = "waiting", _("Being checked and written")
    DONE = "done", _("Brought in")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")


class Upload(Record):
    """One file. Neither its name nor a word of it stands here in the clear.

    sealed_key: of the encrypted file beside the database; sealed_header: the names of its columns, then which of them
    is which of ours; both are emptied when the file is gone. problems: [row, our column, rule], never a value. counts:
    how its rows met the database.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="+", editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    state = models.CharField(max_length=8, choices=UploadState, default=UploadState.HELD, editable=False)
    size = models.PositiveIntegerField(editable=False)
    sealed_key = models.BinaryField(editable=False)
    sealed_header = models.BinaryField(editable=False)
    problems = models.JSONField(default=list, editable=False)
    more = models.PositiveIntegerField(default=0, editable=False)
    counts = models.JSONField(default=dict, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = (models.Index(fields=("source", "-created_at"), name="uploads_of_a_list"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=UploadState.values), name="an_upload_has_a_known_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("held", "waiting"))
                | models.Q(sealed_key=b"", sealed_header=b""),
                name="a_file_that_was_read_is_gone",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source_id} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def open(self) -> bool:
        return self.state in (UploadState.HELD, UploadState.WAITING)

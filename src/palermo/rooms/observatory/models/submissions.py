"""What devices sent: the record, every XML of it as it came, its files, and its answers as rows."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from palermo.kernel.database.models import Record
from palermo.rooms.observatory.models.studies import DeviceAccount, Form, FormVersion, Site, Study


class ReviewState(models.TextChoices):
    """What people of the study found of a record. Flagged: the machine asks somebody to look."""

    RECEIVED = "received", pgettext_lazy("state of a record", "Received")
    FLAGGED = "flagged", _("Flagged")
    ON_HOLD = "on_hold", _("On hold")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Flattening(models.TextChoices):
    """Whether the answers of the current XML stand as rows. A failure loses nothing: the XML is kept."""

    WAITING = "waiting", _("Waiting")
    LOCKED = "locked", _("Encrypted")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Submission(Record):
    """One filled form. root_id: the first instance id, for ever; current_instance: that of the newest edit.

    unit: the team of its site, for the wall. problem: a code and a path, never an answer. content_mark: a keyed hash
    of the answers, by which the same interview is known when it comes from two devices.
    """

    study = models.ForeignKey(Study, models.PROTECT, related_name="+")
    form = models.ForeignKey(Form, models.PROTECT, related_name="submissions")
    form_version = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    device = models.ForeignKey(DeviceAccount, models.PROTECT, related_name="submissions", null=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", null=True)
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+", null=True)
    root_id = models.CharField(max_length=100)
    current_instance = models.CharField(max_length=100)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    state = models.CharField(max_length=10, choices=ReviewState, default=ReviewState.RECEIVED)
    flags = ArrayField(models.CharField(max_length=30), default=list)
    flattening = models.CharField(max_length=8, choices=Flattening, default=Flattening.WAITING)
    problem = models.CharField(max_length=200, blank=True, default="")
    content_mark = models.BinaryField(max_length=32, default=b"")

    class Meta:
        ordering = ("-received_at",)
        indexes = (
            models.Index(fields=("study", "-received_at"), name="submissions_of_a_study"),
            models.Index(fields=("form", "content_mark"), name="submissions_of_one_content"),
        )
        constraints = (
            models.UniqueConstraint(fields=("form", "root_id"), name="a_form_has_each_record_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=ReviewState.values), name="a_record_is_in_a_known_state"
            ),
            models.CheckConstraint(
                condition=models.Q(flattening__in=Flattening.values), name="flattening_is_in_a_known_state"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return str(self.pk)


class SubmissionRevision(models.Model):
    """One XML of a record as it came, sealed. Nothing rewrites it; a withdrawal empties it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="revisions")
    form = models.ForeignKey(Form, models.PROTECT, related_name="+")
    form_version = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    instance_id = models.CharField(max_length=100)
    deprecated_id = models.CharField(max_length=100, blank=True)
    sealed_xml = models.BinaryField()
    size = models.PositiveIntegerField()
    device = models.ForeignKey(DeviceAccount, models.PROTECT, related_name="+", null=True)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("form", "instance_id"), name="an_instance_comes_once"),
            models.UniqueConstraint(fields=("submission", "number"), name="revisions_are_numbered"),
            models.UniqueConstraint(
                fields=("submission", "deprecated_id"), condition=~models.Q(deprecated_id=""),
                name="an_instance_is_replaced_once",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.submission_id} {self.number}"


class Attachment(models.Model):
    """A file of a revision. expected: the XML names it; present: it has come. Both its name and its key are sealed.

    content: where the encrypted bytes lie; a file that an edit keeps is carried forward under the same content.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(SubmissionRevision, models.PROTECT, related_name="attachments")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    sealed_name = models.BinaryField()
    expected = models.BooleanField(default=True)
    present = models.BooleanField(default=False)
    content = models.UUIDField(null=True)
    sealed_key = models.BinaryField(default=b"")
    sha256 = models.BinaryField(max_length=32, default=b"")
    size = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("revision", "number"), name="files_of_a_revision_are_numbered"),
            models.CheckConstraint(
                condition=models.Q(present=False) | models.Q(content__isnull=False),
                name="a_file_that_came_is_somewhere",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.revision_id} {self.number}"


class AnswerRow(models.Model):
    """The answers of one occurrence of one group: the whole record (path "") or one turn of a repeat.

    ordinals: which turn, counted from 1, outermost first. values: what is coded (choices, numbers, dates), by path
    inside the group. sealed: what can say who somebody is (text, places, times, file names), as sealed JSON.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="answers")
    repeat_path = models.CharField(max_length=400, blank=True)
    ordinals = ArrayField(models.PositiveIntegerField(), default=list)
    values = models.JSONField(default=dict)
    sealed = models.BinaryField(default=b"")

    class Meta:
        ordering = ("repeat_path", "ordinals")
        constraints = (
            models.UniqueConstraint(
                fields=("submission", "repeat_path", "ordinals"), name="each_turn_has_one_row"
            ),
        )

    def __str__(self) -> str:
        return f"{self.submission_id} {self.repeat_path}"


class Review(models.Model):
    """What one person found of a record, why, and when. Nothing rewrites it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="reviews")
    state = models.CharField(max_length=10, choices=ReviewState)
    sealed_reason = models.BinaryField(default=b"")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return f"{self.submission_id} {self.state}"

"""Records that devices encrypt: the public keys of a study, and what an encrypted record came to."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record
from palermo.rooms.observatory.models.studies import Study
from palermo.rooms.observatory.models.submissions import Submission, SubmissionRevision


class StudyKey(Record):
    """The public half of a pair. The private half is a file under a passphrase, never in the database.

    on_server: whether that file lies in the key directory as well. fingerprint: SHA-256 of the public key (DER).
    """

    study = models.ForeignKey(Study, models.PROTECT, related_name="keys")
    label = models.CharField(_("name of the key"), max_length=80)
    public = models.TextField()
    fingerprint = models.CharField(max_length=64)
    on_server = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(fields=("study", "fingerprint"), name="a_study_has_each_key_once"),
        )

    def __str__(self) -> str:
        return self.label


class Envelope(models.Model):
    """What became of an encrypted revision. sealed_xml: the XML that was inside, once a key opened it.

    problem: a code and a place, never a name. signed: whether the device's own check was there (it held, then).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.OneToOneField(SubmissionRevision, models.PROTECT, related_name="envelope")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="envelopes")
    fingerprint = models.CharField(max_length=64)
    sealed_xml = models.BinaryField(default=b"")
    signed = models.BooleanField(default=False)
    problem = models.CharField(max_length=80, blank=True, default="")
    tried_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("submission",), name="envelopes_of_a_record"),)

    def __str__(self) -> str:
        return str(self.pk)

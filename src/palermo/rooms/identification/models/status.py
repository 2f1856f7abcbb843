"""The legal status of a presumed victim. Help never depends on it: no other room asks how it ended.

What is written about the person (packet, questions, answers, reasons) is sealed, and written once.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record
from palermo.kernel.organisations.models import Organisation
from palermo.rooms.identification.models.screening import Screening


class Identification(Record):
    """One status of one person. `organisation` is the first responder's; `authority` decides, once it is referred.

    child: None is "not known", and counts as a child. recovery_until is only ever put later. served_at: when the
    negative decision in force was handed over; empty until then, and no clock of a review runs. charged: told by the
    person or the worker, never read from a proceeding.
    """

    machine: ClassVar[str] = "identification"

    code = models.CharField(_("code"), max_length=12, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=30, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    person_id = models.UUIDField(editable=False)
    person_code = models.CharField(max_length=12, editable=False)
    case_id = models.UUIDField(unique=True, editable=False)
    screening = models.ForeignKey(Screening, models.PROTECT, null=True, related_name="+", editable=False)
    child = models.BooleanField(_("child, or age in doubt"), null=True)
    detained = models.BooleanField(_("detained, or facing removal"), default=False)
    charged = models.BooleanField(_("charged with an offence"), default=False)
    authority = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    authority_grant_id = models.UUIDField(null=True, editable=False)
    referred_at = models.DateTimeField(_("referred"), null=True, editable=False)
    recovery_until = models.DateTimeField(_("recovery until"), null=True, editable=False)
    served_at = models.DateTimeField(_("served"), null=True, editable=False)
    information_late = models.BooleanField(default=False, editable=False)
    review_ground = models.CharField(max_length=30, blank=True, editable=False)
    missing_since = models.DateTimeField(null=True, editable=False)
    # Written by the database alone: the only state to which a missing person's status can return.
    before_missing = models.CharField(max_length=30, blank=True, editable=False)
    risk_due_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("identification")
        verbose_name_plural = _("identifications")
        indexes = (
            models.Index(fields=("person_id",), name="identification_by_person"),
            models.Index(fields=("authority", "state"), name="identification_by_authority"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=("screening", "not_indicated", "presumed", "notified"))
                | models.Q(state__in=("suspended", "withdrawn"))
                | models.Q(authority__isnull=False),
                name="what_is_decided_has_an_authority",
            ),
        )

    def __str__(self) -> str:
        return self.code


class Written(models.Model):
    """A line of an identification that is written once, in one's own name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    identification = models.ForeignKey(Identification, models.PROTECT, related_name="+")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Packet(Written):
    """What the authority was told: exactly the categories that the consent (or the law) covers. Never changed."""

    recipient = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    categories = ArrayField(models.CharField(max_length=30))
    basis = models.CharField(max_length=20)
    basis_id = models.UUIDField(null=True)
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("packet")
        verbose_name_plural = _("packets")
        ordering = ("-written_at",)

    def __str__(self) -> str:
        return str(self.identification_id)


class Question(Written):
    """One thing that the authority asks before it decides. Answered one by one."""

    number = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("identification", "number"), name="a_question_has_its_number"),
        )

    def __str__(self) -> str:
        return f"{self.identification_id} {self.number}"


class Reply(Written):
    """The answer to one question."""

    question = models.OneToOneField(Question, models.PROTECT, related_name="reply")
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")

    def __str__(self) -> str:
        return str(self.question_id)


class Ruling(Written):
    """One decision, or one step of it, with its reasons. All of them are kept: proposed, confirmed, overturned.

    at_version: the version of the identification that was decided on; the database lets the state change only where
    the ruling for it stands. confirms: the proposal of somebody else. sentences: codes of palermo/decision_reason.
    """

    event = models.CharField(max_length=30)
    at_version = models.PositiveIntegerField()
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    sentences = ArrayField(models.CharField(max_length=40), default=list)
    sealed_reasons = models.BinaryField()
    language = models.CharField(_("language understood"), max_length=12, blank=True)
    bearer = models.CharField(_("who hands it over"), max_length=20, blank=True)
    confirms = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("ruling")
        verbose_name_plural = _("rulings")
        ordering = ("-at_version",)
        constraints = (
            models.UniqueConstraint(
                fields=("identification", "at_version"), name="one_ruling_of_one_version"
            ),
            models.CheckConstraint(condition=~models.Q(sealed_reasons=b""), name="a_ruling_has_reasons"),
        )

    # What the event is called, once `queries.rulings` has read it.
    title = ""
    # By when it has to be explained, where it was not yet.
    explain_by = None

    def __str__(self) -> str:
        return self.event


class Service(Written):
    """That a decision reached the person: in which language, how, by whom and when. The review counts from here."""

    ruling = models.OneToOneField(Ruling, models.PROTECT, related_name="service")
    language = models.CharField(_("language understood"), max_length=12)
    way = models.CharField(_("how it was explained"), max_length=20)
    bearer = models.CharField(_("who handed it over"), max_length=20)
    served_at = models.DateTimeField(_("when it was handed over"))

    class Meta:
        verbose_name = _("service of a decision")
        verbose_name_plural = _("services of decisions")

    def __str__(self) -> str:
        return str(self.ruling_id)


class Extension(Written):
    """The period was made longer, with a coded reason. It is never made shorter."""

    reason = models.CharField(_("why"), max_length=30)
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ("-written_at",)

    def __str__(self) -> str:
        return self.reason

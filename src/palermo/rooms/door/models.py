"""What comes through the door: requests without a name, pages of persons, answers, complaints, how help was.

No row here holds an address of a network, a device or a name. Texts are sealed; a code is kept as a keyed hash only,
in a table that nobody reads but the functions of the database.
"""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record
from palermo.kernel.organisations.models import Organisation


class Help(models.TextChoices):
    """What kind of help, in words that a person in need would use."""

    SAFE_PLACE = "safe_place", _("A safe place to stay")
    DOCTOR = "doctor", _("A doctor or medicine")
    LEGAL = "legal", _("A lawyer, papers, my rights")
    WORK = "work", _("Trouble with work or pay")
    CHILD = "child", _("A child is in trouble")
    LEAVE = "leave", _("To get away from somebody")
    HOME = "home", _("To go home safely")
    TALK = "talk", _("Somebody to talk to")
    OTHER = "other", _("Something else")


class Urgency(models.TextChoices):
    """How soon."""

    NOW = "now", _("Today: I am not safe")
    SOON = "soon", _("In the next days")
    LATER = "later", _("When you can")


class AnswerBy(models.TextChoices):
    """How it is safe to answer."""

    CODE = "code", _("Only here: I come back with a code")
    PHONE = "phone", _("Call or write to a telephone")


class Face(models.TextChoices):
    """How help was, in three faces."""

    GOOD = "good", _("Good")
    MIDDLING = "middling", _("So-so")
    BAD = "bad", _("Bad")


class About(models.TextChoices):
    """What a complaint is about."""

    WORKER = "worker", _("The person who helps me")
    HOUSE = "house", _("The house or organisation")
    HELP = "help", _("Help that did not come, or was not right")
    PRIVACY = "privacy", _("Somebody told others about me")
    RESPECT = "respect", _("I was not treated with respect")
    HARM = "harm", _("Somebody hurt me, touched me or asked for something in return")


class CodeKind(models.TextChoices):
    """What a code opens."""

    REQUEST = "request", _("A request for help")
    PAGE = "page", _("A person's own page")


class Desk(Record):
    """An organisation that answers at the door; only those that opened one can be chosen."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="+")
    is_open = models.BooleanField(_("we answer requests from the public page"), default=True)
    languages = ArrayField(
        models.CharField(max_length=12), verbose_name=_("we answer in"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("desk")
        verbose_name_plural = _("desks")

    def __str__(self) -> str:
        return str(self.organisation_id)


class HelpRequest(Record):
    """A wish for help without a name. Its words are in `Word`, a telephone in `Contact`."""

    machine: ClassVar[str] = "help_request"
    state = models.CharField(max_length=30, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    help = ArrayField(models.CharField(max_length=12), verbose_name=_("what help"))
    urgency = models.CharField(_("how soon"), max_length=6, choices=Urgency)
    answer_by = models.CharField(_("safe way to answer"), max_length=6, choices=AnswerBy)
    language = models.CharField(_("language"), max_length=12)
    last_at = models.DateTimeField(_("last word"), default=timezone.now)
    case_id = models.UUIDField(null=True, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("request for help")
        verbose_name_plural = _("requests for help")
        ordering = ("-last_at",)
        indexes = (models.Index(fields=("organisation", "-last_at"), name="request_by_organisation"),)
        constraints = (
            models.CheckConstraint(condition=~Q(help=[]), name="a_request_says_what_help"),
            models.CheckConstraint(condition=Q(urgency__in=Urgency.values), name="a_request_says_how_soon"),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def help_names(self) -> list[str]:
        return [str(Help(code).label) for code in self.help if code in Help.values]


class Contact(models.Model):
    """A telephone that the person chose to give, sealed. Opened with a fresh sign-in and a trace."""

    request = models.OneToOneField(HelpRequest, models.PROTECT, related_name="+", primary_key=True)
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return str(self.pk)


class Word(models.Model):
    """Something written, by the person or by a worker, sealed for the object that it belongs to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    object_id = models.UUIDField(editable=False)
    from_person = models.BooleanField(default=False, editable=False)
    sealed = models.BinaryField()
    at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")
        ordering = ("at",)
        indexes = (models.Index(fields=("object_id", "at"), name="word_by_object"),)

    def __str__(self) -> str:
        return str(self.pk)


class Code(models.Model):
    """A code as a keyed hash. No statement of the application reads this table; functions compare."""

    hash = models.BinaryField(primary_key=True)
    kind = models.CharField(max_length=8, choices=CodeKind)
    object_id = models.UUIDField(db_index=True)
    made_at = models.DateTimeField(default=timezone.now)
    valid_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")

    def __str__(self) -> str:
        return self.kind


class PersonPage(models.Model):
    """That a person of a case can see her own page, until when, and who gave her the code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_id = models.UUIDField(editable=False)
    person_id = models.UUIDField(editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    valid_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("own page")
        verbose_name_plural = _("own pages")
        indexes = (models.Index(fields=("case_id",), name="page_by_case"),)

    def __str__(self) -> str:
        return str(self.pk)


class Question(models.Model):
    """A question of consent that a worker puts to the person, to be answered on her own page."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_id = models.UUIDField(editable=False)
    person_id = models.UUIDField(editable=False)
    purpose = models.CharField(_("what for"), max_length=30)
    categories = ArrayField(models.CharField(max_length=30), verbose_name=_("what may be told"))
    recipients = ArrayField(models.UUIDField(), verbose_name=_("to whom"), default=list, blank=True)
    valid_until = models.DateTimeField(_("until"), null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    consent_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("-asked_at",)
        indexes = (models.Index(fields=("case_id",), name="question_by_case"),)
        constraints = (
            models.CheckConstraint(condition=~Q(categories=[]), name="a_question_says_what_is_told"),
        )

    def __str__(self) -> str:
        return self.purpose


class Feedback(models.Model):
    """How help was. Read by supervisors of the organisation, not by who helps."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_id = models.UUIDField(editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    face = models.CharField(max_length=8, choices=Face)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("how help was")
        verbose_name_plural = _("how help was")
        ordering = ("-at",)
        constraints = (models.CheckConstraint(condition=Q(face__in=Face.values), name="feedback_is_a_face"),)

    def __str__(self) -> str:
        return self.face


class Complaint(Record):
    """A complaint. `worker` is who had the case when it came: the database never shows it to that person."""

    machine: ClassVar[str] = "complaint"
    state = models.CharField(max_length=30, editable=False)
    case_id = models.UUIDField(editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    about = models.CharField(_("about"), max_length=8, choices=About)
    outside = models.BooleanField(_("to somebody outside the organisation"), default=False)
    language = models.CharField(_("language"), max_length=12)

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(condition=Q(about__in=About.values), name="a_complaint_is_about"),
        )

    def __str__(self) -> str:
        return str(self.pk)

    def concerns(self, user_id: Any) -> bool:
        return user_id is not None and self.worker_id == user_id

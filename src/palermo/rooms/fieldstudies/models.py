"""Field studies: the study, its sources and their words, the codebook, what was coded, findings."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from palermo.kernel.database.models import Record

USER = settings.AUTH_USER_MODEL


class ActorType(models.TextChoices):
    """Whom one listened to, by what they are in the business of smuggling or against it."""

    MIGRANT = "migrant", _("Smuggled migrant")
    RETURNEE = "returnee", _("Returnee")
    COMMUNITY = "community", _("Member of the community")
    TRANSPORT = "transport", _("Transport and lodging")
    OFFICIAL = "official", _("Official")
    JUSTICE = "justice", _("Justice")
    NGO = "ngo", _("NGO or international organisation")
    SMUGGLER = "smuggler", _("Present or former smuggler")
    DOCUMENT = "document", _("Document or court file")
    OBSERVATION = "observation", _("Observation")


class Method(models.TextChoices):
    """How one listens."""

    INTERVIEW = "interview", _("Interview")
    GROUP = "group", _("Focus group")
    OBSERVATION = "observation", _("Observation")
    FILES = "files", _("Review of court files")
    PRICES = "prices", _("Price walk")


class FieldStudy(Record):
    """A question asked in one place. sealed_notes: access, security, site, recruitment, translator (JSON, sealed)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=160)
    country = models.CharField(_("country"), max_length=3)
    hub = models.CharField(_("hub or region"), max_length=80, blank=True)
    starts = models.DateField(_("begins"))
    ends = models.DateField(_("ends"), null=True)
    ethics_reference = models.CharField(_("ethics reference"), max_length=200)
    questions = models.TextField(_("questions"))
    methods = ArrayField(models.CharField(max_length=12, choices=Method))
    languages = models.CharField(_("languages"), max_length=80)
    planned = models.JSONField(default=dict)
    sealed_notes = models.BinaryField(default=b"")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("starts")), name="a_field_study_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(ethics_reference=""), name="a_field_study_names_its_ethics_decision"),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.title


class Member(models.Model):
    """Somebody of the team: who was in the room, and may read what was said there before it is redacted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(FieldStudy, models.PROTECT, related_name="team")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("at",)
        constraints = (models.UniqueConstraint(fields=("study", "user"), name="a_team_has_each_person_once"),)

    def __str__(self) -> str:
        return str(self.user)


class SourceState(models.TextChoices):
    """Raw: for the team alone. Redacted: waits for a second person. Approved: can be coded."""

    RAW = "raw", pgettext_lazy("state of a transcript", "Raw")
    REDACTED = "redacted", pgettext_lazy("state of a transcript", "Redacted")
    APPROVED = "approved", pgettext_lazy("state of a transcript", "Approved")


class Source(Record):
    """Who was listened to, by a code. current: the number of the wording that counts; units: its sentences."""

    study = models.ForeignKey(FieldStudy, models.PROTECT, related_name="sources")
    code = models.CharField(_("code"), max_length=10)
    actor_type = models.CharField(_("who"), max_length=12, choices=ActorType)
    sex = models.CharField(_("sex"), max_length=8, blank=True)
    age_band = models.CharField(_("age"), max_length=8, blank=True)
    admin1 = models.CharField(_("region"), max_length=80, blank=True)
    month = models.CharField(_("month"), max_length=7)
    mode = models.CharField(_("method"), max_length=12, choices=Method)
    consent_version = models.CharField(_("version of the consent form"), max_length=20)
    audio = models.BooleanField(_("a recording exists"), default=False)
    audio_until = models.DateField(_("recording is destroyed on"), null=True)
    audio_gone_at = models.DateTimeField(null=True)
    sensitivity = models.CharField(_("sensitivity"), max_length=6)
    state = models.CharField(max_length=8, choices=SourceState, default=SourceState.RAW)
    current = models.PositiveIntegerField(default=0)
    units = models.JSONField(default=list)
    redacted_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    approved_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(fields=("study", "code"), name="a_source_has_its_own_code"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z]{1,3}-[0-9]{1,5}$"), name="a_source_has_a_code_and_no_name"
            ),
            models.CheckConstraint(
                condition=Q(month__regex=r"^[0-9]{4}-(0[1-9]|1[0-2])$"),
                name="a_source_has_a_month_and_no_day",
            ),
            models.CheckConstraint(
                condition=Q(audio=False) | Q(audio_until__isnull=False), name="a_recording_has_an_end"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | (Q(approved_by__isnull=False) & ~Q(approved_by=F("redacted_by"))),
                name="a_second_person_approves_a_redaction",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.code


class Wording(models.Model):
    """One wording of a source, sealed. Number 0 is the raw one; each step of redaction follows another one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(FieldStudy, models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, models.PROTECT, related_name="wordings")
    number = models.PositiveIntegerField()
    follows = models.PositiveIntegerField(null=True)
    sealed_text = models.BinaryField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("source", "number"), name="wordings_of_a_source_are_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.source_id} {self.number}"


class Code(Record):
    """A code of the codebook, in its tree. indicator: the field of the programme that it belongs to; empty: in vivo."""

    study = models.ForeignKey(FieldStudy, models.PROTECT, related_name="codes")
    parent = models.ForeignKey("self", models.PROTECT, related_name="below", null=True)
    name = models.CharField(_("name"), max_length=80)
    definition = models.TextField(_("definition"), blank=True)
    include = models.TextField(_("include"), blank=True)
    exclude = models.TextField(_("exclude"), blank=True)
    example = models.TextField(_("example"), blank=True)
    indicator = models.CharField(_("indicator"), max_length=4, blank=True)

    class Meta:
        ordering = ("created_at", "name")
        constraints = (models.UniqueConstraint(fields=("study", "name"), name="codes_of_a_study_have_names"),)

    def __str__(self) -> str:
        return self.name


class CodeWording(models.Model):
    """What a code meant before it was changed, and since when it means something else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(FieldStudy, models.PROTECT, related_name="+")
    code = models.ForeignKey(Code, models.PROTECT, related_name="wordings")
    number = models.PositiveIntegerField()
    values = models.JSONField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("code", "number"), name="wordings_of_a_code_are_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.code_id} {self.number}"


class Segment(Record):
    """A piece of an approved text with a code. removed: taken back; it can be put back."""

    study = models.ForeignKey(FieldStudy, models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, models.PROTECT, related_name="segments")
    code = models.ForeignKey(Code, models.PROTECT, related_name="segments")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    sealed_memo = models.BinaryField(default=b"")
    coder = models.ForeignKey(USER, models.PROTECT, related_name="+")
    removed = models.BooleanField(default=False)
    released = models.BooleanField(_("the quote may be published"), default=False)

    class Meta:
        ordering = ("start", "end", "created_at")
        constraints = (
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="a_segment_has_a_length"),
            models.UniqueConstraint(
                fields=("source", "code", "start", "end", "coder"), name="a_coder_gives_a_code_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.source_id} {self.start} {self.end}"


class Double(Record):
    """A source drawn for a second coder, who does not see the first one's work until it is done."""

    study = models.ForeignKey(FieldStudy, models.PROTECT, related_name="doubles")
    source = models.OneToOneField(Source, models.PROTECT, related_name="double")
    second = models.ForeignKey(USER, models.PROTECT, related_name="+")
    seed = models.PositiveIntegerField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("source__code",)

    def __str__(self) -> str:
        return str(self.source)


class Adjudication(models.Model):
    """What was found where two coders differed. Nothing rewrites it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(FieldStudy, models.PROTECT, related_name="+")
    double = models.ForeignKey(Double, models.PROTECT, related_name="adjudications")
    code = models.ForeignKey(Code, models.PROTECT, related_name="+")
    unit = models.PositiveIntegerField()
    holds = models.BooleanField()
    sealed_reason = models.BinaryField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("at",)
        constraints = (
            models.UniqueConstraint(fields=("double", "code", "unit"), name="a_disagreement_is_settled_once"),
        )

    def __str__(self) -> str:
        return f"{self.double_id} {self.unit}"


class FindingState(models.TextChoices):
    """Only approved findings leave the room."""

    DRAFT = "draft", _("Draft")
    APPROVED = "approved", _("Approved")


class Finding(Record):
    """A claim with what bears it out. indicators: codes of the survey's figures that say the same."""

    study = models.ForeignKey(FieldStudy, models.PROTECT, related_name="findings")
    number = models.PositiveIntegerField()
    sealed_claim = models.BinaryField()
    indicators = ArrayField(models.CharField(max_length=4), default=list)
    reference = models.CharField(_("other reference"), max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=FindingState, default=FindingState.DRAFT)
    written_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("study", "number"), name="findings_of_a_study_are_numbered"),
            models.CheckConstraint(
                condition=~Q(state="approved") | (Q(approved_by__isnull=False) & ~Q(approved_by=F("written_by"))),
                name="a_second_person_approves_a_finding",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return str(self.number)


class Evidence(models.Model):
    """A segment that bears a finding out, or contradicts it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(FieldStudy, models.PROTECT, related_name="+")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="evidence")
    segment = models.ForeignKey(Segment, models.PROTECT, related_name="+")
    contradicts = models.BooleanField(default=False)

    class Meta:
        ordering = ("contradicts", "segment__source__code", "segment__start")
        constraints = (
            models.UniqueConstraint(fields=("finding", "segment"), name="a_segment_is_cited_once"),
        )

    def __str__(self) -> str:
        return f"{self.finding_id} {self.segment_id}"

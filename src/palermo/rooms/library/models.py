"""Papers, their files and texts, and the directory of authorities. A paper is kept as its record; columns are made."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record
from palermo.papers import Paper, read


class State(models.TextChoices):
    """Where a paper is on its way to its readers."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Kind(models.TextChoices):
    """What a paper is."""

    ISSUE_PAPER = "issue_paper", _("Issue paper")
    GUIDANCE = "guidance", _("Guidance")
    MODEL_LAW = "model_law", _("Model law")
    MANUAL = "manual", _("Manual")
    TOOLKIT = "toolkit", _("Toolkit")
    DIGEST = "digest", _("Digest")
    REPORT = "report", _("Report")
    STRATEGY = "strategy", _("Strategy or plan")
    FORM = "form", _("Form")


class Access(models.TextChoices):
    """Who reads a published paper."""

    PUBLIC = "public", _("Everybody")
    SIGNED_IN = "signed_in", _("Signed-in colleagues")


class Item(Record):
    """A paper. record: as `palermo.papers` writes it, less its status.

    codes: the facets of it, "kind:manual". words and names are made by a trigger of the record. prepared: who wrote in
    it or gave it a file, none of whom reviews it; made_by is empty for what the instance brought in.
    """

    palermo_id = models.CharField(max_length=80, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    access = models.CharField(max_length=10, choices=Access, default=Access.PUBLIC, editable=False)
    year = models.PositiveSmallIntegerField(null=True, editable=False)
    codes = ArrayField(models.TextField(), default=list, editable=False)
    record = models.JSONField(editable=False)
    words = SearchVectorField(null=True, editable=False)
    names = models.TextField(blank=True, editable=False)
    prepared = ArrayField(models.UUIDField(), default=list, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    published_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        indexes = (
            GinIndex(fields=["words"], name="library_words"),
            GinIndex(fields=["codes"], name="library_codes"),
            GinIndex(fields=["names"], name="library_names", opclasses=["gin_trgm_ops"]),
        )

    def __str__(self) -> str:
        return self.palermo_id

    @property
    def paper(self) -> Paper:
        """The record, typed."""
        found, wrong = read(self.record)
        if found is None:
            raise ValueError(f"the record of {self.palermo_id} does not hold: {wrong}")
        return found


class Reading(models.TextChoices):
    """What became of the text of a file."""

    WAITING = "waiting", _("Its text is being read")
    READ = "read", _("Its text is searched")
    UNREADABLE = "unreadable", _("Its text cannot be read")


class ItemFile(models.Model):
    """One file of a paper, in one language, without metadata: the same bytes for ever."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="files", editable=False)
    language = models.CharField(max_length=20)
    name = models.CharField(max_length=140)
    media_type = models.CharField(max_length=80)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    reading = models.CharField(max_length=10, choices=Reading, default=Reading.WAITING)
    pages = models.PositiveIntegerField(null=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("file of a paper")
        verbose_name_plural = _("files of papers")
        ordering = ("language", "added_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("item", "sha256"), name="a_paper_has_a_file_once"),
            models.CheckConstraint(
                condition=models.Q(reading__in=Reading.values), name="reading_of_a_file_is_known"
            ),
        )

    def __str__(self) -> str:
        return self.sha256


class Passage(models.Model):
    """The text of one page of a file. words is made by a trigger."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="+", editable=False)
    file = models.ForeignKey(ItemFile, models.CASCADE, related_name="passages", editable=False)
    language = models.CharField(max_length=20)
    page = models.PositiveIntegerField()
    text = models.TextField()
    words = SearchVectorField(null=True, editable=False)

    class Meta:
        verbose_name = _("page of a file")
        verbose_name_plural = _("pages of files")
        ordering = ("file", "page")
        indexes = (GinIndex(fields=["words"], name="library_passage_words"),)
        constraints = (models.UniqueConstraint(fields=("file", "page"), name="a_file_has_a_page_once"),)

    def __str__(self) -> str:
        return f"{self.file_id} {self.page}"


class ItemTombstone(models.Model):
    """What stays of a paper that was withdrawn."""

    palermo_id = models.CharField(max_length=80, primary_key=True, editable=False)
    access = models.CharField(max_length=10, choices=Access, editable=False)
    why = models.CharField(max_length=300, editable=False)
    at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("withdrawn paper")
        verbose_name_plural = _("withdrawn papers")

    def __str__(self) -> str:
        return self.palermo_id


class Authority(Record):
    """Whom another State asks, and for what. How it is reached stands apart, sealed (`Contact`)."""

    ref = models.CharField(max_length=80, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    country = models.CharField(max_length=3)
    body = models.CharField(max_length=300)
    language = models.CharField(max_length=20, default="en")
    accepts = ArrayField(models.CharField(max_length=20), default=list)
    channels = ArrayField(models.CharField(max_length=20), default=list)
    website = models.CharField(max_length=500, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    source = models.CharField(max_length=200, blank=True)
    checked_on = models.DateField(null=True)
    has_contacts = models.BooleanField(default=False)
    closed_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("competent authority")
        verbose_name_plural = _("competent authorities")
        ordering = ("country", "kind", "body", "ref")
        indexes = (models.Index(fields=("country", "kind"), name="authority_by_country"),)

    def __str__(self) -> str:
        return self.ref


class Contact(models.Model):
    """How an authority is reached: address, telephone, e-mail, hours; sealed for this row at this number."""

    authority = models.OneToOneField(Authority, models.PROTECT, primary_key=True, related_name="+")
    sealed = models.BinaryField()
    number = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("contact of an authority")
        verbose_name_plural = _("contacts of authorities")

    def __str__(self) -> str:
        return str(self.authority_id)

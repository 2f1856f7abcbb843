"""Findings on evidence in single cases, what editors say about an issue, and editions that stay as they are."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.review.models import Reviewed, State

__all__ = [
    "BearsOn", "Direction", "Edition", "Finding", "Intro", "Reviewed", "Stage", "Standing", "State", "Translation",
]  # fmt: skip


class Stage(models.TextChoices):
    """Which court says it."""

    FIRST = "first", _("First instance")
    APPEAL = "appeal", _("On appeal")
    HIGHEST = "highest", _("Highest court")
    INTERNATIONAL = "international", _("International court")


class Standing(models.TextChoices):
    """How the court says it."""

    RULING = "ruling", _("Ruling")
    REMARK = "remark", _("Remark in passing")
    MOSAIC = "mosaic", _("Part of the mosaic")
    SIDE_FACT = "side_fact", _("Side fact")


class BearsOn(models.TextChoices):
    """What it bears on."""

    ACT = "act", _("The act")
    MEANS = "means", _("The means")
    PURPOSE = "purpose", _("The purpose")
    CONVICTION = "conviction", _("Conviction as a whole")
    SENTENCE = "sentence", _("Sentence")
    ADMISSIBILITY = "admissibility", _("Admissibility")


class Direction(models.TextChoices):
    """What it does to the case against the accused."""

    STRENGTHENS = "strengthens", _("Strengthens the case")
    WEAKENS = "weakens", _("Weakens the case")
    NEUTRAL = "neutral", _("Neither")


class Translation(models.TextChoices):
    """Whose translation it is."""

    NONE = "", _("No translation")
    OFFICIAL = "official", _("Official translation")
    UNOFFICIAL = "unofficial", _("Unofficial translation")
    MACHINE = "machine", _("Machine translation")


class Finding(Reviewed):
    """What a court made of one evidential issue in one case.

    issue: a code of `palermo.standards.evidence`, under issues_version. note: in our words. quote: the court's own, in
    quote_language, with the place where it stands (pinpoint). verified: somebody has read it in the primary source.
    """

    case = models.ForeignKey("caselaw.Case", models.PROTECT, related_name="+", editable=False)
    stage = models.CharField(max_length=13, choices=Stage, editable=False)
    issue = models.CharField(max_length=40, editable=False)
    issues_version = models.CharField(max_length=10, editable=False)
    standing = models.CharField(max_length=9, choices=Standing, editable=False)
    bears_on = models.CharField(max_length=13, choices=BearsOn, editable=False)
    direction = models.CharField(max_length=11, choices=Direction, editable=False)
    note = models.TextField(editable=False)
    note_language = models.CharField(max_length=10, default="en", editable=False)
    quote = models.TextField(blank=True, editable=False)
    quote_language = models.CharField(max_length=10, blank=True, editable=False)
    pinpoint = models.CharField(max_length=200, blank=True, editable=False)
    translation = models.TextField(blank=True, editable=False)
    translated = models.CharField(max_length=10, choices=Translation, blank=True, editable=False)
    verified = models.BooleanField(default=False, editable=False)
    redactions = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        indexes = (models.Index(fields=("issue", "state"), name="findings_of_an_issue"),)
        constraints = (
            models.CheckConstraint(condition=~models.Q(note=""), name="a_finding_says_something"),
            models.CheckConstraint(
                condition=models.Q(quote="") | ~models.Q(pinpoint=""), name="a_quotation_says_where_it_stands"
            ),
        )

    def __str__(self) -> str:
        return f"{self.issue} {self.case_id}"


class Intro(Reviewed):
    """What the editors say about an issue, in one language; a later one takes the place of an earlier one."""

    issue = models.CharField(max_length=40, editable=False)
    language = models.CharField(max_length=10, editable=False)
    text = models.TextField(editable=False)
    redactions = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("introduction")
        verbose_name_plural = _("introductions")

    def __str__(self) -> str:
        return f"{self.issue} {self.language}"


class Edition(models.Model):
    """The digest as it stood when it was frozen: content holds all that it says. Only names go out of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(unique=True, editable=False)
    title = models.CharField(max_length=200, editable=False)
    issues = ArrayField(models.CharField(max_length=40), editable=False)
    issues_version = models.CharField(max_length=10, editable=False)
    content = models.JSONField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    redactions = models.PositiveIntegerField(default=0, editable=False)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    frozen_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("edition of the digest")
        verbose_name_plural = _("editions of the digest")
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

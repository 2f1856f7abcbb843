"""Cases and the tombstones of withdrawn and merged ones. The record is kept as its JSON; columns are made of it."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record


class State(models.TextChoices):
    """Where a case is on its way to the public."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Case(Record):
    """A case. record: as `palermo.judgments` writes it, names that were marked for redaction never in it.

    codes: the facets of it, "act:recruitment". words and names are made by a trigger of title, body and called. made_by
    is empty for what the instance imported; prepared: who wrote in it, none of whom reviews it. redactions counts how
    often names were taken out afterwards, which is the one thing that changes what is published.
    """

    palermo_id = models.CharField(max_length=80, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    language = models.CharField(max_length=20, editable=False)
    country = models.CharField(max_length=3, editable=False)
    title = models.TextField(editable=False)
    decided = models.DateField(null=True, editable=False)
    ecli = models.CharField(max_length=60, blank=True, editable=False)
    body = models.TextField(editable=False)
    called = models.TextField(editable=False)
    codes = ArrayField(models.TextField(), default=list, editable=False)
    record = models.JSONField(editable=False)
    words = SearchVectorField(null=True, editable=False)
    names = models.TextField(blank=True, editable=False)
    redactions = models.PositiveIntegerField(default=0, editable=False)
    prepared = ArrayField(models.UUIDField(), default=list, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    published_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = (
            GinIndex(fields=["words"], name="caselaw_words"),
            GinIndex(fields=["codes"], name="caselaw_codes"),
            GinIndex(fields=["names"], name="caselaw_names", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["body"], name="caselaw_body", opclasses=["gin_trgm_ops"]),
        )

    def __str__(self) -> str:
        return self.palermo_id


class CaseTombstone(models.Model):
    """What stays of a case that was withdrawn, or merged into another one, to which its address leads."""

    palermo_id = models.CharField(max_length=80, primary_key=True, editable=False)
    into = models.CharField(max_length=80, blank=True, editable=False)
    why = models.CharField(max_length=300, editable=False)
    at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("withdrawn case")
        verbose_name_plural = _("withdrawn cases")

    def __str__(self) -> str:
        return self.palermo_id


class FacetCount(models.Model):
    """How many published cases there are of one facet, "act:recruitment"; "" counts all of them. Kept by a trigger."""

    code = models.TextField(primary_key=True, editable=False)
    n = models.BigIntegerField(editable=False)

    class Meta:
        verbose_name = _("count of a facet")
        verbose_name_plural = _("counts of facets")

    def __str__(self) -> str:
        return self.code


class CaseRemark(models.Model):
    """What a reviewer says about a case; with sends_back, why it went back to who wrote it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="remarks", editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(editable=False)
    text = models.TextField(editable=False)
    sends_back = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ("at", "id")

    def __str__(self) -> str:
        return str(self.id)


class SavedSearch(models.Model):
    """A search that one person keeps; seen_at: when he last looked at what it finds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", editable=False)
    name = models.CharField(max_length=80, editable=False)
    query = models.CharField(max_length=300, blank=True, editable=False)
    wanted = models.JSONField(default=dict, editable=False)
    seen_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ("name", "id")

    def __str__(self) -> str:
        return str(self.id)

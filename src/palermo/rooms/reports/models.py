"""Reports and route stories with their sections, recommendations, files and reviews; tombstones of withdrawn ones.

Words of the report are kept by language: {"en": "...", "ar": "..."}. A language that is missing is told as missing.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record

YEARS = (1990, 2100)


def person_key(**more: object) -> models.ForeignKey:  # type: ignore[type-arg]
    """Somebody who did it: never changed, never taken away."""
    options = {"related_name": "+", "editable": False, **more}
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, **options)  # type: ignore[arg-type]


class Form(models.TextChoices):
    """What is written: once a year of a country, or the story of a route."""

    NATIONAL = "national", _("National report")
    STORY = "story", _("Route story")


class Kind(models.TextChoices):
    """What a section holds."""

    TEXT = "text", _("Text")
    TABLE = "table", _("Table")
    CHART = "chart", _("Chart with its table")
    MAP = "map", _("Map of flows with its table")
    ADVICE = "advice", _("Recommendations, and what became of last year's")


class Layout(models.TextChoices):
    """How figures are laid out."""

    YEARS = "years", _("Last year beside this year")
    TREND = "trend", _("The last six years")


class Outcome(models.TextChoices):
    """What became of a recommendation of last year."""

    DONE = "done", _("Done")
    PARTLY = "partly", _("Partly done")
    BEGUN = "begun", _("Begun")
    NOT_BEGUN = "not_begun", _("Not begun")
    DROPPED = "dropped", _("No longer followed")


class Report(Record):
    """An edition of the report of a country on a year, or (`form`) of a route story, named `slug` in its address.

    number (from 1) and identifier are given when it is begun and never change. prepared: everybody who wrote in it;
    none of them reviews or approves. revision counts the submissions: content is what was laid before the reviewers,
    by language, and the files of that revision are made of it. Triggers keep all of it once it is submitted.
    """

    machine: ClassVar[str] = "report"

    state = models.CharField(max_length=12, editable=False)
    form = models.CharField(max_length=8, choices=Form, default=Form.NATIONAL, editable=False)
    slug = models.CharField(max_length=24, blank=True, editable=False)
    titles = models.JSONField(default=dict, editable=False)
    country = models.CharField(max_length=3, editable=False)
    year = models.PositiveSmallIntegerField(_("year of the report"))
    number = models.PositiveIntegerField(editable=False)
    identifier = models.CharField(max_length=60, editable=False, unique=True)
    changes = models.TextField(_("what has changed since the last edition"), blank=True)
    made_by = person_key()
    prepared = ArrayField(models.UUIDField(), default=list, editable=False)
    revision = models.PositiveSmallIntegerField(default=0, editable=False)
    content = models.JSONField(default=dict, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)

    class Meta:
        verbose_name = _("national report")
        verbose_name_plural = _("national reports")
        constraints = (
            models.UniqueConstraint(
                fields=("country", "form", "slug", "year", "number"), name="a_report_has_a_number_of_its_own"
            ),
            models.CheckConstraint(condition=models.Q(year__range=YEARS), name="a_report_is_of_a_year"),
            models.CheckConstraint(
                condition=models.Q(form="national", slug="")
                | (models.Q(form="story") & models.Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$")),
                name="a_story_has_a_name_in_its_address",
            ),
        )

    def __str__(self) -> str:
        return self.identifier

    @property
    def public(self) -> bool:
        return self.state in ("published", "superseded")

    @property
    def series(self) -> dict[str, object]:
        """What every edition of it has in common."""
        return {"country": self.country, "form": self.form, "slug": self.slug, "year": self.year}


class Section(Record):
    """A part of a draft: words by language, and for a table or chart the released figures that it shows.

    source is the identifier of a published release, sha256 the fingerprint of its file of figures: the database takes
    nothing else. part: which of its breakdowns.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="sections")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    titles = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    source = models.CharField(max_length=60, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    part = models.CharField(max_length=60, blank=True)
    layout = models.CharField(max_length=5, choices=Layout, default=Layout.YEARS)

    class Meta:
        verbose_name = _("section of a report")
        verbose_name_plural = _("sections of reports")
        ordering = ("place", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=("text", "advice"), source="", sha256="")
                | (
                    models.Q(kind__in=("table", "chart", "map")) & ~models.Q(source="") & ~models.Q(sha256="")
                ),
                name="figures_come_from_a_release",
            ),
        )

    def __str__(self) -> str:
        return f"{self.place} {self.kind}"

    @property
    def figures(self) -> bool:
        return self.kind in (Kind.TABLE, Kind.CHART, Kind.MAP)


class Recommendation(Record):
    """What the report recommends, and to whom; or, where `of` is set, what became of one of last year's."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="recommendations")
    place = models.PositiveSmallIntegerField()
    texts = models.JSONField(default=dict)
    of = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed")
    outcome = models.CharField(_("what became of it"), max_length=9, choices=Outcome, blank=True)
    notes = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ("place", "id")

    def __str__(self) -> str:
        return f"{self.place} {self.outcome}"


class ReportFile(models.Model):
    """A file of one revision in one language, as it was made: the same bytes for ever."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="files")
    revision = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=12, blank=True)
    name = models.CharField(max_length=60)
    content_type = models.CharField(max_length=80)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("file of a report")
        verbose_name_plural = _("files of reports")
        constraints = (
            models.UniqueConstraint(
                fields=("report", "revision", "name"), name="a_file_of_a_report_has_its_name"
            ),
        )

    def __str__(self) -> str:
        return self.name


class ReportReview(models.Model):
    """What a person answers for: stage `review` or `approval`, of one revision, with a reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="reviews")
    revision = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=8, choices=(("review", _("review")), ("approval", _("approval"))))
    verdict = models.CharField(max_length=6, choices=(("agree", _("agreed")), ("refuse", _("sent back"))))
    reason = models.CharField(max_length=1000)
    person = person_key()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("review of a report")
        verbose_name_plural = _("reviews of reports")
        constraints = (
            models.UniqueConstraint(
                fields=("report", "revision", "person"), name="nobody_judges_a_report_twice"
            ),
            models.UniqueConstraint(
                fields=("report", "revision", "stage"), name="a_report_is_judged_once_at_each_stage"
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=("review", "approval"))
                & models.Q(verdict__in=("agree", "refuse")),
                name="a_review_of_a_report_is_a_yes_or_a_no",
            ),
        )

    def __str__(self) -> str:
        return f"{self.stage} {self.verdict}"


class ReportTombstone(models.Model):
    """What stays of a report that was public and was withdrawn; the id is that of the report."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    identifier = models.CharField(max_length=60, unique=True)
    form = models.CharField(max_length=8, choices=Form, default=Form.NATIONAL)
    slug = models.CharField(max_length=24, blank=True)
    country = models.CharField(max_length=3)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField(_("published"))
    withdrawn_at = models.DateTimeField(_("withdrawn"))
    withdrawn_by = person_key()
    why = models.CharField(_("why it was withdrawn"), max_length=300)

    class Meta:
        verbose_name = _("tombstone of a report")
        verbose_name_plural = _("tombstones of reports")

    def __str__(self) -> str:
        return self.identifier

    @property
    def series(self) -> dict[str, object]:
        """What every edition of it has in common."""
        return {"country": self.country, "form": self.form, "slug": self.slug, "year": self.year}

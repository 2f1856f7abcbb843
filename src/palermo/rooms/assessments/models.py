"""Assessments: of a State's response by a toolkit; two or more assess apart, then their answers are reconciled."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from palermo.kernel.database.models import Record

USER = settings.AUTH_USER_MODEL


class State(models.TextChoices):
    """Open: each assessor apart. Reconciling: side by side. Finished: the answers stay."""

    OPEN = "open", pgettext_lazy("state of an assessment", "Being answered")
    RECONCILING = "reconciling", pgettext_lazy("state of an assessment", "Being reconciled")
    FINISHED = "finished", pgettext_lazy("state of an assessment", "Finished")


class Assessment(Record):
    """A toolkit answered for one State. toolkit_sha256: of the file of measures that it was begun with."""

    title = models.CharField(_("title"), max_length=160)
    toolkit = models.CharField(_("toolkit"), max_length=40)
    toolkit_version = models.CharField(max_length=10)
    toolkit_sha256 = models.CharField(max_length=64)
    country = models.CharField(_("State"), max_length=3)
    scope = models.TextField(_("scope"), blank=True)
    starts = models.DateField(_("period from"))
    ends = models.DateField(_("period to"))
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    lead = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="an_assessed_period_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="an_assessment_has_a_known_state"),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.title


class Member(models.Model):
    """Who takes part: the lead has the number 0 and answers nothing; assessors are counted from 1."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="team")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    handed_in_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("assessment", "user"), name="a_person_takes_part_once"),
            models.UniqueConstraint(fields=("assessment", "number"), name="members_are_numbered"),
            models.CheckConstraint(
                condition=Q(handed_in_at=None) | Q(number__gt=0), name="the_lead_hands_nothing_in"
            ),
        )

    def __str__(self) -> str:
        return str(self.number)


class Answer(Record):
    """What one assessor answers to one cell. An empty value is no answer, whatever words stand beside it."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="answers")
    assessor = models.ForeignKey(USER, models.PROTECT, related_name="+")
    measure = models.CharField(max_length=10)
    dimension = models.CharField(max_length=10, blank=True)
    value = models.TextField(blank=True)
    narrative = models.TextField(blank=True)
    evidence = models.JSONField(default=list)

    class Meta:
        ordering = ("measure", "dimension")
        constraints = (
            models.UniqueConstraint(
                fields=("assessment", "assessor", "measure", "dimension"),
                name="an_assessor_answers_a_cell_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure} {self.dimension}".strip()


class Reconciled(Record):
    """What was found where assessors differed. note: what the difference was about."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="reconciled")
    measure = models.CharField(max_length=10)
    dimension = models.CharField(max_length=10, blank=True)
    value = models.TextField(blank=True)
    narrative = models.TextField(blank=True)
    note = models.TextField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("measure", "dimension")
        constraints = (
            models.UniqueConstraint(
                fields=("assessment", "measure", "dimension"), name="a_cell_is_reconciled_once"
            ),
            models.CheckConstraint(
                condition=~Q(note=""), name="a_reconciled_answer_says_what_the_difference_was"
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure} {self.dimension}".strip()


class Progress(models.TextChoices):
    """What became of a recommendation."""

    OPEN = "open", pgettext_lazy("state of a recommendation", "Not begun")
    UNDER_WAY = "under_way", pgettext_lazy("state of a recommendation", "Under way")
    DONE = "done", pgettext_lazy("state of a recommendation", "Done")
    DROPPED = "dropped", pgettext_lazy("state of a recommendation", "Not pursued")


class Recommendation(Record):
    """What should be done, by whom, until when. owner: a body, not a person."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="recommendations")
    number = models.PositiveIntegerField()
    measure = models.CharField(max_length=10, blank=True)
    text = models.TextField(_("recommendation"))
    owner = models.CharField(_("who does it"), max_length=160)
    due = models.DateField(_("until"))
    state = models.CharField(max_length=10, choices=Progress, default=Progress.OPEN)
    note = models.CharField(_("how it stands"), max_length=500, blank=True)
    written_by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("due", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("assessment", "number"), name="recommendations_of_an_assessment_are_numbered"
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(owner=""), name="a_recommendation_has_words_and_an_owner"
            ),
        )

    def __str__(self) -> str:
        return f"R{self.number}"

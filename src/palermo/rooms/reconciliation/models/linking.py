"""Runs of the linkage, the pairs they found in doubt or linked, and what people decided about pairs."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record
from palermo.rooms.reconciliation.models.lists import Listed, Project


class RunState(models.TextChoices):
    """A run waits, is done or ended; there is no way back."""

    WAITING = "waiting", _("Waiting or at work")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped")
    FAILED = "failed", _("Failed")


class Run(Record):
    """One linkage of all lists of a project, with the decisions that it respected, and what came out as counts.

    lists: name and number of records of each, as they were. summary: counts, threshold, expected precision and
    recall. histories: by kind of strata, the capture table of each stratum and the tables drawn from the posterior.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="runs", editable=False)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.WAITING, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    ended_at = models.DateTimeField(null=True, editable=False)
    why_failed = models.CharField(max_length=40, blank=True, editable=False)
    library = models.CharField(max_length=40, blank=True, editable=False)
    lists = models.JSONField(default=list, editable=False)
    summary = models.JSONField(default=dict, editable=False)
    histories = models.JSONField(default=dict, editable=False)

    class Meta:
        indexes = (models.Index(fields=("project", "-created_at"), name="runs_of_a_reconciliation"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=RunState.values), name="a_linkage_has_a_known_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", ended_at=None)
                | (~models.Q(state="waiting") & models.Q(ended_at__isnull=False)),
                name="a_linkage_that_ended_says_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.project_id} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def open(self) -> bool:
        return self.state == RunState.WAITING


class Pair(models.Model):
    """Two records that one run compared and found alike enough to be linked or looked at.

    reasons: codes of `palermo.linkage.explaining` without any value of a field. Codes, lists and houses of both sides
    stand here, since neither side may read the other's record. band: place among the bands of probability.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    run = models.ForeignKey(Run, models.CASCADE, related_name="pairs")
    left = models.ForeignKey(Listed, models.CASCADE, related_name="+")
    right = models.ForeignKey(Listed, models.CASCADE, related_name="+")
    left_code = models.CharField(max_length=12)
    right_code = models.CharField(max_length=12)
    left_source = models.UUIDField()
    right_source = models.UUIDField()
    left_house = models.UUIDField()
    right_house = models.UUIDField()
    probability = models.FloatField()
    weight = models.FloatField()
    linked = models.BooleanField()
    child = models.BooleanField()
    across = models.BooleanField()
    band = models.PositiveSmallIntegerField()
    sampled = models.BooleanField(default=False)
    reasons = models.JSONField(default=list)
    warnings = ArrayField(models.CharField(max_length=30), default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("run", "left", "right"), name="a_run_has_each_pair_once"),
            models.CheckConstraint(condition=models.Q(left__lt=models.F("right")), name="a_pair_is_in_order"),
        )
        indexes = (models.Index(fields=("run", "band"), name="pairs_by_band"),)

    def __str__(self) -> str:
        return f"{self.left_code} {self.right_code}"


class Verdict(models.TextChoices):
    """What a person says about two records."""

    SAME = "same", _("The same person")
    DIFFERENT = "different", _("Different people")
    UNSURE = "unsure", _("Cannot tell")


class Decision(models.Model):
    """What one person decided about two records, and from when to when it stood. Nothing is overwritten.

    blind: given for the sample, without the probability and without another's answer in sight.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    left = models.ForeignKey(Listed, models.CASCADE, related_name="+")
    right = models.ForeignKey(Listed, models.CASCADE, related_name="+")
    left_house = models.UUIDField()
    right_house = models.UUIDField()
    verdict = models.CharField(max_length=10, choices=Verdict)
    blind = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    house = models.UUIDField()
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("project", "left", "right", "by"),
                condition=models.Q(until=None),
                name="one_standing_decision_a_person",
            ),
            models.CheckConstraint(
                condition=models.Q(verdict__in=Verdict.values), name="a_decision_is_one_of_three"
            ),
        )

    def __str__(self) -> str:
        return self.verdict

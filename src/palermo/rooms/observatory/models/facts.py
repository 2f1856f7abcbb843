"""Typed facts of interviews, the rates that turn fees into one currency, and the indicators computed of them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.rooms.observatory.models.studies import Study
from palermo.rooms.observatory.models.submissions import Submission


class InterviewFacts(models.Model):
    """What one interview said, typed (`palermo.fieldwork.keeping`): codes, months and countries, nothing telling."""

    submission = models.OneToOneField(
        Submission, models.PROTECT, primary_key=True, related_name="facts", editable=False
    )
    study = models.ForeignKey(Study, models.PROTECT, related_name="+", editable=False)
    kind = models.CharField(max_length=10, editable=False)
    data = models.JSONField(editable=False)
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = (models.Index(fields=("study",), name="facts_of_a_study"),)

    def __str__(self) -> str:
        return f"{self.submission_id} {self.kind}"


class Rates(models.Model):
    """What currencies were worth and how prices rose, as the study was given it. None come with palermo."""

    study = models.OneToOneField(
        Study, models.PROTECT, primary_key=True, related_name="rates", editable=False
    )
    fx = models.JSONField(default=list, editable=False)
    cpi = models.JSONField(default=list, editable=False)
    base = models.CharField(_("month to which fees are brought"), max_length=7, editable=False)
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(base__regex=r"^\d{4}-\d{2}$"), name="rates_have_a_base"
            ),
        )

    def __str__(self) -> str:
        return f"{self.study_id} {self.base}"


class Basis(models.TextChoices):
    """Whose answers are counted."""

    APPROVED = "approved", _("Approved interviews alone")
    RECEIVED = "received", _("All that were received and not rejected")


class Weighing(models.TextChoices):
    """How interviews are weighed."""

    NONE = "none", _("Every interview counts the same")
    RDS = "rds", _("By the size of the person's network (RDS-II)")


class Indicators(models.Model):
    """All indicators of a study as they were computed: a list of values, never changed but for newer ones."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, models.PROTECT, related_name="indicators", editable=False)
    basis = models.CharField(max_length=8, choices=Basis, editable=False)
    weighing = models.CharField(max_length=4, choices=Weighing, editable=False)
    interviews = models.PositiveIntegerField(editable=False)
    values = models.JSONField(editable=False)
    made_at = models.DateTimeField(editable=False)
    seconds = models.FloatField(editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("study", "basis", "weighing"), name="indicators_stand_once"),
        )

    def __str__(self) -> str:
        return f"{self.study_id} {self.basis}"

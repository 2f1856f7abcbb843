"""What is known about danger and strength: risk, what happened, the four levels, the safety plan. Written once each:
who looks again writes a new row, so that one can see how it went.
"""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from palermo.rooms.cases.models.case import Case, Risk


class Words(models.Model):
    """Everything that is written in words about risk, safety and plan, sealed; read with the scope for notes alone.

    Some records keep several texts: then it is a JSON object of them. Never changed: a new record has new words.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("sealed words")
        constraints = (models.CheckConstraint(condition=~models.Q(sealed=b""), name="words_are_not_empty"),)

    def __str__(self) -> str:
        return str(self.pk)


def codes() -> ArrayField:  # type: ignore[type-arg]
    return ArrayField(models.CharField(max_length=40), default=list, blank=True)


def words() -> "models.OneToOneField[Words | None, Words | None]":
    return models.OneToOneField(Words, models.PROTECT, null=True, blank=True, related_name="+")


class Entry(models.Model):
    """The base of what is written once about a case: who, when, and the sealed words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    words = words()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    # What it says, once a query has opened it.
    text = ""

    def __str__(self) -> str:
        return f"{self.case_id} {self.made_at:%Y-%m-%d}"  # type: ignore[attr-defined]


class RiskAssessment(Entry):
    """How high the risk was found to be, by which factors (palermo/risk_factor) and why one looked (risk_cause)."""

    level = models.CharField(
        _("risk"), max_length=15, choices=[c for c in Risk.choices if c[0] != "not_assessed"]
    )
    cause = models.CharField(_("why now"), max_length=20)
    factors = codes()

    class Meta:
        verbose_name = _("risk assessment")
        verbose_name_plural = _("risk assessments")
        indexes = (models.Index(fields=("case", "-made_at"), name="risk_newest_first"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(level__in=("high", "medium", "low")), name="risk_level_is_known"
            ),
        )


class Happening(Entry):
    """Something after which the risk must be looked at again within a limit of the country pack.

    kind: palermo/risk_cause. Settled by the assessment that follows it.
    """

    kind = models.CharField(_("what happened"), max_length=20)
    due_at = models.DateTimeField(_("risk to be assessed by"))
    met_by = models.ForeignKey(RiskAssessment, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("happening")
        verbose_name_plural = _("happenings")
        indexes = (models.Index(fields=("case",), condition=models.Q(met_by=None), name="happening_open"),)


class Assessment(Entry):
    """IOM's four levels: what puts the person at risk and what protects, each by code.

    risks: palermo/vulnerability_risk; protective: palermo/vulnerability_protective. A code that is absent was not
    found or not asked. needs_recorded: the needs were asked and stand in the room of services, which keeps them.
    """

    risks = codes()
    protective = codes()
    needs_recorded = models.BooleanField(_("the needs were asked and recorded"), default=False)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        indexes = (models.Index(fields=("case", "-made_at"), name="assessment_newest_first"),)


class SafetyPlan(Entry):
    """What the person does when there is danger. Each version is a row.

    items: a list of {"sign", "step", "call"} with codes of palermo/danger_sign, safety_step and safety_call; the
    words to each item lie sealed in the same order.
    """

    number = models.PositiveSmallIntegerField(_("version"))
    items = models.JSONField(default=list)

    class Meta:
        verbose_name = _("safety plan")
        verbose_name_plural = _("safety plans")
        constraints = (models.UniqueConstraint(fields=("case", "number"), name="safety_plans_are_numbered"),)


class SafetyReview(models.Model):
    """That the safety plan was gone through with the person and nothing changed."""

    plan = models.ForeignKey(SafetyPlan, models.PROTECT, related_name="reviews")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("review of a safety plan")
        verbose_name_plural = _("reviews of safety plans")
        indexes = (models.Index(fields=("case", "-made_at"), name="safety_review_newest_first"),)

    def __str__(self) -> str:
        return f"{self.plan_id} {self.made_at:%Y-%m-%d}"

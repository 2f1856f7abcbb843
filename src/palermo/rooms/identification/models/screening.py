"""A screening is three separate things: what was answered, what a rule suggests, what a person decided."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record
from palermo.kernel.organisations.models import Organisation, Unit


class Outcome(models.TextChoices):
    """What a person decides after a screening. Codes are those of palermo/crime in the standards data.

    A smuggled migrant is never a victim of smuggling: smuggling is a crime against the State; only the
    trafficked person is a (presumed) victim of it.
    """

    TIP = "tip", _("Presumed victim of trafficking in persons")
    BOTH = "tip_and_som", _("Presumed victim of trafficking, who was also smuggled")
    AGGRAVATED_SOM = "aggravated_som", _("Smuggled migrant, life endangered or treated inhumanly")
    SOM = "som", _("Smuggled migrant")
    NEITHER_YET = "neither_yet", _("No indicators of either crime now")


class Screening(Record):
    """One conversation with one person. Holds no identity: the person is in the vault, if at all, by a case."""

    machine: ClassVar[str] = "screening"

    code = models.CharField(_("code"), max_length=12, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=30, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    event = models.CharField(_("event or place"), max_length=120, blank=True)
    instrument_version = models.CharField(max_length=20)
    # By the clock of the device, where it was asked without a link and arrived later.
    begun_at = models.DateTimeField(null=True, blank=True, editable=False)
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later")

    class Meta:
        verbose_name = _("screening")
        verbose_name_plural = _("screenings")
        indexes = (models.Index(fields=("-created_at", "-id"), name="screening_newest_first"),)

    def __str__(self) -> str:
        return self.code


class Answers(Record):
    """What was answered: question code -> yes or no. A question that is not in it is not known, never "no"."""

    screening = models.OneToOneField(Screening, models.PROTECT, related_name="answers")
    values = models.JSONField(default=dict)
    # Section -> what the person said there, sealed as one text for this version of the row; see queries.remarks.
    sealed_remarks = models.BinaryField(default=bytes)

    class Meta:
        verbose_name = verbose_name_plural = _("answers")

    def __str__(self) -> str:
        return str(self.screening_id)


class Suggestion(models.Model):
    """What the rule made of the answers, and by which versions. Written once, never edited, decides nothing."""

    screening = models.ForeignKey(Screening, models.PROTECT, related_name="suggestions")
    answers_version = models.PositiveIntegerField()
    instrument_version = models.CharField(max_length=20)
    rule_version = models.CharField(max_length=20)
    outcome = models.CharField(max_length=20)
    child_rule = models.BooleanField()
    aggravated = models.BooleanField()
    findings = models.JSONField()
    positive_dimensions = models.JSONField(default=list)
    computed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        constraints = (
            models.UniqueConstraint(
                fields=("screening", "answers_version", "instrument_version", "rule_version"),
                name="the_same_answers_are_worked_out_once",
            ),
        )

    def __str__(self) -> str:
        return self.outcome


class Decision(models.Model):
    """What a person decided, with reasons. Never edited: a later decision supersedes it, with a reason too."""

    screening = models.ForeignKey(Screening, models.PROTECT, related_name="decisions")
    suggestion = models.ForeignKey(Suggestion, models.PROTECT, related_name="+")
    outcome = models.CharField(_("decision"), max_length=20, choices=Outcome)
    reason = models.TextField(_("reasons"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = (
            models.UniqueConstraint(
                fields=("screening",),
                condition=models.Q(supersedes=None),
                name="only_one_decision_of_a_screening_is_the_first",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=Outcome.values), name="decision_is_a_known_outcome"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="a_decision_has_reasons"),
        )

    def __str__(self) -> str:
        return self.outcome

"""Studies (a question and a table of overlapping lists) and the runs of estimators on them, kept as they came out."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record

YEARS = (1990, 2100)


class Crime(models.TextChoices):
    """Which crime the lists are about. A table is of one of them, never of both."""

    TRAFFICKING = "trafficking", _("Trafficking in persons")
    SMUGGLING = "smuggling", _("Smuggling of migrants")


class Study(Record):
    """One question: how many people of this kind, in these years, were on none of these lists.

    tables: capture tables as `palermo.estimation.CaptureTable.as_json` writes them, by stratum ("" is the whole);
    counts only, yet small ones: for the inside. links: the hand-over of a reconciliation that the tables come from;
    draws: the same tables as often as they were drawn from the doubt about its links. headline_*: the one result that
    is to be shown, proposed by one person and agreed by another. Once a run was made, question and table stay as they
    are.
    """

    title = models.CharField(_("title"), max_length=160)
    crime = models.CharField(_("crime"), max_length=12, choices=Crime)
    year_from = models.PositiveSmallIntegerField(_("first year"))
    year_to = models.PositiveSmallIntegerField(_("last year"))
    about = models.TextField(_("what the lists are"), blank=True)
    tables = models.JSONField(editable=False)
    data_hash = models.CharField(max_length=64, editable=False)
    links = models.UUIDField(null=True, editable=False)
    draws = models.JSONField(default=list, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    headline_run = models.ForeignKey("Run", models.PROTECT, related_name="+", null=True, editable=False)
    headline_place = models.PositiveSmallIntegerField(null=True, editable=False)
    headline_why = models.TextField(_("why this one"), blank=True, editable=False)
    proposed_at = models.DateTimeField(_("proposed"), null=True, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    agreed_at = models.DateTimeField(_("agreed"), null=True, editable=False)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )

    class Meta:
        verbose_name = _("study")
        verbose_name_plural = _("studies")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(year_from__range=YEARS)
                & models.Q(year_to__range=YEARS)
                & models.Q(year_from__lte=models.F("year_to")),
                name="a_study_is_of_years_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(crime__in=Crime.values), name="a_study_is_of_one_crime"
            ),
            models.CheckConstraint(
                condition=models.Q(proposed_at=None, proposed_by=None, headline_run=None, headline_place=None)
                | models.Q(
                    proposed_at__isnull=False,
                    proposed_by__isnull=False,
                    headline_run__isnull=False,
                    headline_place__isnull=False,
                ),
                name="a_headline_has_a_result_and_somebody_who_proposed_it",
            ),
            models.CheckConstraint(
                condition=models.Q(agreed_at=None, agreed_by=None)
                | (
                    models.Q(agreed_at__isnull=False, proposed_at__isnull=False)
                    & ~models.Q(agreed_by=models.F("proposed_by"))
                ),
                name="a_headline_is_agreed_by_a_second_person",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def years(self) -> str:
        return str(self.year_from) if self.year_from == self.year_to else f"{self.year_from}–{self.year_to}"


class RunState(models.TextChoices):
    """A run waits, is done or ended; there is no way back."""

    WAITING = "waiting", _("Waiting or at work")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped")
    FAILED = "failed", _("Failed")


class Run(Record):
    """Estimators with their settings on the table of a study, and what came out, to the last digit.

    results: `palermo.estimation.Result.as_json` with "stratum" for each method and stratum, in order; refused: methods
    that could not be run, with the reason. again: the run that this one repeats; same: whether every digit is equal.
    """

    study = models.ForeignKey(Study, models.PROTECT, related_name="runs", editable=False)
    methods = ArrayField(models.CharField(max_length=30), editable=False)
    options = models.JSONField(default=dict, editable=False)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.WAITING, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    library = models.CharField(max_length=40, blank=True, editable=False)
    results = models.JSONField(default=list, editable=False)
    refused = models.JSONField(default=list, editable=False)
    again = models.ForeignKey("self", models.PROTECT, related_name="repeats", null=True, editable=False)
    same = models.BooleanField(null=True, editable=False)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        indexes = (models.Index(fields=("study", "-created_at"), name="runs_of_a_study"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=RunState.values), name="a_run_has_a_known_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", ended_at=None)
                | (~models.Q(state="waiting") & models.Q(ended_at__isnull=False)),
                name="a_run_that_ended_says_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.study_id} {', '.join(self.methods)}"

    @property
    def open(self) -> bool:
        return self.state == RunState.WAITING

    def result(self, place: int) -> dict[str, Any]:
        """The result at this place; IndexError where there is none."""
        found: dict[str, Any] = self.results[place]
        return found

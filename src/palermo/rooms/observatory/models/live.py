"""What the dashboard of a round shows: figures of the moment, alerts with their reasons, and from when on to alert."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.rooms.observatory.models.studies import Study


class Thresholds(models.Model):
    """From when on a change of a study is told (`palermo.fieldwork.alerts.Thresholds`); without a row, the defaults."""

    study = models.OneToOneField(
        Study, models.PROTECT, primary_key=True, related_name="thresholds", editable=False
    )
    days = models.PositiveSmallIntegerField(
        _("days of a period"), default=28, validators=[MinValueValidator(7), MaxValueValidator(366)]
    )
    persons = models.PositiveIntegerField(
        _("persons at least"), default=10, validators=[MinValueValidator(10)]
    )
    fee = models.FloatField(
        _("times as much, or as little"), default=1.25,
        validators=[MinValueValidator(1.05), MaxValueValidator(10)],
    )  # fmt: skip
    rise = models.FloatField(
        _("rise of a share"), default=0.05, validators=[MinValueValidator(0), MaxValueValidator(0.9)]
    )
    error = models.FloatField(
        _("chance of a false alert"), default=0.05,
        validators=[MinValueValidator(0.001), MaxValueValidator(0.2)],
    )  # fmt: skip
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(persons__gte=10, days__range=(7, 366), fee__gt=1, rise__range=(0, 0.9))
                & models.Q(error__gt=0, error__lte=0.2),
                name="no_alert_on_fewer_than_ten_persons",
            ),
        )

    def __str__(self) -> str:
        return str(self.study_id)


class Live(models.Model):
    """The figures of a study as the worker computed them after the newest records. effects: of enumerators."""

    study = models.OneToOneField(Study, models.PROTECT, primary_key=True, related_name="live", editable=False)
    interviews = models.PositiveIntegerField(editable=False)
    values = models.JSONField(editable=False)
    effects = models.JSONField(editable=False)
    period = models.PositiveIntegerField(editable=False)
    since = models.DateTimeField(null=True, editable=False)
    made_at = models.DateTimeField(editable=False)
    seconds = models.FloatField(editable=False)

    def __str__(self) -> str:
        return str(self.study_id)


class Alert(models.Model):
    """A change that is told. key: what of; numbers: those of its sentence. Seen: by somebody who said why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, models.PROTECT, related_name="alerts", editable=False)
    kind = models.CharField(max_length=8, editable=False)
    key = models.CharField(max_length=200, editable=False)
    period = models.PositiveIntegerField(editable=False)
    since = models.DateTimeField(editable=False)
    numbers = models.JSONField(editable=False)
    found_at = models.DateTimeField(editable=False)
    seen_at = models.DateTimeField(null=True, editable=False)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    sealed_reason = models.BinaryField(default=b"", editable=False)

    class Meta:
        ordering = ("-found_at", "kind", "key")
        constraints = (
            models.UniqueConstraint(
                fields=("study", "kind", "key", "period"), name="a_change_is_told_once_in_a_period"
            ),
            models.CheckConstraint(
                condition=models.Q(seen_at=None, seen_by=None, sealed_reason=b"")
                | (models.Q(seen_at__isnull=False, seen_by__isnull=False) & ~models.Q(sealed_reason=b"")),
                name="who_has_seen_an_alert_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.study_id} {self.kind}"

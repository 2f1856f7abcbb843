"""The log of what States did. Lines are added and never changed: a correction is a line of its own."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class TreatyAction(models.Model):
    """One action of a State or regional organisation. `key` is the fingerprint of what it says."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64, unique=True)
    instrument = models.CharField(max_length=20)
    party = models.CharField(max_length=3)
    kind = models.CharField(max_length=30)
    date = models.DateField(null=True)
    precision = models.CharField(max_length=7, default="day")
    ref = models.CharField(max_length=1000, blank=True)
    supersedes = models.CharField(max_length=1000, blank=True)
    corrects = models.CharField(max_length=30, blank=True)
    effective = models.DateField(null=True)
    note = models.CharField(max_length=1000, blank=True)
    source = models.CharField(max_length=1000, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("treaty action")
        verbose_name_plural = _("treaty actions")
        ordering = ("date", "key")
        indexes: ClassVar = [models.Index(fields=("instrument", "party"), name="treaty_actions_of_a_party")]
        constraints = (
            models.CheckConstraint(
                condition=models.Q(date=None, precision="unknown")
                | models.Q(date__isnull=False, precision__in=("day", "year", "by")),
                name="an_action_has_a_date_or_says_so",
            ),
        )

    def __str__(self) -> str:
        return f"{self.instrument} {self.party} {self.kind}"

"""Where a row of the register is known from: the list, the import, the day, and on what terms."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Precision(models.TextChoices):
    """How much of a date is known; the unknown part is stored as January or the first."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class SourceList(models.Model):
    """A list that feeds the register: an imported dataset, another body's list, or our own cases.

    members: only where this stands for several lists together, for persons who are on all of them.
    """

    id = models.SmallAutoField(primary_key=True)
    name = models.CharField(_("source"), max_length=120, unique=True)
    format = models.CharField(max_length=40)
    terms = models.TextField(_("terms of use"), blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True, db_default="")
    members = ArrayField(models.SmallIntegerField(), null=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("source list")
        verbose_name_plural = _("source lists")

    def __str__(self) -> str:
        return self.name


class Provenance(models.Model):
    """One delivery of a source list. Cases deliver under one row without a file."""

    source_list = models.ForeignKey(SourceList, models.PROTECT, related_name="deliveries")
    import_run = models.UUIDField(null=True, unique=True, editable=False)
    file_sha256 = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("source_list",),
                condition=models.Q(import_run=None),
                name="one_delivery_without_file_per_source",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source_list} {self.received_at:%Y-%m-%d}"

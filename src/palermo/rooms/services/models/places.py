"""Places of a service by group, and who (by case code) has one. The database itself keeps the count."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record
from palermo.rooms.services.models.directory import Service, codes


class Places(Record):
    """Places of one group. `taken` is counted by the database from open admissions; `elsewhere` are places that
    are out of use or taken by guests who have no case here. Free = total - taken - elsewhere, as told at `told_at`.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="places")
    group = models.CharField(_("group"), max_length=20)
    total = models.PositiveSmallIntegerField(_("places"))
    taken = models.PositiveSmallIntegerField(default=0, editable=False)
    elsewhere = models.PositiveSmallIntegerField(default=0, editable=False)
    told_at = models.DateTimeField(null=True, editable=False)
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("places")
        ordering = ("group",)
        constraints = (
            models.UniqueConstraint(fields=("service", "group"), name="one_count_of_places_for_a_group"),
            models.CheckConstraint(
                condition=models.Q(elsewhere__lte=models.F("total")),
                name="no_more_places_out_of_use_than_there_are",
            ),
        )

    def __str__(self) -> str:
        return f"{self.service_id} {self.group}"

    @property
    def free(self) -> int:
        """Places that somebody could have now; never negative, even when one was given beyond the number."""
        return max(0, self.total - self.taken - self.elsewhere)


class Admission(Record):
    """A place given to a case, from a day until a day. Code, dates and needs of care; never who the person is."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    places = models.ForeignKey(Places, models.PROTECT, related_name="+")
    case_id = models.UUIDField(editable=False)
    case_code = models.CharField(max_length=12, editable=False)
    care = codes(_("needs of care"), 20)
    admitted_at = models.DateTimeField(_("admitted"), default=timezone.now)
    admitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    until = models.DateField(_("expected until"), null=True, blank=True)
    over_reason = models.CharField(_("why beyond the number of places"), max_length=300, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    left_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    leaving = models.CharField(_("reason of leaving"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("admission")
        verbose_name_plural = _("admissions")
        ordering = ("-admitted_at", "-id")
        indexes = (
            models.Index(fields=("service", "left_at"), name="admission_by_service"),
            models.Index(fields=("case_id",), name="admission_by_case"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("case_id",), condition=models.Q(left_at=None), name="one_place_for_a_case_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(left_at=None, leaving="")
                | (models.Q(left_at__isnull=False) & ~models.Q(leaving="")),
                name="who_left_left_for_a_reason",
            ),
        )

    def __str__(self) -> str:
        return self.case_code

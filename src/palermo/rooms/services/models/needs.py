"""What a person needs, and what was done about it. Reached through the case alone."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record
from palermo.kernel.organisations.models import Organisation
from palermo.rooms.services.models.directory import Service


class NeedState(models.TextChoices):
    OPEN = "open", _("Open")
    MET = "met", _("Met")
    UNMET = "unmet", _("Unmet")


class Need(Record):
    """One need of the person of a case. Codes and days, no words: what was said about it is a note of the case.

    An unmet need keeps its reason and is counted; it can be opened again.
    """

    case_id = models.UUIDField(editable=False)
    case_code = models.CharField(max_length=12, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)
    kind = models.CharField(_("need"), max_length=30)
    urgency = models.CharField(_("how urgent"), max_length=10)
    since = models.DateField(_("since"), default=timezone.localdate)
    area = models.CharField(_("area"), max_length=20, blank=True)
    state = models.CharField(max_length=10, choices=NeedState, default=NeedState.OPEN, editable=False)
    unmet_reason = models.CharField(_("why it is not met"), max_length=20, blank=True)
    settled_on = models.DateField(null=True, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=("case_id", "state"), name="need_by_case"),
            models.Index(fields=("state", "settled_on"), name="need_by_state"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("case_id", "kind"),
                condition=models.Q(state="open"),
                name="one_open_need_of_a_kind_for_a_case",
            ),
            models.CheckConstraint(
                condition=(models.Q(state="unmet") & ~models.Q(unmet_reason=""))
                | (~models.Q(state="unmet") & models.Q(unmet_reason="")),
                name="an_unmet_need_has_a_reason_and_no_other_has_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_code} {self.kind}"


class DeliveryState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    STARTED = "started", _("Started")
    DELIVERED = "delivered", _("Delivered")
    STOPPED = "stopped", _("Stopped")


class Delivery(Record):
    """A service that answers a need: planned, started, delivered (with an outcome) or stopped (with one)."""

    need = models.ForeignKey(Need, models.PROTECT, related_name="deliveries")
    case_id = models.UUIDField(editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", verbose_name=_("service"))
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.PLANNED)
    planned_for = models.DateField(_("planned for"), null=True, blank=True)
    started_on = models.DateField(_("started"), null=True, blank=True)
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, blank=True)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("created_at", "id")
        indexes = (models.Index(fields=("case_id",), name="delivery_by_case"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=("planned", "started"), outcome="", ended_on=None)
                | (
                    models.Q(state__in=("delivered", "stopped"), ended_on__isnull=False)
                    & ~models.Q(outcome="")
                ),
                name="what_has_ended_has_an_outcome_and_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.need_id} {self.state}"

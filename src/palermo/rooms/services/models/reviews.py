"""The yearly review of a shelter's standards of functioning: a checklist, findings, and what was done about them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record
from palermo.kernel.organisations.models import Organisation
from palermo.rooms.services.models.directory import Service


class Review(Record):
    """One review. `answers`: code of palermo/shelter_standard -> code of palermo/standard_answer."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reviewing = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    visited_on = models.DateField(_("day of the visit"))
    answers = models.JSONField(default=dict, blank=True)
    summary = models.CharField(_("summary"), max_length=1000, blank=True)
    finished_at = models.DateTimeField(null=True, editable=False)
    next_due = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = _("review of standards")
        verbose_name_plural = _("reviews of standards")
        ordering = ("-visited_on", "-created_at")
        constraints = (
            models.UniqueConstraint(
                fields=("service",),
                condition=models.Q(finished_at=None),
                name="one_unfinished_review_of_a_service",
            ),
        )

    def __str__(self) -> str:
        return f"{self.service_id} {self.visited_on}"


class FindingState(models.TextChoices):
    OPEN = "open", _("To be put right")
    ANSWERED = "answered", _("Put right, says the shelter")
    CLOSED = "closed", _("Confirmed")


class Finding(Record):
    """A standard that was not met, by when it must be put right, and what the shelter says it did."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="findings")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    standard = models.CharField(_("standard"), max_length=40)
    words = models.CharField(_("what was found"), max_length=600)
    due_on = models.DateField(_("put right by"))
    state = models.CharField(max_length=10, choices=FindingState, default=FindingState.OPEN)
    answer = models.CharField(_("what was done"), max_length=600, blank=True)
    answered_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ("due_on", "id")
        constraints = (
            models.UniqueConstraint(fields=("review", "standard"), name="one_finding_for_a_standard"),
        )

    def __str__(self) -> str:
        return f"{self.review_id} {self.standard}"

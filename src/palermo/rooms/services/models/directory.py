"""The directory: what an organisation offers, for whom, where and when. No person who is helped is in it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record
from palermo.kernel.organisations.models import Organisation


def codes(label: str, length: int = 30) -> ArrayField:  # type: ignore[type-arg]
    return ArrayField(models.CharField(max_length=length), verbose_name=label, default=list, blank=True)


class State(models.TextChoices):
    """Whether anybody may be sent there now."""

    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended for a time")
    CLOSED = "closed", _("Closed for good")


class Service(Record):
    """One service of one organisation. Lists hold codes of palermo/service_kind, palermo/language and so on.

    An empty list of areas means the whole country; of sexes or languages: no limit is recorded. `hours` as in
    `models.hours`. The address is here only when it is no secret; a confidential one is a `SealedAddress`.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=30)
    about = models.CharField(_("what is offered"), max_length=600, blank=True)
    areas = codes(_("areas"), 20)
    countries = codes(_("other countries"), 3)
    remote = models.BooleanField(_("by telephone or online too"), default=False)
    crime = models.CharField(_("open to"), max_length=10, default="both")
    sexes = codes(_("sexes"), 10)
    age_from = models.PositiveSmallIntegerField(_("youngest age"), null=True, blank=True)
    age_until = models.PositiveSmallIntegerField(_("oldest age"), null=True, blank=True)
    families = models.BooleanField(_("takes families together"), default=False)
    step_free = models.BooleanField(_("without steps"), null=True, blank=True)
    languages = codes(_("languages"), 10)
    around_the_clock = models.BooleanField(_("day and night, every day"), default=False)
    hours = models.JSONField(_("opening hours"), default=dict, blank=True)
    closed_on_holidays = models.BooleanField(_("closed on public holidays"), default=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    emergency_phone = models.CharField(_("emergency telephone, for staff only"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), blank=True)
    confidential = models.BooleanField(_("the address is confidential"), default=False)
    address = models.CharField(_("address"), max_length=300, blank=True)
    cost = models.CharField(_("cost"), max_length=10, default="free")
    conditions = models.CharField(_("how to refer, and conditions"), max_length=600, blank=True)
    public = models.BooleanField(_("shown to the public"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ACTIVE)
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    review_due = models.DateField(_("next review of standards"), null=True, blank=True)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ("name", "id")
        indexes = (
            models.Index(fields=("kind", "state"), name="service_by_kind"),
            models.Index(fields=("organisation", "state"), name="service_by_organisation"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(confidential=False) | models.Q(address=""),
                name="a_confidential_address_is_never_in_the_clear",
            ),
            models.CheckConstraint(
                condition=models.Q(age_from__isnull=True)
                | models.Q(age_until__isnull=True)
                | models.Q(age_from__lte=models.F("age_until")),
                name="a_service_has_no_age_range_that_nobody_is_in",
            ),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="service_state_is_known"),
            models.UniqueConstraint(
                fields=("organisation", "name"), name="service_names_are_unique_inside_an_organisation"
            ),
        )

    def __str__(self) -> str:
        return self.name


class ServiceVersion(models.Model):
    """What an entry said after a change, so that it can be compared and brought back. Written once."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    values = models.JSONField()
    fields = codes(_("fields"), 40)
    undoes = models.PositiveIntegerField(null=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("service", "number"), name="versions_of_a_service_are_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.service_id} {self.number}"


class SealedAddress(models.Model):
    """A confidential address, sealed for this service at this version (kernel.vault.texts)."""

    service = models.OneToOneField(Service, models.PROTECT, primary_key=True, related_name="+")
    ciphertext = models.BinaryField()
    row_version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.service_id)


class AddressPurpose(models.TextChoices):
    """What somebody opens a confidential address for. Codes: they go into the audit."""

    ACCOMPANY = "accompany", _("To bring somebody there or pick somebody up")
    VISIT = "visit", _("To visit: care, delivery, repair, review")
    DANGER = "danger", _("Danger at the place")
    CORRECT = "correct", _("To correct the address")
    OTHER = "other", _("Another reason, written below")


class AddressReveal(models.Model):
    """That somebody saw a confidential address, and what for in his own words. Written once."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(auto_now_add=True)
    purpose = models.CharField(max_length=20, choices=AddressPurpose)
    explanation = models.CharField(max_length=300)

    class Meta:
        ordering = ("-seen_at", "-id")

    def __str__(self) -> str:
        return f"{self.service_id} {self.purpose}"

"""Age, safe place, guardian, family: what keeps a child safe before anything is decided."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record
from palermo.kernel.organisations.models import Organisation
from palermo.rooms.children.models.child import ChildProtection, Entry

ADULT_AT = 18


class Conclusion(models.TextChoices):
    """What an age assessment found. In doubt: a child."""

    CHILD = "child", _("A child")
    DOUBT = "doubt", _("Not sure: treated as a child")
    ADULT = "adult", _("An adult, beyond doubt")


class AgeAssessment(Entry):
    """How old, by what method, with what margin. "Adult" only when even the lowest age is 18 (CoE Convention 10(3))."""

    method = models.CharField(_("method"), max_length=30)
    assessor = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    done_on = models.DateField(_("done on"))
    lowest = models.PositiveSmallIntegerField(_("lowest age"))
    highest = models.PositiveSmallIntegerField(_("highest age"))
    informed = models.BooleanField(_("explained and agreed to"), default=False)
    conclusion = models.CharField(_("result"), max_length=10, choices=Conclusion)
    sealed = models.BinaryField(_("reasons"))

    class Meta(Entry.Meta):
        verbose_name = _("age assessment")
        verbose_name_plural = _("age assessments")
        constraints = (
            models.CheckConstraint(condition=Q(conclusion__in=Conclusion.values), name="age_result_is_known"),
            models.CheckConstraint(condition=Q(lowest__lte=F("highest")), name="ages_are_in_order"),
            models.CheckConstraint(
                condition=~Q(conclusion="adult") | Q(lowest__gte=ADULT_AT), name="in_doubt_a_child"
            ),
            models.CheckConstraint(
                condition=~Q(conclusion="adult") | Q(informed=True),
                name="no_adult_without_informed_assessment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.child_id} {self.conclusion}"


class Placement(Entry):
    """A safe place, by the id of its service in the directory; there is no field for an address."""

    setting = models.CharField(_("kind of place"), max_length=20)
    service_id = models.UUIDField(_("service"), null=True, blank=True)
    away = models.BooleanField(_("the alleged exploiters do not know it and cannot reach it"))
    family_checked = models.BooleanField(_("the family is checked"))

    class Meta(Entry.Meta):
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = (
            models.CheckConstraint(condition=Q(away=True), name="a_place_is_away_from_the_exploiters"),
            models.CheckConstraint(
                condition=~Q(setting__in=("relatives", "with_parent")) | Q(family_checked=True),
                name="family_is_checked_before_the_child_is_given_to_it",
            ),
        )

    def __str__(self) -> str:
        return f"{self.child_id} {self.setting}"


class Guardian(Record):
    """Who speaks for the child. The name lies apart, sealed. Ended when another one takes over."""

    child = models.ForeignKey(ChildProtection, models.PROTECT, related_name="guardians")
    kind = models.CharField(_("kind"), max_length=30)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    appointed_on = models.DateField(_("appointed on"))
    independent = models.BooleanField(_("no tie to the alleged exploiters, checked"))
    no_conflict = models.BooleanField(_("no interest against the child's, checked"))
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("guardian")
        verbose_name_plural = _("guardians")
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(independent=True, no_conflict=True), name="a_guardian_is_independent"
            ),
            models.UniqueConstraint(
                fields=("child",), condition=Q(ended_at=None), name="a_child_has_one_guardian"
            ),
        )

    def __str__(self) -> str:
        return f"{self.child_id} {self.kind}"


class GuardianName(models.Model):
    """Name and telephone of a guardian, sealed like an identity and behind a wall of its own."""

    guardian = models.OneToOneField(Guardian, models.PROTECT, primary_key=True, related_name="+")
    sealed_name = models.BinaryField(_("name"))
    sealed_reach = models.BinaryField(_("how to reach"), default=bytes)

    class Meta:
        verbose_name = _("name of a guardian")
        verbose_name_plural = _("names of guardians")
        constraints = (models.CheckConstraint(condition=~Q(sealed_name=b""), name="a_guardian_has_a_name"),)

    def __str__(self) -> str:
        return str(self.guardian_id)


class Safety(models.TextChoices):
    """Whether a relative is safe for the child."""

    NOT_CHECKED = "not_checked", _("Not checked yet")
    SAFE = "safe", _("Safe")
    NOT_SAFE = "not_safe", _("Not safe, or involved")


class Contact(models.TextChoices):
    """Whether there was contact."""

    NONE = "none", _("No contact")
    MADE = "made", _("Contact was made")


class Tracing(Entry):
    """What is known of one relative. Contact only with somebody who is safe, and if the child wishes it."""

    relation = models.CharField(_("relative"), max_length=20)
    safety = models.CharField(_("safety check"), max_length=15, choices=Safety)
    child_wishes = models.BooleanField(_("the child wishes contact"), null=True)
    contact = models.CharField(_("contact"), max_length=10, choices=Contact, default=Contact.NONE)
    sealed = models.BinaryField(_("what is known"), default=bytes)

    class Meta(Entry.Meta):
        verbose_name = _("family tracing")
        verbose_name_plural = _("family tracing")
        constraints = (
            models.CheckConstraint(
                condition=Q(contact="none")
                | Q(contact="made", safety="safe", child_wishes=True, child_wishes__isnull=False),
                name="no_contact_before_the_safety_check",
            ),
            models.CheckConstraint(condition=Q(safety__in=Safety.values), name="safety_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.child_id} {self.relation}"

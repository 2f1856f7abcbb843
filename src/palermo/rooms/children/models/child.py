"""A child in protection, the child's own views, and who was told."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record
from palermo.kernel.organisations.models import Organisation


class ChildProtection(Record):
    """The protection of one child, on the machine of that name. Its id is that of the case: whoever holds the case
    holds it, and there is one for a case. No name; of the birth only the estimated month.
    """

    machine: ClassVar[str] = "child_protection"

    state = models.CharField(_("state"), max_length=30, editable=False)
    person_id = models.UUIDField(editable=False)
    person_code = models.CharField(max_length=12, editable=False)
    case_code = models.CharField(max_length=12, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    situation = models.CharField(_("with whom the child is"), max_length=20)
    language = models.CharField(_("own language"), max_length=12, blank=True)
    birth_month = models.DateField(_("estimated month of birth"), null=True, blank=True)
    # The end of the estimated month: the benefit of the doubt is the child's. The machine counts back from it.
    turns_18_at = models.DateTimeField(_("turns 18"), null=True, editable=False)
    risk_due_at = models.DateTimeField(_("new risk assessment due"), null=True, editable=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("child in protection")
        verbose_name_plural = _("children in protection")
        ordering = ("-created_at", "-id")
        indexes = (models.Index(fields=("state",), name="child_by_state"),)
        constraints = (
            models.CheckConstraint(condition=~Q(situation=""), name="with_whom_the_child_is_is_written"),
            models.CheckConstraint(
                condition=Q(birth_month=None, turns_18_at=None)
                | Q(birth_month__isnull=False, turns_18_at__isnull=False),
                name="coming_of_age_follows_from_the_month_of_birth",
            ),
        )

    def __str__(self) -> str:
        return self.case_code


class Entry(models.Model):
    """Something written once about a child, by whom and when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(ChildProtection, models.PROTECT, related_name="+")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
        ordering = ("-written_at",)


class View(Entry):
    """What the child thinks and wishes, in the child's own words; sealed (CRC art. 12)."""

    occasion = models.CharField(_("at which step"), max_length=30)
    manner = models.CharField(_("how the child was heard"), max_length=20)
    language = models.CharField(_("language"), max_length=12)
    sealed = models.BinaryField(_("what the child said"))

    class Meta(Entry.Meta):
        verbose_name = _("view of the child")
        verbose_name_plural = _("views of the child")
        indexes = (models.Index(fields=("child", "-written_at"), name="view_of_child"),)
        constraints = (models.CheckConstraint(condition=~Q(sealed=b""), name="a_view_is_not_empty"),)

    def __str__(self) -> str:
        return f"{self.child_id} {self.occasion}"


class Body(models.TextChoices):
    """Who is told at once, and at the same time."""

    CHILD_PROTECTION = "child_protection", _("Child protection")
    POLICE = "police", _("Police unit")
    COORDINATOR = "coordinator", _("Coordinator")


class Happening(models.TextChoices):
    """Of what a body was told."""

    FOUND = "found", _("A child needs protection")
    MISSING = "missing", _("The child is missing")


class Told(Entry):
    """That one body was told, without a name or a fact of the case."""

    body = models.CharField(_("body"), max_length=20, choices=Body)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    about = models.CharField(_("about"), max_length=10, choices=Happening)
    people = models.PositiveIntegerField(_("colleagues reached here"), default=0)

    class Meta(Entry.Meta):
        verbose_name = _("notice to a body")
        verbose_name_plural = _("notices to bodies")
        indexes = (models.Index(fields=("child", "about"), name="told_of_child"),)
        constraints = (
            models.CheckConstraint(condition=Q(body__in=Body.values), name="a_body_of_the_three_is_told"),
            models.CheckConstraint(condition=Q(about__in=Happening.values), name="what_is_told_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.child_id} {self.body}"

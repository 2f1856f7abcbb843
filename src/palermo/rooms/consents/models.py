"""The ledger of consents: what a person agreed to, refused or took back, and legal bases used instead of consent.

Rows are written once and never changed. A withdrawal and a verdict are rows of their own, so that the ledger can be
read like a book: what was true on a day is what stood in it on that day.
"""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FORM_VERSION = "1"  # of the questions and of the form on paper: a signed sheet says which one was read


class Decision(models.TextChoices):
    """What the person said."""

    GIVEN = "given", _("Agreed")
    REFUSED = "refused", _("Refused")


class Speaker(models.TextChoices):
    """Who spoke for the person. For a child the guardian speaks, and the child is heard (CRC art. 12)."""

    PERSON = "person", _("The person")
    GUARDIAN = "guardian", _("A parent or guardian, for a child")
    BOTH = "person_and_guardian", _("The young person and the guardian together")


class ChildView(models.TextChoices):
    """The child's own view, which is asked in every case in a manner that suits the age (CRC art. 12)."""

    AGREES = "agrees", _("The child agrees")
    DISAGREES = "disagrees", _("The child does not agree")
    UNSURE = "unsure", _("The child is not sure")
    TOO_YOUNG = "too_young", _("The child is too young to be asked")
    NOT_ASKED = "not_asked", _("The child could not be asked safely")


class Interpreting(models.TextChoices):
    """How it was understood."""

    SHARED = "shared", _("We speak the same language")
    PRESENT = "present", _("An interpreter in the room")
    PHONE = "phone", _("An interpreter on the telephone")
    WRITTEN = "written", _("A translated text was read")
    NONE = "none", _("Without interpreter, as well as it went")


class Verdict(models.TextChoices):
    """What the second person decided about a legal basis."""

    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Refused")


def _codes(label: Any, length: int = 30) -> ArrayField:  # type: ignore[type-arg]
    return ArrayField(models.CharField(max_length=length), verbose_name=label)


class Entry(models.Model):
    """What every page of the ledger has: whose it is, what it is for, what it covers, how long."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField(editable=False)
    case_id = models.UUIDField(null=True, editable=False)
    purpose = models.CharField(_("what for"), max_length=30)
    categories = _codes(_("what may be told"))
    recipients = ArrayField(models.UUIDField(), verbose_name=_("to whom"), default=list, blank=True)
    valid_until = models.DateTimeField(_("until"), null=True, blank=True)
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Consent(Entry):
    """One answer of the person (or the guardian) to one question. `recipients` empty: nobody outside our house."""

    decision = models.CharField(_("answer"), max_length=10, choices=Decision)
    speaker = models.CharField(_("who answered"), max_length=20, choices=Speaker, default=Speaker.PERSON)
    child_view = models.CharField(_("the child's own view"), max_length=10, choices=ChildView, blank=True)
    language = models.CharField(_("language"), max_length=12)
    interpreting = models.CharField(_("how it was understood"), max_length=10, choices=Interpreting)
    form_version = models.CharField(_("version of the form"), max_length=20)
    evidence_id = models.UUIDField(_("signed form, as a file of the case"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ("-asked_at", "-written_at")
        indexes = (models.Index(fields=("person_id", "purpose"), name="consent_by_person"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(decision__in=Decision.values), name="a_consent_is_given_or_refused"
            ),
            models.CheckConstraint(
                condition=Q(speaker=Speaker.PERSON) | ~Q(child_view=""),
                name="who_speaks_for_a_child_writes_the_childs_own_view",
            ),
            models.CheckConstraint(condition=~Q(categories=[]), name="a_consent_names_what_may_be_told"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("asked_at")),
                name="a_consent_ends_after_it_was_asked",
            ),
        )

    def __str__(self) -> str:
        return f"{self.purpose}: {self.decision}"


class Withdrawal(models.Model):
    """The person took a consent back. No reason is asked of the person: one sentence on how we were told."""

    consent = models.OneToOneField(Consent, models.PROTECT, related_name="withdrawal", primary_key=True)
    at = models.DateTimeField(auto_now_add=True)
    note = models.CharField(_("how we were told"), max_length=300, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")

    def __str__(self) -> str:
        return str(self.consent_id)


class LegalBasis(Entry):
    """A ground in law to tell without consent. Counts only when a second person has confirmed it."""

    ground = models.CharField(_("ground"), max_length=30)
    reason = models.CharField(_("why it is needed, and why consent cannot be had"), max_length=1000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("legal basis")
        verbose_name_plural = _("legal bases")
        ordering = ("-written_at",)
        indexes = (models.Index(fields=("person_id", "purpose"), name="basis_by_person"),)
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="a_legal_basis_has_a_reason"),
            models.CheckConstraint(condition=~Q(categories=[]), name="a_legal_basis_names_what_is_told"),
            models.CheckConstraint(condition=~Q(valid_until=None), name="a_legal_basis_comes_to_an_end"),
        )

    def __str__(self) -> str:
        return f"{self.purpose}: {self.ground}"


class SecondOpinion(models.Model):
    """What a second person decided about a legal basis; the database refuses the one who asked."""

    basis = models.OneToOneField(LegalBasis, models.PROTECT, related_name="opinion", primary_key=True)
    verdict = models.CharField(_("decision"), max_length=10, choices=Verdict)
    note = models.CharField(_("reasons"), max_length=500)
    at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("second opinion")
        verbose_name_plural = _("second opinions")
        constraints = (
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="a_second_opinion_confirms_or_refuses"
            ),
        )

    def __str__(self) -> str:
        return f"{self.basis_id} {self.verdict}"

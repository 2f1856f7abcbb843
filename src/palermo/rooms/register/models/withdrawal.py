"""Persons taken out of the register, and rows put right: what was done and why, without identity."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.rooms.register.models.codes import code_of
from palermo.rooms.register.models.person import Person
from palermo.rooms.register.models.provenance import Provenance, SourceList

UNDO_DAYS = 30
UNDO = timedelta(days=UNDO_DAYS)


class Reason(models.TextChoices):
    """Why a person is taken out. An erasure keeps nothing, so it cannot be undone."""

    CONSENT = "consent", _("consent for statistics withdrawn")
    DUPLICATE = "duplicate", _("the same person stands here twice")
    MISTAKE = "mistake", _("registered by mistake")
    ERASURE = "erasure", _("erasure of the data was asked for")


class Withdrawal(models.Model):
    """A person who is no longer counted. The key stays, so that no later feed or import brings him back.

    number is that of the person's row (none: taken out before he was ever fed). kept is what the register
    knew, for an undo: empty after an erasure, and for everybody after `UNDO_DAYS`.
    """

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField(null=True)
    source_list = models.ForeignKey(SourceList, models.PROTECT, db_index=False)
    source_key = models.BinaryField(max_length=20)
    provenance = models.ForeignKey(Provenance, models.PROTECT, db_index=False, null=True)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    kept = models.JSONField(null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), auto_now_add=True)
    undone_at = models.DateTimeField(_("undone"), null=True)

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        indexes = (models.Index(fields=("number",), name="withdrawal_by_number"),)
        constraints = (
            models.UniqueConstraint(
                fields=("source_list", "source_key"),
                condition=models.Q(undone_at=None),
                name="a_person_is_withdrawn_once",
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=Reason.values), name="a_withdrawal_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~models.Q(reason="erasure") | models.Q(kept__isnull=True),
                name="an_erasure_keeps_nothing",
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The public code that the person had."""
        return code_of(self.number) if self.number is not None else ""


class Mistake(models.TextChoices):
    """Why a row of a list is corrected here."""

    SOURCE = "source", _("the source says that its list was wrong")
    READING = "reading", _("the list was read wrongly")
    RECORD = "record", _("the record behind the row says otherwise")


class Correction(models.Model):
    """Codes of a row that were put right by hand: before and after, so that it can be undone.

    A correction holds until the source itself delivers a changed row.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="corrections")
    reason = models.CharField(_("reason"), max_length=12, choices=Mistake.choices)
    before = models.JSONField()
    after = models.JSONField()
    corrected_at = models.DateTimeField(_("corrected"), auto_now_add=True)
    undone_at = models.DateTimeField(_("undone"), null=True)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(reason__in=Mistake.values), name="a_correction_has_a_reason"
            ),
        )

    def __str__(self) -> str:
        return self.get_reason_display()

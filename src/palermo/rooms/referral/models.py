"""Referrals and transfers between organisations: who asks whom for what, and what is told.

Each side reads only its own tables: the envelope is for both, the sending for those who hold the sender's case, the
packet for the sender and, once it is accepted, for those who hold the receiver's case; the receiving for them alone.
"""

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record
from palermo.kernel.organisations.models import Organisation


class Decline(models.TextChoices):
    """Why the receiver does not take it. Codes: the sender reads them, and they are counted."""

    FULL = "full", _("No place or no capacity")
    NOT_OURS = "not_ours", _("Not what this service does")
    NOT_FOR_THEM = "not_for_them", _("Not for this age, sex or family")
    AREA = "area", _("Outside our area")
    SAFETY = "safety", _("The person would not be safe here")
    LANGUAGE = "language", _("No interpreter")
    CLOSED = "closed", _("The organisation has closed")
    OTHER = "other", _("Another reason, told by telephone")


class Outcome(models.TextChoices):
    """What came of it, said by the receiver."""

    HELPED = "helped", _("The need was met")
    PARTLY = "partly", _("Met in part")
    NO_CONTACT = "no_contact", _("The person could not be reached")
    LEFT = "left", _("The person left or did not want it any more")
    NO_MEANS = "no_means", _("We could not provide it after all")
    NOT_SUITABLE = "not_suitable", _("It was not the right help")
    CLOSED = "closed", _("The organisation has closed")


class Ending(models.TextChoices):
    """Why the sender takes it back."""

    NOT_NEEDED = "not_needed", _("Not needed any more")
    OTHER_HELP = "other_help", _("Other help was found")
    MISTAKE = "mistake", _("Sent by mistake")
    NO_ANSWER = "no_answer", _("It took too long")
    CLOSED = "closed", _("The organisation has closed")
    SAFETY = "safety", _("For the safety of the person")


class Progress(models.TextChoices):
    """How it goes, in the receiver's feedback."""

    WAITING = "waiting", _("Waiting for a first appointment")
    GOING_ON = "going_on", _("The help goes on as agreed")
    CHANGED = "changed", _("The help was changed with the person")
    INTERRUPTED = "interrupted", _("Interrupted, we try to reach the person")
    SOON_DONE = "soon_done", _("Soon done")


class Arrived(models.TextChoices):
    """What the person says: whether the help arrived."""

    YES = "yes", _("Yes, the help arrived")
    PARTLY = "partly", _("In part")
    NO = "no", _("No")
    NOT_REACHED = "not_reached", _("The person could not be asked")
    UNCONFIRMED = "unconfirmed", _("Nobody asked in time")


def codes(label: Any) -> ArrayField:  # type: ignore[type-arg]
    return ArrayField(models.CharField(max_length=30), verbose_name=label, default=list, blank=True)


class Referral(Record):
    """The envelope, which both sides read: urgency, kind of service and area, never who it is about.

    `organisation` sends, `receiver` is asked. `transfer`: the case itself is to be handed over (`Transfer`).
    """

    machine: ClassVar[str] = "referral"

    code = models.CharField(_("code"), max_length=12, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=30, editable=False)
    transfer = models.BooleanField(default=False, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    service_id = models.UUIDField(null=True, editable=False)
    kind = models.CharField(_("kind of help"), max_length=30)
    area = models.CharField(_("area"), max_length=20, blank=True)
    urgent = models.BooleanField(_("urgent"), default=False)
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True, editable=False)
    received_at = models.DateTimeField(null=True, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    decline = models.CharField(_("why not"), max_length=20, choices=Decline, blank=True)
    redirect_to = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True)
    still_needed = codes(_("still needed"))
    arrived = models.CharField(_("whether the help arrived"), max_length=20, choices=Arrived, blank=True)

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=("receiver", "state"), name="referral_by_receiver"),
            models.Index(fields=("organisation", "state"), name="referral_by_sender"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(organisation=models.F("receiver")), name="nobody_refers_to_himself"
            ),
        )

    def __str__(self) -> str:
        return self.code

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Sequence[Any]) -> Self:
        """A row that hands over a case runs on the machine of transfers, whoever reads it."""
        found = super().from_db(db, field_names, values)
        if found.__dict__.get("transfer") and not isinstance(found, Transfer):
            found.__class__ = Transfer  # type: ignore[assignment]
        return found


class Transfer(Referral):
    """The same envelope, on the machine `transfer`: with its acceptance the case changes its owner."""

    machine: ClassVar[str] = "transfer"

    class Meta:
        proxy = True
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")

    @property
    def case_id(self) -> Any:
        """The case that is handed over, while the viewer may know it (`transfer_is_accepted` asks)."""
        row = Sending.objects.filter(pk=self.pk).first()
        return row.case_id if row else None


class Sending(models.Model):
    """The sender's half: which case, what may be told, and the words until they are frozen. Ids are never changed.

    `open` is kept by the database from the state of the envelope, so that its unique indexes count.
    """

    referral = models.OneToOneField(Referral, models.PROTECT, primary_key=True, related_name="sending")
    case_id = models.UUIDField(editable=False)
    case_code = models.CharField(max_length=12, editable=False)
    person_id = models.UUIDField(editable=False)
    child = models.BooleanField(null=True)
    transfer = models.BooleanField(default=False)
    receiver_id = models.UUIDField(editable=False)
    service_id = models.UUIDField(null=True, editable=False)
    categories = codes(_("what is told"))
    sealed = models.BinaryField(default=bytes)
    sealed_version = models.PositiveIntegerField(default=1)
    basis_kind = models.CharField(max_length=20, blank=True)
    basis_id = models.UUIDField(null=True)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    open = models.BooleanField(default=False, editable=False)

    class Meta:
        indexes = (
            models.Index(fields=("case_id",), name="sending_by_case"),
            models.Index(fields=("person_id",), name="sending_by_person"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("case_id", "receiver_id", "service_id"),
                condition=models.Q(open=True, transfer=False),
                nulls_distinct=False,
                name="no_second_open_referral_to_the_same_service",
            ),
            models.UniqueConstraint(
                fields=("case_id",),
                condition=models.Q(open=True, transfer=True),
                name="at_most_one_open_transfer_of_a_case",
            ),
        )

    def __str__(self) -> str:
        return str(self.referral_id)


class Packet(models.Model):
    """What is told, frozen when it is sent: sealed, with a digest of the sealed bytes. Never a link to the case.

    `sealed_identity` holds name and ways of contact, only when these categories are covered. The codes begin the
    receiver's case: what it is about (only where what happened is told), and whether it is about a child.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.OneToOneField(Referral, models.PROTECT, related_name="packet")
    format = models.PositiveSmallIntegerField(default=2)
    categories = codes(_("what is told"))
    crime = models.CharField(max_length=20, blank=True)
    child = models.BooleanField(null=True)
    sealed = models.BinaryField()
    sealed_identity = models.BinaryField(default=bytes)
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(auto_now_add=True)
    basis_kind = models.CharField(max_length=20, blank=True)
    kept_by_law = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.referral_id} {self.digest[:8]}"


class Receiving(models.Model):
    """The receiver's half: its own case, which the sender never sees."""

    referral = models.OneToOneField(Referral, models.PROTECT, primary_key=True, related_name="receiving")
    case_id = models.UUIDField(editable=False)
    case_code = models.CharField(max_length=12, editable=False)
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (models.Index(fields=("case_id",), name="receiving_by_case"),)

    def __str__(self) -> str:
        return str(self.referral_id)


class Feedback(models.Model):
    """How it goes, by a template: codes and a date. Written once; both sides read it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="feedback")
    progress = models.CharField(_("how it goes"), max_length=20, choices=Progress)
    still_needed = codes(_("also needed"))
    next_on = models.DateField(_("next appointment"), null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(progress__in=Progress.values), name="feedback_says_how_it_goes"
            ),
        )

    def __str__(self) -> str:
        return f"{self.referral_id} {self.progress}"


class Past(models.Model):
    """Who held a case until it was handed over: they read their own period of it and nothing after.

    Written by the database alone, in the transaction of the acceptance (`referral_hand_over`).
    """

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="past")
    case_id = models.UUIDField()
    case_code = models.CharField(max_length=12, blank=True)
    grantee_id = models.UUIDField()
    scopes = codes(_("scopes"))
    roles = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    until = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("grantee_id", "case_id"), name="past_by_grantee"),)

    def __str__(self) -> str:
        return f"{self.case_id} until {self.until:%Y-%m-%d}"

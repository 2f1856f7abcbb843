"""Own keys and cards, partners, letters that go out, letters that came, and what is told of ours."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.exchange import Fate


class OwnKey(models.Model):
    """A key of this instance. wrapped: its private half under a key outside the database; empty once destroyed."""

    id = models.CharField(primary_key=True, max_length=32, editable=False)
    use = models.CharField(max_length=6, editable=False)
    public = models.BinaryField(editable=False)
    wrapped = models.BinaryField(editable=False)
    since = models.DateTimeField(editable=False)
    until = models.DateTimeField(editable=False)

    def __str__(self) -> str:
        return f"{self.use} {self.id}"


class OwnCard(models.Model):
    """A version of this instance's card, as it was signed."""

    version = models.PositiveIntegerField(primary_key=True, editable=False)
    data = models.BinaryField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.version)


class PartnerState(models.TextChoices):
    """Nothing is sent to a partner, or taken from it, before two people have read its thumbprint aloud."""

    PROPOSED = "proposed", _("Waits for the thumbprint")
    ACTIVE = "active", _("Active")
    REVOKED = "revoked", _("Revoked")


class Partner(models.Model):
    """Another instance. card: its pinned card as a file; earlier: older signing keys whose letters still count.

    endpoint: where it listens; a later card moves it on the same host alone. least: the lowest suite. readers: who has
    compared the thumbprint.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.CharField(max_length=100, unique=True, editable=False)
    name = models.CharField(max_length=200, editable=False)
    card = models.BinaryField(editable=False)
    earlier = models.JSONField(default=list, editable=False)
    endpoint = models.CharField(max_length=500, blank=True, editable=False)
    least = models.PositiveSmallIntegerField(default=2, editable=False)
    state = models.CharField(
        max_length=8, choices=PartnerState, default=PartnerState.PROPOSED, editable=False
    )
    readers = models.JSONField(default=list, editable=False)
    why = models.CharField(max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    pinned_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("partner instance")
        verbose_name_plural = _("partner instances")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.issuer


class Dispatch(models.Model):
    """A letter of ours, or a receipt for one of theirs (kind "receipt"). sealed: its signed form, at rest.

    id is the letter's own. subject: what it is about here, an id of the room that sent it; it never leaves.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+", editable=False)
    kind = models.CharField(max_length=60, editable=False)
    subject = models.UUIDField(null=True, editable=False)
    conversation = models.UUIDField(null=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    sealed = models.BinaryField(editable=False)
    digest = models.CharField(max_length=64, editable=False)
    expires = models.DateTimeField(editable=False)
    fate = models.CharField(max_length=9, default=Fate.WAITING, editable=False)
    stage = models.CharField(max_length=9, blank=True, editable=False)
    attempts = models.PositiveIntegerField(default=0, editable=False)
    next_at = models.DateTimeField(editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = (
            models.Index(
                fields=("next_at",), condition=models.Q(settled_at=None), name="dispatches_to_attempt"
            ),
            models.Index(fields=("conversation", "sequence"), name="dispatches_in_their_order"),
            models.Index(fields=("subject",), name="dispatches_about"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(fate__in=[one.value for one in Fate]), name="a_dispatch_has_a_known_fate"
            ),
            models.UniqueConstraint(
                fields=("conversation", "sequence"),
                condition=~models.Q(kind="receipt") & ~models.Q(fate="cancelled"),
                name="one_dispatch_a_place_in_a_conversation",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class ArrivalState(models.TextChoices):
    """What became of a letter here."""

    WAITING = "waiting", _("Waiting")
    HANDLED = "handled", _("Handed over")
    REFUSED = "refused", _("Not understood")
    LATE = "late", _("Came too late")


class Arrival(models.Model):
    """A letter of theirs: whole and sealed at rest, or only its id where it came too late. receipt: what was told."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+", editable=False)
    letter_id = models.CharField(max_length=100, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    receipt = models.BinaryField(editable=False)
    kind = models.CharField(max_length=60, editable=False)
    conversation = models.CharField(max_length=100, editable=False)
    sequence = models.PositiveIntegerField(editable=False)
    sealed = models.BinaryField(editable=False)
    expires = models.DateTimeField(editable=False)
    state = models.CharField(max_length=8, choices=ArrivalState, default=ArrivalState.WAITING, editable=False)
    received_at = models.DateTimeField(auto_now_add=True)
    handled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("partner", "letter_id"), name="a_letter_arrives_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=ArrivalState.values), name="an_arrival_has_a_known_state"
            ),
        )
        indexes = (models.Index(fields=("conversation", "sequence"), name="arrivals_in_their_order"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Told(models.Model):
    """A receipt of the other side for a letter of ours, as it was signed there."""

    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="told", editable=False)
    stage = models.CharField(max_length=9, editable=False)
    reason = models.CharField(max_length=500, blank=True, editable=False)
    at = models.DateTimeField(editable=False)
    signed = models.BinaryField(editable=False)

    class Meta:
        ordering = ("at", "pk")
        constraints = (models.UniqueConstraint(fields=("dispatch", "stage"), name="a_stage_is_told_once"),)

    def __str__(self) -> str:
        return f"{self.dispatch_id} {self.stage}"


class Refused(models.Model):
    """How often something was refused at the door in an hour, and why. Nothing of what it was."""

    hour = models.DateTimeField(editable=False)
    cause = models.CharField(max_length=20, editable=False)
    times = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("hour", "cause"), name="one_count_an_hour_and_cause"),)

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H} {self.cause}"

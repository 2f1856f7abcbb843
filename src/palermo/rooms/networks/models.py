"""Networks of first responders: membership by two sides, training, notifications and the answers to them.

No person that is helped has a name, a case or a fact here. A notification is an address and a state; what lies behind
it (case, referral, screening) is a row of its own that only those read who hold the case or got the referral.
"""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record
from palermo.kernel.organisations.models import Organisation


class Part(models.TextChoices):
    """What somebody is in a network."""

    MEMBER = "member", _("Member")
    FOCAL_POINT = "focal_point", _("Focal point")


class Kind(models.TextChoices):
    """Which way a notification went."""

    REFERRAL = "referral", _("Referral, with the person's consent")
    CHILD = "child", _("Child protection, by law")


class Network(Record):
    """A network: its sector, who coordinates it, and where its notifications usually go."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    sector = models.CharField(_("sector"), max_length=30)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("coordinated by")
    )
    about = models.CharField(_("what it is for"), max_length=500, blank=True)
    area = models.CharField(_("area"), max_length=20, blank=True)
    receiver = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    service_id = models.UUIDField(null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("network")
        verbose_name_plural = _("networks")
        ordering = ("name",)
        constraints = (models.CheckConstraint(condition=~Q(sector=""), name="a_network_has_a_sector"),)

    def __str__(self) -> str:
        return self.name


class Member(Record):
    """Somebody in a network, or on the way into it. `by_member`: the person asked; else the network invited.

    `trained_until`: the day until which the last training holds; none before the first one.
    """

    machine: ClassVar[str] = "network_member"

    network = models.ForeignKey(Network, models.PROTECT, related_name="members", editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    part = models.CharField(_("part"), max_length=20, choices=Part, default=Part.MEMBER, editable=False)
    by_member = models.BooleanField(default=False, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    state = models.CharField(_("state"), max_length=30, editable=False)
    joined_at = models.DateTimeField(_("since"), null=True, editable=False)
    trained_until = models.DateTimeField(_("trained until"), null=True, editable=False)

    class Meta:
        verbose_name = _("member of a network")
        verbose_name_plural = _("members of a network")
        ordering = ("created_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("network", "user", "part"),
                condition=Q(state__in=("proposed", "member")),
                name="one_live_membership_of_a_person_in_a_network",
            ),
        )

    def __str__(self) -> str:
        return f"{self.network_id} {self.user_id}"


class Training(models.Model):
    """A course that a member took. Written once, by the focal point."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="trainings")
    course = models.CharField(_("course"), max_length=30)
    taken_on = models.DateField(_("taken on"))
    valid_until = models.DateField(_("holds until"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        ordering = ("-taken_on", "-written_at")
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_until__gt=models.F("taken_on")), name="a_training_holds_for_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.member_id} {self.course}"


class Draft(models.Model):
    """A notification that is being written: sealed, its writer's alone, without any identity. Gone once it is sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    sealed = models.BinaryField(default=bytes)
    sealed_version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("unfinished notification")
        verbose_name_plural = _("unfinished notifications")
        ordering = ("-updated_at",)

    def __str__(self) -> str:
        return str(self.pk)


class Notification(Record):
    """What a member sent: from which network and house, to whom, and where the answer stands. Nothing of the case."""

    machine: ClassVar[str] = "notification"

    code = models.CharField(_("code"), max_length=12, unique=True, editable=False)
    kind = models.CharField(_("which way"), max_length=10, choices=Kind, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="+", editable=False)
    sector = models.CharField(_("sector"), max_length=30, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)
    urgent = models.BooleanField(_("urgent"), default=False, editable=False)
    state = models.CharField(_("state"), max_length=30, editable=False)
    answer_by = models.DateTimeField(_("answer by"), null=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)

    class Meta:
        verbose_name = _("notification of a first responder")
        verbose_name_plural = _("notifications of first responders")
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=("network", "-created_at"), name="notification_by_network"),
            models.Index(fields=("receiver", "state"), name="notification_by_receiver"),
            models.Index(fields=("sender", "-created_at"), name="notification_by_sender"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="a_notification_goes_a_known_way"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def sent_at(self) -> datetime:
        return self.created_at


class Behind(models.Model):
    """What a notification began in the other rooms. Read by who holds the case, and by who got the referral."""

    notification = models.OneToOneField(Notification, models.PROTECT, primary_key=True, related_name="behind")
    case_id = models.UUIDField(editable=False)
    screening_id = models.UUIDField(editable=False)
    referral_id = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("what a notification began")
        verbose_name_plural = _("what notifications began")
        indexes = (models.Index(fields=("case_id",), name="behind_by_case"),)

    def __str__(self) -> str:
        return str(self.notification_id)


class Answer(models.Model):
    """What became of it, as the receiver told the referrer: one code. Written once; a later one stands beside it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notification = models.ForeignKey(Notification, models.PROTECT, related_name="answers")
    code = models.CharField(_("what became of it"), max_length=30)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("answer to a referrer")
        verbose_name_plural = _("answers to referrers")
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.notification_id} {self.code}"


class Tally(models.Model):
    """How many anonymous notifications a network's members wrote in a month: a number, tied to no member and no day."""

    network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    month = models.DateField()
    number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("anonymous notifications of a month")
        verbose_name_plural = _("anonymous notifications of months")
        constraints = (
            models.UniqueConstraint(fields=("network", "month"), name="one_tally_of_a_network_and_month"),
        )

    def __str__(self) -> str:
        return f"{self.network_id} {self.month:%Y-%m}"

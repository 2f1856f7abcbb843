"""What happened to an object, and what is due for it. Rows say which object, never who the person is."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.organisations.models import Organisation


class Transition(models.Model):
    """One change of state. Written once: the application may neither change nor remove it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    object_id = models.UUIDField()
    object_kind = models.CharField(max_length=40)
    machine = models.CharField(max_length=40)
    machine_version = models.PositiveSmallIntegerField()
    event = models.CharField(_("event"), max_length=60)
    from_state = models.CharField(_("from"), max_length=30, blank=True)
    to_state = models.CharField(_("to"), max_length=30)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_kind = models.CharField(max_length=10)
    at = models.DateTimeField(_("when"))
    reason = models.TextField(_("reason"), blank=True)
    object_version = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("change of state")
        verbose_name_plural = _("changes of state")
        indexes = (models.Index(fields=("object_id", "-at"), name="transition_of_an_object"),)
        constraints = (
            models.UniqueConstraint(
                fields=("object_id", "machine", "object_version"),
                name="one_change_of_state_for_one_version_of_an_object",
            ),
        )

    def __str__(self) -> str:
        return f"{self.event}: {self.from_state} -> {self.to_state}"


class Origin(models.Model):
    """From where an object came into a state, which is where “@previous” leads back to.

    A return does not change it: who was under review, went missing and is found is under review as before, and
    the review still knows which decision it is about.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    object_id = models.UUIDField()
    machine = models.CharField(max_length=40)
    state = models.CharField(max_length=30)
    came_from = models.CharField(max_length=30)

    class Meta:
        verbose_name = _("state before")
        verbose_name_plural = _("states before")
        constraints = (
            models.UniqueConstraint(
                fields=("object_id", "machine", "state"), name="a_state_was_entered_from_one_state"
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} <- {self.came_from}"


class Deadline(models.Model):
    """A limit that runs, ran or was called off. `rule` is the key of the limit in the country pack.

    It runs while none of met_at and cancelled_at is set, and stands still while paused_at is. state: the state
    whose entry started it. roles: who can meet it. fires: when it is due the timer lets `event` happen by itself.
    base_at: when it would be due had it never stood still. next_at: when the timer looks at it again. paused_for:
    the reason of the present pause; paused_in: the states in which it has stood still.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    object_id = models.UUIDField()
    object_kind = models.CharField(max_length=40)
    machine = models.CharField(max_length=40)
    state = models.CharField(max_length=30)
    rule = models.CharField(_("limit"), max_length=60)
    event = models.CharField(_("event that meets it"), max_length=60)
    fires = models.BooleanField(_("happens by itself"), default=False)
    roles = ArrayField(models.CharField(max_length=30))
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(_("started"))
    base_at = models.DateTimeField()
    due_at = models.DateTimeField(_("due"))
    next_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(_("paused"), null=True)
    paused_for = models.CharField(_("paused for"), max_length=60, blank=True, default="")
    paused_in = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    met_at = models.DateTimeField(_("met"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        indexes = (
            models.Index(
                fields=("due_at",),
                condition=models.Q(met_at=None, cancelled_at=None),
                name="deadline_running_by_due",
            ),
            models.Index(
                fields=("next_at",),
                condition=models.Q(met_at=None, cancelled_at=None, paused_at=None),
                name="deadline_for_the_timer",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("object_id", "machine", "rule", "fires"),
                condition=models.Q(met_at=None, cancelled_at=None),
                name="a_limit_of_an_object_runs_once",
            ),
            models.CheckConstraint(
                condition=models.Q(met_at=None) | models.Q(cancelled_at=None),
                name="a_deadline_is_not_both_met_and_cancelled",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule} {self.due_at:%Y-%m-%d}"


class Reminder(models.Model):
    """That somebody is told of a deadline: once for each level. Who, and of what kind; no name and no fact."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="reminders")
    object_id = models.UUIDField()
    level = models.CharField(_("level"), max_length=20)
    roles = ArrayField(models.CharField(max_length=30))
    raised_at = models.DateTimeField(_("raised"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = (
            models.UniqueConstraint(
                fields=("deadline", "level"), name="one_reminder_for_a_deadline_and_level"
            ),
        )

    def __str__(self) -> str:
        return self.level

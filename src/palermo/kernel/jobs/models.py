"""The outbox: every effect that leaves the transaction, written inside it."""

import uuid

from django.conf import settings
from django.db import models


class Effect(models.Model):
    """Something that is to happen after the transaction: ids only, never content.

    kind: a code that an app declares with its handler. Done once: the row is locked while its handler runs,
    and marked done in the handler's own transaction.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=80)
    object_id = models.UUIDField(null=True)
    ids = models.JSONField(default=dict)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=models.Q(done_at=None), name="effects_to_do"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Progress(models.Model):
    """How far a long effect is, told while its own transaction is still open. Random ids and percentages only.

    doing: a code or a short name of the part that is being done. stop: somebody asked that it ends.
    """

    object_id = models.UUIDField(primary_key=True, editable=False)
    share = models.PositiveSmallIntegerField(default=0)
    doing = models.CharField(max_length=60, blank=True)
    stop = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(share__lte=100), name="progress_is_at_most_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.object_id} {self.share}"

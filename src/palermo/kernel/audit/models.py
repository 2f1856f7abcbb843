"""The chain of entries and its head. Rows are written by the SQL function `audit_append` alone."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Entry(models.Model):
    """One thing that somebody did: pseudonyms, field names and codes; never content, never a name."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=10)
    session_ref = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=80)
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=120, blank=True)
    fields = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    result = models.CharField(max_length=20)
    prev_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ("seq",)
        indexes = (
            models.Index(fields=["object_id", "seq"], name="audit_by_object"),
            models.Index(fields=["actor", "action", "at"], name="audit_by_actor"),
        )

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.object_kind} {self.object_id or ''}".strip()


class Head(models.Model):
    """The one row that every writer locks: the newest number and hash, and the name of this chain."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    origin = models.UUIDField()
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="audit_has_one_head"),)

    def __str__(self) -> str:
        return f"{self.origin} at {self.seq}"

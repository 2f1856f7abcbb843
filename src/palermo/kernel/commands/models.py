"""What was sent under which key, and the answer; written once, with the change itself, and never changed."""

import uuid

from django.conf import settings
from django.db import models


class Command(models.Model):
    """One command of one account that was carried out.

    key: chosen by the device, a random UUID. digest: keyed hash of what was asked, so that the table tells nobody
    what somebody wrote, even by guessing. sealed: the answer, readable by this instance only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.UUIDField(editable=False)
    digest = models.BinaryField(editable=False)
    status = models.PositiveSmallIntegerField()
    sealed = models.BinaryField(editable=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "key"), name="a_command_is_carried_out_once"),
            models.CheckConstraint(
                condition=models.Q(status__gte=200, status__lt=400), name="only_what_succeeded_is_kept"
            ),
        )
        indexes = (models.Index(fields=("at",), name="command_by_age"),)

    def __str__(self) -> str:
        return f"{self.status} {self.at:%Y-%m-%d %H:%M}"

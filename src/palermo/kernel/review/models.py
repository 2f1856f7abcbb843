"""The base of a record that is a draft first, and public only once somebody who wrote nothing in it has agreed."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record


class State(models.TextChoices):
    """Where a record is on its way to the public."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Reviewed(Record):
    """Written by some, published by another. prepared: who wrote in it; the database lets none of them publish it.

    made_by is empty for what the instance brought in; why: for what reason it was sent back or withdrawn. The walls and
    steps of its table come from `kernel.review.sql`.
    """

    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    prepared = ArrayField(models.UUIDField(), default=list, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    published_at = models.DateTimeField(null=True, editable=False)
    why = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True

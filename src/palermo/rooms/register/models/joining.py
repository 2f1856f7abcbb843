"""One person known from several lists: which rows stand for him, since when, until when. No identity.

Rows are never merged. A link says that a row of a list stands for a person; the row itself stays as its list gave it.
Where rows of two or more stand for one person, a row is made for him (its number is that of `Joined`) with the facts
that count by the rule in `rules`; it is counted, and those that stand for him are not (`sql_joining`).
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from palermo.rooms.register.models.provenance import SourceList


class Joined(models.Model):
    """A person whom several rows stand for. The number stays, however often links end and begin again."""

    number = models.BigIntegerField(primary_key=True)
    key = models.BinaryField(max_length=16, unique=True)

    def __str__(self) -> str:
        return f"J{self.number}"


class Why(models.TextChoices):
    """What a link stands on."""

    LINKAGE = "linkage", _("the lists were linked")
    DECIDED = "decided", _("people decided that it is one person")


class RowLink(models.Model):
    """A row, by list and key, stands for a person from `since` until `until`. It outlives a row that goes and comes."""

    id = models.BigAutoField(primary_key=True)
    source_list = models.ForeignKey(SourceList, models.PROTECT, related_name="+", db_index=False)
    source_key = models.BinaryField(max_length=20)
    joined = models.ForeignKey(Joined, models.PROTECT, related_name="links")
    why = models.CharField(max_length=8, choices=Why.choices)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("source_list", "source_key"),
                condition=models.Q(until=None),
                name="a_row_stands_for_one_person",
            ),
            models.CheckConstraint(
                condition=models.Q(why__in=Why.values), name="a_row_is_linked_for_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.joined_id} {self.since:%Y-%m-%d}"

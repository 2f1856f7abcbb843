"""The register of a project: one code a person, and the records that stand for him, from when to when, and why."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record
from palermo.rooms.reconciliation.models.linking import Run
from palermo.rooms.reconciliation.models.lists import Listed, Project


class Person(models.Model):
    """Somebody who is on at least one list: a code that stays when lists are linked anew."""

    id = models.UUIDField(primary_key=True, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    code = models.CharField(max_length=12, unique=True)

    def __str__(self) -> str:
        return self.code


class Kind(models.TextChoices):
    """How links came to change."""

    RUN = "run", _("Lists were linked")
    MERGE = "merge", _("Two were found to be one")
    SPLIT = "split", _("One was found to be two")
    UNDO = "undo", _("A change was taken back")


class Change(models.Model):
    """One change of links: what it opened and closed points here, so that it can be taken back as a whole."""

    id = models.UUIDField(primary_key=True, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=6, choices=Kind)
    run = models.ForeignKey(Run, models.PROTECT, related_name="+", null=True)
    undoes = models.OneToOneField("self", models.PROTECT, related_name="undone", null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    records = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class Link(models.Model):
    """A record stands for a person since `since`, until `until`. A record stands for one person at a time."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    listed = models.ForeignKey(Listed, models.CASCADE, related_name="links")
    person = models.ForeignKey(Person, models.CASCADE, related_name="links")
    house = models.UUIDField()
    probability = models.FloatField(null=True)
    opened = models.ForeignKey(Change, models.PROTECT, related_name="opened")
    closed = models.ForeignKey(Change, models.PROTECT, related_name="closed", null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("listed",), condition=models.Q(closed=None), name="a_record_stands_for_one_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.listed_id} {self.person_id}"


class Handover(Record):
    """Capture histories of one run as they were given to estimation: counts by list and stratum, and draws of them.

    tables: {stratum: `CaptureTable.as_json`}; draws: as many of those as were drawn from the linkage's posterior.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="+", editable=False)
    run = models.ForeignKey(Run, models.PROTECT, related_name="+", editable=False)
    by_stratum = models.CharField(_("strata"), max_length=10, blank=True, editable=False)
    year_from = models.PositiveSmallIntegerField(editable=False)
    year_to = models.PositiveSmallIntegerField(editable=False)
    lists = models.JSONField(editable=False)
    tables = models.JSONField(editable=False)
    draws = models.JSONField(default=list, editable=False)
    reviewed = models.FloatField(editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    def __str__(self) -> str:
        return f"{self.project_id} {self.created_at:%Y-%m-%d}"

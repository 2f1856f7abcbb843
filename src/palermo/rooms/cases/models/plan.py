"""The assistance plan: goals and actions in versions, what became of each action, conferences, later screenings."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record
from palermo.rooms.cases.models.assessment import Entry, Words, codes
from palermo.rooms.cases.models.case import Case


class Conference(Entry):
    """A case conference: minutes and decisions sealed; who took part, what each may see and what each was told.

    participants: a list of {"organisation", "role", "sees", "told"}: role of palermo/conference_role, the other
    two are lists of palermo/consent_category. No names of persons.
    """

    held_on = models.DateField(_("held on"))
    participants = models.JSONField(default=list)

    class Meta:
        verbose_name = _("case conference")
        verbose_name_plural = _("case conferences")


class Plan(Record):
    """One version of the plan. A draft is worked on; once approved it never changes, and a revision is a new version.

    authors: everybody who wrote in it, kept by the database; none of them can approve it.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField(_("version"))
    authors = ArrayField(models.UUIDField(), default=list, editable=False)
    agreed_at = models.DateTimeField(_("the person agreed"), null=True, blank=True)
    agreed_language = models.CharField(_("language"), max_length=10, blank=True)
    evidence_id = models.UUIDField(_("signed paper"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("assistance plan")
        verbose_name_plural = _("assistance plans")
        constraints = (
            models.UniqueConstraint(fields=("case", "number"), name="plans_are_numbered"),
            models.UniqueConstraint(
                fields=("case",), condition=models.Q(approved_at=None), name="one_draft_of_a_plan"
            ),
            models.CheckConstraint(
                condition=models.Q(approved_at=None, approved_by=None)
                | models.Q(approved_at__isnull=False, approved_by__isnull=False, agreed_at__isnull=False),
                name="a_plan_is_agreed_before_it_is_approved",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"


class PlanPart(models.Model):
    """The base of goals and actions. `key` stays the same from version to version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    key = models.UUIDField(default=uuid.uuid4)
    kind = models.CharField(_("area of help"), max_length=30)
    # A revision takes a part over as it is: its words are those of the version before.
    words = models.ForeignKey(Words, models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    text = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Goal(PlanPart):
    """What is to be reached, in an area of help (palermo/service_kind)."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="goals")

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        constraints = (models.UniqueConstraint(fields=("plan", "key"), name="a_goal_stands_once_in_a_plan"),)


class Action(PlanPart):
    """What is done, by whom (palermo/action_doer) and by when."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="actions")
    goal_key = models.UUIDField(null=True, blank=True)
    doer = models.CharField(_("who does it"), max_length=20)
    due_on = models.DateField(_("by when"))
    conference = models.ForeignKey(Conference, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("action of a plan")
        verbose_name_plural = _("actions of a plan")
        ordering = ("due_on", "id")
        constraints = (
            models.UniqueConstraint(fields=("plan", "key"), name="an_action_stands_once_in_a_plan"),
        )


class Result(Entry):
    """What became of an action (palermo/action_result). The newest counts; nothing is overwritten."""

    key = models.UUIDField()
    result = models.CharField(_("result"), max_length=20)
    why = models.CharField(_("why not"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("result of an action")
        verbose_name_plural = _("results of actions")
        indexes = (models.Index(fields=("case", "key", "-made_at"), name="result_newest_first"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(result="not_done") & ~models.Q(why="")
                | ~models.Q(result="not_done") & models.Q(why=""),
                name="what_is_not_done_has_a_reason",
            ),
        )


class TakenOver(models.Model):
    """A later screening about the same person that was taken into the case, and which facts came from it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    screening_id = models.UUIDField()
    screening_code = models.CharField(max_length=12)
    fields = codes()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("screening taken over")
        verbose_name_plural = _("screenings taken over")
        ordering = ("-made_at",)
        constraints = (
            models.UniqueConstraint(fields=("case", "screening_id"), name="a_screening_is_taken_over_once"),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.screening_code}"

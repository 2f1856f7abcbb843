"""Best interests, the panel and what it decides; and the smaller papers of the way: measure, plans, contacts."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from palermo.kernel.organisations.models import Organisation
from palermo.rooms.children.models.child import Entry, View


class Depth(models.TextChoices):
    """How far an assessment goes."""

    PROVISIONAL = "provisional", _("Provisional")
    FULL = "full", _("Full")
    UPDATE = "update", _("At a turning point")


class Weight(models.TextChoices):
    """How one element stands for this child now."""

    GOOD = "good", _("Protects the child")
    CONCERN = "concern", _("A concern")
    UNKNOWN = "unknown", _("Not known yet")


class Assessment(Entry):
    """A best-interests assessment: each element weighed, the child and the guardian heard, the reasons sealed."""

    depth = models.CharField(_("depth"), max_length=12, choices=Depth)
    turning_point = models.CharField(_("turning point"), max_length=20, blank=True)
    findings = models.JSONField(_("elements"), default=dict)
    view = models.OneToOneField(View, models.PROTECT, related_name="+")
    guardian_agrees = models.BooleanField(_("the guardian agrees"), null=True)
    sealed_guardian = models.BinaryField(_("what the guardian says"))
    sealed = models.BinaryField(_("balance and reasons"))

    class Meta(Entry.Meta):
        verbose_name = _("best-interests assessment")
        verbose_name_plural = _("best-interests assessments")
        indexes = (models.Index(fields=("child", "-written_at"), name="assessment_of_child"),)
        constraints = (
            models.CheckConstraint(condition=Q(depth__in=Depth.values), name="depth_is_known"),
            models.CheckConstraint(condition=~Q(sealed=b""), name="an_assessment_has_reasons"),
            models.CheckConstraint(condition=~Q(sealed_guardian=b""), name="the_guardian_is_heard"),
            models.CheckConstraint(
                condition=~Q(depth="update") | ~Q(turning_point=""), name="an_update_names_its_turning_point"
            ),
        )

    def __str__(self) -> str:
        return f"{self.child_id} {self.depth}"


class Answer(models.TextChoices):
    """What a panel decides at its first meeting."""

    PROTECT = "protect", _("The protection measure begins")
    ORDINARY = "ordinary", _("Ordinary child protection takes over")
    SOLUTION = "solution", _("A durable solution is decided")


class Panel(Entry):
    """One meeting of several sectors. The lead worker is not in the chair; the database refuses it."""

    met_on = models.DateField(_("met on"))
    answer = models.CharField(_("decision"), max_length=10, choices=Answer)
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lead_worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    view = models.OneToOneField(View, models.PROTECT, related_name="+")
    sealed = models.BinaryField(_("minutes"))

    class Meta(Entry.Meta):
        verbose_name = _("panel")
        verbose_name_plural = _("panels")
        constraints = (
            models.CheckConstraint(condition=Q(answer__in=Answer.values), name="a_panel_decides"),
            models.CheckConstraint(
                condition=Q(chair=None) | Q(lead_worker=None) | ~Q(chair=F("lead_worker")),
                name="the_lead_worker_is_not_in_the_chair",
            ),
            models.CheckConstraint(condition=~Q(sealed=b""), name="a_panel_has_minutes"),
        )

    def __str__(self) -> str:
        return f"{self.child_id} {self.answer}"


class Opinion(models.TextChoices):
    """How one member stands to the decision."""

    AGREES = "agrees", _("Agrees")
    DISSENTS = "dissents", _("Disagrees")
    ABSTAINS = "abstains", _("Abstains")


class PanelMember(models.Model):
    """One sector at the table and its view. Who disagrees says why; the minutes keep it sealed."""

    # Known before it is stored: the reasons are sealed for this row alone.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    panel = models.ForeignKey(Panel, models.PROTECT, related_name="members")
    sector = models.CharField(_("sector"), max_length=20)
    chairs = models.BooleanField(_("in the chair"), default=False)
    opinion = models.CharField(_("view"), max_length=10, choices=Opinion)
    sealed = models.BinaryField(_("reasons"), default=bytes)

    class Meta:
        verbose_name = _("member of a panel")
        verbose_name_plural = _("members of a panel")
        ordering = ("-chairs", "sector")
        constraints = (
            models.UniqueConstraint(fields=("panel", "sector"), name="a_sector_sits_once"),
            models.UniqueConstraint(
                fields=("panel",), condition=Q(chairs=True), name="a_panel_has_one_chair"
            ),
            models.CheckConstraint(condition=Q(opinion__in=Opinion.values), name="a_member_has_a_view"),
            models.CheckConstraint(
                condition=~Q(opinion="dissents") | ~Q(sealed=b""), name="dissent_is_minuted"
            ),
        )

    def __str__(self) -> str:
        return f"{self.panel_id} {self.sector}"


class Determination(Entry):
    """What a panel determines as durable solution, with the guardian, never by the lead worker."""

    panel = models.OneToOneField(Panel, models.PROTECT, related_name="determination")
    lead_worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    solution = models.CharField(_("durable solution"), max_length=25)
    guardian_agrees = models.BooleanField(_("the guardian agrees"))
    safety_checked = models.BooleanField(_("safety there is checked"))
    sealed = models.BinaryField(_("options, and why this one"))

    class Meta(Entry.Meta):
        verbose_name = _("best-interests determination")
        verbose_name_plural = _("best-interests determinations")
        constraints = (
            models.CheckConstraint(
                condition=Q(lead_worker=None) | ~Q(written_by=F("lead_worker")),
                name="never_by_the_case_manager_alone",
            ),
            models.CheckConstraint(
                condition=Q(guardian_agrees=True), name="no_solution_against_the_guardian"
            ),
            models.CheckConstraint(
                condition=~Q(solution__in=("return", "family_reunification", "resettlement"))
                | Q(safety_checked=True),
                name="no_move_before_safety_there_is_checked",
            ),
        )

    def __str__(self) -> str:
        return f"{self.child_id} {self.solution}"


class Kind(models.TextChoices):
    """Smaller papers."""

    MEASURE = "measure", _("Protection measure")
    REVIEW = "review", _("Review of the measure")
    TRANSITION = "transition", _("Plan for the time after 18")
    CLOSING = "closing", _("Closing")
    FOLLOW_UP = "follow_up", _("Follow-up contact")


class Kept(Entry):
    """A smaller paper: its codes (of the list that belongs to its kind), and its words, sealed."""

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    codes = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    sealed = models.BinaryField(default=bytes)

    class Meta(Entry.Meta):
        verbose_name = _("paper of a child")
        verbose_name_plural = _("papers of a child")
        indexes = (models.Index(fields=("child", "kind", "-written_at"), name="kept_of_child"),)
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="kind_of_paper_is_known"),
            models.CheckConstraint(condition=~Q(codes=[]), name="a_paper_says_something"),
        )

    def __str__(self) -> str:
        return f"{self.child_id} {self.kind}"

"""Encounters with smuggled migrants: an event (a rescue, a raid, a vessel) and the persons who were met in it.

Nobody here has a name. A person is a number and a tag in an event until a case opens; then the identity, if it is
known, goes to the vault. To have been smuggled is no offence of the person (Smuggling Protocol art. 5), so no
column could hold one.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record
from palermo.kernel.organisations.models import Organisation, Unit

# The five questions of the screening, in the order in which they are asked (palermo/encounter_question).
QUESTIONS = ("trafficking", "family", "asylum", "violence", "detention")
# Estimated ages that count as a child: also whoever may be one (CoE Convention art. 10(3)).
CHILD_AGES = ("0-4", "5-11", "12-15", "16-17", "doubt")


class Answer(models.TextChoices):
    """An answer to one of the five questions. Empty: not asked yet."""

    YES = "yes", _("Yes")
    UNCLEAR = "unclear", _("Not clear")
    NO = "no", _("No")


class Again(models.TextChoices):
    """Why somebody has to be screened again before anything else is decided."""

    MOVED = "moved", _("Brought to another place")
    JOURNEY = "journey", _("Did not want the journey any more on the way")


def _answer(label: str) -> models.CharField:  # type: ignore[type-arg]
    return models.CharField(label, max_length=10, choices=Answer, blank=True, default="")


class Event(Record):
    """One encounter. `dead` and `missing` are those of whom nobody knows more than that.

    `travelled` (palermo/travel_mode) and `border` (palermo/border_met) are of the journey of those who were met: empty
    means not recorded.
    """

    code = models.CharField(_("code"), max_length=12, unique=True, editable=False)
    kind = models.CharField(_("what happened"), max_length=20)
    place = models.CharField(_("area"), max_length=80)
    happened_at = models.DateTimeField(_("when"), default=timezone.now)
    expected = models.PositiveIntegerField(_("how many persons"), null=True, blank=True)
    dead = models.PositiveIntegerField(_("found dead"), default=0)
    missing = models.PositiveIntegerField(_("missing, said to have been on the way too"), default=0)
    travelled = models.CharField(_("how they had travelled"), max_length=20, blank=True, default="")
    border = models.CharField(_("border"), max_length=20, blank=True, default="")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = (models.Index(fields=("-happened_at", "-id"), name="event_newest_first"),)
        constraints = (models.CheckConstraint(condition=~Q(place=""), name="an_event_has_a_place"),)

    def __str__(self) -> str:
        return self.code


class Intake(models.Model):
    """One submission of persons, by the key of its form: the same form sent twice adds nobody twice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="intakes")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    persons = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("intake")
        verbose_name_plural = _("intakes")

    def __str__(self) -> str:
        return f"{self.event_id} {self.persons}"


class Migrant(Record):
    """A person met in an event: what can be seen on a quay, the five answers, and where the help stands."""

    machine: ClassVar[str] = "smuggled_migrant"

    event = models.ForeignKey(Event, models.PROTECT, related_name="migrants", editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)
    number = models.PositiveIntegerField(_("number"), editable=False)
    state = models.CharField(_("state"), max_length=30, editable=False)
    tag = models.CharField(_("tag or wristband"), max_length=20, blank=True)
    age = models.CharField(_("age, by looking"), max_length=10, default="unknown")
    sex = models.CharField(_("sex"), max_length=10, default="unknown")
    languages = ArrayField(
        models.CharField(max_length=12), verbose_name=_("languages"), default=list, blank=True
    )
    family_group = models.CharField(_("family"), max_length=10, blank=True)
    alone = models.BooleanField(_("alone"), default=False)
    urgent = models.BooleanField(_("needs a doctor now"), default=False)
    aid = ArrayField(models.CharField(max_length=20), verbose_name=_("given"), default=list, blank=True)
    trafficking = _answer(_("indicators of trafficking"))
    family = _answer(_("child or family"))
    asylum = _answer(_("wish for asylum"))
    violence = _answer(_("violence or health"))
    detention = _answer(_("detention"))
    again = models.CharField(_("to be screened again"), max_length=10, choices=Again, blank=True)
    consulate_blocked_at = models.DateTimeField(_("no contact with the consulate since"), null=True)
    consulate_told_at = models.DateTimeField(_("told of the consulate"), null=True)
    asylum_claimed_at = models.DateTimeField(_("referred to asylum"), null=True)
    screening_id = models.UUIDField(null=True, editable=False)
    person_id = models.UUIDField(null=True, editable=False)
    person_code = models.CharField(max_length=12, blank=True, editable=False)
    case_id = models.UUIDField(null=True, editable=False)
    solution = models.CharField(_("solution"), max_length=20, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, blank=True)
    alert_since = models.DateTimeField(_("missing since"), null=True)
    died_at = models.DateTimeField(_("died"), null=True)
    risk_due_at = models.DateTimeField(_("risk to be looked at again by"), null=True)
    follow_up_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("person met")
        verbose_name_plural = _("persons met")
        ordering = ("number",)
        indexes = (models.Index(fields=("event", "state"), name="migrant_by_event_and_state"),)
        constraints = (
            models.UniqueConstraint(fields=("event", "number"), name="one_number_for_one_person_of_an_event"),
            models.UniqueConstraint(
                fields=("event", "tag"), condition=~Q(tag=""), name="one_tag_for_one_person_of_an_event"
            ),
            models.CheckConstraint(
                condition=~Q(alone=True) | Q(family_group=""), name="nobody_is_alone_and_with_family"
            ),
            models.CheckConstraint(
                # Refugee Convention art. 33: no word to the authorities from which somebody fled.
                condition=Q(asylum__in=("", "no")) | Q(consulate_blocked_at__isnull=False),
                name="a_wish_for_asylum_blocks_the_consulate",
            ),
            models.CheckConstraint(
                condition=Q(consulate_told_at=None)
                | Q(consulate_blocked_at=None)
                | Q(consulate_told_at__lt=F("consulate_blocked_at")),
                name="the_consulate_is_not_offered_while_it_is_blocked",
            ),
        )

    def __str__(self) -> str:
        return f"{self.event_id}/{self.number}"

    @property
    def child(self) -> bool:
        """A child, or somebody who may be one."""
        return self.age in CHILD_AGES

    @property
    def child_alone(self) -> bool:
        return self.child and self.alone

    @property
    def no_consulate(self) -> bool:
        """Whether any contact with the country of origin is forbidden now."""
        return self.consulate_blocked_at is not None

    @property
    def follow_ups_done(self) -> str:
        """Check-ins since the present follow-up began: decides the next limit (machine smuggled_migrant).

        A text, because a machine compares texts and takes the numbers 0 and 1 for no and yes.
        """
        from palermo.kernel.workflow.models import Transition

        rows = Transition.objects.filter(object_id=self.pk, machine=self.machine, event="check")
        return str(rows.filter(at__gte=self.follow_up_since).count() if self.follow_up_since else 0)


class Answers(models.Model):
    """One round of the five questions as it was answered. Written once: a later round stands beside it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    migrant = models.ForeignKey(Migrant, models.PROTECT, related_name="rounds")
    at = models.DateTimeField(auto_now_add=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    trafficking = _answer(_("indicators of trafficking"))
    family = _answer(_("child or family"))
    asylum = _answer(_("wish for asylum"))
    violence = _answer(_("violence or health"))
    detention = _answer(_("detention"))

    class Meta:
        verbose_name = _("round of the five questions")
        verbose_name_plural = _("rounds of the five questions")
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.migrant_id} {self.at:%Y-%m-%d}"


class Assessment(models.Model):
    """A look at vulnerability on the four levels, or at the risks of a return. Written once."""

    VULNERABILITY, RETURN = "vulnerability", "return"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    migrant = models.ForeignKey(Migrant, models.PROTECT, related_name="assessments")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Vulnerability: the levels that were looked at and the factors found. Return: what was found to be safe.
    levels = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    found = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ("-at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("vulnerability", "return")), name="an_assessment_is_of_a_known_kind"
            ),
        )

    def __str__(self) -> str:
        return f"{self.migrant_id} {self.kind}"


class FamilyLink(models.Model):
    """Two persons of an event who belong together, as they say or as was found out."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="links")
    one = models.ForeignKey(Migrant, models.PROTECT, related_name="links_from")
    other = models.ForeignKey(Migrant, models.PROTECT, related_name="links_to")
    relation = models.CharField(_("relation"), max_length=20)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("family link")
        verbose_name_plural = _("family links")
        constraints = (
            models.UniqueConstraint(fields=("one", "other"), name="two_persons_are_linked_once"),
            models.CheckConstraint(condition=~Q(one=F("other")), name="nobody_is_the_own_relative"),
        )

    def __str__(self) -> str:
        return f"{self.one_id} {self.relation} {self.other_id}"

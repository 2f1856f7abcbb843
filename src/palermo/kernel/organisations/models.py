"""Who takes part in the response: organisations, units, memberships, the service directory, networks."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record


class Role(models.TextChoices):
    """What a person does in the response (DESIGN section 1). A person may hold several, one per membership."""

    FIRST_RESPONDER = "first_responder", _("First responder")
    CASE_MANAGER = "case_manager", _("Case manager")
    SUPERVISOR = "supervisor", _("Supervisor")
    COMPETENT_AUTHORITY = "competent_authority", _("Competent authority")
    CHILD_PROTECTION = "child_protection", _("Child-protection authority")
    PROSECUTOR = "prosecutor", _("Prosecutor or investigator")
    COORDINATOR = "coordinator", _("National coordinator or rapporteur")
    ANALYST = "analyst", _("Analyst")
    EDITOR = "editor", _("Knowledge editor or legal drafter")
    PROGRAMME_OFFICER = "programme_officer", _("Programme officer")
    ADMINISTRATOR = "administrator", _("System administrator")


class OrganisationType(models.TextChoices):
    """HTCDS 2.0 `org_Type`, with intergovernmental bodies added by palermo."""

    NGO = "NGO", _("Non-governmental organisation")
    LAW_ENFORCEMENT = "LawEnforcement", _("Law enforcement")
    HEALTH = "HealthServiceOrganisation", _("Health service")
    CENTRAL_GOVERNMENT = "CentralGovernmentOrganisation", _("Central government")
    LOCAL_GOVERNMENT = "LocalGovernmentOrganisation", _("Local government")
    IMMIGRATION = "ImmigrationService", _("Immigration service")
    LEGAL = "LegalService", _("Legal service")
    BUSINESS = "CorporateBusiness", _("Business")
    EDUCATION = "SchoolOrCollege", _("School or college")
    INTERGOVERNMENTAL = "IntergovernmentalOrganisation", _("Intergovernmental organisation")


class Organisation(Record):
    """A body that takes part. `area` is a code of the country pack's administrative areas."""

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=40, choices=OrganisationType)
    area = models.CharField(_("area"), max_length=20, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_phone = models.CharField(_("contact telephone"), max_length=40, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["name"], name="organisation_names_are_unique")]

    def __str__(self) -> str:
        return self.name


class Unit(Record):
    """A team, shelter or office inside an organisation."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="units")
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="unit_names_are_unique_inside")
        ]

    def __str__(self) -> str:
        return self.name


# Whom a house is given something for: grants to a house name roles, so that nobody else there sees that they exist.
ON_CASES = (Role.FIRST_RESPONDER, Role.CASE_MANAGER, Role.SUPERVISOR, Role.CHILD_PROTECTION)
DECIDING = (Role.COMPETENT_AUTHORITY, Role.CHILD_PROTECTION)


class Membership(Record):
    """A user holds a role in an organisation (and, where given, in one unit of it) for a time."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="memberships")
    role = models.CharField(_("role"), max_length=30, choices=Role)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "unit", "role"],
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
                name="one_live_membership_per_user_place_and_role",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.role} @ {self.organisation_id}"


class ProposalKind(models.TextChoices):
    """What needs a second person."""

    ROLE = "role", _("A role in an organisation")
    UNIT = "unit", _("A team moves to another organisation")
    REOPEN = "reopen", _("A closed account is opened again")
    RECOVERY = "recovery", _("A new way to sign in for somebody who lost it")


class ProposalState(models.TextChoices):
    """Where a proposal stands. `cooling`: a recovery that was confirmed and waits out its day."""

    WAITING = "waiting", _("waits for a second person")
    COOLING = "cooling", _("confirmed, waits out its day")
    DONE = "done", _("agreed and done")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    STOPPED = "stopped", _("stopped")
    EXPIRED = "expired", _("lapsed after its time")


class Proposal(models.Model):
    """Something that one person asks for and another must agree to. Written by functions of the database alone."""

    OPEN = (ProposalState.WAITING, ProposalState.COOLING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=ProposalKind)
    state = models.CharField(max_length=10, choices=ProposalState)
    subject = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")
    role = models.CharField(max_length=30, choices=Role, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=500, blank=True)
    ready_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "organisation", "unit", "role"],
                condition=models.Q(state__in=["waiting", "cooling"]),
                nulls_distinct=False,
                name="one_open_proposal_of_a_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=ProposalKind.values, state__in=ProposalState.values),
                name="proposal_words_are_known",
            ),
            models.CheckConstraint(
                condition=models.Q(role="") | models.Q(role__in=Role.values), name="proposal_role_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | (
                    (models.Q(asked_by=None) | ~models.Q(decided_by=models.F("asked_by")))
                    & (models.Q(subject=None) | ~models.Q(decided_by=models.F("subject")))
                ),
                name="a_proposal_is_decided_by_another_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether somebody can still decide, withdraw, stop or use it."""
        return self.state in self.OPEN and self.expires_at > timezone.now()

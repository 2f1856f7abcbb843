"""Who takes part in the response: organisations, units, memberships, the service directory, networks."""

from django.conf import settings
from django.db import models
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

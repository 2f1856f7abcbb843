"""What a field study collects with: the study, its sites, forms and their versions, media, and the devices."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from palermo.kernel.database.models import Record


class StudyKind(models.TextChoices):
    """A survey asks many people the same questions; a field study listens to few in one place."""

    SURVEY = "survey", _("Survey")
    FIELD_STUDY = "field_study", _("Field study")


class Study(Record):
    """One round of one study in one country, of the organisation that answers for it.

    code: its place in the address that devices know (`/o/<code>/`). It never changes: devices keep it for weeks.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=StudyKind)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    country = models.CharField(_("country"), max_length=3, blank=True)
    ethics_reference = models.CharField(_("ethics reference"), max_length=200)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=StudyKind.values), name="a_study_is_of_a_known_kind"),
            models.CheckConstraint(condition=models.Q(round__gte=1), name="rounds_of_a_study_are_counted_from_one"),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[a-z0-9][a-z0-9-]{2,39}$"), name="a_study_has_a_plain_code"
            ),
            models.CheckConstraint(condition=~models.Q(ethics_reference=""), name="a_study_names_its_ethics_decision"),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.title


class Site(Record):
    """Where interviews are held. unit: the team that works there; its supervisors see this site's records alone."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="sites")
    name = models.CharField(_("name of the site"), max_length=120)
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("study", "name"), name="sites_of_a_study_have_names"),)

    def __str__(self) -> str:
        return self.name


class Form(Record):
    """A questionnaire of a study by the `form_id` that devices know; what it asks stands in its versions."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="forms")
    form_id = models.CharField(_("form id"), max_length=64)
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        ordering = ("form_id",)
        constraints = (
            models.UniqueConstraint(fields=("study", "form_id"), name="a_study_has_each_form_once"),
        )

    def __str__(self) -> str:
        return self.title


class VersionState(models.TextChoices):
    """Published: offered and taken. Closing: taken still, offered no more. Closed: neither."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", pgettext_lazy("state of a form", "Published")
    CLOSING = "closing", _("Closing")
    CLOSED = "closed", _("Closed")


class FormVersion(Record):
    """One wording of a form, as it was uploaded and as devices get it, byte for byte.

    md5: of exactly these bytes; devices compare it and download again when it differs. It is not a secret and
    protects nothing. schema: what flattening needs to know of the questions (`actions.schema`).
    """

    form = models.ForeignKey(Form, models.PROTECT, related_name="versions")
    study = models.ForeignKey(Study, models.PROTECT, related_name="+")
    label = models.CharField(_("version"), max_length=64)
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.DRAFT)
    source = models.BinaryField()
    source_kind = models.CharField(max_length=5)
    xml = models.BinaryField()
    md5 = models.CharField(max_length=32)
    schema = models.JSONField(default=dict)
    validator = models.CharField(max_length=80)
    warnings = models.JSONField(default=list)
    published_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(fields=("form", "label"), name="a_form_has_each_version_once"),
            models.UniqueConstraint(
                fields=("form",), condition=models.Q(state="published"), name="one_version_of_a_form_is_offered"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=VersionState.values), name="a_version_is_in_a_known_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(published_at__isnull=False),
                name="what_is_offered_was_published",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.label

    @property
    def takes_submissions(self) -> bool:
        return self.state in (VersionState.PUBLISHED, VersionState.CLOSING)


class FormMedia(Record):
    """A file that goes to the devices with a version: choices as CSV, a picture, a question read aloud."""

    form_version = models.ForeignKey(FormVersion, models.PROTECT, related_name="media")
    study = models.ForeignKey(Study, models.PROTECT, related_name="+")
    name = models.CharField(_("file"), max_length=120)
    md5 = models.CharField(max_length=32)
    size = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("form_version", "name"), name="media_names_are_unique"),
        )

    def __str__(self) -> str:
        return self.name


class DeviceKind(models.TextChoices):
    """A device speaks OpenRosa. A link opens one form in a browser. A seat is a signed-in person at a form."""

    DEVICE = "device", _("Device")
    LINK = "link", _("Link to a form")
    SEAT = "seat", _("Person at a desk")


class DeviceAccount(Record):
    """What a device signs in with. label: a code for the enumerator ("E-07"), never a name.

    Either a password (its HA1 sealed: RFC 7616 needs it whole) or a key in the address (its hash alone).
    form, most: of a link, the one form that it opens and how many records may come through it.
    """

    study = models.ForeignKey(Study, models.PROTECT, related_name="devices")
    kind = models.CharField(max_length=6, choices=DeviceKind, default=DeviceKind.DEVICE)
    form = models.ForeignKey(Form, models.PROTECT, related_name="+", null=True, blank=True)
    most = models.PositiveIntegerField(_("records at most"), null=True, blank=True)
    label = models.CharField(_("enumerator's code"), max_length=20)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", null=True, blank=True)
    username = models.CharField(max_length=20, unique=True)
    sealed_ha1 = models.BinaryField()
    token_sha256 = models.BinaryField(max_length=32, null=True, unique=True)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    seen_at = models.DateTimeField(_("last seen"), null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ("label", "-created_at")
        constraints = (
            models.UniqueConstraint(
                fields=("study", "label"), condition=models.Q(revoked_at=None), name="one_live_device_for_each_code"
            ),
            models.CheckConstraint(
                condition=models.Q(label__regex=r"^[A-Z]{1,3}-?[0-9]{1,6}$"),
                name="an_enumerator_has_a_code_and_no_name",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="link", form__isnull=False, most__gte=1)
                | models.Q(kind__in=("device", "seat"), form=None, most=None),
                name="a_link_opens_one_form_for_so_many_records",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.label

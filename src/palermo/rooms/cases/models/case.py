"""A case: one person helped by one organisation. Here is what the case knows; who the person is lies in the vault."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from palermo.kernel.database.models import Record
from palermo.kernel.organisations.models import Organisation


class Crime(models.TextChoices):
    """What the case is about (palermo/crime). Codes match the outcomes of a screening."""

    TIP = "tip", _("Trafficking in persons")
    BOTH = "tip_and_som", _("Trafficking and smuggling")
    AGGRAVATED_SOM = "aggravated_som", _("Aggravated smuggling of migrants")
    SOM = "som", _("Smuggling of migrants")
    NEITHER_YET = "neither_yet", _("Not clear yet")


class Status(models.TextChoices):
    """Where the person stands (palermo/person_status). A smuggled migrant is not a victim of smuggling."""

    PRESUMED = "presumed", _("Presumed victim of trafficking")
    SMUGGLED_MIGRANT = "smuggled_migrant", _("Smuggled migrant")
    NOT_RECORDED = "not_recorded", _("Not clear yet")


class Risk(models.TextChoices):
    """How soon the risk to the person must be looked at again."""

    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")
    NOT_ASSESSED = "not_assessed", _("Not assessed")


class Ending(models.TextChoices):
    """How the help ended. Needed before a closure is proposed."""

    GOALS_MET = "goals_met", _("The goals of the plan are met")
    HANDED_OVER = "handed_over", _("Another organisation goes on with the help")
    RETURNED = "returned", _("The person returned home or moved on, informed and by choice")
    DECLINED = "declined", _("The person does not want help any more")
    LOST_CONTACT = "lost_contact", _("Contact is lost, after every effort to find the person")
    DIED = "died", _("The person died")
    OTHER = "other", _("Another outcome, written in the reason")


class Case(Record):
    """An episode of help. The owner is one organisation at every instant: the column is single and never empty.

    person_id: the person's row in the vault; person_code: the pseudonym that pages show instead of a name.
    """

    machine: ClassVar[str] = "case"

    code = models.CharField(_("code"), max_length=12, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=30, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    person_id = models.UUIDField(editable=False)
    person_code = models.CharField(max_length=12, editable=False)
    screening_id = models.UUIDField(null=True, blank=True, editable=False)
    opening_reason = models.CharField(_("why the case was opened"), max_length=300)
    crime = models.CharField(_("crime"), max_length=20, choices=Crime)
    status = models.CharField(_("status of the person"), max_length=20, choices=Status)
    child = models.BooleanField(_("child, or age in doubt"), null=True)
    risk = models.CharField(_("risk"), max_length=15, choices=Risk, default=Risk.NOT_ASSESSED)
    plan_agreed = models.BooleanField(_("the person agreed to the plan"), default=False)
    ending = models.CharField(_("outcome"), max_length=20, choices=Ending, blank=True)
    exit_assessed = models.BooleanField(_("the risk after closure is assessed"), default=False)
    follow_up_agreed = models.BooleanField(_("the person agreed to contact after closure"), null=True)
    # Who told what it is about and how old the person is, where it began with a referral: nobody here decided it.
    told_by = models.ForeignKey(Organisation, models.PROTECT, null=True, editable=False, related_name="+")
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = (
            models.Index(fields=("-opened_at", "-id"), name="case_newest_first"),
            models.Index(fields=("organisation", "state"), name="case_by_owner_and_state"),
            models.Index(fields=("person_id",), name="case_by_person"),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(crime__in=Crime.values), name="case_crime_is_known"),
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="case_status_is_known"),
            models.CheckConstraint(condition=models.Q(risk__in=Risk.values), name="case_risk_is_known"),
            models.CheckConstraint(
                # The two crimes are never confused: who was only smuggled is not recorded as a victim.
                condition=~models.Q(crime__in=("som", "aggravated_som"), status="presumed"),
                name="who_was_only_smuggled_is_not_called_a_victim",
            ),
            models.UniqueConstraint(
                fields=("screening_id",),
                condition=models.Q(screening_id__isnull=False),
                name="one_case_for_one_screening",
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def crime_said(self) -> str:
        """What it is about in words, and who said so where it was not found out in this house."""
        return self._said(self.get_crime_display(), known=self.crime != Crime.NEITHER_YET)

    @property
    def status_said(self) -> str:
        """Where the person stands in words, and who said so where nobody in this house decided it."""
        return self._said(self.get_status_display(), known=self.status != Status.NOT_RECORDED)

    def _said(self, words: str, *, known: bool) -> str:
        if self.told_by_id is None:
            return words
        if not known:
            return gettext("Not told by %(organisation)s") % {"organisation": self.told_by}
        told = gettext("%(what)s (told by %(organisation)s, not decided here)")
        return told % {"what": words, "organisation": self.told_by}


def _codes(label: str, length: int = 40) -> ArrayField:  # type: ignore[type-arg]
    return ArrayField(models.CharField(max_length=length), verbose_name=label, default=list, blank=True)


class Facts(Record):
    """Coded facts of a case after HTCDS 2.0. Flags are ternary: in `_yes`, in `_no`, or in neither: not recorded."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="facts")
    sex = models.CharField(_("sex"), max_length=10, blank=True)
    age_group = models.CharField(_("age now"), max_length=10, blank=True)
    age_at_exploitation = models.CharField(_("age when it began"), max_length=10, blank=True)
    citizenships = _codes(_("citizenship"), 3)
    country = models.CharField(_("country of exploitation"), max_length=3, blank=True)
    recruiter = models.CharField(_("relation to the recruiter"), max_length=20, blank=True)
    forms_yes = _codes(_("forms of exploitation: yes"))
    forms_no = _codes(_("forms of exploitation: no"))
    controls_yes = _codes(_("means of control: yes"))
    controls_no = _codes(_("means of control: no"))
    labour = _codes(_("sectors of work"))
    sexual = _codes(_("kinds of sexual exploitation"))

    class Meta:
        verbose_name = verbose_name_plural = _("facts")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(forms_yes__overlap=models.F("forms_no")),
                name="a_form_is_not_both_yes_and_no",
            ),
            models.CheckConstraint(
                condition=~models.Q(controls_yes__overlap=models.F("controls_no")),
                name="a_means_is_not_both_yes_and_no",
            ),
        )

    def __str__(self) -> str:
        return str(self.case_id)


class Note(models.Model):
    """Something that was said, done or seen. Never edited: a correction is a new note that names the old one."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    sealed = models.BinaryField(_("note"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    # By the clock of the device, where it was written without a link and arrived later.
    begun_at = models.DateTimeField(null=True, blank=True, editable=False)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes = (models.Index(fields=("case", "-written_at"), name="note_newest_first"),)
        constraints = (models.CheckConstraint(condition=~models.Q(sealed=b""), name="a_note_is_not_empty"),)

    # What it says, once `queries.notes` or `queries.note` has opened it.
    text = ""

    def __str__(self) -> str:
        return f"{self.case_id} {self.written_at:%Y-%m-%d}"


class Draft(models.Model):
    """A note that its author has begun and not yet added. Nobody else sees it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="drafts")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sealed = models.BinaryField(default=bytes)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = (
            models.UniqueConstraint(fields=("case", "written_by"), name="one_draft_for_a_person_and_case"),
        )

    def __str__(self) -> str:
        return str(self.case_id)


class Paper(models.TextChoices):
    """What a file of a case is. Codes of ours: what a case worker sorts by."""

    CONSENT = "consent", _("Consent or agreement")
    MEDICAL = "medical", _("Medical paper")
    LEGAL = "legal", _("Paper of the police, a court or a lawyer")
    STATEMENT = "statement", _("Statement of the person")
    IDENTITY = "identity_document", _("Identity or travel document")
    PICTURE = "picture", _("Picture")
    OTHER = "other", _("Something else")


class Attachment(models.Model):
    """A file of a case. The file itself lies sealed with kernel.files; here is what it is, sealed too, and whether it
    was taken away. `scope`: "identity" for whatever shows who the person is, else "notes"; the reader must hold it.
    """

    file = models.OneToOneField("files.File", models.PROTECT, primary_key=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments")
    scope = models.CharField(max_length=20)
    kind = models.CharField(_("kind"), max_length=20, choices=Paper)
    sealed_description = models.BinaryField()
    removed_at = models.DateTimeField(null=True, editable=False)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sealed_removal_reason = models.BinaryField(default=bytes)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=Paper.values), name="file_kind_is_known"),
            models.CheckConstraint(
                condition=models.Q(scope="identity")
                | models.Q(scope="notes") & ~models.Q(kind="identity_document"),
                name="an_identity_document_needs_the_scope_identity",
            ),
            models.CheckConstraint(
                condition=models.Q(removed_at=None) | models.Q(removed_by__isnull=False),
                name="who_removes_a_file_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class Reveal(models.Model):
    """That somebody saw who the person is, and what for in his own words. The audit holds the code of the purpose."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reveals")
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(auto_now_add=True)
    purpose = models.CharField(max_length=20)
    explanation = models.CharField(max_length=500)
    fields = _codes(_("fields"))

    class Meta:
        verbose_name = _("reveal of identity")
        verbose_name_plural = _("reveals of identity")
        ordering = ("-seen_at", "-id")

    def __str__(self) -> str:
        return f"{self.case_id} {self.purpose}"

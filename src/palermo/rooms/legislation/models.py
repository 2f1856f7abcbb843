"""Laws, their wordings, and readings: what a row of a checklist finds in them. Each is published by a second person."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from palermo.kernel.review.models import Reviewed, State

__all__ = [
    "Confidence",
    "Law",
    "LawKind",
    "Reading",
    "Reviewed",
    "Standing",
    "State",
    "Translation",
    "UsedFor",
    "Wording",
]


class LawKind(models.TextChoices):
    """What sort of rule it is; the code stands in its FRBR address."""

    ACT = "act", _("Act")
    CODE = "code", _("Code")
    CONSTITUTION = "constitution", _("Constitution")
    DECREE = "decree", _("Decree")
    REGULATION = "regulation", _("Regulation")
    OTHER = "other", _("Other rule")


class UsedFor(models.TextChoices):
    """Why the State's answer to both crimes uses this law."""

    SPECIFIC = "specific", _("Made for these crimes")
    GENERAL = "general", _("General offence that is used")
    PROCEDURE = "procedure", _("Rule of procedure or protection")


class Law(Reviewed):
    """A law. A law without any text is a legitimate entry. titles: in further languages, {language: title}.

    amendments: [{"on": day, "by": what, "note": words}], in their order. uri: its FRBR address, unique in the instance.
    """

    country = models.CharField(max_length=3, editable=False)
    kind = models.CharField(max_length=12, choices=LawKind, default=LawKind.ACT, editable=False)
    used_for = models.CharField(max_length=9, choices=UsedFor, default=UsedFor.SPECIFIC, editable=False)
    number = models.CharField(max_length=60, editable=False)
    uri = models.CharField(max_length=200, unique=True, editable=False)
    title = models.TextField(editable=False)
    language = models.CharField(max_length=10, editable=False)
    titles = models.JSONField(default=dict, editable=False)
    adopted = models.DateField(editable=False)
    published_on = models.DateField(null=True, editable=False)
    commenced = models.DateField(null=True, editable=False)
    repealed = models.DateField(null=True, editable=False)
    amendments = models.JSONField(default=list, editable=False)
    source = models.CharField(max_length=1000, blank=True, editable=False)
    note = models.TextField(blank=True, editable=False)

    class Meta:
        verbose_name = _("law")
        verbose_name_plural = _("laws")
        ordering = ("country", "adopted", "uri")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(repealed=None) | models.Q(repealed__gte=models.F("adopted")),
                name="a_law_is_repealed_after_it_was_adopted",
            ),
        )

    def __str__(self) -> str:
        return self.uri


class Translation(models.TextChoices):
    """Whose words a wording is in."""

    ORIGINAL = "original", _("Original language")
    OFFICIAL = "official", _("Official translation")
    UNOFFICIAL = "unofficial", _("Unofficial translation")
    MACHINE = "machine", _("Machine translation")


class Wording(Reviewed):
    """The text of a law from a day on, in one language. provisions: `palermo.legislation.Provision` as objects.

    body: the plain text that they were read from, by which the wording is searched.
    """

    law = models.ForeignKey(Law, models.PROTECT, related_name="wordings", editable=False)
    language = models.CharField(max_length=10, editable=False)
    translation = models.CharField(
        max_length=10, choices=Translation, default=Translation.ORIGINAL, editable=False
    )
    valid_from = models.DateField(editable=False)
    valid_to = models.DateField(null=True, editable=False)
    gazette = models.CharField(max_length=300, blank=True, editable=False)
    note = models.TextField(blank=True, editable=False)
    provisions = models.JSONField(default=list, editable=False)
    body = models.TextField(editable=False)

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ("-valid_from", "language", "pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="a_wording_ends_after_it_began",
            ),
        )

    def __str__(self) -> str:
        return f"{self.law_id} {self.language} {self.valid_from}"


class Standing(models.TextChoices):
    """What the law says to a row of a checklist. Not assessed is no entry: it is the absence of a reading."""

    MET = "met", pgettext_lazy("a row of a checklist", "Met")
    PARTLY = "partly", _("Partly met")
    NOT_MET = "not_met", _("Not met")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


class Confidence(models.TextChoices):
    """How sure the reader is."""

    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class Reading(Reviewed):
    """What one row of a checklist finds in a State's law as it stood on a day. A later reading takes its place.

    relied: [{"wording": id, "eid": provision}], the provisions that it relies on.
    """

    country = models.CharField(max_length=3, editable=False)
    row = models.CharField(max_length=60, editable=False)
    on = models.DateField(editable=False)
    standing = models.CharField(max_length=14, choices=Standing, editable=False)
    reasons = models.TextField(editable=False)
    relied = models.JSONField(default=list, editable=False)
    sources = models.TextField(blank=True, editable=False)
    need = models.TextField(blank=True, editable=False)
    confidence = models.CharField(max_length=6, choices=Confidence, default=Confidence.MEDIUM, editable=False)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        indexes = (models.Index(fields=("country", "row", "-on"), name="readings_of_a_state"),)
        constraints = (
            models.CheckConstraint(condition=~models.Q(reasons=""), name="a_reading_gives_its_reasons"),
            models.CheckConstraint(
                condition=models.Q(standing__in=Standing.values), name="a_reading_has_a_known_standing"
            ),
        )

    def __str__(self) -> str:
        return f"{self.country} {self.row} {self.on}"

"""Persons on the side of the accused: in formal contact, prosecuted, convicted. Kept apart from victims.

Persons are counted by `JusticeEvent`, charges by `Charge`: one person may be charged with many offences.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.rooms.register.models.codes import code_field
from palermo.rooms.register.models.person import MAJORITY, YEARS
from palermo.rooms.register.models.provenance import Precision, Provenance, SourceList


class Suspect(models.Model):
    """One suspected, prosecuted or convicted person of a source list, without identity."""

    id = models.BigAutoField(primary_key=True)
    source_list = models.ForeignKey(SourceList, models.PROTECT, db_index=False)
    source_key = models.BinaryField(max_length=20)
    provenance = models.ForeignKey(Provenance, models.PROTECT, db_index=False)
    sex = code_field(_("sex"))
    citizenship = code_field(_("citizenship"), max_length=3)

    class Meta:
        verbose_name = _("suspected person")
        verbose_name_plural = _("suspected persons")
        constraints = (
            models.UniqueConstraint(
                fields=("source_list", "source_key"), name="a_row_of_a_source_is_one_suspect"
            ),
        )

    def __str__(self) -> str:
        return f"S{self.pk}"


class Stage(models.TextChoices):
    """The three stages that UNODC asks for (GLOTIP questionnaire), and acquittals (EU 2011/36 art. 19a)."""

    FORMAL_CONTACT = "formal_contact", _("brought into formal contact")
    PROSECUTED = "prosecuted", _("prosecuted")
    CONVICTED = "convicted", _("convicted")
    ACQUITTED = "acquitted", _("acquitted")


class JusticeEvent(models.Model):
    """A stage that a person reached in a year; counted once per person, stage and year.

    crime and forms are those of all its charges together; the age group is that at this stage.
    """

    id = models.BigAutoField(primary_key=True)
    suspect = models.ForeignKey(Suspect, models.CASCADE, related_name="events", db_index=False)
    stage = models.CharField(_("stage"), max_length=16, choices=Stage.choices)
    year = models.SmallIntegerField(_("year"))
    on = models.DateField(_("date"))
    precision = models.CharField(max_length=5, choices=Precision.choices)
    crime = code_field(_("crime"))
    age_group = code_field(_("age group"))
    form_yes = models.IntegerField(default=0)
    country = code_field(_("country"), max_length=3)
    area = code_field(_("area"))
    provenance = models.ForeignKey(Provenance, models.PROTECT, db_index=False)

    class Meta:
        verbose_name = _("stage of proceedings")
        verbose_name_plural = _("stages of proceedings")
        indexes = (models.Index(fields=("stage", "year"), name="justice_by_stage_and_year"),)
        constraints = (
            models.UniqueConstraint(fields=("suspect", "stage", "year"), name="a_stage_counts_once_a_year"),
            models.CheckConstraint(condition=models.Q(stage__in=Stage.values), name="a_stage_is_known"),
            models.CheckConstraint(condition=models.Q(year__range=YEARS), name="justice_year_is_a_year"),
            models.CheckConstraint(
                condition=models.Q(age_group__in=MAJORITY), name="an_accused_is_child_adult_or_unknown"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.year}"


class Charge(models.Model):
    """One offence that a person is in contact with justice for at a stage: several may make one event.

    offence: ICCS 2015. article: of national law. Empty, and null for `final`, were not recorded.
    """

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(JusticeEvent, models.CASCADE, related_name="charges", db_index=False)
    offence = code_field(_("offence"), max_length=16)
    article = code_field(_("article of national law"), max_length=60)
    crime = code_field(_("crime"))
    form_yes = models.IntegerField(default=0)
    instance = code_field(_("court instance"), max_length=16)
    sentence = code_field(_("sentence"), max_length=16)
    sentence_months = models.SmallIntegerField(_("length of the sentence in months"), null=True)
    final = models.BooleanField(_("final"), null=True)
    authority = code_field(_("recorded by"), max_length=16)
    provenance = models.ForeignKey(Provenance, models.PROTECT, db_index=False)

    class Meta:
        verbose_name = _("charge")
        verbose_name_plural = _("charges")
        constraints = (
            models.UniqueConstraint(
                fields=("event", "offence", "article", "crime"), name="an_offence_is_charged_once_a_stage"
            ),
            models.CheckConstraint(
                condition=models.Q(sentence_months=None)
                | models.Q(sentence__in=("imprisonment", "suspended")),
                name="only_a_sentence_of_time_has_a_length",
            ),
        )

    def __str__(self) -> str:
        return self.offence or self.article

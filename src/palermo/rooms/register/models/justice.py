"""Persons on the side of the accused: in formal contact, prosecuted, convicted. Kept apart from victims."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.rooms.register.models.codes import code_field
from palermo.rooms.register.models.person import YEARS
from palermo.rooms.register.models.provenance import Precision, Provenance, SourceList


class Suspect(models.Model):
    """One suspected, prosecuted or convicted person of a source list, without identity."""

    id = models.BigAutoField(primary_key=True)
    source_list = models.ForeignKey(SourceList, models.PROTECT, db_index=False)
    source_key = models.BinaryField(max_length=20)
    provenance = models.ForeignKey(Provenance, models.PROTECT, db_index=False)
    crime = code_field(_("crime"))
    sex = code_field(_("sex"))
    age_group = code_field(_("age group"))
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
    """The stages that UNODC asks for (GLOTIP questionnaire)."""

    FORMAL_CONTACT = "formal_contact", _("brought into formal contact")
    PROSECUTED = "prosecuted", _("prosecuted")
    CONVICTED = "convicted", _("convicted")


class JusticeEvent(models.Model):
    """A stage that a person reached in a year; counted once per person, stage and year."""

    id = models.BigAutoField(primary_key=True)
    suspect = models.ForeignKey(Suspect, models.CASCADE, related_name="events", db_index=False)
    stage = models.CharField(_("stage"), max_length=16, choices=Stage.choices)
    year = models.SmallIntegerField(_("year"))
    on = models.DateField(_("date"))
    precision = models.CharField(max_length=5, choices=Precision.choices)
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
        )

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.year}"

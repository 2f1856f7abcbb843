"""A person in the register, without identity: a code, coded attributes, and dated events.

There is no name, no free text and no way back to the vault: a row fed by a case carries a keyed one-way
pseudonym. Attribute codes are those of `palermo.standards` (schemes palermo/...); empty = not recorded.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from palermo.rooms.register.models.codes import code_field, code_of
from palermo.rooms.register.models.flags import GROUPS, answers
from palermo.rooms.register.models.provenance import Precision, Provenance, SourceList

MAJORITY = ("child", "adult", "unknown", "")
YEARS = (1900, 2200)


class Person(models.Model):
    """One presumed or identified victim or smuggled migrant, counted once per source list.

    source_key: what makes the row the same row when the list comes again. row_hash: of its content, to tell
    an update from a repetition. country is that of exploitation (or of the smuggling), often only that of
    first help; area is the national area code. year is the year of registration by the source. basis: what age, sex
    and nationality stand on (`rules.BASES`). part_of: the number of the person for whom this row and others of other
    lists stand (`joining`); he is counted instead of them.
    """

    id = models.BigAutoField(primary_key=True)
    # Repeats that of the provenance, for the unique index; so the database need not check it a second time.
    source_list = models.ForeignKey(SourceList, models.PROTECT, db_index=False, db_constraint=False)
    source_key = models.BinaryField(max_length=20)
    row_hash = models.BinaryField(max_length=16)
    provenance = models.ForeignKey(Provenance, models.PROTECT, db_index=False)
    year = models.SmallIntegerField(_("year"), null=True)
    crime = code_field(_("crime"))
    status = code_field(_("status"))
    sex = code_field(_("sex"))
    gender = code_field(_("gender"))
    age_band = code_field(_("age band"))
    age_group = code_field(_("age group"))
    majority = code_field(_("majority at registration"))
    majority_at_exploitation = code_field(_("majority when exploitation began"))
    majority_at_entry = code_field(_("majority at entry into the process"))
    citizenship = code_field(_("citizenship"), max_length=3)
    other_citizenships = code_field(_("other citizenships"), max_length=40)
    country = code_field(_("country of exploitation"), max_length=3)
    area = code_field(_("area"))
    source_kind = code_field(_("kind of source"))
    form_recorded = models.IntegerField(default=0)
    form_yes = models.IntegerField(default=0)
    control_recorded = models.IntegerField(default=0)
    control_yes = models.IntegerField(default=0)
    labour_recorded = models.IntegerField(default=0)
    labour_yes = models.IntegerField(default=0)
    sexual_recorded = models.IntegerField(default=0)
    sexual_yes = models.IntegerField(default=0)
    recruiter_recorded = models.IntegerField(default=0)
    recruiter_yes = models.IntegerField(default=0)
    abducted = models.BooleanField(_("abducted"), null=True)
    basis = models.CharField(max_length=12, blank=True, default="", db_default="", db_collation="C")
    part_of = models.BigIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("person in the register")
        verbose_name_plural = _("persons in the register")
        indexes = (
            models.Index(fields=("year", "id"), name="register_person_by_year"),
            models.Index(fields=("citizenship", "id"), name="register_person_by_citizen"),
            models.Index(
                fields=("part_of",),
                condition=models.Q(part_of__isnull=False),
                name="register_rows_of_a_person",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("source_list", "source_key"), name="a_row_of_a_source_is_one_person"
            ),
            models.CheckConstraint(
                condition=models.Q(year=None) | models.Q(year__range=YEARS), name="register_year_is_a_year"
            ),
            models.CheckConstraint(
                condition=models.Q(majority__in=MAJORITY)
                & models.Q(majority_at_exploitation__in=MAJORITY)
                & models.Q(majority_at_entry__in=MAJORITY)
                & models.Q(age_group__in=MAJORITY),
                name="majority_is_child_adult_or_unknown",
            ),
            models.CheckConstraint(
                # yes & ~recorded must be empty in every group; written with the bit operators of the fields.
                condition=models.Q(
                    **{
                        f"{group}_yes": models.F(f"{group}_yes").bitand(models.F(f"{group}_recorded"))
                        for group in GROUPS
                    }
                ),
                name="a_yes_is_always_recorded",
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The public code, such as R-7K3Q-94AB."""
        return code_of(self.pk)

    def answers(self, group: str) -> dict[str, bool]:
        """The recorded answers of a group of flags."""
        return answers(group, getattr(self, f"{group}_recorded"), getattr(self, f"{group}_yes"))


class Kind(models.TextChoices):
    """What can happen to a person in the register; the words of the field."""

    REGISTERED = "registered", _("registered")
    SCREENED = "screened", _("screened")
    PRESUMED = "presumed", _("presumed victim")
    REASONABLE_GROUNDS = "reasonable_grounds", _("reasonable grounds")
    IDENTIFIED = "identified", _("identified as a victim")
    REJECTED = "rejected", _("negative decision")
    DECLINED = "declined", _("declined formal identification")
    CASE_OPENED = "case_opened", _("case opened")
    REFERRED = "referred", _("referred")
    ASSISTED = "assisted", _("assisted")
    RETURNED = "returned", _("returned")
    CASE_CLOSED = "case_closed", _("case closed")


class Event(models.Model):
    """Something dated that happened to a person. Stored once, however often it is reported."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="events", db_index=False)
    kind = models.CharField(_("event"), max_length=20, choices=Kind.choices)
    on = models.DateField(_("date"))
    precision = models.CharField(max_length=5, choices=Precision.choices)
    area = code_field(_("area"))
    provenance = models.ForeignKey(Provenance, models.PROTECT, db_index=False)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "kind", "on"), name="an_event_of_a_person_is_stored_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values), name="an_event_is_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(precision__in=Precision.values), name="an_event_date_has_a_precision"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"

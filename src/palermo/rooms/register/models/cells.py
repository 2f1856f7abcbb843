"""How many persons share each combination of attributes, kept exact by the database itself.

A table over a million persons would otherwise read a million rows per page. A statement trigger on
`register_person` adds and subtracts in the same transaction; `queries.drift` compares with a recount. There
are several tables because a combination of few attributes has few cells: a count reads the smallest table
that has every attribute it asks for.
"""

from collections.abc import Mapping

from django.contrib.postgres.fields import ArrayField
from django.db import models

from palermo.rooms.register.models.codes import code_field
from palermo.rooms.register.models.flags import GROUPS

_WHO = ("year", "crime", "status", "sex", "age_group", "source_list_id")
# Table (without its prefix) -> its attributes, smallest table first.
CELLS: Mapping[str, tuple[str, ...]] = {
    "formcell": (*_WHO, "majority", "form_yes"),
    "origincell": (*_WHO, "citizenship", "country"),
    "cell": (*_WHO, "majority", "form_yes", "citizenship", "country", "area", "age_band", "source_kind"),
}
ANSWER_CELL = (*_WHO, "majority")
# Place of every flag in the arrays of `AnswerCell`, counted from 1 as PostgreSQL does.
FLAGS: tuple[tuple[str, str], ...] = tuple((group, code) for group, codes in GROUPS.items() for code in codes)


class Counted(models.Model):
    """The attributes that every table of cells has, and the number of persons who have exactly these."""

    id = models.BigAutoField(primary_key=True)
    year = models.SmallIntegerField(null=True)
    crime = code_field()
    status = code_field()
    sex = code_field()
    age_group = code_field()
    source_list_id = models.SmallIntegerField()
    persons = models.BigIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.year} {self.persons}"


class FormCell(Counted):
    """By who and by forms of exploitation."""

    majority = code_field()
    form_yes = models.IntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=CELLS["formcell"], nulls_distinct=False, name="one_cell_by_form"),
        )


class OriginCell(Counted):
    """By who and from where to where."""

    citizenship = code_field(max_length=3)
    country = code_field(max_length=3)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=CELLS["origincell"], nulls_distinct=False, name="one_cell_by_origin"
            ),
        )


class Cell(Counted):
    """By everything that the register is counted by."""

    majority = code_field()
    form_yes = models.IntegerField(default=0)
    citizenship = code_field(max_length=3)
    country = code_field(max_length=3)
    area = code_field()
    age_band = code_field()
    source_kind = code_field()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=CELLS["cell"], nulls_distinct=False, name="one_cell_per_combination"
            ),
        )


class AnswerCell(Counted):
    """Answers by who: for every flag (place in `FLAGS`) how many said yes and no, for every group how many said
    anything at all.
    """

    majority = code_field()
    yes = ArrayField(models.BigIntegerField())
    no = ArrayField(models.BigIntegerField())
    answered = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=ANSWER_CELL, nulls_distinct=False, name="one_cell_of_answers"),
        )

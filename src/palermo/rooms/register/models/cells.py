"""How many persons share each combination of attributes, kept exact by the database itself.

A table over a million persons would otherwise read a million rows per page. A statement trigger on
`register_person` adds and subtracts in the same transaction; `queries.drift` compares with a recount.
"""

from django.db import models

from palermo.rooms.register.models.codes import code_field

DIMENSIONS = (
    "year", "crime", "status", "sex", "age_band", "age_group", "majority", "citizenship", "country", "area",
    "source_list_id", "source_kind", "form_yes",
)  # fmt: skip


class Cell(models.Model):
    """The number of persons with exactly these attributes. No row of it is written by the application."""

    id = models.BigAutoField(primary_key=True)
    year = models.SmallIntegerField(null=True)
    crime = code_field()
    status = code_field()
    sex = code_field()
    age_band = code_field()
    age_group = code_field()
    majority = code_field()
    citizenship = code_field(max_length=3)
    country = code_field(max_length=3)
    area = code_field()
    source_list_id = models.SmallIntegerField()
    source_kind = code_field()
    form_yes = models.IntegerField(default=0)
    persons = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=DIMENSIONS, nulls_distinct=False, name="one_cell_per_combination"),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.persons}"

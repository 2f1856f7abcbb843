"""An anonymous notification: that somebody was met who does not want to be referred. It names nobody.

It is tied to no person, case, screening, user or organisation and to no day. Every column is a code from a list, and
the database refuses anything else: there is no place in which a name could stand.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from palermo.kernel.organisations.models import OrganisationType
from palermo.standards import codelist

# The code of an area is a country and a number: letters could spell a name.
AREA = r"^([A-Z]{2}-[0-9]{2})?$"


def _codes(list_id: str) -> tuple[str, ...]:
    return tuple(code.code for code in codelist(list_id))


# The values that the database accepts. A code more in a list needs a migration: so it was meant.
CRIMES = ("tip", "tip_and_som")
FORMS, SECTORS = _codes("palermo/form"), _codes("palermo/labour")
SEXES, AGES = ("", *_codes("palermo/sex")), ("", *_codes("palermo/notification_age"))
REGIONS = ("", *_codes("country-m49/region"))
KINDS = tuple(OrganisationType.values)


class Notification(models.Model):
    """What may be told about somebody who said no. An empty code: left out."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    crime = models.CharField(_("crime"), max_length=20)
    forms = ArrayField(models.CharField(max_length=30), verbose_name=_("forms"), default=list)
    sectors = ArrayField(models.CharField(max_length=30), verbose_name=_("sectors of work"), default=list)
    sex = models.CharField(_("sex"), max_length=10, blank=True)
    age_band = models.CharField(_("age"), max_length=10, blank=True)
    region = models.CharField(_("region of citizenship"), max_length=3, blank=True)
    area = models.CharField(_("area"), max_length=5, blank=True)
    month = models.DateField(_("month"))
    organisation_kind = models.CharField(_("who notified"), max_length=40)

    class Meta:
        verbose_name = _("anonymous notification")
        verbose_name_plural = _("anonymous notifications")
        ordering = ("-month", "crime")
        constraints = (
            models.CheckConstraint(condition=Q(crime__in=CRIMES), name="notified_crime_is_a_code"),
            models.CheckConstraint(
                condition=Q(forms__contained_by=list(FORMS)), name="notified_forms_are_codes"
            ),
            models.CheckConstraint(
                condition=Q(sectors__contained_by=list(SECTORS)), name="notified_sectors_are_codes"
            ),
            models.CheckConstraint(condition=Q(sex__in=SEXES), name="notified_sex_is_a_code"),
            models.CheckConstraint(condition=Q(age_band__in=AGES), name="notified_age_is_a_code"),
            models.CheckConstraint(condition=Q(region__in=REGIONS), name="notified_region_is_a_code"),
            models.CheckConstraint(condition=Q(area__regex=AREA), name="notified_area_is_a_code"),
            models.CheckConstraint(condition=Q(month__day=1), name="notified_is_a_month_not_a_day"),
            models.CheckConstraint(condition=Q(organisation_kind__in=KINDS), name="notified_by_is_a_code"),
        )

    def __str__(self) -> str:
        return self.crime

"""The tables as data: what each asks, of whom, and what its reader must know."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.errors import NotFound
from palermo.rooms.statistics.queries.declaration import (
    DETECTED,
    FORMS,
    PRESUMED,
    WITHHELD,
    Declaration,
    Words,
)
from palermo.rooms.statistics.queries.declared_more import FREE, MORE

TABLES = {
    table.name: table
    for table in (
        Declaration(
            name="glotip",
            title=_("Detected victims and justice, as UNODC asks (GLOTIP)"),
            question=_("How many victims of trafficking were detected, who are they, and who was brought to justice?"),
            population=_("Presumed and identified victims of trafficking in the national register, by year"),
            fed_by="register",
            warnings=(DETECTED,),
            notes=(FORMS, PRESUMED, WITHHELD),
        ),
        Declaration(
            name="htcds-profile",
            title=_("Profile of assisted persons (HTCDS)"),
            question=_("What is recorded about the victims in the register?"),
            population=_("Presumed and identified victims of trafficking in the national register, all years"),
            fed_by="register",
            warnings=(
                DETECTED,
                _("Not recorded is not no: shares are of the persons with at least one answer in the group."),
            ),
            notes=(
                _("A person may stand under several answers; shares may add up to more than 100 %."),
                PRESUMED,
                WITHHELD,
            ),
        ),
        Declaration(
            name="sdg-16-2-2",
            title=_("Detected victims per 100,000 residents (SDG 16.2.2)"),
            question=_("How many victims were detected for every 100,000 residents?"),
            population=_("Presumed and identified victims of trafficking in the national register, by year"),
            fed_by="register",
            warnings=(
                DETECTED,
                _("The indicator has no numeric target: a low rate is not a success and a high one not a failure."),
            ),
            notes=(
                _("Rate = 100,000 x detected victims / resident population. Nothing is imputed or adjusted."),
                WITHHELD,
            ),
        ),
        Declaration(
            name="global-report",
            title=_("The figures of the Global Report"),
            question=_("Of the victims that countries reported to UNODC: who are they, how were they exploited?"),
            population=_("Victims and convicted persons that countries reported to UNODC (imported GLOTIP dataset)"),
            fed_by="observations",
            warnings=(
                DETECTED,
                _("Every figure rests on the countries that reported it. Few countries, or other countries than last "
                  "year, change it without any change in the crime."),
            ),
            notes=(
                _("Where a country printed <5, the figure is taken as 2 and shown with what it can be (0 to 4 each)."),
                _("Groups of countries with codes of their own overlap with their members and are left out."),
                _("Where the dataset gives two values for one figure, the middle is taken and both bound the range."),
            ),
        ),
        Declaration(
            name="mechanism",
            title=_("Key figures of the mechanism"),
            question=_("How fast does help come, are decisions made in time, and what becomes of referrals?"),
            population=_("Everything that was recorded so far, by quarter"),
            fed_by="mechanism",
            warnings=(
                _("These are figures about the work of organisations, not about the crime. Quarters that are not over, "
                  "and limits that still run, change."),
            ),
            notes=(WITHHELD,),
        ),
        *MORE,
    )
}  # fmt: skip


def declared(name: str) -> Declaration:
    """The table of that name; NotFound when there is none."""
    if name == FREE.name:
        return FREE
    try:
        return TABLES[name]
    except KeyError:
        raise NotFound() from None


__all__ = ["FREE", "TABLES", "Declaration", "Words", "declared"]

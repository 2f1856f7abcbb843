"""What can be counted at all, as data: populations, their dimensions, and the tables that are protected together.

A population is a set of persons with one counting rule. Its `tables` are the finest counts that may ever be shown of
it inside: one protection covers all of them at once, and every declared table and every free one is a part of them. So
two questions, or a thousand, say no more than these tables together, and of these the audit has proved that nobody can
compute a small count (docs/methods/free-tables.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from palermo.standards import codelist

Words = str | Promise
NOT_RECORDED = "not_recorded"
WITHOUT = "without:"  # the persons who are not under a code of an overlapping dimension

STATUSES = ("presumed", "reasonable_grounds", "identified", "declined", NOT_RECORDED, "")
TRAFFICKING = ("tip", "tip_and_som")
SMUGGLING = ("som", "aggravated_som", "tip_and_som")
VICTIMS: dict[str, list[str]] = {"crime": list(TRAFFICKING), "status": list(STATUSES)}
SEXES = ("female", "male", "other", "unknown", NOT_RECORDED)
AGES = ("child", "adult", "unknown", NOT_RECORDED)
FORMS = ("Sexual exploitation", "Forced labour", "Other forms of exploitation", NOT_RECORDED)
CITIZENS = ("nationals", "other_eu", "others", NOT_RECORDED)
IDENTIFIED: dict[str, str] = {
    "identified": "identified", "presumed": "presumed", "reasonable_grounds": "presumed", "declined": "presumed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Axis:
    """A dimension. `codes` None: whatever occurs. `asked` is its name where the facts are; `overlapping`: a person may
    stand under several codes and once in the total.
    """

    name: str
    codes: tuple[str, ...] | None = None
    asked: str = ""
    overlapping: bool = False

    @property
    def field(self) -> str:
        return self.asked or self.name


AXES: Mapping[str, Axis] = {
    axis.name: axis
    for axis in (
        Axis("year"),
        Axis("sex", SEXES),
        Axis("age", AGES, "majority"),
        Axis("form", FORMS, overlapping=True),
        Axis("status", ("identified", "presumed", NOT_RECORDED)),
        # Groups as Eurostat asks; with the countries under them where `citizenship` stands alone beside the year.
        Axis("citizens", CITIZENS, "citizenship"),
        Axis("citizenship"),
        Axis("source", None, "source_kind"),
        Axis("area"),
        Axis("crime", SMUGGLING),
        Axis("kind", tuple(c.code for c in codelist("palermo/service_kind")), overlapping=True),
        Axis("minor", ("child", "adult")),
        Axis("instance", ("first", "second", "final", "unknown", NOT_RECORDED)),
        Axis("outcome", ("convicted", "acquitted")),
        Axis("sentence", ("imprisonment", "suspended", "fine", "other", "none", "unknown", NOT_RECORDED)),
        Axis("mode", (*(c.code for c in codelist("palermo/travel_mode")), NOT_RECORDED)),
        Axis("border", (*(c.code for c in codelist("palermo/border_met")), NOT_RECORDED)),
        Axis("met", tuple(c.code for c in codelist("palermo/encounter_kind"))),
    )
}


@dataclass(frozen=True, slots=True)
class Population:
    """Persons who are counted by one rule.

    `facts`: where from (persons, stage, or a counting function of the database). `unit`, `rule` and `events` say in
    words what is counted, in which year, and from what. `tables`: names of dimensions, each the finest of its kind.
    """

    name: str
    title: Words
    unit: Words
    rule: Words
    events: Words
    facts: str
    tables: tuple[tuple[str, ...], ...]
    where: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Every dimension of the population, in the order of its tables."""
        return tuple(dict.fromkeys(name for table in self.tables for name in table))

    def holding(self, names: frozenset[str]) -> tuple[str, ...] | None:
        """The smallest table that has all of these dimensions, or None."""
        found = [table for table in self.tables if names <= set(table)]
        return min(found, key=len) if found else None


REGISTERED = _("The year of registration by the source; a person counts once.")
STAGED = _("The year in which the person reached the stage; a person counts once for each stage and year.")
PERSONS: Words = _("persons")
_ACCUSED = (("year", "sex", "age", "citizens"), ("year", "sex", "age", "form"), ("year", "citizenship"))
_ACCUSED_SOM = (("year", "sex", "age", "citizens"), ("year", "citizenship"))
STAGE_NAMES: dict[str, tuple[Words, Words]] = {
    "formal_contact": (
        _("Persons brought into formal contact for trafficking"),
        _("Persons brought into formal contact for smuggling"),
    ),
    "prosecuted": (_("Persons prosecuted for trafficking"), _("Persons prosecuted for smuggling")),
    "convicted": (_("Persons convicted of trafficking"), _("Persons convicted of smuggling")),
    "acquitted": (_("Persons acquitted of trafficking"), _("Persons acquitted of smuggling")),
}  # fmt: skip


def _stages() -> list[Population]:
    found = []
    for stage, (trafficking, smuggling) in STAGE_NAMES.items():
        events = _("Stages of proceedings in the lists of police, prosecution and courts")
        tip = {"stage": [stage], "crime": list(TRAFFICKING)}
        som = {"stage": [stage], "crime": list(SMUGGLING)}
        found += [
            Population(stage, trafficking, PERSONS, STAGED, events, "stage", _ACCUSED, tip),
            Population(f"som_{stage}", smuggling, PERSONS, STAGED, events, "stage", _ACCUSED_SOM, som),
        ]
    return found


POPULATIONS: Mapping[str, Population] = {
    population.name: population
    for population in (
        Population(
            name="persons",
            title=_("Detected victims of trafficking"),
            unit=PERSONS,
            rule=REGISTERED,
            events=_(
                "Persons of the register: presumed and identified victims; negative decisions are left out"
            ),
            facts="persons",
            where=VICTIMS,
            tables=(
                ("year", "sex", "age", "status"),
                ("year", "sex", "age", "form"),
                ("year", "sex", "age", "citizens"),
                ("year", "citizenship"),
                ("year", "source"),
                ("year", "area"),
            ),
        ),
        *_stages(),
        Population(
            name="judged",
            title=_("Persons judged for trafficking"),
            unit=PERSONS,
            rule=_(
                "The year of the judgment; a person counts once for each outcome and year, under the highest court."
            ),
            events=_("Judgments in the lists of courts"),
            facts="judged",
            tables=(("year", "outcome", "instance"),),
        ),
        Population(
            name="sentenced",
            title=_("Persons convicted of trafficking, by sentence"),
            unit=PERSONS,
            rule=_("The year of the conviction; a person counts once a year, under the heaviest sentence."),
            events=_("Judgments in the lists of courts"),
            facts="sentenced",
            tables=(("year", "sentence"),),
        ),
        Population(
            name="smuggled",
            title=_("Smuggled migrants in the register"),
            unit=PERSONS,
            rule=REGISTERED,
            events=_("Persons of the register with the crime of smuggling of migrants, aggravated or not"),
            facts="persons",
            where={"crime": list(SMUGGLING)},
            tables=(
                ("year", "sex", "age", "crime"),
                ("year", "sex", "age", "citizens"),
                ("year", "citizenship"),
                ("year", "area"),
            ),
        ),
        Population(
            name="met",
            title=_("Persons met in encounters"),
            unit=PERSONS,
            rule=_(
                "The year of the encounter; a person counts once in each event. Ages are estimated by looking."
            ),
            events=_("Encounters: rescues, vessels, borders, raids"),
            facts="met",
            tables=(("year", "mode", "sex", "age"), ("year", "border", "sex", "age"), ("year", "met", "sex")),
        ),
        Population(
            name="assisted",
            title=_("Persons who were helped"),
            unit=PERSONS,
            rule=_(
                "The year in which a service began or was delivered; a person counts once a year, and once under each "
                "kind."
            ),
            events=_("Services of the cases: started or delivered"),
            facts="assisted",
            tables=(("year", "minor", "kind"),),
        ),
    )
}

__all__ = ["AXES", "NOT_RECORDED", "POPULATIONS", "VICTIMS", "WITHOUT", "Axis", "Population"]

"""What a declared table is made of, and the sentences that many of them share."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from palermo.rooms.statistics.queries.plan import POPULATIONS
from palermo.rooms.statistics.queries.projection import Breakdown

Words = str | Promise

DETECTED = _(
    "Detected is not prevalence: these are persons whom somebody recognised and recorded. Most victims are never "
    "found. A change from year to year can mean more effort, another law or another way of recording, as well as "
    "more or less crime."
)
FORMS = _(
    "A person with several forms of exploitation counts under each of them and once in the total, so the parts may "
    "add up to more than the total. Servitude and slavery are counted with forced labour, as UNODC does."
)
PRESUMED = _("Presumed and identified victims are counted together; negative decisions are left out.")
WITHHELD = _("Small counts are withheld, with as many others as it takes that nobody can compute them.")


@dataclass(frozen=True, slots=True)
class Declaration:
    """One table. `fed_by`: register, mechanism, observations or state. `warnings` stand above the figures.

    A table fed by a state has `breakdowns`: it is counted, protected and shown from them alone (table_of_states.py).
    """

    name: str
    title: Words
    question: Words
    population: Words
    fed_by: str
    warnings: tuple[Words, ...]
    notes: tuple[Words, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()

    @property
    def populations(self) -> tuple[str, ...]:
        """Who is counted, in the order of the parts."""
        return tuple(dict.fromkeys(b.population for b in self.breakdowns if b.population))

    @property
    def counting(self) -> list[str]:
        """The counting rules in words, one for each population."""
        found = [POPULATIONS[name] for name in self.populations]
        return [f"{p.title}. {p.events}. {p.rule}" for p in found]

"""States: all tables of a population, protected at once and kept; whatever is asked is a part of the newest one.

Once there is a state, the first national tables (glotip, htcds-profile, sdg-16-2-2) are parts of it too, so that
every page inside shows one pattern. A state is protected together with every earlier state and with every edition
that ever was public; the first one also with what these tables showed before it, where the register has few small
counts.
"""

from collections.abc import Callable, Sequence
from itertools import chain

from django.utils.translation import gettext as _

from palermo.disclosure import (
    Key,
    Protected,
    Published,
    Table,
    Unprotectable,
    attack_editions,
    gathered,
    key_of,
    protect_edition,
    protected_cells,
    true_of,
    truth_of,
)
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.statistics.models import State
from palermo.rooms.statistics.queries.counting import exact_tables
from palermo.rooms.statistics.queries.editions import dated_tables
from palermo.rooms.statistics.queries.kept import Edition, admit, newest
from palermo.rooms.statistics.queries.plan import POPULATIONS, Population
from palermo.rooms.statistics.queries.register_tables import exact_answers, live, protected, threshold

MOST_SMALL = 100


def unsafe(population: str) -> str:
    """What to say where a new count would give away what the last one withheld."""
    return _(
        "A new count of “%(population)s” would give small counts away beside what was shown before. The last count "
        "stays. Count again when more persons are registered."
    ) % {"population": POPULATIONS[population].title}


def all_tables(viewer: Viewer, population: Population) -> list[Table]:
    """The exact tables of a state: those of the plan, and the answers of the profile, which count the same persons."""
    found = exact_tables(viewer, population)
    return [*found, *exact_answers(viewer)] if population.name == "persons" else found


def protected_state(
    viewer: Viewer, population: Population, told: Callable[[float], None] = lambda share: None
) -> Protected:
    """A new state, safe beside everything that was shown of these persons. `told` hears how far it is.

    Raises Unprotectable when no choice of cells is.
    """
    admit(viewer)
    tables, rule = all_tables(viewer, population), threshold()
    told(0.1)
    earlier = earlier_of(population.name)
    held = frozenset(key for edition in earlier for key in _keys(edition, hidden=True))
    found = _beside_live(viewer, population.name, tables, held) or protected(tables, rule, withhold=held)
    told(0.4)
    last = newest(viewer, population.name)
    if last is not None and last.tables == found.tables:
        return found  # the same figures again: nobody learns anything
    return (
        protect_edition(tables, rule, earlier=earlier) if _together(found, tables, earlier, told) else found
    )


def _beside_live(
    viewer: Viewer, population: str, tables: Sequence[Table], held: frozenset[Key]
) -> Protected | None:
    """With all that the tables of before the first count show still shown; None where that cannot be, or where so many
    counts are small that to look for it would take minutes.
    """
    rule = threshold()
    if sum(rule.sensitive(count) for table in tables for count in table.cells.values()) > MOST_SMALL:
        return None
    beside = live(viewer, population)
    if not beside:
        return None
    try:
        return protected(tables, rule, before=beside, withhold=held - frozenset(_keys(beside, hidden=False)))
    except Unprotectable:
        return None


def _together(
    found: Protected, tables: Sequence[Table], earlier: Sequence[Edition], told: Callable[[float], None]
) -> bool:
    """Whether this state and all earlier ones together give anything away."""
    if not earlier:
        return False
    care = {(f"{len(earlier)}|{population}", parts) for population, parts in found.primary}
    care |= protected_cells(earlier, found.rule)
    told(0.7)
    weak = attack_editions([*earlier, found.tables], care, found.rule, exact=False)
    told(0.9)
    return bool(true_of(weak, truth_of(tables, len(earlier)), found.rule))


def earlier_of(population: str) -> list[Edition]:
    """Every edition that was ever public and every earlier state, as far as they count these persons, oldest first."""
    states = State.objects.filter(population=population).order_by("number").values_list("as_of", "shown")
    counted = ((as_of, Published.from_data(table)) for as_of, shown in states for table in shown)
    every = (pair for pair in chain(counted, dated_tables()) if pair[1].population == population)
    return gathered(every)


def _keys(tables: Sequence[Published], *, hidden: bool) -> list[Key]:
    return [
        key_of(table.population, table.dimensions, at)
        for table in tables
        for at, count in table.cells.items()
        if (count is None) is hidden
    ]

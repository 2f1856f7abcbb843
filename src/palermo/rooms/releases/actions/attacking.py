"""The attacker of a table that is to come out, and of all that is out: he keeps everything that ever was public."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from palermo.disclosure import (
    Dated,
    Key,
    Published,
    Rule,
    audit,
    dated_editions,
    found_out,
    gathered,
    key_of,
)
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.database.patience import be_patient
from palermo.web.releasable import PublicTables, public_tables

Edition = tuple[Published, ...]


@dataclass(frozen=True)
class Standing:
    """What everything that ever was public of some persons says: how many editions, how many of their cells are
    withheld, and how many of these everybody can prove to be small."""

    population: str
    editions: int
    cells: int
    withheld: int
    learned: int


def public_beside(public: Iterable[PublicTables], tables: Edition) -> list[Dated]:
    """What is public of the persons whom these tables count; others are no part of any sum."""
    counted = {table.population for table in tables}
    return [pair for one in public for pair in one.dated() if pair[1].population in counted]


def given_away_alone(tables: Edition, rule: Rule) -> int:
    """How many withheld cells can be computed from these tables alone, or proved to be small."""
    return sum(
        bound.exact or (bound.low > 1e-6 and bound.high < rule.threshold - 1e-6) for bound in audit(tables)
    )


def given_away_together(tables: Sequence[Dated], earlier: Sequence[Dated], rule: Rule) -> int:
    """How many small counts that were safe before are so no more, once these tables stand beside all that is public.

    A withheld cell that is proved to be larger is nobody's secret: it was withheld so that another one holds, and
    that one is asked for itself.
    """
    if not earlier:
        return 0
    return len(_learned([*earlier, *tables], rule) - _learned(earlier, rule))


def _learned(dated: Sequence[Dated], rule: Rule) -> set[tuple[datetime, Key]]:
    """Cells that are proved to be small, each with the moment at which it was counted."""
    editions = dated_editions(dated)
    found = set()
    for bound in found_out([tables for _moment, tables in editions], rule):
        number, population = bound.cell[0].split("|", 1)
        found.add((editions[int(number)][0], (population, bound.cell[1])))
    return found


def attack_published(*, actor: Viewer) -> list[Standing]:
    """Attack everything that ever was public, of every room and withdrawn or not, as who kept all of it would.

    One system for each population: its tables and all their editions. No true count is read.
    """
    require(actor, "releases.public.attack")
    be_patient()  # years of publications are attacked for minutes
    dated = [pair for one in public_tables() for pair in one.dated()]
    names = dict.fromkeys(table.population for _moment, table in dated)
    return [_standing(name, dated, Rule(settings.PALERMO_THRESHOLD)) for name in names]


def _standing(population: str, dated: Sequence[Dated], rule: Rule) -> Standing:
    kept = gathered(pair for pair in dated if pair[1].population == population)
    each = [counts_of(edition) for edition in kept]
    cells = sum(map(len, each))
    withheld = sum(count is None for counts in each for count in counts.values())
    return Standing(population, len(kept), cells, withheld, len(found_out(kept, rule)))


def small_changes(tables: Edition, earlier: Sequence[Dated], threshold: int) -> int:
    """How many shown counts differ from the last public ones by so few persons that the difference is small itself."""
    if not earlier:
        return 0
    last = {key: n for edition in gathered(earlier) for key, n in counts_of(edition).items() if n is not None}
    return sum(
        0 < abs(count - last[key]) < threshold
        for key, count in counts_of(tables).items()
        if count is not None and key in last
    )


def counts_of(tables: Edition) -> dict[Any, int | None]:
    """Every cell once: tables that share a margin count the same persons there, as the limits of the table tell it."""
    return {
        key_of(table.population, table.dimensions, at): count
        for table in tables
        for at, count in table.cells.items()
    }

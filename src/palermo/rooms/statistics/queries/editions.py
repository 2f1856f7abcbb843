"""The wall between editions: a new one is protected together with every edition that ever was public.

All tables of the register are counts of the same persons, so the editions of all of them are known to the attacker,
whichever table is published now; withdrawn ones too, and re-publications add nothing.
"""

from collections.abc import Iterator, Sequence

from palermo.disclosure import Dated, Published, Table, gathered
from palermo.web.releasable import public_tables


def known_editions() -> list[tuple[Published, ...]]:
    """What everybody knows: the tables behind all that was ever public, here and in other rooms, oldest first; what was
    counted at one moment is one edition."""
    return gathered(dated_tables())


def dated_tables() -> Iterator[Dated]:
    """Every table that ever was public, with the moment at which it was counted."""
    for one in public_tables():
        yield from one.dated()


def of_the_same(
    editions: Sequence[tuple[Published, ...]], tables: Sequence[Table]
) -> list[tuple[Published, ...]]:
    """The editions as far as they count persons that the new tables count too; others are no part of any sum."""
    counted = {table.population for table in tables}
    kept = (tuple(table for table in edition if table.population in counted) for edition in editions)
    return [edition for edition in kept if edition]


__all__ = ["dated_tables", "known_editions", "of_the_same"]

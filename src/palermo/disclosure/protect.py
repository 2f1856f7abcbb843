"""Protect tables before they are shown: withhold small counts, then as little more as proves them safe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from palermo.disclosure.attack import weak_cells
from palermo.disclosure.explain import sentences
from palermo.disclosure.flows import by_flows
from palermo.disclosure.optimal import by_optimum
from palermo.disclosure.system import Floats, Mask, System, consistent, join
from palermo.disclosure.tables import TOTAL, Coordinate, Key, Published, Rule, Table, coordinates, key_of

VERSION = "3"
DEFAULT = Rule()
SMALL_CELLS = 100  # above this many non-zero cells the exact method is not tried
SMALL_SENSITIVE = 40
COSTS = ("margins", "log", "cells", "values")
DEARER = 8  # times, for each dimension over which a cell is a total: readers come for the margins
OUT_ALREADY = 1e7  # the price of a cell that cannot be taken back: above that of all others together


class Unprotectable(ValueError):
    """What is published already gives small counts away; nothing more may be published beside it."""


@dataclass(frozen=True)
class Protected:
    """Tables that are safe to show, with the account of how they became so.

    `primary` and `secondary` are for the producer only: telling the public which cells are secondary tells it
    that they are not small.
    """

    tables: tuple[Published, ...]
    primary: frozenset[Key]
    secondary: frozenset[Key]
    rule: Rule
    method: str
    version: str
    cost: float
    cells: int
    warnings: tuple[str, ...]

    def explain(self) -> list[str]:
        """How the tables were made safe, in sentences."""
        return sentences(self)


def protect(table: Table, rule: Rule = DEFAULT, *, method: str = "auto", cost: str = "margins") -> Protected:
    """Protect one table. See `protect_linked`."""
    return protect_linked((table,), rule, method=method, cost=cost)


def protect_linked(
    tables: Sequence[Table],
    rule: Rule = DEFAULT,
    *,
    method: str = "auto",
    cost: str = "margins",
    before: Sequence[Published] = (),
    withhold: frozenset[Key] = frozenset(),
    at_least: Mapping[Key, int] | None = None,
) -> Protected:
    """Protect tables that are published together, against everything they say together.

    `method`: "optimal" (least total cost, small tables), "flows" (fast), "auto" (the better of the two where the
    tables are small). `cost` of withholding a cell: "margins" (the logarithm of its count, eight
    times as dear for each dimension over which it is a total), "log" without that, "cells" (all alike) or "values".
    `before`: tables of the same counts that are out already; they take part in the audit as they are, what they
    withhold stays withheld, and what they show can no longer be withheld. `withhold`: cells to be withheld in any
    case. `at_least`: what an attacker knows of cells from elsewhere (see editions.py).
    The result has always passed the attacker's audit; if no choice passes, every non-zero cell is withheld.
    Raises ValueError when the tables disagree with themselves or with each other, and Unprotectable when what is
    out already gives too much away.
    """
    if method not in ("auto", "optimal", "flows", "everything") or cost not in COSTS:
        raise ValueError("method is auto, optimal, flows or everything; cost is log, cells or values")
    system = join(tables)
    known = np.array([(at_least or {}).get(key, 0) for key in system.keys], dtype=float)
    system = replace(system, known=known)
    if not consistent(system):
        raise ValueError("the totals of the tables are not the sums of their parts")
    shown, hidden = _said_before(system, before)
    hidden = hidden | np.array([key in withhold for key in system.keys], dtype=bool)
    sensitive = np.array([rule.sensitive(int(value)) for value in system.values], dtype=bool)
    prices = np.where(shown, OUT_ALREADY, _prices(system, tables, cost))
    warnings = list(_warnings(tables))
    withheld, used, seen = _choose(tables, system, sensitive, hidden, rule, prices, method)
    withheld, safe = _audited(tables, system, sensitive, hidden, withheld, rule, seen)
    if not safe:
        used = "everything"
        warnings.append("No lighter choice passed the audit: every count other than zero is withheld.")
        everything = sensitive | hidden | (system.values > 0)
        withheld, safe = _audited(tables, system, sensitive, hidden, everything, rule)
    if not safe or (withheld & shown).any():
        raise Unprotectable("what is published already gives small counts of these tables away")
    return Protected(
        tuple(_publish(table, system, withheld) for table in tables),
        _keys(system, sensitive),
        _keys(system, withheld & ~sensitive),
        rule,
        used,
        VERSION,
        float(prices[withheld].sum()),
        len(system.values),
        tuple(warnings),
    )


def _prices(system: System, tables: Sequence[Table], cost: str) -> Floats:
    """Whole-number prices, so that equal choices are compared without rounding noise."""
    values = system.values
    if cost == "cells":
        return np.ones(len(values))
    if cost == "values":
        return np.maximum(values, 1.0)
    logs = np.round(100 * np.log2(2 + values))
    return logs * DEARER ** _levels(system, tables) if cost == "margins" else logs


def _levels(system: System, tables: Sequence[Table]) -> Floats:
    """Over how many dimensions each cell is a total, in the largest table that has it."""
    index, found = system.index(), np.zeros(len(system.values))
    for table in tables:
        for at in coordinates(table.dimensions):
            place = index[key_of(table.population, table.dimensions, at)]
            found[place] = max(found[place], at.count(TOTAL))
    return found


def _choose(
    tables: Sequence[Table],
    system: System,
    sensitive: Mask,
    hidden: Mask,
    rule: Rule,
    prices: Floats,
    method: str,
) -> tuple[Mask, str, list[Floats]]:
    """The choice, how it was made, and possible tables that speak for it."""
    if method == "everything":
        return hidden | (system.values > 0), method, []
    if not sensitive.any():
        return hidden, "none needed", []
    if method == "optimal" or (method == "auto" and _small(system, sensitive)):
        best = by_optimum(system, sensitive, hidden, rule, prices)
        if best is not None:
            return best, "optimal", []
    withheld, seen = by_flows(tables, system, sensitive, hidden, rule, prices)
    return withheld, "flows", seen


def _small(system: System, sensitive: Mask) -> bool:
    return bool((system.values > 0).sum() <= SMALL_CELLS and sensitive.sum() <= SMALL_SENSITIVE)


def _publish(table: Table, system: System, withheld: Mask) -> Published:
    index = system.index()
    cells: dict[Coordinate, int | None] = {}
    for at in coordinates(table.dimensions):
        hidden = withheld[index[key_of(table.population, table.dimensions, at)]]
        cells[at] = None if hidden else table.cells[at]
    return Published(table.dimensions, cells, table.population)


def _keys(system: System, mask: Mask) -> frozenset[Key]:
    return frozenset(system.keys[int(place)] for place in np.flatnonzero(mask))


def _audited(
    tables: Sequence[Table],
    system: System,
    sensitive: Mask,
    hidden: Mask,
    withheld: Mask,
    rule: Rule,
    seen: Sequence[Floats] = (),
) -> tuple[Mask, bool]:
    """The choice without secondary cells that anybody computes, and whether the attacker fails against it.

    Such a cell protects nothing, so it is shown; the audit is then repeated.
    """
    index, care = system.index(), _keys(system, sensitive)
    while True:
        shown = replace(join([_publish(table, system, withheld) for table in tables]), known=system.known)
        found = weak_cells(shown, sensitive, rule, seen)
        if any(bound.cell in care for bound in found):
            return withheld, False
        needless = [place for bound in found if not hidden[place := index[bound.cell]]]
        if not needless:
            return withheld, True
        withheld = withheld.copy()
        withheld[needless] = False


def _said_before(system: System, before: Sequence[Published]) -> tuple[Mask, Mask]:
    """Which cells are shown already, and which are withheld wherever they stand."""
    index = system.index()
    shown, hidden = np.zeros(len(system.values), dtype=bool), np.zeros(len(system.values), dtype=bool)
    for table in before:
        for at, count in table.cells.items():
            place = index.get(key_of(table.population, table.dimensions, at))
            if place is None or (count is not None and count != system.values[place]):
                raise ValueError("what is out already is not a part of these tables, or has other counts")
            shown[place] |= count is not None
            hidden[place] |= count is None
    return shown, hidden & ~shown


def _warnings(tables: Sequence[Table]) -> list[str]:
    groups = [frozenset(dimension.name for dimension in table.dimensions) for table in tables]
    if len({table.population for table in tables}) == 1 and not decomposable(groups):
        return [
            "The tables cross each other in a ring (such as A by B, B by C, C by A): a table of all "
            "dimensions that agrees with every one of them need not exist for each possibility that the "
            "audit counted, so the proof is weaker than for tables that do not."
        ]
    return []


def decomposable(groups: Sequence[frozenset[str]]) -> bool:
    """Whether any tables that agree on what they share come from one joint table (Graham's reduction)."""
    left = [set(group) for group in groups]
    changed = True
    while changed and left:
        changed = False
        for group in left:
            alone = {name for name in group if sum(name in other for other in left) == 1}
            if alone:
                group -= alone
                changed = True
        kept = [
            g
            for i, g in enumerate(left)
            if g and not any(g < o or (g == o and i < j) for j, o in enumerate(left))
        ]
        changed |= len(kept) < len(left)
        left = kept
    return not left


def _covered(place: int, group: set[str], groups: list[set[str]]) -> bool:
    return any(group < other or (group == other and place < at) for at, other in enumerate(groups))

"""Protect tables before they are shown: withhold small counts, then as little more as proves them safe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from palermo.disclosure.attack import weak_cells
from palermo.disclosure.choosing import COSTS, METHODS, choose, prices_of
from palermo.disclosure.explain import sentences
from palermo.disclosure.goals import Doubts, Goals, goals
from palermo.disclosure.marks import marked_goals, marked_system, said
from palermo.disclosure.programme import Contradiction
from palermo.disclosure.system import Floats, Mask, System, consistent, join
from palermo.disclosure.tables import Coordinate, Key, Published, Rule, Table, coordinates, key_of, keys_of

VERSION = "5"
DEFAULT = Rule()
PRUNING = 10_000  # cells times further cells up to which each of these is tried without
OUT_ALREADY = 1e7  # the price of a cell that cannot be taken back: above that of all others together


class Unprotectable(ValueError):
    """What is published already gives small counts away; nothing more may be published beside it."""


@dataclass(frozen=True)
class Protected:
    """Tables that are safe to show, with the account of how they became so.

    `primary` and `secondary` are for the producer only, unless the rule says `marked`: telling the public which cells
    are secondary tells it that they are not small. `unmarked`: populations whose marks would give a count away, so
    that they get one mark for all. `narrow`: cells of which the marks tell more than "1 to threshold-1".
    `small`: the cells of `primary` that are so for their size.
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
    unmarked: frozenset[str] = frozenset()
    narrow: Doubts = field(default_factory=dict)
    small: frozenset[Key] = frozenset()

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
    doubts: Doubts | None = None,
    small: frozenset[Key] = frozenset(),
) -> Protected:
    """Protect tables that are published together, against everything they say together.

    `method`: "optimal" (least total cost, small tables), "flows" (fast), "auto" (the better of the two where the
    tables are small). `cost` of withholding a cell: "margins" (the logarithm of its count, eight
    times as dear for each dimension over which it is a total), "log" without that, "cells" (all alike) or "values".
    `before`: tables of the same counts that are out already; they take part in the audit as they are, what they
    withhold stays withheld, and what they show can no longer be withheld. `withhold`: cells to be withheld in any
    case. `at_least`: what an attacker knows of cells from elsewhere (see editions.py). `doubts`: cells that are
    sensitive for another reason than their size, with the greatest lower and the least upper bound that anybody may
    reach. `small`: cells that are to be held for small whatever their count.
    Tables of different populations have no cell in common and are protected one after the other.
    The result has always passed the attacker's audit; if no choice passes, every non-zero cell is withheld.
    Raises ValueError when the tables disagree with themselves or with each other, and Unprotectable when what is
    out already gives too much away.
    """
    if method not in METHODS or cost not in COSTS:
        raise ValueError("method is auto, optimal, flows or everything; cost is log, cells or values")
    groups: dict[str, list[Table]] = {}
    for table in tables:
        groups.setdefault(table.population, []).append(table)
    if any(table.population not in groups for table in before):
        raise ValueError("what is out already is not a part of these tables, or has other counts")
    known = Known(withhold, at_least or {}, doubts or {}, small)
    parts = {
        population: _population(group, rule, method, cost, _of(before, population), known)
        for population, group in groups.items()
    }
    return _together(tables, parts) if len(parts) > 1 else next(iter(parts.values()))


@dataclass(frozen=True)
class Known:
    """What is known of single cells beside their counts: the arguments of `protect_linked` of these names."""

    withhold: frozenset[Key]
    at_least: Mapping[Key, int]
    doubts: Doubts
    small: frozenset[Key]


def _of(tables: Sequence[Published], population: str) -> list[Published]:
    return [table for table in tables if table.population == population]


def _together(tables: Sequence[Table], parts: Mapping[str, Protected]) -> Protected:
    """One account of several populations, their tables in the order in which they came."""
    queues = {population: iter(part.tables) for population, part in parts.items()}
    every = list(parts.values())
    used = {part.method for part in every}
    return replace(
        every[0],
        tables=tuple(next(queues[table.population]) for table in tables),
        primary=frozenset().union(*(part.primary for part in every)),
        secondary=frozenset().union(*(part.secondary for part in every)),
        method=next(name for name in ("everything", "flows", "optimal", "none needed") if name in used),
        cost=sum(part.cost for part in every),
        cells=sum(part.cells for part in every),
        warnings=tuple(dict.fromkeys(warning for part in every for warning in part.warnings)),
        unmarked=frozenset().union(*(part.unmarked for part in every)),
        small=frozenset().union(*(part.small for part in every)),
        narrow={key: doubt for part in every for key, doubt in part.narrow.items()},
    )


def _population(
    tables: Sequence[Table], rule: Rule, method: str, cost: str, before: Sequence[Published], known: Known
) -> Protected:
    system = join(tables)
    floors = np.array([known.at_least.get(key, 0) for key in system.keys], dtype=float)
    system = replace(system, known=floors)
    if not consistent(system):
        raise ValueError("the totals of the tables are not the sums of their parts")
    shown, hidden = _said_before(system, before)
    hidden = hidden | np.array([key in known.withhold for key in system.keys], dtype=bool)
    small = np.array([rule.sensitive(int(value)) for value in system.values], dtype=bool)
    small |= np.array([key in known.small for key in system.keys], dtype=bool)
    care = small | np.array([key in known.doubts for key in system.keys], dtype=bool)
    aims = goals(system, care, replace(rule, marked=False), known.doubts)
    prices = np.where(shown, OUT_ALREADY, prices_of(system, tables, cost))
    warnings, seen = list(_warnings(tables)), list[Floats]()
    try:
        withheld, used, seen = choose(tables, system, aims, hidden, prices, method)
        withheld, safe = _audited(tables, system, aims, hidden, withheld, seen)
    except Contradiction:  # what is known from elsewhere leaves a count less doubt than the rule asks for
        withheld, used, safe = hidden, "everything", False
    if safe and used == "flows":
        withheld = _pruned(tables, system, aims, hidden, withheld, prices)
    if not safe:
        used = "everything"
        warnings.append("No lighter choice passed the audit: every count other than zero is withheld.")
        everything = care | hidden | (system.values > 0)
        withheld, safe = _audited(tables, system, aims, hidden, everything)
    if not safe or (withheld & shown).any():
        raise Unprotectable("what is published already gives small counts of these tables away")
    plain = final = Marked(withheld, used, {}, seen)
    if rule.marked and withheld.any():
        final = _marked(tables, system, aims, small, hidden, shown, prices, rule, plain) or plain
    marked = rule.marked and (final is not plain or not withheld.any())
    limits = said(system, small, rule) if marked else {}
    index = system.index()
    return Protected(
        tuple(_publish(table, index, final.withheld, limits) for table in tables),
        _keys(system, care),
        _keys(system, final.withheld & ~care),
        rule,
        final.method,
        VERSION,
        float(prices[final.withheld].sum()),
        len(system.values),
        tuple(warnings),
        frozenset() if marked or not rule.marked else frozenset({tables[0].population}),
        final.narrow,
        _keys(system, small),
    )


@dataclass(frozen=True)
class Marked:
    """A choice, how it was made, the cells of which the marks tell more than their meaning, and possible tables."""

    withheld: Mask
    method: str
    narrow: Doubts
    seen: Sequence[Floats] = ()


def _marked(
    tables: Sequence[Table],
    system: System,
    aims: Goals,
    small: Mask,
    hidden: Mask,
    shown: Mask,
    prices: Floats,
    rule: Rule,
    plain: Marked,
) -> Marked | None:
    """More cells, until the marks do not help either; None where they always would.

    `aims` are those without marks, which the result keeps too; `plain` is the choice for them.
    """
    told = marked_system(system, small, rule)
    strict = marked_goals(told, aims, small, rule)
    if strict is None:
        return None
    goal, narrow = strict
    limits = said(system, small, rule)
    try:
        withheld, _method, seen = choose(tables, told, goal, hidden | plain.withheld, prices, "flows")
    except Contradiction:
        return None
    for choice, name in ((withheld, plain.method), (aims.care | hidden | (system.values > 0), "everything")):
        final, safe = _audited(tables, told, goal, hidden, choice, seen, limits)
        if (
            safe
            and not (final & shown).any()
            and _audited(tables, system, aims, final, final, [*plain.seen, *seen])[1]
        ):
            return Marked(final, name, narrow)
    return None


def _publish(
    table: Table,
    index: Mapping[Key, int],
    withheld: Mask,
    limits: Mapping[Key, tuple[float, float]] | None = None,
) -> Published:
    cells: dict[Coordinate, int | None] = {}
    told: dict[Coordinate, tuple[float, float]] = {}
    for at, key in zip(coordinates(table.dimensions), keys_of(table), strict=True):
        hidden = withheld[index[key]]
        cells[at] = None if hidden else table.cells[at]
        if hidden and limits and key in limits:
            told[at] = limits[key]
    return Published(table.dimensions, cells, table.population, told)


def _keys(system: System, mask: Mask) -> frozenset[Key]:
    return frozenset(system.keys[int(place)] for place in np.flatnonzero(mask))


def _audited(
    tables: Sequence[Table],
    system: System,
    aims: Goals,
    hidden: Mask,
    withheld: Mask,
    seen: Sequence[Floats] = (),
    limits: Mapping[Key, tuple[float, float]] | None = None,
) -> tuple[Mask, bool]:
    """The choice without secondary cells that anybody computes, and whether the attacker fails against it.

    Such a cell protects nothing, so it is shown; the audit is then repeated.
    """
    index, care = system.index(), _keys(system, aims.care)
    while True:
        shown = join([_publish(table, index, withheld, limits) for table in tables])
        known = np.maximum(system.floor, shown.floor) if system.known is not None else shown.known
        found = weak_cells(replace(shown, known=known), aims, seen)
        if any(bound.cell in care for bound in found):
            return withheld, False
        needless = [place for bound in found if not hidden[place := index[bound.cell]]]
        if not needless:
            return withheld, True
        withheld = withheld.copy()
        withheld[needless] = False


def _pruned(
    tables: Sequence[Table], system: System, aims: Goals, hidden: Mask, withheld: Mask, prices: Floats
) -> Mask:
    """The fast choice without the cells that turn out to be needless, the dearest first; small tables only."""
    further = np.flatnonzero(withheld & ~aims.care & ~hidden)
    if len(further) * len(system.values) > PRUNING:
        return withheld
    for place in further[np.argsort(-prices[further], kind="stable")]:
        if withheld[place]:
            fewer = withheld.copy()
            fewer[place] = False
            fewer, safe = _audited(tables, system, aims, hidden, fewer)
            withheld = fewer if safe else withheld
    return withheld


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

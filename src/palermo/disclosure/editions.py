"""Editions of one table: what an attacker knows who kept every one of them, the withdrawn ones too.

The model, stated: the same cell of two editions counts the same reference period, and between two editions persons
are only added (registered late), never taken away. So a count of an earlier edition is at most that of a later one.
Where the published figures themselves contradict this (a count that fell), nobody can use it for that cell; where
they contradict it altogether, for no cell. A period in which nothing moved follows from it: if no count fell and the
total is the same, every count is the same. Without the model (an attacker who assumes nothing) only the editions on
their own remain, and each was proved on its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
from scipy.sparse import block_diag, csr_array, vstack

from palermo.disclosure.attack import Bound, Contradiction, weak_cells
from palermo.disclosure.goals import Doubts, Goals, goals
from palermo.disclosure.protect import DEFAULT, Protected, Unprotectable, protect_linked
from palermo.disclosure.system import UNBOUNDED, Floats, Mask, System, join
from palermo.disclosure.tables import Key, Published, Rule, Table, coordinates, key_of
from palermo.disclosure.unmoved import United, united

Edition = Sequence[Published]
Dated = tuple[datetime, Published]  # a table, and when it was counted


def gathered(dated: Iterable[Dated]) -> list[tuple[Published, ...]]:
    """`dated_editions` without their moments."""
    return [tables for _moment, tables in dated_editions(dated)]


def dated_editions(dated: Iterable[Dated]) -> list[tuple[datetime, tuple[Published, ...]]]:
    """Editions, oldest first, of tables and the moments at which they were counted.

    What was counted at one moment counts the same persons, whenever it came out: it is one edition. Tables of one
    moment that show different counts for the same persons cannot be, and stay apart.
    """
    found: list[tuple[datetime, dict[Key, int], list[Published]]] = []
    for moment, table in sorted(dated, key=lambda pair: pair[0]):
        shown = {key: count for key, count in _counts(table) if count is not None}
        for when, known, tables in found:
            if when == moment and all(known.get(key, count) == count for key, count in shown.items()):
                known.update(shown)
                if table not in tables:
                    tables.append(table)
                break
        else:
            found.append((moment, shown, [table]))
    return [(when, tuple(tables)) for when, _known, tables in found]


def protect_edition(
    tables: Sequence[Table],
    rule: Rule = DEFAULT,
    *,
    earlier: Sequence[Edition] = (),
    before: Sequence[Published] = (),
    method: str = "auto",
    doubts: Doubts | None = None,
    small: frozenset[Key] = frozenset(),
) -> Protected:
    """Protect a new edition of tables of which `earlier` editions (oldest first) are or were public.

    What any of them withheld stays withheld. `before`: the same counts, protected for another purpose; what they
    withhold stays withheld too. The result has passed the attack with all editions at once. Raises Unprotectable,
    with the reason, when no choice passes.
    """
    held = _withheld(earlier) | _withheld([before])
    open_before = _still_open(earlier, rule)
    for firm in (False, True):
        floors = _floors(tables, earlier, firm)
        try:
            found = protect_linked(
                tables, rule, method=method, withhold=held, at_least=floors, doubts=doubts, small=small
            )
        except Unprotectable:
            continue
        if not edition_breaches(found, tables, earlier, open_before):
            return found
    found = protect_linked(tables, rule, method="everything", withhold=held, doubts=doubts, small=small)
    weak = edition_breaches(found, tables, earlier, open_before)
    if not weak:
        return found
    raise Unprotectable(
        f"earlier editions and this one together would give {len(weak)} small counts away, whatever this one withholds"
    )


def edition_breaches(
    found: Protected, tables: Sequence[Table], earlier: Sequence[Edition], open_before: Doubts
) -> list[Bound]:
    """What all editions together give away: small counts of the new one (of `tables`, as `found` protects them), and
    of the earlier ones what they alone did not. An empty list is the proof.
    """
    if not earlier:
        return []
    number = len(earlier)
    care = {(_of(number, population), parts) for population, parts in found.primary}
    narrow = {(_of(number, population), parts): left for (population, parts), left in found.narrow.items()}
    weak = attack_editions(
        [*earlier, found.tables],
        care | open_before.keys(),
        found.rule,
        {**open_before, **narrow},
        exact=False,
    )
    return true_of(weak, truth_of(tables, number), found.rule)


def true_of(weak: Iterable[Bound], truth: Mapping[Key, int], rule: Rule) -> list[Bound]:
    """What is learned: what is proved, less what is neither so nor small. `truth` holds counts by cell, as far as they
    are known (`truth_of`).

    A count that fell because somebody was taken out, or put right, is held for no less than it was: who believes that
    of a small one has not learned that it is small. Who does not believe that counts never fall has each edition
    alone, and that was proved alone. What is held for small and is so has been learned, whatever its number.
    """
    return [
        bound
        for bound in weak
        if bound.cell not in truth
        or bound.low - 0.5 <= truth[bound.cell] <= bound.high + 0.5
        or bound.high < rule.threshold - 0.5
    ]


def truth_of(tables: Sequence[Table], number: int) -> dict[Key, int]:
    """The counts of the edition of this number, by the keys that an attack on editions gives."""
    return {(_of(number, key[0]), key[1]): n or 0 for table in tables for key, n in _counts(table)}


def protected_cells(editions: Sequence[Edition], rule: Rule) -> frozenset[Key]:
    """Withheld cells that may be small for all that these editions say, and may be 5 or more. Keys carry the number
    of the edition: every cell that was withheld for being small is among them.
    """
    if not editions:
        return frozenset()
    system = joined(editions)
    hidden = np.isnan(system.values)
    known = {bound.cell for bound in _weak(editions, system, goals(system, hidden, rule), exact=False)}
    return frozenset(key for key, h in zip(system.keys, hidden, strict=True) if h and key not in known)


def _still_open(editions: Sequence[Edition], rule: Rule) -> Doubts:
    """What is to be kept open of each withheld cell of earlier editions that may be small, as far as it still is."""
    if not editions:
        return {}
    system = joined(editions)
    maybe = np.isnan(system.values) & (system.floor < rule.threshold)
    aims = goals(system, maybe, rule)
    left = {
        key: (float(low), float(high))
        for key, low, high, care in zip(system.keys, aims.low, aims.high, maybe, strict=True)
        if care
    }
    for bound in _weak(editions, system, aims, exact=False):
        del left[bound.cell]
    for bound in _below(editions, system, maybe, rule):
        if bound.cell not in left and not bound.exact:
            left[bound.cell] = (np.ceil(bound.low - 1e-6), np.floor(bound.high + 1e-6))
    return left


def attack_editions(
    editions: Sequence[Edition],
    care: Iterable[Key],
    rule: Rule,
    doubts: Doubts | None = None,
    *,
    exact: bool = True,
) -> list[Bound]:
    """Cells of `care` that all editions together prove to be small, or not to be.

    Keys carry the number of the edition (from 0). Unless `exact`, the bounds of a cell may be wider than what can be
    proved, though too narrow.
    """
    system, wanted = joined(editions), frozenset(care)
    mask = np.array([key in wanted for key in system.keys], dtype=bool)
    return _weak(editions, system, goals(system, mask, rule, doubts), exact=exact)


def found_out(editions: Sequence[Edition], rule: Rule) -> list[Bound]:
    """Withheld cells that everybody who kept all editions can prove to be small: 1 to the threshold less one.

    For who does not know the true counts: a cell that is proved to be larger, or zero, is nobody's secret. Keys carry
    the number of the edition (from 0).
    """
    if not editions:
        return []
    system = joined(editions)
    found = _below(editions, system, np.isnan(system.values), rule)
    return [bound for bound in found if rule.low - 0.5 <= bound.high < rule.threshold - 0.5]


def _below(editions: Sequence[Edition], system: System, care: Mask, rule: Rule) -> list[Bound]:
    """The cells of `care` that are proved to be below the threshold, of those marked as such the ones of which more is
    proved than their mark says. Of all others nobody asks how little they can be.
    """
    aims = goals(system, care, rule)
    below = rule.threshold - 1e-5
    marked = aims.high < below
    return _weak(
        editions, system, Goals(care, np.where(marked, aims.low, UNBOUNDED), np.minimum(aims.high, below))
    )


def _weak(editions: Sequence[Edition], system: System, aims: Goals, *, exact: bool = True) -> list[Bound]:
    """The cells in care that are left in less doubt than they should be, by the goals of each.

    Falls back to editions without any tie between them when the ties contradict what is published.
    """
    asked = aims.care & np.isnan(system.values)
    try:
        return _weak_of(united(system), system.keys, aims, asked, exact)
    except Contradiction:
        return _weak_of(united(joined(editions, tied=False)), system.keys, aims, asked, exact)


def _weak_of(one: United, keys: Sequence[Key], aims: Goals, asked: Mask, exact: bool) -> list[Bound]:
    """The cells asked for that are not left in enough doubt, each by its own goals."""
    rough = None if exact else one.alike(aims, asked)
    weak_ones = weak_cells(one.system, one.goals(aims, asked), care_alone=True, rough=rough)
    found = {bound.cell: bound for bound in weak_ones}
    weak = []
    for place in np.flatnonzero(asked).tolist():
        at = one.of[place]
        value = one.system.values[at]  # withheld here and shown in another edition that counts the same
        known = found.get(one.system.keys[at]) if np.isnan(value) else Bound(keys[place], value, value)
        if known is not None and not aims.met(place, known.low, known.high):
            weak.append(replace(known, cell=keys[place]))
    return weak


def joined(editions: Sequence[Edition], *, tied: bool = True) -> System:
    """One system for all editions; `tied`: no count falls from one edition to the next that has the cell."""
    systems = [
        join([replace(table, population=_of(number, table.population)) for table in edition])
        for number, edition in enumerate(editions)
    ]
    keys = tuple(key for system in systems for key in system.keys)
    values = np.concatenate([system.values for system in systems])
    atmost = csr_array(block_diag([system.atmost for system in systems]))
    known, capped = (np.concatenate([getattr(one, side) for one in systems]) for side in ("floor", "top"))
    ties = _ties(editions, keys, values, known, capped) if tied else []
    if ties:
        rows = np.repeat(np.arange(len(ties)), 2)
        columns = np.array(ties).ravel()
        signs = np.tile([1.0, -1.0], len(ties))
        atmost = csr_array(
            vstack([atmost, csr_array((signs, (rows, columns)), shape=(len(ties), len(keys)))])
        )
    equal = csr_array(block_diag([system.equal for system in systems]))
    pairs = np.array(ties, dtype=np.intp).reshape(-1, 2)
    return System(keys, values, equal, atmost, known, capped, pairs)


def _ties(
    editions: Sequence[Edition], keys: Sequence[Key], values: Floats, known: Floats, capped: Floats
) -> list[tuple[int, int]]:
    """Pairs (earlier, later) of places that count the same cell, less those that the figures contradict."""
    place = {key: at for at, key in enumerate(keys)}
    least, most = (np.where(np.isnan(values), side, values) for side in (known, capped))
    last: dict[Key, int] = {}
    ties = []
    for number, edition in enumerate(editions):
        for key in dict.fromkeys(key for table in edition for key in _keys(table)):
            here = place[_of(number, key[0]), key[1]]
            if key in last and least[last[key]] <= most[here]:
                ties.append((last[key], here))
            last[key] = here
    return ties


def _floors(tables: Sequence[Table], earlier: Sequence[Edition], firm: bool) -> dict[Key, int]:
    """The least that each cell of a new edition is known to be: what an earlier one shows, if it did not fall.

    `firm`: what an earlier one withholds may not go down either, so that the earlier one stays possible.
    """
    true = {key: n or 0 for table in tables for key, n in _counts(table)}
    floors: dict[Key, int] = {}
    for edition in earlier:
        for table in edition:
            for key, count in _counts(table):
                if key in true and count is not None and count <= true[key]:
                    floors[key] = max(floors.get(key, 0), count)
                elif key in true and count is None and firm and true[key] > 1:
                    floors.setdefault(key, 1)
    return floors


def _withheld(editions: Sequence[Edition]) -> frozenset[Key]:
    return frozenset(
        key for edition in editions for table in edition for key, count in _counts(table) if count is None
    )


def _counts(table: Table | Published) -> Iterable[tuple[Key, int | None]]:
    return ((key_of(table.population, table.dimensions, at), count) for at, count in table.cells.items())


def _keys(table: Table | Published) -> Iterable[Key]:
    return (key_of(table.population, table.dimensions, at) for at in coordinates(table.dimensions))


def _of(number: int, population: str) -> str:
    return f"{number}|{population}"


__all__ = [
    "Dated",
    "attack_editions",
    "dated_editions",
    "edition_breaches",
    "found_out",
    "gathered",
    "joined",
    "protect_edition",
    "protected_cells",
    "true_of",
    "truth_of",
]

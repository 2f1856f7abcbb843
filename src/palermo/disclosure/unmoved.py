"""Cells of several editions that are one and the same count, because nothing moved between them.

Between two editions persons are only added (see `editions`): a count is at most the next one. Where a total stayed
as it was, none of its parts can have risen, so each is what it was before: the two are one unknown. This follows from
what is published, so that the smaller system says of every cell exactly what the larger one says; where most of a
register stays as it was from year to year, it is many times smaller.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from palermo.disclosure.goals import Goals
from palermo.disclosure.programme import Contradiction
from palermo.disclosure.system import Floats, Mask, Places, System
from palermo.disclosure.tables import Key


@dataclass(frozen=True)
class United:
    """The smaller system; `of` says for each cell of the larger one where it stands in it."""

    system: System
    of: Places

    def goals(self, aims: Goals, asked: Mask) -> Goals:
        """The goals of all cells that became one, the strictest of them; in care are those `asked` for."""
        size = len(self.system.values)
        care = np.zeros(size, dtype=bool)
        care[self.of[asked]] = True
        low, high = np.full(size, np.inf), np.full(size, -np.inf)
        counted = asked | ~care[self.of]  # where some are asked for, the others have no say
        np.minimum.at(low, self.of[counted], aims.low[counted])
        np.maximum.at(high, self.of[counted], aims.high[counted])
        return Goals(care, low, high)

    def alike(self, aims: Goals, asked: Mask) -> Mask:
        """The cells of the united system that stand for cells with the same goals, as far as they are asked for."""
        size = len(self.system.values)
        found = np.ones(size, dtype=bool)
        strict = self.goals(aims, asked)
        of = self.of[asked]
        same = (aims.low[asked] == strict.low[of]) & (aims.high[asked] == strict.high[of])
        found[of[~same]] = False
        return found


def united(system: System) -> United:
    """Make one of all cells that must be equal. Raises Contradiction where their published counts are not."""
    size = len(system.values)
    if not len(system.ties):
        return United(system, np.arange(size))
    of = _numbered(_same(system))
    return United(_folded(system, of), of)


def _same(system: System) -> list[int]:
    """For each cell the first of those that are the same count."""
    first = list(range(len(system.values)))
    later = dict(system.ties.tolist())
    values = system.values
    for one, other in later.items():
        if values[one] == values[other]:
            _unite(first, one, other)
    waiting = _pairs_of_rows(system, later)
    moved = True
    while moved:
        moved, left = False, []
        for pair in waiting:
            total, after, members = pair
            if _found(first, total) == _found(first, after) or values[total] == values[after]:
                moved = True
                for member in members:
                    _unite(first, member, later[member])
            else:
                left.append(pair)
        waiting = left
    return [_found(first, place) for place in range(len(first))]


def _pairs_of_rows(system: System, later: dict[int, int]) -> list[tuple[int, int, list[int]]]:
    """(total, the same total later, parts): sums of which every part is also a part of the later sum."""
    rows = _sums(system.equal)
    among: dict[int, list[int]] = {}
    for number, (_total, members) in enumerate(rows):
        for member in members:
            among.setdefault(member, []).append(number)
    parts = [set(members) for _total, members in rows]
    found = []
    for total, members in rows:
        images = [later.get(member) for member in members]
        if images[0] is None or None in images:
            continue
        for number in among.get(images[0], ()):
            if all(image in parts[number] for image in images):
                found.append((total, rows[number][0], members))
    return found


def _sums(equal: csr_array) -> list[tuple[int, list[int]]]:
    """Each total with its parts, from rows in which the total is taken away from them."""
    found = []
    for row in range(equal.shape[0]):
        here = slice(equal.indptr[row], equal.indptr[row + 1])
        places, signs = equal.indices[here], equal.data[here]
        totals = places[signs < 0]
        if len(totals) == 1 and len(places) > 1:
            found.append((int(totals[0]), places[signs > 0].tolist()))
    return found


def _found(first: list[int], place: int) -> int:
    while first[place] != place:
        first[place] = first[first[place]]
        place = first[place]
    return place


def _unite(first: list[int], one: int, other: int) -> None:
    one, other = _found(first, one), _found(first, other)
    first[max(one, other)] = min(one, other)


def _numbered(first: list[int]) -> Places:
    return np.unique(np.array(first), return_inverse=True)[1].reshape(-1)


def _folded(system: System, of: Places) -> System:
    """The system of what is left when cells that are the same stand in one column."""
    size = int(of.max()) + 1
    into = csr_array((np.ones(len(of)), (np.arange(len(of)), of)), shape=(len(of), size))
    least, most = np.full(size, -np.inf), np.full(size, np.inf)
    np.maximum.at(least, of, np.where(np.isnan(system.values), -np.inf, system.values))
    np.minimum.at(most, of, np.where(np.isnan(system.values), np.inf, system.values))
    if (shown := np.isfinite(least)).any() and (least[shown] != most[shown]).any():
        raise Contradiction(
            "no counts agree with what is published (a total stayed, one of its parts did not)"
        )
    floor, top = np.zeros(size), np.full(size, np.inf)
    np.maximum.at(floor, of, system.floor)
    np.minimum.at(top, of, system.top)
    keys: list[Key] = [("", ())] * size
    for place in range(len(of) - 1, -1, -1):
        keys[of[place]] = system.keys[place]
    values: Floats = np.where(shown, least, np.nan)
    return System(
        tuple(keys), values, _distinct(system.equal @ into), _distinct(system.atmost @ into), floor, top
    )


def _distinct(rows: csr_array) -> csr_array:
    """Each relation once, without those that say nothing any more."""
    rows = csr_array(rows)
    rows.eliminate_zeros()
    rows.sort_indices()
    kept: dict[tuple[bytes, bytes], int] = {}
    for row in np.flatnonzero(np.diff(rows.indptr)):
        here = slice(rows.indptr[row], rows.indptr[row + 1])
        kept.setdefault((rows.indices[here].tobytes(), rows.data[here].tobytes()), int(row))
    return csr_array(rows[sorted(kept.values())])


__all__ = ["United", "united"]

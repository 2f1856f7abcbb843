"""The linear relations between cells: every total is the sum of its parts, over all tables together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from palermo.disclosure.tables import Dimension, Key, Published, Table, coordinates, key_of, keys_of

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Places = NDArray[np.intp]  # where each cell of a table stands in the system, one axis a dimension
Terms = list[tuple[int, float]]
UNBOUNDED = 1e7  # a count of persons that no table reaches; larger numbers cost the solver its precision


@dataclass(frozen=True)
class System:
    """Cells as unknowns y >= floor with `equal @ y = 0` and `atmost @ y <= 0`; `values` is NaN where withheld.

    `known` are lower bounds that somebody has from elsewhere (an earlier edition, a mark); without it the floor is 0.
    `capped` are upper bounds of the same kind. `ties`: pairs (earlier, later) of cells that count the same at
    two times, of which the first is at most the second; they are among the rows of `atmost` too.
    """

    keys: tuple[Key, ...]
    values: Floats
    equal: csr_array
    atmost: csr_array
    known: Floats | None = None
    capped: Floats | None = None
    ties: Places = field(default_factory=lambda: np.empty((0, 2), dtype=np.intp))

    @property
    def floor(self) -> Floats:
        """The least that each cell can be."""
        return np.zeros(len(self.values)) if self.known is None else self.known

    @property
    def top(self) -> Floats:
        """The greatest that each cell can be."""
        return np.full(len(self.values), UNBOUNDED) if self.capped is None else self.capped

    def index(self) -> dict[Key, int]:
        """Where each cell stands."""
        return {key: place for place, key in enumerate(self.keys)}


def join(tables: Sequence[Table] | Sequence[Published]) -> System:
    """One system for all tables; cells that mean the same persons are the same unknown."""
    index: dict[Key, int] = {}
    values: list[float] = []
    said: dict[int, tuple[float, float]] = {}
    places: list[Places] = []
    for table in tables:
        here: list[int] = []
        for at, key in zip(coordinates(table.dimensions), keys_of(table), strict=True):
            count = table.cells[at]
            value = float("nan") if count is None else float(count)
            place = index.setdefault(key, len(values))
            if place == len(values):
                values.append(value)
            else:
                values[place] = _same(key, values[place], value)
            here.append(place)
        places.append(np.array(here).reshape([len(d.codes) for d in table.dimensions]))
        for at, (low, high) in getattr(table, "limits", {}).items():
            place = index[key_of(table.population, table.dimensions, at)]
            least, most = said.get(place, (0.0, UNBOUNDED))
            said[place] = max(least, low), min(most, high)
    equal, atmost = _relations(tables, places)
    known, capped = _limits(said, len(values))
    width = len(values)
    return System(
        tuple(index), np.array(values), _matrix(equal, width), _matrix(atmost, width), known, capped
    )


def _limits(said: dict[int, tuple[float, float]], width: int) -> tuple[Floats | None, Floats | None]:
    if not said:
        return None, None
    known, capped = np.zeros(width), np.full(width, UNBOUNDED)
    for place, (low, high) in said.items():
        known[place], capped[place] = low, high
    return known, capped


def _same(key: Key, first: float, second: float) -> float:
    """One table may withhold what another shows: the attacker reads both."""
    if first == first and second == second and first != second:
        raise ValueError(f"two tables give different counts for the same persons: {key[1]}")
    return second if first != first else first


def _relations(
    tables: Sequence[Table] | Sequence[Published], places: Sequence[Places]
) -> tuple[list[Terms], list[Terms]]:
    equal: dict[tuple[tuple[int, float], ...], None] = {}
    atmost: dict[tuple[tuple[int, float], ...], None] = {}
    every: list[Table | Published] = list(tables)
    for number, table in enumerate(every):
        here = places[number]
        for axis, dimension in enumerate(table.dimensions):
            for total, members in _families(dimension, np.moveaxis(here, axis, -1)):
                if dimension.overlapping:
                    atmost.update(dict.fromkeys(((member, 1.0), (total, -1.0)) for member in members))
                    if dimension.covering:
                        atmost[((total, 1.0), *((member, -1.0) for member in members))] = None
                else:
                    equal[((total, -1.0), *((member, 1.0) for member in members))] = None
    return [list(row) for row in equal], [list(row) for row in atmost]


def _families(dimension: Dimension, places: Places) -> Iterator[tuple[int, list[int]]]:
    """Along one dimension (the last of `places`): each cell that is made of others, with its parts."""
    at = {code: place for place, code in enumerate(dimension.codes)}
    made = [(at[whole], [at[code] for code in parts]) for whole, parts in dimension.children().items()]
    for line in places.reshape(-1, len(at)).tolist():
        for whole, parts in made:
            yield line[whole], [line[code] for code in parts]


def _matrix(rows: list[Terms], width: int) -> csr_array:
    data = [value for row in rows for _, value in row]
    columns = [column for row in rows for column, _ in row]
    starts = np.cumsum([0, *(len(row) for row in rows)])
    return csr_array((data, columns, starts), shape=(len(rows), width))


def consistent(system: System) -> bool:
    """Whether complete counts obey every relation."""
    return bool(
        np.abs(system.equal @ system.values).max(initial=0) == 0
        and (system.atmost @ system.values).max(initial=0) <= 0
    )


def narrowed(system: System, cells: NDArray[np.intp]) -> System:
    """The system of some cells only, when all others are known to stay as they are."""
    equal, atmost = system.equal[:, cells], system.atmost[:, cells]
    return System(
        tuple(system.keys[int(cell)] for cell in cells),
        system.values[cells],
        equal[np.flatnonzero(np.diff(equal.indptr))],
        atmost[np.flatnonzero(np.diff(atmost.indptr))],
        system.floor[cells],
        system.top[cells],
    )

"""The cells of a crossed model of lists and dimensions, the columns of its terms, and one fit of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palermo.estimation.mse.glm import Fit, Numbers, has_maximum
from palermo.estimation.mse.strata import StratifiedTable
from palermo.estimation.mse.within import Index, centred, fit_within

Flags = npt.NDArray[np.bool_]
Term = tuple[int, ...]  # lists (one or two), then the dimension as -1 - d where it depends on one


class Cells:
    """The possible cells of all strata where somebody was seen, as rows, and the columns of terms over them."""

    def __init__(self, data: StratifiedTable, counts: Numbers) -> None:
        self.total = counts
        some = counts.sum(axis=1) > 0
        for (s, _mask), (_low, high) in data.suppressed.items():
            some[s] |= high > 0
        self.live = np.flatnonzero(some)
        self.at = np.argwhere(data.possible & some[:, None])
        self.owner = np.searchsorted(self.live, self.at[:, 0]).astype(np.int64)
        self.counts = counts[self.at[:, 0], self.at[:, 1]]
        self.bits = ((self.at[:, 1][:, None] >> np.arange(data.k)) & 1).astype(float)
        self.hidden: dict[int, tuple[int, int]] = {}
        if data.suppressed:
            place = {(int(s), int(mask)): row for row, (s, mask) in enumerate(self.at)}
            self.hidden = {place[cell]: ends for cell, ends in data.suppressed.items() if cell in place}
        self.codes = [self._coded(data, d) for d in range(len(data.dimensions))]
        self.block: dict[Term, Numbers] = {}

    def _coded(self, data: StratifiedTable, d: int) -> Index:
        """The level of each stratum as a number; the largest level, which is the reference, is 0."""
        levels = np.array([key[d] for key in data.keys])
        people = self.total.sum(axis=1)
        order = sorted(set(levels.tolist()), key=lambda one: (-people[levels == one].sum(), one))
        return np.array([order.index(one) for one in levels], dtype=np.int64)

    def recounted(self, counts: Numbers) -> Cells:
        """The same cells and columns with other counts; strata where somebody was seen stay the same."""
        found = copy(self)
        found.total = counts
        found.counts = counts[self.at[:, 0], self.at[:, 1]]
        return found

    def columns(self, term: Term) -> Numbers:
        """The columns of one term; those that are 0 in every cell are left out."""
        if term not in self.block:
            both = self.bits[:, [one for one in term if one >= 0]].prod(axis=1)[:, None]
            if term[-1] < 0:
                code = self.codes[-1 - term[-1]]
                both = both * (code[self.at[:, 0]][:, None] == np.arange(1, code.max() + 1))
            self.block[term] = both[:, both.any(axis=0)]
        return self.block[term]

    def design(self, terms: Sequence[Term]) -> Numbers:
        """Lists, then the terms; the sizes of strata have no columns, they are profiled out."""
        return np.column_stack([self.bits, *(self.columns(term) for term in terms)])


@dataclass(frozen=True)
class CellFit:
    """One fitted model over cells. `rows` are the cells that stay, `theta` belongs to the live strata, `known` says
    whether the cells determine it, `parameters` counts also those at minus infinity."""

    fit: Fit
    theta: Numbers
    rows: Flags
    design: Numbers
    owner: Index
    known: Flags
    parameters: int
    bic: float

    def exists(self) -> bool:
        """Whether the likelihood has one finite maximum, the sizes of strata included."""
        sizes = (self.owner[:, None] == np.arange(len(self.theta))[None, :]).astype(float)
        return self.fit.converged and has_maximum(np.column_stack([sizes, self.design]), self.fit.counts)


def fit_cells(cells: Cells, terms: Sequence[Term], start: Numbers | None = None) -> CellFit:
    """The model with these terms, by extended maximum likelihood."""
    design = cells.design(terms)
    rows, columns = _extended(design, cells.counts, cells.hidden)
    place = np.cumsum(rows) - 1
    hidden = {int(place[row]): ends for row, ends in cells.hidden.items() if rows[row]}
    reduced, owner = design[np.ix_(rows, columns)], cells.owner[rows]
    own, known = _own(reduced, owner, len(cells.live))
    reduced = reduced[:, own]
    if start is not None and len(start) != reduced.shape[1]:
        start = None
    fit, theta = fit_within(reduced, cells.counts[rows], owner, intervals=hidden, start=start)
    parameters = len(cells.live) + design.shape[1] - int((~own).sum())
    bic = parameters * math.log(fit.counts.sum()) - 2 * fit.loglik
    return CellFit(fit, theta, rows, reduced, owner, known, parameters, bic)


def _extended(design: Numbers, counts: Numbers, hidden: dict[int, tuple[int, int]]) -> tuple[Flags, Flags]:
    """Rows and columns that stay when effects with nobody in them go to minus infinity (extended likelihood)."""
    rows, columns = np.ones(len(counts), dtype=bool), np.ones(design.shape[1], dtype=bool)
    shown = counts.copy()
    for row, (_low, high) in hidden.items():
        shown[row] = max(shown[row], 0.5 * (high > 0))
    while True:
        empty = columns & (design[rows].T @ shown[rows] == 0)
        if not empty.any():
            return rows, columns
        rows &= ~(design[:, empty] > 0).any(axis=1)
        columns &= ~empty


def _own(design: Numbers, owner: Index, strata: int) -> tuple[Flags, Flags]:
    """Which columns say something that those before them and the strata's sizes do not, and which sizes the cells
    determine: a combination of columns that is constant within each stratum moves the sizes where it is not 0."""
    flat = centred(design, np.ones(len(owner)), owner)
    sizes, vectors = np.linalg.eigh(flat.T @ flat)
    free = vectors[:, sizes < 1e-9 * max(1.0, sizes.max(initial=0.0))]
    known = np.ones(strata, dtype=bool)
    own = np.ones(design.shape[1], dtype=bool)
    if free.shape[1]:
        moved = np.abs(design @ free).max(axis=1) > 1e-6
        known[owner[moved]] = False
        own = np.abs(np.diag(np.linalg.qr(flat, mode="r"))) > 1e-7 if len(flat) >= len(own) else own
    return own, known


def score(cells: Cells, found: CellFit, term: Term) -> float:
    """The fall of BIC that a score test promises for one more term: g' V^-1 g - q log n."""
    fit = found.fit
    new = cells.columns(term)[found.rows]
    if not new.size:
        return 0.0
    gradient = new.T @ (fit.counts - fit.fitted)
    fresh = centred(new, fit.fitted, found.owner)
    weighted = fresh * fit.fitted[:, None]
    cross = weighted.T @ found.design
    inner = weighted.T @ fresh - cross @ fit.covariance @ cross.T
    if np.linalg.cond(inner) > 1e10:
        return 0.0
    return float(gradient @ np.linalg.solve(inner, gradient) - new.shape[1] * math.log(fit.counts.sum()))

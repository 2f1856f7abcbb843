"""Why a hidden count can be told: the sums that give it, one after the other, in a form that can be put in words.

First by what anybody does with pencil and paper: in every sum, what one cell can be at least and at most follows from
the others. Where that does not reach what the linear programmes prove, the dual prices say which sums do it together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from palermo.disclosure.programme import TOLERANCE, least
from palermo.disclosure.system import UNBOUNDED, Floats, System

ROUNDS = 50
ENOUGH = 1e-4


@dataclass(frozen=True)
class Sum:
    """One relation: the terms (place, sign) add up to 0 (`exact`), or to at most 0."""

    terms: tuple[tuple[int, float], ...]
    exact: bool


@dataclass(frozen=True)
class Step:
    """What one sum says of one cell, `after` what other steps (by their number) had found; -1 is what was published."""

    place: int
    upper: bool
    bound: float
    by: Sum
    low: dict[int, float]
    high: dict[int, float]
    after: tuple[int, ...]


class Deductions:
    """Bounds of all cells that follow by going from sum to sum, with the steps that led there."""

    def __init__(self, system: System) -> None:
        shown = ~np.isnan(system.values)
        self.low: Floats = np.where(shown, system.values, system.floor)
        self.high: Floats = np.where(shown, system.values, system.top)
        self.steps: list[Step] = []
        self._last: dict[tuple[int, bool], int] = {}
        self._hidden = ~shown
        self.sums = sums(system)
        for _ in range(ROUNDS):
            before = len(self.steps)
            for one in self.sums:
                if any(self._hidden[place] for place, _ in one.terms):
                    self._use(one)
            if len(self.steps) == before:
                break

    def _use(self, one: Sum) -> None:
        """Tighten each hidden cell of a sum by the rest of it."""
        at = [place for place, _ in one.terms]
        sign = np.array([sign for _, sign in one.terms])
        least_term = np.where(sign > 0, self.low[at], -self.high[at])
        most_term = np.where(sign > 0, self.high[at], -self.low[at])
        for number, place in enumerate(at):
            if not self._hidden[place]:
                continue
            self._bound(one, number, -(least_term.sum() - least_term[number]))
            if one.exact:
                self._bound(one, number, -(most_term.sum() - most_term[number]), least=True)

    def _bound(self, one: Sum, number: int, term: float, *, least: bool = False) -> None:
        """A term is at most (at least) so much: what that says of its cell."""
        place, sign = one.terms[number]
        upper = (sign > 0) != least
        value = term * sign
        if abs(value) > UNBOUNDED / 2:
            return
        now = self.high[place] if upper else self.low[place]
        if (value >= now - ENOUGH) if upper else (value <= now + ENOUGH):
            return
        others = [cell for cell, _ in one.terms if cell != place]
        sides = [(cell, (s > 0) == (upper != (sign > 0))) for cell, s in one.terms if cell != place]
        after = tuple(sorted({self._last[key] for key in sides if key in self._last}))
        step = Step(
            place, upper, value, one,
            {cell: float(self.low[cell]) for cell in others}, {cell: float(self.high[cell]) for cell in others}, after,
        )  # fmt: skip
        self._last[place, upper] = len(self.steps)
        self.steps.append(step)
        if upper:
            self.high[place] = value
        else:
            self.low[place] = value

    def chain(self, place: int, *, upper: bool) -> list[Step]:
        """The steps that lead to a bound of a cell, in order; empty where it is what was published."""
        if (place, upper) not in self._last:
            return []
        wanted, seen = [self._last[place, upper]], set()
        while wanted:
            number = wanted.pop()
            if number not in seen:
                seen.add(number)
                wanted += self.steps[number].after
        return [self.steps[number] for number in sorted(seen)]


def sums(system: System) -> list[Sum]:
    """Every relation of a system."""
    found = []
    for matrix, exact in ((system.equal, True), (system.atmost, False)):
        for start, end in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True):
            places, signs = matrix.indices[start:end], matrix.data[start:end]
            found.append(Sum(tuple(zip(map(int, places), map(float, signs), strict=True)), exact))
    return found


def together(system: System, place: int, *, upper: bool) -> list[Sum]:
    """The sums that prove a bound of a cell together: those with a price in the linear programme."""
    hidden = np.flatnonzero(np.isnan(system.values))
    known = np.nan_to_num(system.values)
    objective = np.zeros(len(hidden))
    objective[int(np.searchsorted(hidden, place))] = -1.0 if upper else 1.0
    equal, atmost = csr_array(system.equal[:, hidden]), csr_array(system.atmost[:, hidden])
    found = least(
        objective, equal, -(system.equal @ known), atmost, -(system.atmost @ known),
        np.column_stack([system.floor[hidden], system.top[hidden]]),
    )  # fmt: skip
    prices = np.concatenate([np.atleast_1d(found.equal_prices), np.atleast_1d(found.atmost_prices)])
    return [one for one, price in zip(sums(system), prices, strict=False) if abs(price) > TOLERANCE]

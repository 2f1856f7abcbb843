"""Linear programmes, solved by HiGHS: one alone, or many that differ only in what they make least."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csr_array, vstack

from palermo.disclosure.system import UNBOUNDED, Floats

__all__ = ["TOLERANCE", "UNBOUNDED", "Contradiction", "Programme", "Solution", "least"]

TOLERANCE = 1e-6
PRIMAL = 4  # HiGHS's number for the simplex that goes on from a possible point
OPTIMAL = highspy.HighsModelStatus.kOptimal


class Contradiction(ValueError):
    """The published counts do not agree with each other: no set of persons gives them."""


@dataclass(frozen=True)
class Solution:
    """The point, and the dual price of every equation and of every limit."""

    point: Floats
    equal_prices: Floats
    atmost_prices: Floats


class _Quiet(highspy.Highs):
    """A solver that calls nobody back: setting the calls up prints a banner, and a command's output is its own."""

    def enableCallbacks(self) -> None:
        """Nothing calls back."""


class Programme:
    """`equal @ y = right`, `atmost @ y <= ceiling`, y within `bounds` (n x 2), asked for one objective after the other.

    Each answer begins where the one before ended: what two cells can be at most is found within few steps of each
    other. The least value does not depend on the order of the questions; the point where several give it, may.
    Raises Contradiction when nothing satisfies the constraints.
    """

    def __init__(
        self, equal: csr_array, right: Floats, atmost: csr_array, ceiling: Floats, bounds: Floats
    ) -> None:
        if (bounds[:, 0] > bounds[:, 1]).any():
            raise Contradiction("no counts agree with what is published (a least above its greatest)")
        self._given = equal, right, atmost, ceiling, bounds
        self._equations, self._size = len(right), len(bounds)
        self._solver: Any = _Quiet()  # type: ignore[no-untyped-call]
        # Tables of counts are sparse and regular: presolving takes more than it saves (docs/methods/suppression.md).
        for name, value in (
            ("output_flag", False),
            ("presolve", "off"),
            ("solver", "simplex"),
            ("threads", 1),
        ):
            self._solver.setOptionValue(name, value)
        self._solver.passModel(_model(equal, right, atmost, ceiling, bounds))
        self._everywhere = np.arange(self._size, dtype=np.int32)
        self._asked = False

    def least(self, objective: Floats) -> Solution:
        """Minimise `objective @ y`."""
        self._solver.changeColsCost(self._size, self._everywhere, objective)
        self._solver.run()
        status = self._solver.getModelStatus()
        if status != OPTIMAL and self._asked:  # the way from the last answer is lost: from the beginning
            return Programme(*self._given).least(objective)
        if status != OPTIMAL:
            told = self._solver.modelStatusToString(status)
            raise Contradiction(f"no counts agree with what is published ({told})")
        if not self._asked:
            self._solver.setOptionValue("simplex_strategy", PRIMAL)
            self._asked = True
        found = self._solver.getSolution()
        prices = np.array(found.row_dual)
        return Solution(np.array(found.col_value), prices[: self._equations], prices[self._equations :])


def least(
    objective: Floats, equal: csr_array, right: Floats, atmost: csr_array, ceiling: Floats, bounds: Floats
) -> Solution:
    """Minimise `objective @ y` where `equal @ y = right`, `atmost @ y <= ceiling`, y within `bounds` (n x 2).

    Raises Contradiction when nothing satisfies the constraints.
    """
    return Programme(equal, right, atmost, ceiling, bounds).least(objective)


def _model(equal: csr_array, right: Floats, atmost: csr_array, ceiling: Floats, bounds: Floats) -> Any:
    rows = csr_array(vstack([equal, atmost], format="csr"))
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = rows.shape
    model.col_cost_ = np.zeros(rows.shape[1])
    model.col_lower_, model.col_upper_ = bounds[:, 0], bounds[:, 1]
    model.row_lower_ = np.concatenate([right, np.full(len(ceiling), -highspy.kHighsInf)])
    model.row_upper_ = np.concatenate([right, ceiling])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = rows.indptr, rows.indices
    model.a_matrix_.value_ = rows.data
    return model

"""People one by one: who saw them and what is known of them, as arrays. For estimators that use covariates."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.estimation.mse.glm import Numbers
from palermo.estimation.mse.table import LEAST_LISTS, MOST_LISTS, CaptureTable
from palermo.estimation.problems import BadInput, Problem
from palermo.saying import phrase

MOST_LEVELS = 50


@dataclass(frozen=True, eq=False)
class People:
    """`seen` is people x lists; `design` holds the covariates as columns: numbers as they are, names one column a
    level but the first. Rows stand in an order of their own, so that the order given does not matter."""

    lists: tuple[str, ...]
    seen: npt.NDArray[np.bool_]
    design: Numbers
    columns: tuple[str, ...]

    @staticmethod
    def from_arrays(lists: Sequence[str], seen: Any, covariates: Mapping[str, Any]) -> People:
        """From a people x lists array of 0 and 1 and one array a covariate (numbers, or texts as categories).

        Raises BadInput with all that is wrong: somebody on no list, a missing value, unequal lengths.
        """
        marks = np.asarray(seen)
        problems = list(_problems(lists, marks))
        columns: list[Numbers] = []
        names: list[str] = []
        for name, values in covariates.items():
            found, wrong = _columns(name, np.asarray(values), len(marks))
            problems += wrong
            columns += [column for _label, column in found]
            names += [label for label, _column in found]
        if problems:
            raise BadInput(problems)
        design = np.column_stack(columns) if columns else np.zeros((len(marks), 0))
        flags = marks.astype(bool)
        history = flags @ (1 << np.arange(flags.shape[1]))
        order = np.lexsort([*design.T, history])
        return People(tuple(lists), flags[order], design[order], tuple(names))

    @property
    def k(self) -> int:
        return len(self.lists)

    @property
    def n(self) -> int:
        return len(self.seen)

    @cached_property
    def table(self) -> CaptureTable:
        """The capture table without the covariates."""
        return CaptureTable.from_histories(self.lists, (self.seen @ (1 << np.arange(self.k))).tolist())

    @cached_property
    def hash(self) -> str:
        """SHA-256 of lists, columns and rows, whatever the order of people."""
        text = ",".join((*self.lists, "|", *self.columns)).encode()
        return hashlib.sha256(text + self.seen.tobytes() + self.design.tobytes()).hexdigest()


def _problems(lists: Sequence[str], marks: npt.NDArray[Any]) -> list[Problem]:
    if marks.ndim != 2 or marks.shape[1] != len(lists):
        return [
            Problem(
                "shape", phrase("seen has one row a person and one column a list"), value=str(marks.shape)
            )
        ]
    found = []
    if not LEAST_LISTS <= len(lists) <= MOST_LISTS or len(set(lists)) < len(lists):
        found.append(Problem("lists", phrase("between 2 and 16 lists of different names are needed")))
    if not np.isin(marks, (0, 1)).all():
        found.append(Problem("history", phrase("seen holds 0 and 1 only")))
    elif not len(marks):
        found.append(Problem("empty", phrase("there are no people")))
    elif (marks.sum(axis=1) == 0).any():
        row = int(np.flatnonzero(marks.sum(axis=1) == 0)[0]) + 1
        found.append(Problem("nobody", phrase("a person on no list cannot have been observed"), row=row))
    return found


def _columns(
    name: str, values: npt.NDArray[Any], people: int
) -> tuple[list[tuple[str, Numbers]], list[Problem]]:
    if values.shape != (people,):
        return [], [Problem("shape", phrase("a covariate has one value a person"), column=name)]
    if values.dtype.kind in "biuf":
        numbers = values.astype(float)
        if not np.isfinite(numbers).all():
            row = int(np.flatnonzero(~np.isfinite(numbers))[0]) + 1
            return [], [Problem("missing", MISSING, row=row, column=name)]
        return ([(name, numbers)] if np.ptp(numbers) > 0 else []), []
    texts = np.array(["" if one is None else str(one) for one in values])
    if (texts == "").any():
        row = int(np.flatnonzero(texts == "")[0]) + 1
        return [], [Problem("missing", MISSING, row=row, column=name)]
    levels = sorted(set(texts.tolist()))
    if len(levels) > MOST_LEVELS:
        return [], [
            Problem(
                "levels",
                phrase("more than {most_levels} different values; group them", most_levels=MOST_LEVELS),
                column=name,
            )
        ]
    return [(f"{name}={level}", (texts == level).astype(float)) for level in levels[1:]], []


MISSING = phrase(
    "a value is missing; fill it, leave the covariate out, or estimate by strata, which share such people out"
)

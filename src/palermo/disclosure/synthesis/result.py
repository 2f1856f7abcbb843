"""What comes out: rows, the noisy tables beside them, an error sheet and the entry for the ledger.

Everything here is computed from noisy tables and drawn rows, so all of it may be published.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from palermo.disclosure.microdata import MISSING, Rows
from palermo.disclosure.synthesis.measure import Measured, NoisyTable
from palermo.disclosure.synthesis.plan import Plan

VERSION = "palermo.synthesis 1"
MECHANISM = "discrete Gaussian on counts of persons, zCDP (Canonne, Kamath and Steinke 2020)"
SURE = 1.96
RELIABLE = 3.0  # sigma


@dataclass(frozen=True)
class Spent:
    """The entry for the ledger. `rho` adds up over releases about the same people; `hash` is that of the
    noisy tables."""

    rho: float
    epsilon: float
    delta: float
    mechanism: str
    parameters: Mapping[str, Any]
    hash: str

    @property
    def factor(self) -> float:
        """By how much the release can change a guess about one person, at most."""
        return math.exp(self.epsilon)


@dataclass(frozen=True)
class Line:
    """One table of the error sheet. `noise`: a published noisy count is within so many of the true one, 19
    times of 20. `gap`: how far counts in the rows are from the noisy ones beyond what noise explains (root
    mean square). `unreliable`: the share of cells whose noisy count is below three sigma."""

    columns: tuple[str, ...]
    cells: int
    noise: float
    gap: float
    unreliable: float


@dataclass(frozen=True)
class Cell:
    """One cell of a published table: noisy count, and what is within so many of it."""

    columns: tuple[str, ...]
    values: tuple[str, ...]
    count: int
    within: float


@dataclass(frozen=True, eq=False)
class Result:
    """A release of synthetic rows. `refused`: the share of drawn rows that held an unsupported or impossible
    pair and were drawn again; `copied`: how many of them became copies of accepted rows in the end."""

    rows: Rows
    measured: Measured
    sheet: tuple[Line, ...]
    spent: Spent
    plan: Plan
    refused: float
    copied: int
    warnings: tuple[str, ...] = ()

    def cells(self) -> list[Cell]:
        """The noisy tables as rows, of which the synthetic rows are only one possible reading."""
        found = []
        for table in (*self.measured.one_way, *self.measured.two_way):
            names = tuple(self.rows.columns[j] for j in table.columns)
            labels = [labels_of(self.measured, j, len(table.columns) > 1) for j in table.columns]
            within = SURE * table.sigma
            for at, count in np.ndenumerate(table.counts):
                values = tuple(known[i] for known, i in zip(labels, at, strict=True))
                found.append(Cell(names, values, int(count), within))
        return found

    def explain(self) -> list[str]:
        """What was done, what it costs and what may be relied on, in sentences."""
        worst = max(line.noise for line in self.sheet)
        two = [line for line in self.sheet if len(line.columns) == 2]
        said = [
            f"These {self.rows.n:,} rows describe nobody: they were drawn from a model fitted to "
            f"{len(self.sheet)} tables of counts, to each of which exact random noise was added.",
            f"The promise is differential privacy for persons with epsilon {self.spent.epsilon:g} and delta "
            f"{self.spent.delta:.2g} (rho {self.spent.rho:.4g}). Whoever knows everything else can change a "
            "guess about one "
            f"person by at most a factor of {self.spent.factor:,.1f}, whatever he does with the files.",
            f"A count in the published tables is within {min(line.noise for line in self.sheet):,.0f} to "
            f"{worst:,.0f} of the "
            "true one, 19 times of 20, depending on the table; the error sheet says it for each.",
        ]
        if two:
            share = sum(line.unreliable * line.cells for line in two) / sum(line.cells for line in two)
            said.append(
                f"Of the cells of two columns {100 * share:.0f} % have a noisy count below three times the "
                "noise: such a "
                "combination must not be relied on."
            )
        said.append(
            "Rows with a pair of values that the noisy tables do not support were drawn again "
            f"({100 * self.refused:.1f} % "
            "of them)."
            if self.plan.refuse
            else "Rows may hold combinations that nobody has: the step that refuses them was switched off."
        )
        return [*said, *self.warnings]


def labels_of(measured: Measured, j: int, grouped: bool) -> list[str]:
    """What the categories, or the groups, of a column are called."""
    known = [value if value != MISSING else "not recorded" for value in measured.domain.categories[j]]
    if not grouped:
        return known
    groups = measured.groups[j]
    inside: list[list[str]] = [[] for _ in range(int(groups.max()) + 1)]
    for value, group in zip(known, groups, strict=True):
        inside[int(group)].append(value)
    return [one[0] if len(one) == 1 else "any of: " + ", ".join(one) for one in inside]


def error_sheet(rows: Rows, codes: np.ndarray[Any, Any], measured: Measured) -> tuple[Line, ...]:
    """A line for each table. `codes` are the rows in groups."""
    lines = []
    for table in (*measured.one_way, *measured.two_way):
        drawn = _counted(rows.codes if len(table.columns) == 1 else codes, table)
        apart = float(np.mean((drawn - table.counts) ** 2)) - table.sigma**2
        lines.append(
            Line(
                tuple(rows.columns[j] for j in table.columns),
                table.counts.size,
                SURE * table.sigma,
                math.sqrt(max(0.0, apart)),
                float((table.counts < RELIABLE * table.sigma).mean()),
            )
        )
    return tuple(lines)


def spending(measured: Measured, epsilon: float, delta: float, parameters: Mapping[str, Any]) -> Spent:
    """The entry for the ledger, with the hash of every noisy table."""
    return Spent(measured.spent, epsilon, delta, MECHANISM, dict(parameters), hashed(measured))


def hashed(measured: Measured) -> str:
    """SHA-256 of the noisy tables with their columns, groups and noise."""
    tables = [
        [list(one.columns), f"{one.sigma:.12g}", one.counts.tolist()]
        for one in (*measured.one_way, *measured.two_way)
    ]
    groups = [one.tolist() for one in measured.groups]
    said = [
        VERSION,
        list(measured.domain.columns),
        list(map(list, measured.domain.categories)),
        groups,
        tables,
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def _counted(codes: np.ndarray[Any, Any], table: NoisyTable) -> np.ndarray[Any, Any]:
    shape: Sequence[int] = table.counts.shape
    at = np.ravel_multi_index(tuple(codes[:, j] for j in table.columns), tuple(shape))
    return np.bincount(at, minlength=table.counts.size).reshape(shape).astype(float)

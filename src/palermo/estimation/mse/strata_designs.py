"""Strata with a known truth: populations whose list effects differ between strata, to try a pooled estimate on.

Every population draws its strata's sizes and list effects anew, as the pooled model believes: a list sees people of a
stratum with log-odds of its own around those of the list. A pair of lists may depend on each other, by the same odds
ratio in every stratum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse.designs import Design
from palermo.estimation.mse.replicates import stream
from palermo.estimation.mse.strata import Row, StratifiedTable
from palermo.estimation.mse.stratified import estimate

DRAWS = 1_000


@dataclass(frozen=True)
class StrataDesign:
    """So many `strata` of `smallest` to `largest` people; `shares` of each list on average, `spread` the standard
    deviation of a list's log-odds between strata, `odds` ratios of pairs of lists (from 0)."""

    name: str
    strata: int
    shares: tuple[float, ...]
    spread: float
    odds: Mapping[tuple[int, int], float] = field(default_factory=dict)
    smallest: int = 50
    largest: int = 300

    def population(self, number: int, seed: int) -> tuple[StratifiedTable, tuple[int, ...]]:
        """One population of the design: what the lists saw, and the people of each stratum in the table's order."""
        rng = stream(seed, number)
        sizes = rng.integers(self.smallest, self.largest + 1, size=self.strata)
        lists = tuple(chr(ord("A") + j) for j in range(len(self.shares)))
        middle = np.log(np.array(self.shares) / (1 - np.array(self.shares)))
        rows: list[Row] = []
        truth: dict[str, int] = {}
        for s, size in enumerate(sizes):
            odds = np.exp(middle + rng.normal(0.0, self.spread, size=len(lists)))
            design = Design("", int(size), tuple(float(one) for one in odds / (1 + odds)), self.odds)
            counts = rng.multinomial(size, design.chances())
            for mask in np.flatnonzero(counts[1:]) + 1:
                seen = "".join(str(mask >> j & 1) for j in range(len(lists)))
                rows.append(((f"{s:02d}",), seen, int(counts[mask])))
            truth[f"{s:02d}"] = int(size)
        data = StratifiedTable.from_rows(lists, ("area",), rows)
        return data, tuple(truth[str(key[0])] for key in data.keys)


@dataclass(frozen=True)
class StrataTrial:
    """Shares of ranges that hold the truth, for totals and for single strata; `bias` is the mean of estimate ÷ truth
    less 1; `chosen` counts runs by the number of pairs in the likeliest model."""

    runs: int
    total: float
    strata: float
    bias: float
    chosen: Mapping[int, int]


STRATA_DESIGNS = (
    StrataDesign("clear", 12, (0.3, 0.25, 0.35), 0.5),
    StrataDesign("doubtful", 8, (0.3, 0.25, 0.35, 0.2), 0.5, {(0, 1): 1.6}),
    StrataDesign("strong", 8, (0.3, 0.25, 0.35, 0.2), 0.5, {(0, 1): 4.0}),
)


def pooled_trial(
    design: StrataDesign, *, runs: int, seed: int = 1, progress: Progress | None = None
) -> StrataTrial:
    """Draw populations and estimate each with pooled list effects; run i has the seed seed + i."""
    total, single, ratios = [], [], []
    chosen: dict[int, int] = {}
    for i in range(runs):
        data, truth = design.population(i, seed)
        found = estimate(data, Options(bootstrap=DRAWS, seed=seed + i, more={"how": "pooled"}))
        total.append(_holds(found.lower, found.upper, sum(truth)))
        single += [
            _holds(one["lower"], one["upper"], people)
            for one, people in zip(found.diagnostics["strata"], truth, strict=True)
        ]
        ratios.append((found.estimate or 0.0) / sum(truth))
        pairs = (found.model or "").count("*")
        chosen[pairs] = chosen.get(pairs, 0) + 1
        if progress:
            progress((i + 1) / runs, design.name)
    return StrataTrial(
        runs, float(np.mean(total)), float(np.mean(single)), float(np.mean(ratios)) - 1, chosen
    )


def _holds(lower: float | None, upper: float | None, people: int) -> bool:
    return lower is not None and upper is not None and lower <= people <= upper

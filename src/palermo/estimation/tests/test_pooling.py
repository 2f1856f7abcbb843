"""Partial pooling: its two ends, and that its ranges hold small strata."""

from __future__ import annotations

import numpy as np
import pytest

from palermo.estimation import Options
from palermo.estimation.mse import closedp, crossed, pooling
from palermo.estimation.mse.strata import StratifiedTable
from palermo.estimation.mse.stratified import estimate


def drawn(
    seed: int, strata: int = 12, spread: float = 0.5, size: int = 150
) -> tuple[StratifiedTable, list[int]]:
    generator = np.random.Generator(np.random.Philox(key=seed))
    rows, truth = [], []
    for s in range(strata):
        people = int(generator.integers(size // 3, 2 * size))
        odds = np.log([0.3, 0.25, 0.2]) + spread * generator.standard_normal(3)
        seen = generator.random((people, 3)) < 1 / (1 + np.exp(-odds))
        history = (seen * (1 << np.arange(3))).sum(axis=1)
        truth.append(people)
        rows += [((f"{s:02}",), mask, int((history == mask).sum())) for mask in range(1, 8)]
    return StratifiedTable.from_rows("ABC", ("place",), rows), truth


def test_without_variance_it_is_the_model_of_common_list_effects():
    data, _truth = drawn(1)
    found = pooling.fit(pooling._Problem(data, data.completed(), []), 1e-4)
    plain = crossed.fit_terms(data, [])
    assert np.exp(found.block[:, 0]) == pytest.approx(plain.unseen, rel=1e-4)


def test_with_great_variance_each_stratum_stands_alone():
    data, _truth = drawn(2, size=400)
    found = pooling.fit(pooling._Problem(data, data.completed(), []), 300.0)
    alone = [closedp.fit(data.table(s), "Mt").abundance for s in range(len(data.keys))]
    assert np.exp(found.block[:, 0]) + data.counts.sum(axis=1) == pytest.approx(alone, rel=1e-2)


def test_the_variance_is_found():
    near, far = (
        np.mean([pooling.best(_problem(seed, spread)).tau for seed in range(4)]) for spread in (0.0, 0.6)
    )
    assert near < 0.2 < 0.4 < far < 0.9


def _problem(seed, spread):
    data, _truth = drawn(seed, 20, spread, 300)
    return pooling._Problem(data, data.completed(), [])


def test_pairs_can_be_named_or_found():
    data, _truth = drawn(3)
    found = estimate(data, Options(bootstrap=200, more={"how": "pooled", "pairs": ["A*B"]}))
    assert found.model == "A*B"
    assert estimate(data, Options(bootstrap=0, more={"how": "pooled"})).model == ""


def test_ranges_hold_total_and_strata():
    """A few runs; many more are in docs/methods/mse-strata.md."""
    strata, totals = [], []
    for seed in range(6):
        data, truth = drawn(50 + seed)
        found = estimate(data, Options(bootstrap=500, more={"how": "pooled", "pairs": []}))
        totals.append(found.lower <= sum(truth) <= found.upper)
        strata += [
            row["lower"] <= people <= row["upper"]
            for row, people in zip(found.diagnostics["strata"], truth, strict=True)
        ]
    assert sum(totals) >= 4
    assert np.mean(strata) > 0.88

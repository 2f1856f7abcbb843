"""Partial pooling: its two ends, and that its ranges hold small strata."""

from __future__ import annotations

import math

import numpy as np
import pytest

from palermo.estimation import Options
from palermo.estimation.mse import closedp, crossed, pooled_fit
from palermo.estimation.mse.pooled_pairs import weighed
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
    found = pooled_fit.fit(pooled_fit.PooledProblem(data, data.completed(), []), 1e-4)
    plain = crossed.fit_terms(data, [])
    assert np.exp(found.block[:, 0]) == pytest.approx(plain.unseen, rel=1e-4)


def test_with_great_variance_each_stratum_stands_alone():
    data, _truth = drawn(2, size=400)
    found = pooled_fit.fit(pooled_fit.PooledProblem(data, data.completed(), []), 300.0)
    alone = [closedp.fit(data.table(s), "Mt").abundance for s in range(len(data.keys))]
    assert np.exp(found.block[:, 0]) + data.counts.sum(axis=1) == pytest.approx(alone, rel=1e-2)


def test_the_variance_is_found():
    near, far = (
        np.mean([pooled_fit.best(_problem(seed, spread)).tau for seed in range(4)]) for spread in (0.0, 0.6)
    )
    assert near < 0.2 < 0.4 < far < 0.9


def _problem(seed, spread):
    data, _truth = drawn(seed, 20, spread, 300)
    return pooled_fit.PooledProblem(data, data.completed(), [])


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


def doubtful(seed: int) -> tuple[StratifiedTable, int]:
    """Eight strata, four lists, and one pair that depends so little that BIC finds it every second time."""
    generator = np.random.Generator(np.random.Philox(key=seed))
    bits = (np.arange(16)[:, None] >> np.arange(4)) & 1
    rows, people = [], 0
    for s in range(8):
        size = int(generator.integers(50, 300))
        chances = np.array([0.25, 0.2, 0.15, 0.1])
        odds = np.log(chances / (1 - chances)) + 0.4 * generator.standard_normal(4)
        shares = np.exp(bits @ odds + 0.45 * bits[:, 0] * bits[:, 1])
        counts = generator.multinomial(size, shares / shares.sum())
        rows += [((f"{s}",), mask, int(counts[mask])) for mask in range(1, 16)]
        people += size
    return StratifiedTable.from_rows("ABCD", ("place",), rows), people


def test_the_doubt_about_pairs_is_in_the_range():
    """Held at its best set of pairs the range of the same table is much shorter."""
    data, _people = doubtful(10_000)
    mixed = estimate(data, Options(bootstrap=500, more={"how": "pooled"}))
    named = [one for one in mixed.model.split(", ") if one]
    held = estimate(data, Options(bootstrap=500, more={"how": "pooled", "pairs": named}))
    models = mixed.diagnostics["models"]
    assert len(models) > 1
    assert sum(one["weight"] for one in models) == pytest.approx(1)
    assert [one["weight"] for one in models] == sorted((one["weight"] for one in models), reverse=True)
    assert models[0]["model"] == mixed.model
    assert mixed.upper - mixed.lower > 1.2 * (held.upper - held.lower)
    rows = mixed.diagnostics["strata"]
    assert sum(row["estimate"] for row in rows) == pytest.approx(mixed.value, rel=1e-12)


def test_sets_of_pairs_are_weighed_by_bic_and_never_all_at_once():
    gains = {(0, 1): 6.0, (0, 2): 1.0, (1, 2): 0.5}
    found = weighed(3, (), 400.0, lambda one: sum(gains[pair] for pair in one))
    price = math.log(400) / 2
    best = found.sets[0]
    assert best == ((0, 1),)
    assert max(len(one) for one in found.sets) == 2
    for one, weight in zip(found.sets, found.weights, strict=True):
        score = sum(gains[pair] - price for pair in one)
        assert weight / found.weights[0] == pytest.approx(math.exp(score - (gains[0, 1] - price)))
        assert weight / found.weights[0] > 1 / 20
    assert found.weights.sum() == pytest.approx(1)
    nothing = weighed(3, (), 400.0, lambda _one: -math.inf)
    assert nothing.sets == ((),)

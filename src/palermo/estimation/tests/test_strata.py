"""Stratified tables: reading, structure, missing values, totals that add up; separate and crossed estimates."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.estimation import BadInput, BadOptions, Options, Result
from palermo.estimation.mse import closedp, crossed
from palermo.estimation.mse.strata import StratifiedTable
from palermo.estimation.mse.stratified import estimate, whole

LISTS, DIMENSIONS = ("A", "B", "C", "D"), ("sex", "year")


def simulated(seed: int, missing: float = 0.0, scale: int = 600) -> tuple[StratifiedTable, dict]:
    """Two sexes, three years; women are seen by A more often; D began in 2015; `missing` of the sexes is unknown."""
    generator = np.random.Generator(np.random.Philox(key=seed))
    rows, truth = [], {}
    for sex, size, chance in (("f", 1.0, 0.25), ("m", 0.4, 0.1)):
        for step, year in enumerate(("2014", "2015", "2016")):
            people = int(scale * size * (1 + 0.3 * step))
            truth[sex, year] = people
            seen = generator.random((people, 4)) < np.array([chance, 0.2, 0.15, 0.1])
            if year == "2014":
                seen[:, 3] = False
            history = (seen * (1 << np.arange(4))).sum(axis=1)
            for mask in range(1, 16):
                count = int((history == mask).sum())
                lost = int(generator.binomial(count, missing))
                rows.append(((sex, year), mask, count - lost))
                if lost:
                    rows.append(((None, year), mask, lost))
    absent = [({"year": "2014"}, "D")]
    return StratifiedTable.from_rows(LISTS, DIMENSIONS, rows, absent=absent), truth


def test_everything_wrong_is_said_at_once():
    rows = [
        (("f",), "11", -1),
        (("f", "x"), "11", 2),
        (("f",), "112", 2),
        (("f",), "11", (4, 1)),
        (("m",), "00", 1),
    ]
    with pytest.raises(BadInput) as raised:
        StratifiedTable.from_rows("AB", ("sex",), rows)
    assert [one.rule for one in raised.value.problems] == [
        "count",
        "stratum",
        "history",
        "interval",
        "history",
    ]
    with pytest.raises(BadInput, match="said not to have operated"):
        StratifiedTable.from_rows("AB", ("sex",), [(("f",), "11", 2)], absent=[({"sex": "f"}, "B")])
    with pytest.raises(BadInput, match="no stratum fits"):
        StratifiedTable.from_rows("AB", ("sex", "year"), [(("f", "1"), "11", 2), ((None, "2"), "11", 2)])


@pytest.mark.parametrize("how", ["separate", "crossed", "pooled"])
@pytest.mark.parametrize("missing", [0.0, 0.15])
def test_the_strata_add_up_and_the_truth_is_near(how, missing):
    data, truth = simulated(2, missing)
    more = {"how": how, "estimator": "chao"}
    found = estimate(data, Options(bootstrap=40 if how != "pooled" else 400, more=more))
    rows = found.diagnostics["strata"]
    assert sum(row["estimate"] for row in rows) == pytest.approx(found.value, rel=1e-12)
    assert found.value == pytest.approx(sum(truth.values()), rel=0.1)
    assert found.lower < found.value < found.upper
    assert sum(row["observed"] for row in rows) == pytest.approx(data.n)
    assert all(row["lower"] <= row["estimate"] <= row["upper"] for row in rows)
    assert rows[0]["lists"] == ["A", "B", "C"]
    assert Result.from_json(json.loads(json.dumps(found.as_json()))).as_json() == found.as_json()


def test_a_bayesian_estimator_gives_its_own_ranges():
    data, truth = simulated(2)
    found = estimate(data, Options(more={"estimator": "decomposable"}))
    assert found.interval.kind == "credible"
    assert found.lower < sum(truth.values()) < found.upper


def test_the_same_seed_gives_the_same_result():
    data, _truth = simulated(3)
    one, other = (estimate(data, Options(bootstrap=10, seed=5, more={"how": "crossed"})) for _ in range(2))
    assert one.as_json() == other.as_json()


def test_one_stratum_without_terms_is_the_model_of_independent_lists():
    rows = [(("all",), "100", 60), (("all",), "010", 50), (("all",), "001", 40), (("all",), "110", 12),
            (("all",), "101", 9), (("all",), "011", 7), (("all",), "111", 2)]  # fmt: skip
    data = StratifiedTable.from_rows("ABC", ("place",), rows)
    found = crossed.fit_terms(data, [])
    alone = closedp.fit(data.table(0), "Mt")
    assert found.observed[0] + found.unseen[0] == pytest.approx(alone.abundance, rel=1e-9)
    assert found.deviance == pytest.approx(alone.deviance, rel=1e-9)


def test_all_lists_by_the_dimension_is_each_stratum_by_itself():
    data, _truth = simulated(4)
    one = StratifiedTable.from_rows(
        LISTS, ("sex",),
        [((key[0],), mask, int(data.counts[s, mask])) for s, key in enumerate(data.keys) if key[1] == "2016"
         for mask in range(1, 16)],
    )  # fmt: skip
    terms = [crossed.read(one, f"{name}*sex") for name in LISTS]
    found = crossed.fit_terms(one, terms)
    for s in range(2):
        alone = closedp.fit(one.table(s), "Mt")
        assert found.observed[s] + found.unseen[s] == pytest.approx(alone.abundance, rel=1e-8)


def test_bic_finds_the_list_that_depends_on_sex_and_a_pair_that_depends():
    extra = 0
    for seed in range(6):
        data, _truth = simulated(10 + seed)
        chosen = [crossed.written(data, one) for one in crossed.select(data)]
        assert "A*sex" in chosen
        extra += len(chosen) - 1
    assert extra <= 3
    generator = np.random.Generator(np.random.Philox(key=8))
    rows = []
    for sex in "fm":
        seen = generator.random((1500, 3)) < 0.2
        seen[:, 1] |= seen[:, 0] & (generator.random(1500) < 0.4)  # B sees many whom A saw
        history = (seen * (1 << np.arange(3))).sum(axis=1)
        rows += [((sex,), mask, int((history == mask).sum())) for mask in range(1, 8)]
    pair = StratifiedTable.from_rows("ABC", ("sex",), rows)
    terms = crossed.select(pair)
    assert (0, 1) in terms
    found = crossed.fit_terms(pair, terms)
    assert (found.observed + found.unseen).sum() == pytest.approx(3000, rel=0.15)


def test_a_list_that_did_not_operate_is_not_a_list_that_saw_nobody():
    data, truth = simulated(5)
    zero = StratifiedTable(data.lists, data.dimensions, data.keys, data.counts, np.ones_like(data.operating))
    right, wrong = crossed.fit_terms(data, [(0, -1)]), crossed.fit_terms(zero, [(0, -1)])
    year = [s for s, key in enumerate(data.keys) if key[1] == "2014"]
    true = sum(truth[data.keys[s]] for s in year)
    assert (right.observed + right.unseen)[year].sum() == pytest.approx(true, rel=0.12)
    assert wrong.deviance > right.deviance + 20  # the zeros of D in 2014 cannot be explained


def test_an_empty_stratum_is_named_and_one_without_overlap_takes_the_headline():
    data, _truth = simulated(6)
    rows = [
        (key, mask, int(data.counts[s, mask])) for s, key in enumerate(data.keys) for mask in range(1, 16)
    ]
    empty = StratifiedTable.from_rows(LISTS, DIMENSIONS, [*rows, (("x", "2016"), "1000", 0)])
    for how in ("separate", "crossed", "pooled"):
        more = {"how": how, "estimator": "chao", "pairs": [], "terms": ["A*sex"]}
        found = estimate(empty, Options(bootstrap=5, more=more))
        caution = next(one for one in found.cautions if one.code == "empty_stratum")
        assert caution.values["strata"] == ["x, 2016"]
        assert not found.hard
    lonely = StratifiedTable.from_rows(
        LISTS, DIMENSIONS, [*rows, (("x", "2016"), "1000", 9), (("x", "2016"), "0100", 8)]
    )
    found = estimate(lonely, Options(bootstrap=5, more={"estimator": "chao"}))
    assert found.estimate is None
    assert "stratum_without_estimate" in {one.code for one in found.cautions}
    pooled = estimate(lonely, Options(bootstrap=200, more={"how": "pooled", "pairs": []}))
    assert pooled.estimate is not None  # it borrows what the others know


def test_suppressed_cells_pass_through():
    rows = [(("f",), "100", 60), (("f",), "010", 50), (("f",), "001", 40), (("f",), "110", 12), (("f",), "101", 9),
            (("f",), "011", (1, 4)), (("m",), "100", 30), (("m",), "010", 25), (("m",), "110", 9), (("m",), "001", 20),
            (("m",), "101", 6), (("m",), "011", 5)]  # fmt: skip
    data = StratifiedTable.from_rows("ABC", ("sex",), rows)
    assert data.table(0).suppressed
    ends = []
    for count in (1, 4):
        plain = StratifiedTable.from_rows("ABC", ("sex",), [*rows[:5], (("f",), "011", count), *rows[6:]])
        fit = crossed.fit_terms(plain, [])
        ends.append(float((fit.observed + fit.unseen).sum()))
    fit = crossed.fit_terms(data, [])
    assert min(ends) < (fit.observed + fit.unseen).sum() < max(ends)


def test_missing_values_by_em_do_not_bias_a_stratum():
    """A third of the sexes unknown, women seen more often by A: the split between the sexes stays right."""
    women = []
    for seed in range(8):
        data, truth = simulated(100 + seed, missing=0.33)
        fit = crossed.fit_terms(data, [(0, -1)])
        total = fit.observed + fit.unseen
        women.append(sum(total[s] for s, key in enumerate(data.keys) if key[0] == "f") / total.sum())
    true = sum(n for key, n in truth.items() if key[0] == "f") / sum(truth.values())
    assert np.mean(women) == pytest.approx(true, abs=0.03)


def test_terms_and_ways_that_do_not_exist_are_refused():
    data, _truth = simulated(1)
    for more in ({"how": "magic"}, {"how": "crossed", "terms": ["A*Z"]}, {"how": "crossed", "terms": ["A"]},
                 {"how": "pooled", "pairs": ["A*sex"]}):  # fmt: skip
        with pytest.raises(BadOptions):
            estimate(data, Options(more=more))


@settings(max_examples=30)
@given(st.lists(st.lists(st.floats(0, 20), min_size=3, max_size=3), min_size=2, max_size=5))
def test_sharing_out_keeps_each_historys_total_whole(rows):
    counts = np.array(rows)
    counts[-1] += np.ceil(counts.sum(axis=0)) - counts.sum(axis=0)
    found = whole(counts)
    assert np.array_equal(found, np.rint(found))
    assert np.array_equal(found.sum(axis=0), np.rint(counts.sum(axis=0)))
    assert np.abs(found - counts).max() < 1 + 1e-6


@settings(max_examples=8, deadline=None)
@given(st.permutations([0, 1, 2, 3]))
def test_the_order_of_lists_and_strata_changes_nothing(order):
    data, _truth = simulated(7)
    rows = [
        (key, sum(((mask >> order[j]) & 1) << j for j in range(4)), int(data.counts[s, mask]))
        for s, key in reversed(list(enumerate(data.keys))) for mask in range(1, 16)
    ]  # fmt: skip
    moved = StratifiedTable.from_rows(
        [LISTS[j] for j in order], DIMENSIONS, rows, absent=[({"year": "2014"}, "D")]
    )
    one = crossed.fit_terms(data, crossed.select(data))
    other = crossed.fit_terms(moved, crossed.select(moved))
    assert (other.observed + other.unseen).sum() == pytest.approx((one.observed + one.unseen).sum(), rel=1e-8)

"""Linkage errors: corrected for two lists with known rates, carried into the range over draws of links."""

from __future__ import annotations

import numpy as np
import pytest

from palermo.estimation import BadInput, BadOptions, CaptureTable, Options
from palermo.estimation.estimators import mse
from palermo.estimation.mse import linkage_error
from palermo.estimation.mse.linkage_error import LinkDraws

TWO = CaptureTable.from_counts("AB", {"10": 150, "01": 100, "11": 50})


def test_the_correction_by_hand():
    """n1 = 200, n2 = 150, 50 linked; a = 0.9, b = 0.02: m = (50 - 3) / 0.88 = 53.41, N = 30000 / m = 561.7."""
    value, true = linkage_error.corrected(200, 150, 50, 0.9, 0.02)
    assert (round(true, 2), round(value, 1)) == (53.41, 561.7)
    found = linkage_error.ding_fienberg(TWO, Options(more={"match_rate": 0.9, "false_match_rate": 0.02}))
    assert found.value == pytest.approx(value)
    assert found.diagnostics["without_correction"] == pytest.approx(600)
    assert "rates_taken_as_known" in {one.code for one in found.cautions}


def test_reviewing_few_pairs_widens_the_range():
    rates = {"match_rate": 0.9, "false_match_rate": 0.02}
    known = linkage_error.ding_fienberg(TWO, Options(more=rates))
    found = linkage_error.ding_fienberg(TWO, Options(more={**rates, "reviewed": [40, 60]}))
    assert found.upper - found.lower > 1.1 * (known.upper - known.lower)


def test_impossible_rates_give_no_estimate():
    found = linkage_error.ding_fienberg(TWO, Options(more={"match_rate": 0.9, "false_match_rate": 0.5}))
    assert found.estimate is None
    assert found.hard
    with pytest.raises(BadOptions):
        linkage_error.ding_fienberg(TWO, Options(more={"match_rate": 0.1, "false_match_rate": 0.5}))
    three = CaptureTable.from_counts("ABC", {"100": 3, "110": 2, "011": 2})
    with pytest.raises(BadOptions):
        linkage_error.ding_fienberg(three, Options())


def test_the_correction_holds_a_truth_that_the_links_hide():
    held, naive, ours = 0, [], []
    generator = np.random.Generator(np.random.Philox(key=2))
    for _ in range(60):
        seen = generator.random((1000, 2)) < 0.4
        true, only_second = int(seen.all(axis=1).sum()), int((seen[:, 1] & ~seen[:, 0]).sum())
        linked = int(generator.binomial(true, 0.85) + generator.binomial(only_second, 0.03))
        first, second = int(seen[:, 0].sum()), int(seen[:, 1].sum())
        table = CaptureTable.from_counts("AB", {"10": first - linked, "01": second - linked, "11": linked})
        found = linkage_error.ding_fienberg(
            table,
            Options(
                bootstrap=400, more={"match_rate": 0.85, "false_match_rate": 0.03, "reviewed": [10000, 10000]}
            ),
        )
        held += found.lower <= 1000 <= found.upper
        ours.append(found.value)
        naive.append(found.diagnostics["without_correction"])
    assert np.mean(ours) == pytest.approx(1000, rel=0.02)
    assert np.mean(naive) > 1050
    assert held >= 53


def records(seed: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.Generator(np.random.Philox(key=seed))
    seen = generator.random((1000, 3)) < 0.3
    who, where = np.nonzero(seen)
    return who, where


def broken(who: np.ndarray, share: float, draws: int) -> np.ndarray:
    """Draws in which each record stands with chance `share` for somebody new."""
    generator = np.random.Generator(np.random.Philox(key=77))
    rows = np.tile(who, (draws, 1))
    lost = generator.random(rows.shape) < share
    rows[lost] = 10_000 + np.broadcast_to(np.arange(len(who)), rows.shape)[lost]
    return rows


def test_sure_links_change_nothing_and_doubt_widens_the_range():
    who, where = records(1)
    sure = LinkDraws.from_entities("ABC", where, np.tile(who, (20, 1)))
    alone = mse("chao").estimate(sure.tables[0])
    same = linkage_error.over_draws(sure, mse("chao"), Options())
    assert same.value == pytest.approx(alone.value)
    assert same.diagnostics["between"] == pytest.approx(0, abs=1e-12)
    assert (same.lower, same.upper) == pytest.approx((alone.lower, alone.upper), rel=0.01)
    doubt = linkage_error.over_draws(
        LinkDraws.from_entities("ABC", where, broken(who, 0.05, 25)), mse("chao"), Options()
    )
    assert doubt.value > same.value  # broken links look like people seen once
    assert doubt.diagnostics["linkage_share"] > 0.05
    assert doubt.upper - doubt.lower > same.upper - same.lower


def test_weights_count_and_bad_draws_are_refused():
    who, where = records(2)
    near = LinkDraws.from_entities("ABC", where, broken(who, 0.1, 2), weights=[1.0, 0.0])
    found = linkage_error.over_draws(near, mse("chao"), Options())
    assert found.value == pytest.approx(mse("chao").estimate(near.tables[0]).value)
    assert "few_draws" in {one.code for one in found.cautions}
    with pytest.raises(BadInput):
        LinkDraws.from_tables([])
    with pytest.raises(BadInput):
        LinkDraws.from_tables([TWO], [-1.0])
    with pytest.raises(BadInput):
        LinkDraws.from_entities("AB", [0, 1, 2], [[0, 1, 2]])


def test_draws_without_an_estimate_are_counted():
    lonely = CaptureTable.from_counts("AB", {"10": 5, "01": 5})
    found = linkage_error.over_draws(LinkDraws.from_tables([TWO, lonely]), mse("chao"), Options())
    assert found.hard
    assert found.value == pytest.approx(600)
    assert found.interval.lost == pytest.approx(0.5)

"""The acceptance in small: ranges hold the truth where the lists can show it, verdicts say so where they cannot.

tools/bench_estimation.py runs the same with 500 populations and 1,000 replicates.
"""

import pytest

from palermo.estimation import Options
from palermo.estimation.mse.designs import DESIGNS
from palermo.estimation.trials import trial

RUNS = 60
IDENTIFIED = [one for one in DESIGNS.values() if one.identified]
OTHERS = [one for one in DESIGNS.values() if not one.identified]


@pytest.mark.parametrize("design", IDENTIFIED, ids=lambda one: one.name)
def test_ranges_hold_the_truth_where_the_design_is_identified(design):
    found = trial(design, runs=RUNS, options=Options(bootstrap=200))
    assert found.share >= 0.93
    assert found.refused == 0
    assert found.warned <= 0.4
    assert "do not publish" not in found.words


@pytest.mark.parametrize("design", OTHERS, ids=lambda one: one.name)
def test_the_verdict_says_where_it_is_not(design):
    found = trial(design, runs=RUNS, options=Options(bootstrap=200))
    assert found.warned >= 0.8
    assert found.words.get("publish", 0) <= 0.2 * RUNS


def test_threads_change_nothing():
    design = DESIGNS["tiny"]
    one = trial(design, runs=4, options=Options(bootstrap=64))
    assert trial(design, runs=4, options=Options(bootstrap=64, threads=2)) == one

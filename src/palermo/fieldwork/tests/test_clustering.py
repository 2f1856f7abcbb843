"""Where sites differ, the range of a share says so; where there are too few to tell, nothing is corrected."""

import numpy as np
import pytest

from palermo.fieldwork.clustering import LEAST_SITES, Z, clustering, student
from palermo.fieldwork.estimates import Design, wilson

SITES, EACH, SHARE = 20, 30, 0.4


def share_of(hits, sites):
    design = Design([str(one) for one in sites], np.ones(len(hits)), np.random.default_rng(1))
    return design.share("D1", (), [(i, bool(hit)) for i, hit in enumerate(hits)])


def test_the_quantile_is_that_of_the_tables():
    assert student(4) == pytest.approx(2.776445, abs=1e-6)
    assert student(24) == pytest.approx(2.063899, abs=1e-6)


def test_the_design_effect_is_the_one_computed_by_hand():
    # Five sites of two people, both alike: +-0.1 of a mean each; between sites 5/4 x (4 x 0.04 + 0), independent 0.1.
    site = np.repeat(np.arange(5), 2)
    deviations = np.repeat([0.1, -0.1, 0.1, -0.1, 0.0], 2)
    assert clustering(site, deviations, 0.1) == (pytest.approx(5 / 4 * 0.16 / 0.1), student(4))
    assert clustering(site, deviations, 10.0)[0] == 1.0  # never less than asked independently


def test_with_few_sites_the_range_is_wilsons():
    hits = [1] * 24 + [0] * 16
    value = share_of(hits, [i % (LEAST_SITES - 1) for i in range(40)])
    assert (value.low, value.high, value.n_eff) == (*wilson(0.6, 40, Z), 40)


def test_where_sites_differ_the_truth_is_still_within():
    rng, within, bare = np.random.default_rng(5), 0, 0
    for _round in range(200):
        rates = rng.beta(4 * SHARE, 4 * (1 - SHARE), SITES)
        hits = (rng.random((SITES, EACH)) < rates[:, None]).ravel()
        value = share_of(hits, np.repeat(np.arange(SITES), EACH))
        within += value.low <= SHARE <= value.high
        low, high = wilson(hits.mean(), len(hits))
        bare += low <= SHARE <= high
    assert within >= 184
    assert bare <= 130

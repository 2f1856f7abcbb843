"""Weights that are learned from pairs."""

import numpy as np

from palermo.linkage.training import fitted


def test_a_prior_far_off_does_not_throw_the_fit_away():
    """A whole Newton step from -8 leads to odds of 1,500, where nothing bends any more."""
    rows, same = np.ones((100, 1), np.float32), np.arange(100) % 2 == 0
    assert abs(fitted(rows, same, prior=np.array([-8.0]), strength=1e-6)[0]) < 1e-4

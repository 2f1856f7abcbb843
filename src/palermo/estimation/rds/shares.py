"""Shares of groups from tables of counts: RDS-I, RDS-II and successive sampling, for many samples at once.

`table` is (samples, groups, classes): people of each group in each class of network size. `moves` is (samples, groups,
groups): who of which group recruited whom of which. A share that cannot be estimated is "not a number" in here.
"""

from __future__ import annotations

import numpy as np

from palermo.estimation.rds.sample import Outcome, RecruitmentSample, Whole
from palermo.estimation.rds.weights import Classes, Real, inclusion


def tabulate(sample: RecruitmentSample, outcome: Outcome, kinds: Classes) -> tuple[Real, Real]:
    """The table and the moves of the sample itself (with one sample in front); missing answers are left out."""
    g = len(outcome.levels)
    known = outcome.codes >= 0
    flat = outcome.codes[known] * kinds.k + kinds.of[known]
    table = np.bincount(flat, minlength=g * kinds.k).reshape(1, g, kinds.k).astype(np.float64)
    return table, moves(sample, outcome)[None].astype(np.float64)


def moves(sample: RecruitmentSample, outcome: Outcome) -> Whole:
    """The recruitment matrix: how often a person of group i recruited one of group j (both answered)."""
    g = len(outcome.levels)
    below = np.flatnonzero(sample.recruiter >= 0)
    pairs = np.column_stack([outcome.codes[sample.recruiter[below]], outcome.codes[below]])
    pairs = pairs[(pairs >= 0).all(axis=1)]
    return np.bincount(pairs[:, 0] * g + pairs[:, 1], minlength=g * g).reshape(g, g)


def volz_heckathorn(table: Real, kinds: Classes) -> Real:
    """RDS-II: p_g = sum over g of 1/d divided by the sum over all of 1/d. Volz and Heckathorn (2008), equation 11."""
    return _normal((table * (kinds.factor / kinds.degree)).sum(axis=2))


def successive(table: Real, kinds: Classes, population: float, pi: Real | None = None) -> Real:
    """Gile's estimator: p_g = sum over g of 1/pi(d) divided by the sum over all. `pi` given: not solved anew."""
    if pi is None:
        pi = inclusion(table.sum(axis=1), kinds.degree, population)
    return _normal((table * (kinds.factor / pi)[:, None, :]).sum(axis=2))


def salganik_heckathorn(table: Real, moved: Real, kinds: Classes) -> Real:
    """RDS-I: p_g proportional to q_g / h_g, with q the stationary law of recruitment, h the harmonic mean degree.

    Salganik and Heckathorn (2004), Sociological Methodology 34, 193-239, equations 14 and 25; for more than two
    groups as in Heckathorn (2002). Data smoothing (replacing q_i P_ij by the mean with its mirror image) leaves the
    row sums q_i as they are, hence the same estimate: "smoothed" and plain are one number, in R too.
    """
    people = (table * kinds.factor).sum(axis=2)
    absent = people == 0  # a group that a replicate lost: nothing leads to it, its share is 0
    onward = np.where(absent[:, :, None], people[:, None, :], moved)
    inverse = (table * (kinds.factor / kinds.degree)).sum(axis=2)
    return _normal(stationary(onward) * inverse / np.where(absent, 1.0, people))


def stationary(moved: Real) -> Real:
    """The stationary law of each recruitment matrix; "not a number" where a group recruited nobody."""
    with np.errstate(invalid="ignore", divide="ignore"):
        law = moved / moved.sum(axis=2, keepdims=True)
    g = moved.shape[1]
    good = np.isfinite(law).all(axis=(1, 2))
    answer = np.full(moved.shape[:2], np.nan)
    # (I - P + 1 1')' q = 1 has the stationary law as its only solution when there is only one such law.
    system = np.eye(g) - law[good].transpose(0, 2, 1) + 1.0
    sound = np.abs(np.linalg.det(system)) > 1e-12 if good.any() else np.zeros(0, dtype=bool)
    rows = np.flatnonzero(good)[sound]
    if len(rows):
        answer[rows] = np.linalg.solve(system[sound], np.ones((len(rows), g, 1)))[:, :, 0].clip(0.0)
    return answer


def one_class(moved: Whole) -> bool:
    """Does recruitment lead from every group to every other? Otherwise RDS-I has no answer of its own."""
    g = len(moved)
    reach = (moved > 0) | np.eye(g, dtype=bool)
    for _ in range(max(1, g.bit_length() + 1)):
        reach = (reach.astype(np.int64) @ reach.astype(np.int64)) > 0
    return bool(reach.all())


def _normal(amount: Real) -> Real:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(amount / amount.sum(axis=1, keepdims=True))

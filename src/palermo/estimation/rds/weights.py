"""How likely each person was to be recruited, by network size: the two models that the estimators rest on.

Everything works on tables of counts by class (people of the same network size and the same given weight), for many
samples at once: that is what makes bootstraps cheap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palermo.estimation.rds.sample import RecruitmentSample

Real = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
ROUNDS = 500
ENOUGH = 1e-12


@dataclass(frozen=True, eq=False)
class Classes:
    """The classes of a sample: `degree` and given `factor` of each, and the class `of` each person."""

    degree: Real
    factor: Real
    of: Whole

    @property
    def k(self) -> int:
        return len(self.degree)


def classes(sample: RecruitmentSample) -> Classes:
    """People of the same network size (and given weight) are one class."""
    if sample.weights is None:
        degrees, of = np.unique(sample.degree, return_inverse=True)
        return Classes(degrees.astype(np.float64), np.ones(len(degrees)), of.astype(np.int64))
    pairs = np.column_stack([sample.degree.astype(np.float64), sample.weights])
    found, of = np.unique(pairs, axis=0, return_inverse=True)
    return Classes(found[:, 0], found[:, 1], of.reshape(-1).astype(np.int64))


def inclusion(counts: Real, degree: Real, population: float) -> Real:
    """Inclusion probabilities by class under successive sampling: Gile's estimator without simulation.

    `counts` is (samples, classes). Successive sampling draws people one after the other without replacement, with
    probability proportional to network size; the number of people left of size k falls as N_k exp(-tau k), so that

        pi_k = 1 - exp(-tau k),   sum_k N_k (1 - exp(-tau k)) = n,   N_k = N (n_k / pi_k) / sum_j (n_j / pi_j)

    and the three are repeated until nothing moves. Gile (2011), JASA 106, 135-146, section 3.2, estimates pi_k by
    simulating samples instead; the limit above is what those simulations fluctuate around (Rosen 1972, Ann. Math.
    Stat. 43, 373-397, gives it for successive sampling).
    """
    n = counts.sum(axis=1, keepdims=True)
    all_seen = (
        n[:, 0] >= population
    )  # a replicate may hold more people than there are: then everybody counts the same
    if all_seen.any():
        pi = np.ones_like(counts, dtype=np.float64)
        if not all_seen.all():
            pi[~all_seen] = inclusion(counts[~all_seen], degree, population)
        return pi
    pi = np.broadcast_to(degree / degree.max(), counts.shape).astype(np.float64)
    tau = np.zeros_like(n)
    for _ in range(ROUNDS):
        size = counts / pi
        size *= population / size.sum(axis=1, keepdims=True)
        tau = _tau(size, degree, n, tau)
        new = -np.expm1(-tau * degree)
        moved = np.abs(new - pi).max() / new.max()
        pi = new
        if moved < ENOUGH:
            break
    return pi


def _tau(size: Real, degree: Real, n: Real, start: Real) -> Real:
    """The root of sum_k N_k (1 - exp(-tau k)) = n by Newton. The sum is concave in tau: after one step, from wherever,
    the rest come from the left and never pass the root."""
    tau = np.maximum(start, n / (size * degree).sum(axis=1, keepdims=True))
    whole = size.sum(axis=1, keepdims=True)
    for _ in range(100):
        left = np.exp(-tau * degree) * size
        step = (n - whole + left.sum(axis=1, keepdims=True)) / ((left @ degree)[:, None] + 1e-300)
        tau = np.maximum(tau + step, tau / 2)
        if np.abs(step).max() <= 1e-14 + 1e-12 * tau.max():
            break
    return np.asarray(tau)


def person_weights(sample: RecruitmentSample, population: float | None) -> Real:
    """One weight a person, with mean 1: by successive sampling where the population's size is given, else 1/degree."""
    found = classes(sample)
    if population is None:
        weight = found.factor / found.degree
    else:
        counts = np.bincount(found.of, minlength=found.k).astype(np.float64)[None, :]
        weight = found.factor / inclusion(counts, found.degree, population)[0]
    each = weight[found.of]
    return np.asarray(each / each.mean())

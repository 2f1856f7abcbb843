"""Draws from the posterior of the model with partial pooling: Metropolis within Gibbs, many chains side by side.

A normal approximation around the mode is symmetric on the log scale and knows the variance between strata only through
one Laplace integral; the posterior of a small stratum is neither. So it is sampled as it is. The size theta_s of a
stratum is flat and goes out exactly: given the list effects a_s = lambda + u_s, exp(theta_s) ~ Gamma(n_s, S_s) with
S_s the sum of exp(x_w a_s + pairs) over its histories, and the rest has the multinomial likelihood

    sum_s [ t_s a_s + m_s beta - n_s log S_s(a_s, beta) ],      a_sj ~ N(lambda_j, tau^2), lambda, beta, tau flat.

One sweep: each a_s by a random walk of the shape of its own information; lambda and tau given all a (exact); and, as
centred draws stand still where tau is small, lambda with beta and tau once more with all u, and all u / tau, held
(interweaving: Yu and Meng 2011, JCGS 20:531-570).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palermo.estimation.mse.glm import Numbers

CHAINS, FEWEST_CHAINS = 100, 4
BURN = 150  # sweeps that are thrown away
STEPS = 2  # random walks of each stratum in a sweep
MOST_CELLS = 2_000_000  # chains x strata x histories held at once


@dataclass(frozen=True)
class Counted:
    """What the likelihood needs. `own` holds the lists by history, `common` the pairs, `valid` strata x histories
    with None where a history cannot be; counts may be fractions (shared out by EM)."""

    own: Numbers
    pairs: Numbers
    valid: npt.NDArray[np.bool_]
    people: Numbers
    listed: Numbers  # strata x lists
    paired: Numbers  # strata x pairs
    largest: float  # the largest tau

    @staticmethod
    def of(own: Numbers, pairs: Numbers, valid: npt.NDArray[np.bool_], counts: Numbers, largest: float) -> Counted:
        kept = counts * valid
        return Counted(own, pairs, valid, kept.sum(axis=1), kept @ own, kept @ pairs, largest)

    def log_sizes(self, a: Numbers, beta: Numbers) -> Numbers:
        """log S by chain and stratum."""
        eta = a @ self.own.T + (beta @ self.pairs.T)[:, None, :]
        np.copyto(eta, -np.inf, where=~self.valid)
        top: Numbers = eta.max(axis=2)
        found: Numbers = top + np.log(np.exp(eta - top[:, :, None]).sum(axis=2))
        return found

    def likelihood(self, a: Numbers, beta: Numbers, sizes: Numbers) -> Numbers:
        """By chain and stratum."""
        found: Numbers = (
            np.einsum("csk,sk->cs", a, self.listed) + beta @ self.paired.T - self.people * sizes
        )
        return found


@dataclass
class Chains:
    """Where each chain stands, and how its steps are shaped."""

    a: Numbers  # chains x strata x lists
    centre: Numbers  # lambda: chains x lists
    beta: Numbers  # chains x pairs
    tau: Numbers  # chains
    axes: Numbers  # strata x lists x lists: eigenvectors of each stratum's information
    curve: Numbers  # strata x lists: its eigenvalues
    root: Numbers  # of the covariance of lambda and beta
    sizes: Numbers
    value: Numbers


def information(told: Counted, a: Numbers, beta: Numbers) -> tuple[Numbers, Numbers]:
    """Of one state: each stratum's information on its own effects, and the whole's on the common ones; the size of
    the stratum is unknown in both."""
    eta = np.where(told.valid, a @ told.own.T + beta @ told.pairs.T, -np.inf)
    share = np.exp(eta - eta.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    both = np.column_stack([told.own, told.pairs])
    mean = share @ both
    whole = np.einsum("wg,sw,wh->sgh", both, share, both, optimize=True) - mean[:, :, None] * mean[:, None, :]
    whole *= told.people[:, None, None]
    lists = told.own.shape[1]
    return whole[:, :lists, :lists], whole.sum(axis=0)


def sample(told: Counted, chains: Chains, sweeps: int, generator: np.random.Generator) -> Numbers:
    """People never seen, by chain, kept sweep and stratum, after `BURN` sweeps."""
    kept = np.zeros((len(chains.tau), sweeps, len(told.people)))
    for number in range(-BURN, sweeps):
        for _step in range(STEPS):
            _strata(told, chains, generator)
        _shared(told, chains, generator)
        _spread(told, chains, generator)
        if number >= 0:
            kept[:, number] = generator.gamma(told.people, 1.0, chains.sizes.shape) * np.exp(-chains.sizes)
    found: Numbers = generator.poisson(np.minimum(kept, 1e15)).astype(float)
    return found


def begun(
    told: Counted, a: Numbers, centre: Numbers, beta: Numbers, tau: Numbers, mode: tuple[Numbers, Numbers]
) -> Chains:
    """Chains that stand at these states; steps take their shape at the mode (its list effects, its pairs)."""
    own, whole = information(told, *mode)
    curve, axes = np.linalg.eigh(own)
    flat, turn = np.linalg.eigh(whole)
    root = turn / np.sqrt(np.maximum(flat, 1e-3))
    sizes = told.log_sizes(a, beta)
    return Chains(
        a, centre, beta, tau, axes, np.maximum(curve, 0.0), root, sizes, told.likelihood(a, beta, sizes)
    )


def _strata(told: Counted, at: Chains, generator: np.random.Generator) -> None:
    """A random walk of each stratum's list effects, all strata and chains at once."""
    lists = at.a.shape[2]
    step = generator.standard_normal(at.a.shape) / np.sqrt(at.curve + (at.tau**-2)[:, None, None])
    moved = at.a + 2.38 / math.sqrt(lists) * np.einsum("skj,csj->csk", at.axes, step)
    sizes = told.log_sizes(moved, at.beta)
    value = told.likelihood(moved, at.beta, sizes)
    prior = ((at.a - at.centre[:, None]) ** 2 - (moved - at.centre[:, None]) ** 2).sum(axis=2)
    gain = value - at.value + prior / (2 * at.tau[:, None] ** 2)
    taken = np.log(generator.random(gain.shape)) < gain
    at.a = np.where(taken[:, :, None], moved, at.a)
    at.sizes, at.value = np.where(taken, sizes, at.sizes), np.where(taken, value, at.value)


def _shared(told: Counted, at: Chains, generator: np.random.Generator) -> None:
    """lambda given all a; then lambda and beta together with all u held."""
    chains, strata, lists = at.a.shape
    wide = at.tau[:, None] / math.sqrt(strata)
    at.centre = at.a.mean(axis=1) + wide * generator.standard_normal((chains, lists))
    shift = generator.standard_normal((chains, len(at.root))) @ at.root.T * (2.38 / math.sqrt(len(at.root)))
    a, beta = at.a + shift[:, None, :lists], at.beta + shift[:, lists:]
    taken = _moved(told, at, a, beta, 0.0, generator)
    at.centre = np.where(taken[:, None], at.centre + shift[:, :lists], at.centre)
    at.beta = np.where(taken[:, None], beta, at.beta)


def _spread(told: Counted, at: Chains, generator: np.random.Generator) -> None:
    """tau given all u (flat in tau, cut at the largest); then tau with all u / tau held."""
    chains, strata, lists = at.a.shape
    own = at.a - at.centre[:, None]
    squares = (own**2).sum(axis=(1, 2))
    drawn = np.sqrt(squares / 2 / generator.gamma(max(strata * lists - 1, 1) / 2, 1.0, chains))
    at.tau = np.where((drawn <= told.largest) & (drawn > 0), drawn, at.tau)
    ratio = np.exp(generator.standard_normal(chains) * np.where(generator.random(chains) < 0.5, 0.15, 0.8))
    wide = at.tau * ratio
    a = at.centre[:, None] + own * ratio[:, None, None]
    taken = _moved(told, at, a, at.beta, np.where(wide <= told.largest, np.log(ratio), -np.inf), generator)
    at.tau = np.where(taken, wide, at.tau)


def _moved(
    told: Counted, at: Chains, a: Numbers, beta: Numbers, extra: Numbers | float, generator: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Takes or leaves a move of whole chains; the chains that took it."""
    sizes = told.log_sizes(a, beta)
    value = told.likelihood(a, beta, sizes)
    gain = value.sum(axis=1) - at.value.sum(axis=1) + extra
    taken: npt.NDArray[np.bool_] = np.log(generator.random(gain.shape)) < gain
    at.a = np.where(taken[:, None, None], a, at.a)
    at.sizes = np.where(taken[:, None], sizes, at.sizes)
    at.value = np.where(taken[:, None], value, at.value)
    return taken

"""One log-linear model on one table: extended maximum likelihood, with counts that may be known as intervals only."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.estimation.mse import kernels, models
from palermo.estimation.mse.existence import Existence, verdict
from palermo.estimation.mse.models import Model
from palermo.estimation.mse.replicates import Hidden
from palermo.estimation.mse.table import CaptureTable

Floats = npt.NDArray[np.float64]
PLAIN_LISTS = 8  # up to so many lists the interpreter is quicker than loading a compiler for one fit
EM_ROUNDS = 1_000
EM_ENOUGH = 1e-10


@dataclass(frozen=True, eq=False)
class Fit:
    """A model fitted to a table.

    `N` = people seen + `n0` unseen, None where there is no such number: `exists` and `identifiable` say why (see
    existence.py), `flags` what else went wrong ("not_converged"). `alphas` by term, in the order of reading, with
    -infinity for terms whose margin is empty: they count as parameters. `loglik` holds all constants; `aic` and `bic`
    use len(model) parameters and log(people seen), as the R packages do; they are infinite without an estimate.
    `fitted` are expected counts by history, `fitted[0]` the unseen. `n` is whole unless counts are suppressed: then it
    is what EM expects, and `counts` are the expected counts.
    """

    model: Model
    n: float
    N: float | None
    n0: float | None
    alphas: Mapping[int, float]
    loglik: float
    aic: float
    bic: float
    fitted: Floats
    counts: Floats
    exists: bool = True
    identifiable: bool = True
    flags: tuple[str, ...] = ()
    existence: Existence | None = field(default=None, repr=False)

    @property
    def fine(self) -> bool:
        """Is there an estimate?"""
        return self.N is not None

    @property
    def minus_infinity(self) -> tuple[int, ...]:
        """The terms whose parameter is minus infinity."""
        return tuple(term for term, alpha in self.alphas.items() if alpha == -math.inf)


@dataclass(eq=False)
class State:
    """A model underway: its terms, parameters and the room in which kernels work. The next fit starts from here."""

    k: int
    terms: npt.NDArray[np.int64]
    alpha: Floats
    work: kernels.Work
    status: int = kernels.STUCK
    started: bool = False

    @classmethod
    def of(cls, model: Model, k: int) -> State:
        terms = np.array(models.ordered(model), np.int64)
        return cls(k, terms, np.zeros(len(terms)), kernels.workspace(k, len(terms)))

    def fit(self, counts: Floats, unseen: float | None = None) -> float:
        """Fit to counts by history, from the last parameters if there are any; gives the kernel's log-likelihood.

        With `unseen` the people on no list are taken as counted too (the multinomial likelihood at a given N).
        """
        using, p = kernels_for(self.k), len(self.terms)
        observed = margins(counts, self.k)
        with np.errstate(all="ignore"):
            if not self.started:
                using.independence_start(self.k, observed, self.terms, p, self.alpha)
                self.started = True
            if unseen is not None:
                observed[0] += unseen
            self.status, value = using.climb(
                self.k, observed, self.terms, p, self.alpha, unseen is not None, self.work
            )
        return float(value)


def kernels_for(k: int, module: ModuleType = kernels) -> Any:
    """The kernels as they stand for few lists, compiled for many. Which depends on k alone: so do the last digits."""
    if k <= PLAIN_LISTS:
        return module
    from palermo import compiling

    return compiling.of(module)


def margins(counts: npt.NDArray[Any], k: int) -> Floats:
    """n*_t: for every set of lists t how many people are on all of them."""
    observed = np.array(counts, dtype=np.float64)
    for axis in range(k):  # the highest list varies slowest
        pair = observed.reshape(-1, 2, 1 << axis)
        pair[:, 0, :] += pair[:, 1, :]
    return observed


def fit(table: CaptureTable, model: str | Iterable[int]) -> Fit:
    """Fit the model ("[12,3]", or its terms) to the table. Raises BadOptions for what is no model of its lists."""
    chosen = models.as_model(model, table.k)
    if table.suppressed:
        return fit_suppressed(table, chosen)
    state = State.of(chosen, table.k)
    value = state.fit(table.counts.astype(np.float64))
    if state.status != kernels.CONVERGED:
        return without_estimate(table, state, chosen)
    return finished(state, chosen, table.counts.astype(np.float64), value - log_factorials(table.counts))


def fit_suppressed(table: CaptureTable, model: Model) -> Fit:
    """Maximum likelihood where some counts are only known to lie between two ends, by EM.

    E: the hidden count is expected as a Poisson variable with the fitted mean, given its ends. M: the ordinary fit to
    the expected counts (Dempster, Laird and Rubin 1977). Every two steps are drawn out to where they lead (SQUAREM:
    Varadhan and Roland 2008), unless the steps before grew. The likelihood is that of the ends.
    """
    state, counts, before = State.of(model, table.k), start_of_hidden(table), math.inf
    for _ in range(EM_ROUNDS):
        value = state.fit(counts)
        if state.status != kernels.CONVERGED:
            return without_estimate(table, state, model)
        one = expected_counts(table, state.work.mu)
        moved = float(np.abs(one - counts).max())
        if moved < EM_ENOUGH * max(1.0, float(one.sum())):
            break
        state.fit(one)
        if state.status != kernels.CONVERGED:
            return without_estimate(table, state, model)
        two = expected_counts(table, state.work.mu)
        counts = _drawn_out(table, counts, one, two) if moved <= 2 * before else two
        before = moved
    value -= log_factorials(table.counts, leave=table.suppressed) + _linear_part(table, counts, state)
    value += sum(
        log_between(float(state.work.mu[one]), low, high) + float(state.work.mu[one])
        for one, (low, high) in table.suppressed.items()
    )
    return finished(state, model, counts, value)


def _drawn_out(table: CaptureTable, start: Floats, one: Floats, two: Floats) -> Floats:
    """Where the steps start -> one -> two lead, kept well within the ends of the hidden counts."""
    step = one - start
    bend = two - one - step
    size = float(np.linalg.norm(bend))
    if not size:
        return two
    far = max(float(np.linalg.norm(step)) / size, 1.0)
    found = start + 2 * far * step + far**2 * bend
    for history, (low, high) in table.suppressed.items():
        at = two[history]
        found[history] = min(max(found[history], low + 0.05 * (at - low)), high - 0.05 * (high - at))
    return found


def _linear_part(table: CaptureTable, counts: Floats, state: State) -> float:
    """What the hidden cells gave to the kernel's likelihood besides their -mu: expected count times log mu."""
    return sum(
        float(counts[one]) * math.log(state.work.mu[one])
        for one in table.suppressed
        if state.work.mu[one] > 0
    )


def start_of_hidden(table: CaptureTable) -> Floats:
    """Counts with every hidden one in the middle of its ends."""
    counts = table.counts.astype(np.float64)
    for history, (low, high) in table.suppressed.items():
        counts[history] = (low + high) / 2
    return counts


def expected_counts(table: CaptureTable, mu: Floats) -> Floats:
    """Counts with every hidden one at its expectation given the fitted mean and its ends."""
    counts = table.counts.astype(np.float64)
    for history, (low, high) in table.suppressed.items():
        counts[history] = expected_between(float(mu[history]), low, high)
    return counts


def hidden_counts(table: CaptureTable, fitted: Floats) -> tuple[Hidden, ...]:
    """The suppressed counts with their fitted means, for replicates to draw from."""
    return tuple(
        Hidden(history, low, high, float(fitted[history]))
        for history, (low, high) in table.suppressed.items()
    )


def _masses(mean: float, low: int, high: int) -> tuple[npt.NDArray[np.int64], Floats, float]:
    """Poisson masses on low..high as (values, masses of sum 1, log of their true sum)."""
    values = np.arange(low, high + 1)
    logs = np.array([kernels.log_mass(float(v), max(mean, 1e-300)) for v in values])
    top = float(logs.max())
    mass = np.exp(logs - top)
    whole = float(mass.sum())
    return values, mass / whole, top + math.log(whole)


def expected_between(mean: float, low: int, high: int) -> float:
    """E[X | low <= X <= high], X ~ Poisson(mean)."""
    values, mass, _ = _masses(mean, low, high)
    return float(values @ mass)


def log_between(mean: float, low: int, high: int) -> float:
    """log P(low <= X <= high), X ~ Poisson(mean)."""
    return _masses(mean, low, high)[2]


def log_factorials(counts: npt.NDArray[Any], leave: Iterable[int] = ()) -> float:
    """The sum of log N_w! over histories, but those left out."""
    left = set(leave)
    return sum(math.lgamma(int(counts[w]) + 1) for w in np.flatnonzero(counts) if int(w) not in left)


def finished(state: State, model: Model, counts: Floats, loglik: float) -> Fit:
    """The fit that a converged state stands for."""
    n, n0 = float(counts.sum()), float(state.work.mu[0])
    return Fit(
        model=model, n=n, N=n + n0, n0=n0, loglik=loglik,
        alphas={int(t): float(a) for t, a in zip(state.terms, state.alpha, strict=True)},
        aic=2 * len(model) - 2 * loglik, bic=len(model) * math.log(n) - 2 * loglik,
        fitted=state.work.mu.copy(), counts=counts,
    )  # fmt: skip


def without_estimate(table: CaptureTable, state: State, model: Model) -> Fit:
    """Why the fit has no estimate: the linear programme decides, not the failure of the search."""
    seen = support(table)
    found = verdict(seen, model, k=table.k)
    return Fit(
        model=model, n=float(table.n), N=None, n0=None, alphas={}, loglik=-math.inf, aic=math.inf, bic=math.inf,
        fitted=np.zeros(0), counts=table.counts.astype(np.float64), exists=found.exists,
        identifiable=found.identifiable, flags=("not_converged",) if found.fine else (), existence=found,
    )  # fmt: skip


def support(table: CaptureTable) -> list[int]:
    """The histories in which somebody was, or may have been, seen."""
    seen = set(np.flatnonzero(table.counts).tolist())
    return sorted(seen | {history for history, (_low, high) in table.suppressed.items() if high})


def information(state_or_fit: Fit) -> Floats:
    """The information matrix of the finite parameters, in the order of `alphas`."""
    finite = [term for term, alpha in state_or_fit.alphas.items() if alpha != -math.inf]
    k = len(state_or_fit.fitted).bit_length() - 1
    seen = state_or_fit.fitted.copy()
    seen[0] = 0.0
    sums = margins(seen, k)
    terms = np.array(finite, np.int64)
    found: Floats = sums[terms[:, None] | terms[None, :]]
    return found


def standard_errors(found: Fit) -> dict[int, float]:
    """Standard errors of the finite parameters, by term; of term 0 it is that of log n0."""
    finite = [term for term, alpha in found.alphas.items() if alpha != -math.inf]
    spread = np.sqrt(np.diag(np.linalg.inv(information(found))))
    return {term: float(one) for term, one in zip(finite, spread, strict=True)}


def coefficients(found: Fit, lists: Sequence[str]) -> dict[str, float]:
    """Parameters under the names of their lists ("A:B"; "(unseen)" for the constant, the log of n0)."""
    return {
        ":".join(lists[j] for j in models.members(term)) or "(unseen)": alpha
        for term, alpha in found.alphas.items()
    }

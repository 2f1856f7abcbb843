"""Latent classes: people differ in how easily each list sees them (Manrique-Vallier 2016, Biometrics 72, 1246-1254).

Within one of K* classes the lists see independently: a person of class c is on list j with chance lambda_jc, prior
uniform; the classes have weights by sticks, V_c ~ Beta(1, alpha), nu_c = V_c prod (1 - V_i), i < c, the last takes what
is left; alpha ~ Gamma(a, b); N has the prior 1/N. The model of R's LCMCR with its defaults for K* and a = b = 1/4.
Sampled by many chains that start far apart (latent_kernel.py); where they do not agree there is no headline.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse.convergence import Convergence, convergence
from palermo.estimation.mse.posterior import about_suppressed, in_own_order
from palermo.estimation.mse.table import CaptureTable
from palermo.estimation.problems import BadOptions
from palermo.estimation.results import Caution, Interval, Level, Result
from palermo.saying import phrase

Floats = npt.NDArray[np.float64]
AGREE = 1.05  # R-hat above which chains disagree
SURE = 1.03  # R-hat above which they get a second, longer run
FEW = 400.0  # effective draws under which the ends of the interval are rough, and the run is not long enough
LONGER = 2  # how many times as long the second run is
# Share of the people and sweeps with which chains start: from few to nearly all, so that the heaviest place draws them.
HEATING = ((0.05, 50), (0.1, 100), (0.15, 100), (0.2, 200), (0.3, 300), (0.5, 300), (0.75, 300))


@dataclass(frozen=True)
class Plan:
    """How it is sampled; all of it stands in the settings. `slides` and `births`: moves of kind 1 in
    latent_kernel a sweep; `steps`: the most steps of its glide."""

    classes: int = 10
    a: float = 0.25
    b: float = 0.25
    chains: int = 20
    warmup: int = 700
    sweeps: int = 1500
    slides: int = 8
    births: int = 2
    steps: int = 150

    @staticmethod
    def of(options: Options) -> Plan:
        known = asdict(Plan())
        plan = Plan(**{name: type(value)(options.more.get(name, value)) for name, value in known.items()})
        least = {"classes": 2, "chains": 2, "warmup": 0, "sweeps": 20, "slides": 0, "births": 0, "steps": 0}
        for name, low in least.items():
            if getattr(plan, name) < low:
                raise BadOptions(
                    phrase(
                        "{name} is {low} or more; {given} was given",
                        name=name,
                        low=low,
                        given=getattr(plan, name),
                    )
                )
        if not (plan.a > 0 and plan.b > 0):
            raise BadOptions(
                phrase(
                    "a and b, the prior of alpha, are positive; {a:g} and {b:g} were given",
                    a=plan.a,
                    b=plan.b,
                )
            )
        return plan


class Chain:
    """One chain where it stands: its random stream, odds and weights. Starts on a random part of the people."""

    def __init__(self, table: CaptureTable, plan: Plan, seed: int, number: int) -> None:
        from palermo.estimation.mse.draws import stream

        random = np.random.Generator(np.random.Philox(key=[seed & (1 << 64) - 1, number]))
        self.bits, self.counts = _histories(table)
        self.plan = plan
        self.stream = stream(seed, number)
        seen = random.random((plan.classes, table.k)) * np.exp(-3 * random.random((plan.classes, 1)))
        self.odds = np.maximum(seen / (1 - seen), 1e-9)
        self.weights = np.sort(random.dirichlet(np.full(plan.classes, 0.2)) + 1e-9)[::-1].copy()
        self.alpha = 0.2
        for share, sweeps in HEATING:
            part = random.binomial(self.counts, share)
            part = part if part.any() else self.counts
            self.run(sweeps, part, sort=sweeps)
        self.run(plan.warmup, self.counts, sort=plan.warmup // 2)

    def run(self, sweeps: int, counts: npt.NDArray[np.int64], sort: int = 0, steps: int = 0) -> Floats:
        """That many sweeps, each with a glide of up to so many steps; n_0 of each."""
        from palermo.estimation.mse.latent_kernel import chain

        trace = np.zeros((max(sweeps, 1), 2))
        trace[0, 1] = self.alpha
        kept = counts > 0
        chain(
            self.bits[kept], counts[kept], np.array([self.plan.a, self.plan.b]),
            np.array([sweeps, self.plan.slides, sort, self.plan.births, steps]), self.stream, self.odds, self.weights,
            trace,
        )  # fmt: skip
        self.alpha = float(trace[-1, 1]) if sweeps else self.alpha
        return trace[:, 0]


@dataclass(frozen=True)
class Sampled:
    """People never seen, chains x sweeps, and whether the chains agree."""

    unseen: Floats
    agreement: Convergence
    runs: int


def estimate(table: CaptureTable, options: Options, *, progress: Progress | None = None) -> Result:
    """Posterior median and credible interval; no headline (`chains_disagree`) where R-hat is above 1.05.

    `options.more`: classes (K*), a, b (prior of alpha), chains, warmup, sweeps, slides, births, steps.
    Raises BadOptions for values
    that make no sense and for fewer than 3 lists.
    """
    if table.k < 3:
        raise BadOptions(phrase("latent classes need at least 3 lists; this table has {k}", k=table.k))
    plan = Plan.of(options)
    found = sampled(table, plan, options, progress)
    people = table.n + found.unseen
    edge = (1 - options.level) / 2
    lower, median, upper = (float(one) for one in np.quantile(people, [edge, 0.5, 1 - edge]))
    agreement = found.agreement
    return Result(
        method="latent", family="mse", value=median, n_observed=table.n,
        interval=Interval(
            lower, upper, options.level, "credible", error=_errors(people, (edge, 1 - edge), agreement.tail)),
        data_hash=table.hash, seed=options.seed,
        settings={**asdict(plan), "prior": "1/N", "level": options.level, "runs": found.runs,
                  "heating": [list(step) for step in HEATING]},
        assumptions=(

            phrase(
                "People fall into a few kinds; within a kind the lists see independently of each other, and the "
                "people never seen are of the same kinds."
            ),
        ),
        diagnostics={
            "rhat": agreement.rhat, "effective_draws": agreement.bulk, "effective_draws_tail": agreement.tail,
            "median_error": _errors(people, (0.5, 0.5), agreement.bulk)[0],
            "chain_medians": np.median(people, axis=1).tolist(),
        },
        cautions=table.cautions + tuple(_cautions(table, found)),
    )  # fmt: skip


def sampled(table: CaptureTable, plan: Plan, options: Options, progress: Progress | None = None) -> Sampled:
    """All chains, each in a thread of its own pool. Where they are not sure, on from there for twice as long."""
    table, _order = in_own_order(table)
    done = [0]

    def count() -> None:
        done[0] += 1
        if progress:
            progress(min(done[0] / plan.chains / 3, 1.0), "chains")

    def started(number: int) -> Chain:
        chain = Chain(table, plan, options.seed, number)
        count()
        return chain

    def on(chain: Chain, sweeps: int) -> Floats:
        draws = chain.run(sweeps, chain.counts, steps=plan.steps)
        count()
        return draws

    with ThreadPoolExecutor(max(options.threads, 1)) as pool:
        chains = list(pool.map(started, range(plan.chains)))
        for runs, sweeps in enumerate((plan.sweeps, LONGER * plan.sweeps), start=1):
            unseen = np.array(list(pool.map(on, chains, [sweeps] * len(chains))))
            found = Sampled(unseen, convergence(np.log(unseen + 0.5)), runs)
            if found.agreement.rhat <= SURE and found.agreement.tail >= FEW:
                break
    return found


def _histories(table: CaptureTable) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    masks = np.flatnonzero(table.counts)
    return ((masks[:, None] >> np.arange(table.k)) & 1).astype(bool), table.counts[masks].astype(np.int64)


def _errors(people: Floats, shares: tuple[float, float], effective: float) -> tuple[float, float]:
    """Monte Carlo standard errors of two quantiles: half the distance between those one error of the share away."""
    found = []
    for share in shares:
        step = (share * (1 - share) / max(effective, 4.0)) ** 0.5
        low, high = np.quantile(people, [max(share - step, 0.0), min(share + step, 1.0)])
        found.append(float(high - low) / 2)
    return found[0], found[1]


def _cautions(table: CaptureTable, found: Sampled) -> Iterator[Caution]:
    agreement = found.agreement
    medians = table.n + np.median(found.unseen, axis=1)
    values: dict[str, Any] = {
        "rhat": agreement.rhat, "effective_draws": agreement.bulk,
        "lowest_chain": float(medians.min()), "highest_chain": float(medians.max()),
    }  # fmt: skip
    if not agreement.rhat <= AGREE:
        yield Caution(
            "chains_disagree", Level.HARD,
            phrase(
                "{runs} runs of the same sampler from different starts tell different stories: their medians go "
                "from {low:,.0f} to {high:,.0f} (R-hat {rhat:.2f}, 1.05 at most). No figure may be taken from "
                "them; use another method, or run them longer.",
                runs=len(medians), low=medians.min(), high=medians.max(), rhat=agreement.rhat,
            ), values,
        )  # fmt: skip
    elif agreement.tail < FEW:
        yield Caution(
            "few_draws", Level.CARE,
            phrase(
                "The chains agree, but are worth only {draws:,.0f} independent draws at the ends of the range. "
                "Raise the number of sweeps.",
                draws=agreement.tail,
            ), values,
        )  # fmt: skip
    yield Caution(
        "prior_identified", Level.CARE,
        phrase(
            "Models of this kind that fit the lists equally well can give any number of people never seen: it is "
            "the prior that decides among them (Aleshin-Guendel, Sadinle, Wakefield 2024). Show this figure "
            "beside others."
        ),
    )  # fmt: skip
    yield from about_suppressed(table)

"""The size of a population from a respondent-driven sample, with the prior that it stands on beside it.

Options.more: `prior_median` (what was believed before: required), or `alpha`, `beta` and `most` of the beta law of n/N;
`cap` (largest network size that counts in full). One deterministic computation; no seed, nothing to converge.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.judging import judged
from palermo.estimation.problems import BadOptions
from palermo.estimation.rds.degrees import capped, usual_cap
from palermo.estimation.rds.diagnostics import POINTS, heaping, trees
from palermo.estimation.rds.options import number
from palermo.estimation.rds.posterior import MOST_PEOPLE, Law, Prior, law_of, posterior, prior_of_median
from palermo.estimation.rds.sample import RecruitmentSample
from palermo.estimation.results import Caution, Interval, Level, Result
from palermo.saying import phrase

SAME = 0.7  # prior and posterior share so much of their mass: the data said little
NARROWED = 0.8  # or the spread of log N stayed so much of what it was
AT_THE_END = 0.1  # so much of the probability close to the end of the prior
DOUBLED = 1.25  # or a prior twice as large moves the answer by so much
QUANTILES = (0.025, 0.25, 0.5, 0.75, 0.975)
LEAST = 20
BELIEFS = (
    phrase(
        "At each step of recruitment people not yet in the sample come with chances proportional to their network "
        "size."
    ),
    phrase("The order of the sample is the order of recruitment, and network sizes are told truly."),
    phrase("Network sizes in the population follow a Conway-Maxwell-Poisson law."),
)


def estimate(data: RecruitmentSample, options: Options, *, progress: Progress | None = None) -> Result:
    """The posterior median of N. Raises BadOptions without a prior or with fewer than 20 people."""
    n = data.n
    if n < LEAST:
        raise BadOptions(
            phrase(
                "{n} people are too few to see network sizes fall; {least} are the least", n=n, least=LEAST
            )
        )
    ordered = data.degree[data.order]
    cap = int(number(options.more, "cap") or usual_cap(ordered))
    if cap < 2:
        raise BadOptions(phrase("the cap on network sizes is at least 2"))
    degrees = capped(ordered, cap)
    if degrees.min() == degrees.max():
        raise BadOptions(
            phrase("everybody knows the same number of people, so that nothing can fall along the sample")
        )
    prior = _prior(n, options)
    law = posterior(degrees, prior)
    if progress:
        progress(0.5, "prior doubled")
    before = law_of(prior, n)
    twice = _doubled(n, degrees, before)
    ends = (1 - options.level) / 2
    said = (*data.cautions, *_doubts(law, before, twice))
    answer = Result(
        method="rds-size", family="rds", value=law.quantile(0.5),
        interval=Interval(law.quantile(ends), law.quantile(1 - ends), options.level, "credible"),
        n_observed=n, data_hash=data.hash, seed=options.seed,
        settings={"alpha": prior.alpha, "beta": prior.beta, "most": prior.most, "cap": cap, "level": options.level,
                  "prior_median": before.quantile(0.5), "order": "rows" if data.time is None else "time"},
        assumptions=BELIEFS, cautions=said,
        diagnostics={
            "prior": _summary(before), "posterior": _summary(law), "overlap": law.overlap(before),
            "narrowed": law.spread() / before.spread(), "prior_doubled": twice,
            "degrees_fall": _fall(ordered), "trees": trees(data), "heaping": heaping(data),
        },
    )  # fmt: skip
    return judged(answer)


def _prior(n: int, options: Options) -> Prior:
    more = options.more
    if "alpha" in more or "beta" in more:
        if not {"alpha", "beta", "most"} <= set(more):
            raise BadOptions(
                phrase("a prior by its law needs alpha, beta and most (the largest size thought possible)")
            )
        alpha, beta, most = (number(more, name) or 0.0 for name in ("alpha", "beta", "most"))
        if alpha <= 0 or beta < 1 or not n < most <= MOST_PEOPLE:
            raise BadOptions(
                phrase(
                    "alpha must be above 0, beta at least 1, most between {n} and {most_people}",
                    n=n,
                    most_people=MOST_PEOPLE,
                )
            )
        return Prior(alpha, beta, most)
    median = number(more, "prior_median")
    if median is None:
        raise BadOptions(
            phrase(
                "say what was believed of the size before (prior_median=...): the sample alone does not tell it"
            )
        )
    return prior_of_median(n, median)


def _doubled(n: int, degrees: Any, before: Law) -> dict[str, Any]:
    """What the answer would be had the prior's median been twice as large."""
    median = 2 * before.quantile(0.5)
    law = posterior(degrees, prior_of_median(n, median))
    return {"prior_median": median, "median": law.quantile(0.5), "lower": law.quantile(0.025),
            "upper": law.quantile(0.975)}  # fmt: skip


def _doubts(law: Law, before: Law, twice: dict[str, Any]) -> tuple[Caution, ...]:
    overlap, narrowed = law.overlap(before), law.spread() / before.spread()
    ratio = twice["median"] / law.quantile(0.5)
    figures = {"overlap": overlap, "narrowed": narrowed, "ratio": ratio}
    said = []
    if overlap > SAME or narrowed > NARROWED:
        said.append(
            Caution(
                "prior_carries", Level.CARE,
                phrase(
                    "The prior carries the answer: what is known after the sample is nearly what was believed "
                    "before it. Do not present the figure as a finding of the survey."
                ),
                figures,
            )
        )  # fmt: skip
    if ratio > DOUBLED:
        said.append(
            Caution(
                "prior_moves", Level.CARE,
                phrase(
                    "Had the size been believed twice as large before, the estimate would be {times:.1f} times as "
                    "large.",
                    times=ratio,
                ),
                figures,
            )
        )  # fmt: skip
    if law.above(0.9 * law.sizes[-1]) > AT_THE_END:
        said.append(
            Caution(
                "prior_ends_too_soon", Level.CARE,
                phrase(
                    "The answer runs against the largest size that the prior allows ({most:,.0f}): network sizes "
                    "do not fall. The population may be larger; give a prior that reaches further.",
                    most=law.sizes[-1],
                ),
                {"most": float(law.sizes[-1])},
            )
        )  # fmt: skip
    return tuple(said)


def _summary(law: Law) -> dict[str, Any]:
    """Quantiles, mean and at most 50 points of the density, for a picture of prior and posterior together."""
    low, high = law.sizes[0], law.quantile(0.99)
    at = np.linspace(low, high, POINTS)
    density = law.mass / np.trapezoid(law.mass, law.sizes)
    return {
        "quantiles": {f"{100 * q:g}": law.quantile(q) for q in QUANTILES},
        "mean": law.mean(),
        "sizes": [float(one) for one in at],
        "density": [float(one) for one in np.interp(at, law.sizes, density)],
    }


def _fall(ordered: Any) -> dict[str, Any]:
    """Mean network size in the thirds of the sample: without a fall the sample says only "not small"."""
    return {"mean_by_third": [float(part.mean()) for part in np.array_split(ordered, 3)]}

"""Intervals for a number of people: BCa and percentile from replicates of the whole selection, Wald, profile.

BCa: Efron, Journal of the American Statistical Association 82 (1987) 171-185; with the jackknife of grouped counts as
in Chan, Silverman and Vincent, ibid. 116 (2021) 1297-1306. `profile` is in profile.py: it takes the model as given.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any

import numpy as np

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse import replicates
from palermo.estimation.mse.fitting import Fit, standard_errors
from palermo.estimation.mse.profile import profile
from palermo.estimation.mse.replicates import Floats, Hidden, Jackknife, Outcomes, Selector
from palermo.estimation.mse.table import CaptureTable
from palermo.estimation.results import Caution, Interval, Level
from palermo.saying import phrase

__all__ = ["Ends", "bca", "percentile", "profile", "quantile", "selected", "wald"]

MOST_LOST = 0.05
FEW_BEYOND = 5
NORMAL = NormalDist()
QUARTERS = (0.025, 0.25, 0.5, 0.75, 0.975)


@dataclass(frozen=True)
class Ends:
    """An interval with what is to be said about it and the figures behind it; no interval where none can be had."""

    interval: Interval | None
    cautions: tuple[Caution, ...] = ()
    figures: dict[str, Any] = field(default_factory=dict)


def selected(
    table: CaptureTable,
    selector: Selector,
    estimate: float,
    many: int,
    options: Options,
    *,
    hidden: tuple[Hidden, ...] = (),
    progress: Progress | None = None,
) -> Ends:
    """The interval of an estimate whose whole selection is repeated in `many` replicates: BCa, or percentile where
    BCa has no answer. The figures: z0, acceleration, quartiles, what replicates chose."""
    share = many / (many + len(table.cells()))  # of the tables to go through
    outcomes = replicates.bootstrap(
        table, selector, many, seed=options.seed, threads=options.threads, hidden=hidden,
        progress=progress and (lambda done, what: progress(share * done, what)),
    )  # fmt: skip
    jack = replicates.jackknife(
        table, selector, threads=options.threads,
        progress=progress and (lambda done, _what: progress(share + (1 - share) * done, "one person less")),
    )  # fmt: skip
    ends = bca(estimate, outcomes, jack, options.level)
    return Ends(
        ends.interval,
        (*ends.cautions, *lost_cautions(outcomes)),
        {
            **ends.figures,
            "bootstrap_quantiles": quantiles(outcomes.kept),
            "lost": outcomes.lost,
            "winners": replicates.winners(outcomes, selector),
        },
    )


def bca(estimate: float, outcomes: Outcomes, jack: Jackknife, level: float = 0.95) -> Ends:
    """Bias-corrected and accelerated ends.

        z0 = Phi^-1(share of replicates below the estimate, ties counted half)
        a  = sum c d^3 / (6 (sum c d^2)^(3/2)),  d = weighted mean of the jackknife estimates - each of them
        q  = Phi(z0 + (z0 + z) / (1 - a (z0 + z)))     for z = Phi^-1((1 -+ level) / 2)

    A share of 0 or 1 is taken as half a replicate; where 1 - a(...) is not positive the percentile interval answers.
    """
    kept = np.sort(outcomes.kept)
    if not len(kept):
        return Ends(None)
    share = below(estimate, kept)
    limit = 0.5 / len(kept)
    z0 = NORMAL.inv_cdf(min(max(share, limit), 1 - limit))
    a = acceleration(jack)
    figures = {"z0": z0, "acceleration": a, "share_below": share, "jackknife_lost": jack.outcomes.lost}
    cautions = _bca_cautions(share, limit, jack)
    wanted = [_adjusted(z0, a, NORMAL.inv_cdf(tail)) for tail in ((1 - level) / 2, (1 + level) / 2)]
    if any(one is None for one in wanted):
        plain = percentile(outcomes, level)
        return Ends(plain.interval, (*cautions, BCA_UNDEFINED), figures)
    levels = [one for one in wanted if one is not None]
    error = [_error(kept, q, share, slope) for q, slope in levels]
    if len(kept) * min(levels[0][0], 1 - levels[1][0]) < FEW_BEYOND:
        cautions = (*cautions, AT_EXTREME)
    interval = Interval(
        quantile(kept, levels[0][0]), quantile(kept, levels[1][0]), level, "bca",
        len(outcomes.totals), outcomes.lost, (error[0], error[1]),
    )  # fmt: skip
    return Ends(interval, cautions, {**figures, "levels": [q for q, _slope in levels]})


def percentile(outcomes: Outcomes, level: float = 0.95) -> Ends:
    """The plain quantiles of the replicates."""
    kept = np.sort(outcomes.kept)
    if not len(kept):
        return Ends(None)
    tails = ((1 - level) / 2, (1 + level) / 2)
    error = [_error(kept, q, 0.5, 0.0) for q in tails]
    return Ends(
        Interval(
            quantile(kept, tails[0]), quantile(kept, tails[1]), level, "percentile",
            len(outcomes.totals), outcomes.lost, (error[0], error[1]),
        )
    )  # fmt: skip


def wald(found: Fit, level: float = 0.95) -> Interval:
    """Symmetric on the logarithm of the unseen number: n + n0 exp(-+ z se). Takes the model as given."""
    assert found.n0 is not None
    reach = NORMAL.inv_cdf((1 + level) / 2) * standard_errors(found)[0]
    return Interval(
        found.n + found.n0 * math.exp(-reach), found.n + found.n0 * math.exp(reach), level, "wald"
    )


def quantile(ordered: Floats, q: float) -> float:
    """The quantile of sorted numbers, type 8 of Hyndman and Fan (1996): median-unbiased."""
    n = len(ordered)
    place = (n + 1 / 3) * q + 1 / 3
    low = math.floor(place)
    left = float(ordered[min(max(low, 1), n) - 1])
    right = float(ordered[min(max(low + 1, 1), n) - 1])
    return left if left == right else left + (place - low) * (right - left)


def quantiles(values: Floats) -> dict[str, float]:
    """A few quantiles for the reader."""
    ordered = np.sort(values)
    return {str(q): quantile(ordered, q) for q in QUARTERS} if len(ordered) else {}


def below(estimate: float, kept: Floats) -> float:
    """The share of replicates below the estimate, those that equal it counted half: selection makes them lumpy."""
    near = 1e-9 * abs(estimate)
    less = int((kept < estimate - near).sum())
    same = int((np.abs(kept - estimate) <= near).sum())
    return (less + same / 2) / len(kept)


def acceleration(jack: Jackknife) -> float:
    """a of BCa: a sixth of the skewness of the influence of one person."""
    fine = jack.outcomes.status == 0
    weights, values = jack.weights[fine].astype(float), jack.outcomes.totals[fine]
    if not len(values):
        return 0.0
    away = (weights @ values) / weights.sum() - values
    spread = float(weights @ away**2)
    return float(weights @ away**3) / (6 * spread**1.5) if spread > 0 else 0.0


def lost_cautions(outcomes: Outcomes) -> tuple[Caution, ...]:
    """What is said when replicates have no estimate: above 5 % nothing may be built on the rest."""
    if not outcomes.lost:
        return ()
    level = Level.HARD if outcomes.lost > MOST_LOST else Level.NOTE
    found = {"share": outcomes.lost, "replicates": len(outcomes.totals)}
    told = (
        phrase(
            "In {share:.1%} of the {replicates} replicates no estimate exists, too many for an "
            "interval to mean anything. "
            "The overlaps are too thin for this method: merge small lists or collect more.", **found,
        )
        if level is Level.HARD
        else phrase(
            "In {share:.1%} of the {replicates} replicates no estimate exists, which were left out. "
            "The overlaps are too thin for this method: merge small lists or collect more.", **found,
        )
    )  # fmt: skip
    values = {"lost": outcomes.lost, "replicates": len(outcomes.totals)}
    return (Caution("lost_replicates", level, told, values),)


BCA_UNDEFINED = Caution(
    "bca_undefined", Level.CARE,
    phrase(
        "The skewness of the estimate is too great for the bias-corrected interval; the plain quantiles of the "
        "replicates are shown instead. Read the interval as rough."
    ),
)  # fmt: skip

AT_EXTREME = Caution(
    "end_at_extreme", Level.CARE,
    phrase(
        "An end of the interval rests on fewer than five replicates: more replicates may push it further out, and "
        "its Monte Carlo error is understated. The replicates mostly lie to one side of the estimate, often with "
        "other models."
    ),
)  # fmt: skip


ALL_ABOVE = phrase(
    "All replicates lie above the estimate, so that its bias cannot be measured and the interval is a guess. Look "
    "at which models the replicates chose."
)
ALL_BELOW = phrase(
    "All replicates lie below the estimate, so that its bias cannot be measured and the interval is a guess. Look "
    "at which models the replicates chose."
)


def _bca_cautions(share: float, limit: float, jack: Jackknife) -> tuple[Caution, ...]:
    said = []
    if not limit <= share <= 1 - limit:
        said.append(
            Caution(
                "estimate_outside_replicates", Level.CARE,
                ALL_ABOVE if share < limit else ALL_BELOW, {"share_below": share},
            )
        )  # fmt: skip
    if jack.outcomes.lost:
        said.append(
            Caution(
                "jackknife_lost", Level.CARE,
                phrase(
                    "With one person less some tables have no estimate: the answer hangs on single people. Their "
                    "part in the interval's skewness is missing."
                ), {"share": jack.outcomes.lost},
            )
        )  # fmt: skip
    return tuple(said)


def _adjusted(z0: float, a: float, z: float) -> tuple[float, float] | None:
    """The level of the quantile to take and its derivative by z0; None where the formula breaks down."""
    whole = 1 - a * (z0 + z)
    if whole <= 0:
        return None
    at = z0 + (z0 + z) / whole
    return NORMAL.cdf(at), NORMAL.pdf(at) * (1 + 1 / whole**2)


def _error(kept: Floats, q: float, share: float, slope: float) -> float:
    """Monte Carlo standard error of an end: of the quantile, of z0 that chose its level, and of both together."""
    many = len(kept)
    share = min(max(share, 0.5 / many), 1 - 0.5 / many)
    c = slope / NORMAL.pdf(NORMAL.inv_cdf(share))
    both = min(q, share) * (1 - max(q, share))
    spread = math.sqrt(max(q * (1 - q) + c * c * share * (1 - share) - 2 * c * both, 0.0) / many)
    at, low, high = (quantile(kept, min(max(one, 0.0), 1.0)) for one in (q, q - spread, q + spread))
    return (high - low) / 2 if spread <= q <= 1 - spread else max(high - at, at - low)

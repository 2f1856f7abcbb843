"""All models at once, each weighted by how well it does.

    w_m = exp(-BIC_m / 2) / sum,      N = sum of w_m N_m

BIC weights approximate posterior probabilities of the models when all are equally likely before (Raftery, Sociological
Methodology 25, 1995; Buckland, Burnham and Augustin, Biometrics 53, 1997). Without replicates the interval is that of
the mixture: log n0 of model m is normal about its estimate with its standard error, and the mixture of all holds both
the spread within models and that between them. With replicates the average is taken anew in each (BCa).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse import exhaustive, fitting, intervals, listing, models
from palermo.estimation.mse.answers import check, fit_cautions
from palermo.estimation.mse.comparing import Field, OfList, criterion_of
from palermo.estimation.mse.enumerate import Models
from palermo.estimation.mse.fitting import Fit, Floats
from palermo.estimation.mse.stepwise import candidates
from palermo.estimation.mse.table import CaptureTable
from palermo.estimation.results import Caution, Interval, Level, Result
from palermo.saying import phrase

TOP = 500  # heaviest models that replicates average, where there are more
SPREAD_OF = 2_000  # heaviest models of the mixture
NEGLIGIBLE = 1e-9
LED, APART = 1.5, 0.02


@dataclass(frozen=True, eq=False)
class Mixture:
    """Models of weight: their weight (of sum 1), mean and standard deviation of log n0."""

    people: float
    weight: Floats
    mean: Floats
    deviation: Floats

    def share_below(self, log_unseen: float) -> float:
        from scipy.special import ndtr

        return float(self.weight @ ndtr((log_unseen - self.mean) / self.deviation))

    def quantile(self, q: float) -> float:
        """The number of people that lies above a share q of the mixture."""
        low = float((self.mean - 9 * self.deviation).min())
        high = float((self.mean + 9 * self.deviation).max())
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self.share_below(middle) < q else (low, middle)
        return self.people + math.exp((low + high) / 2)

    @property
    def between(self) -> float:
        """The share of the variance of log n0 that lies between models."""
        centre = float(self.weight @ self.mean)
        outside = float(self.weight @ (self.mean - centre) ** 2)
        within = float(self.weight @ self.deviation**2)
        return outside / (outside + within)


class Averaged(OfList):
    """The average over a list of models; what is "chosen" is the heaviest."""

    kernel: ClassVar[str] = "average_of_list"


def average(compared: Field) -> float | None:
    """Sum of w_m N_m over the models with an estimate."""
    best = compared.order
    return float(compared.weights[best] @ compared.totals[best]) if len(best) else None


def mixture(counts: npt.NDArray[Any], k: int, terms: tuple[int, ...], compared: Field) -> Mixture:
    """The heaviest models with the spread of each."""
    from palermo import compiling

    weights = compared.weights
    heavy = [place for place in compared.order[:SPREAD_OF] if weights[place] > NEGLIGIBLE]
    numbers: Models = compared.numbers[heavy]
    found = np.zeros(len(heavy))
    people = counts.astype(np.float64)
    compiling.of(listing).variances(k, people, numbers, np.array(terms, np.int64), found)
    unseen = compared.totals[heavy] - people.sum()
    fine = np.isfinite(found) & (found > 0) & (unseen > 0)
    weight = weights[heavy][fine]
    return Mixture(float(people.sum()), weight / weight.sum(), np.log(unseen[fine]), np.sqrt(found[fine]))


BELIEFS = (
    phrase(
        "The truth is near one of the models that can be built from these lists, and before the data none of them "
        "is more likely than another."
    ),
    *exhaustive.BELIEFS[1:],
)


def estimate(table: CaptureTable, options: Options, *, progress: Progress | None = None) -> Result:
    """The average of all models by BIC weight; `options.order` is the highest interaction.

    `more`: "criterion" ("bic" or "aic"), "top" (how many of the heaviest models replicates average, 500 by default).
    """
    name = criterion_of(options)
    top = exhaustive.top_of(options) or TOP
    many = exhaustive.REPLICATES if options.bootstrap is None else options.bootstrap
    check(options, many)
    found, compared = exhaustive.choose(table, options, progress)
    value = average(compared) if found.fine else None
    ends: tuple[Interval | None, tuple[Caution, ...], dict[str, Any]] = (None, (), {})
    if value is not None:
        ends = _ends(table, options, found, compared, value, many, top, progress)
    if progress:
        progress(1.0, "the interval is found")
    interval, said, figures = ends
    return Result(
        method="average", family="mse", value=value, interval=interval, n_observed=table.n,
        model=models.text(found.model), data_hash=table.hash, seed=options.seed,
        settings={"order": options.order, "criterion": name, "top": top, "bootstrap": many, "level": options.level},
        assumptions=BELIEFS, diagnostics={**exhaustive.figures(table, compared, name), **figures},
        cautions=(*table.cautions, *fit_cautions(table, found), *_unproved(compared), *said),
    )  # fmt: skip


def _unproved(compared: Field) -> tuple[Caution, ...]:
    """Models equally good are what an average is for; only a search cut short is to be said."""
    return tuple(one for one in exhaustive.cautions(compared, "bic") if one.code != "close_models")


def _ends(
    table: CaptureTable, options: Options, found: Fit, compared: Field, value: float, many: int, top: int,
    progress: Progress | None,
) -> tuple[Interval | None, tuple[Caution, ...], dict[str, Any]]:  # fmt: skip
    """Interval, cautions and figures of an average that exists."""
    terms = candidates(table.k, options.order)
    mixed = mixture(np.rint(found.counts), table.k, terms, compared)
    tails = ((1 - options.level) / 2, (1 + options.level) / 2)
    plain = Interval(mixed.quantile(tails[0]), mixed.quantile(tails[1]), options.level, "mixture")
    median = mixed.quantile(0.5)
    figures: dict[str, Any] = {
        "between_models": mixed.between, "median": median, "mixture": [plain.lower, plain.upper],
        "best_estimate": found.N, "unseen": value - table.n,
    }  # fmt: skip
    said = (_led(value, median),) if value > LED * median else ()
    if not many:
        return plain, said, figures
    heavy = np.sort(compared.order[:top])
    selector = Averaged(
        table.k, terms, tuple(int(one) for one in compared.numbers[heavy]), criterion_of(options)
    )
    weight = float(compared.weights[heavy].sum())
    centre = float(compared.weights[heavy] @ compared.totals[heavy]) / weight
    hidden = fitting.hidden_counts(table, found.fitted)
    ends = intervals.selected(table, selector, centre, many, options, hidden=hidden, progress=progress)
    away = (_shortened(weight, centre, value),) if abs(centre / value - 1) > APART else ()
    listed = {"averaged_in_replicates": len(heavy), "their_weight": weight, "their_average": centre}
    return ends.interval, (*said, *away, *ends.cautions), {**figures, **listed, **ends.figures}


def _led(value: float, median: float) -> Caution:
    return Caution(
        "led_by_unlikely_models", Level.CARE,
        phrase(
            "Unlikely models with very large numbers pull the average to {value:,.0f}, while half of the weight "
            "lies below {median:,.0f}. Report the median and the interval instead.",
            value=value, median=median,
        ), {"average": value, "median": median},
    )  # fmt: skip


def _shortened(weight: float, centre: float, value: float) -> Caution:
    return Caution(
        "average_of_fewer_models", Level.NOTE,
        phrase(
            "Replicates average only the heaviest models, which hold {share:.0%} of the weight; their average on "
            "the table itself is {centre:,.0f} and not {value:,.0f}. The interval belongs to theirs.",
            share=weight, centre=centre, value=value,
        ),
        {"weight": weight, "average": centre},
    )  # fmt: skip

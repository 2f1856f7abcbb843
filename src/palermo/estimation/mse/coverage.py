"""The sample-coverage estimators of Chao and Tsay: how much of the population the overlaps show to be covered.

Chao and Tsay (1998), JASA 93:283-293, equations 14 to 18; Chao, Tsay, Lin, Shau and Chao (2001), Statistics in Medicine
20:3123-3157. They allow for lists that depend on each other two by two and for people who differ.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse.bounds import completed, log_normal
from palermo.estimation.mse.glm import Numbers
from palermo.estimation.mse.replicates import stream
from palermo.estimation.mse.table import CaptureTable
from palermo.estimation.results import Caution, Interval, Level, Result
from palermo.saying import phrase

ENOUGH = 0.55  # below, N-hat is unstable and its authors advise the one-step estimator
REPLICATES = 1000
MOST_LOST = 0.05
ASSUMPTIONS = (
    phrase(
        "Lists may depend on each other two by two and people may differ in how easily they are seen, but three "
        "lists together add no dependence of their own."
    ),
)


@dataclass(frozen=True)
class Cover:
    """What the approach computes from one table; NaN where nothing can be computed.

    `covered`: C, one minus the mean share of each list that only that list saw. `combined`: D, the mean number of
    people on all lists but one. `independent`: D / C. `full`: N-hat. `one_step`: N-hat-1, a lower bound where lists
    depend positively.
    """

    covered: Numbers
    combined: Numbers
    independent: Numbers
    full: Numbers
    one_step: Numbers


def estimate(table: CaptureTable, options: Options, *, progress: Progress | None = None) -> Result:
    """N-hat where at least 55 % of the population is covered, else the one-step estimator with a warning."""
    counts = completed(table)
    found = cover(counts, table.k)
    plain = {one.name: float(getattr(found, one.name)[0]) for one in fields(Cover)}
    enough = plain["covered"] >= ENOUGH and plain["full"] >= table.n
    name = "full" if enough else "one_step"
    value: float | None = plain[name]
    cautions = list(table.cautions)
    interval = None
    if value is None or not math.isfinite(value) or value < table.n:
        value = None
        cautions.append(Caution(
            "no_mle", Level.HARD,
            phrase(
                "The overlaps are too few to say how much of the population is covered; there is no estimate."
            ),
        ))  # fmt: skip
    else:
        replicates = REPLICATES if options.bootstrap is None else options.bootstrap
        interval = _interval(counts, table, value, name, replicates, options) if replicates else None
        cautions += _doubts(plain, enough, interval)
    if progress:
        progress(1.0, "the coverage is estimated")
    return Result(
        method="coverage", family="mse", value=value, interval=interval, n_observed=table.n, model=name,
        data_hash=table.hash, seed=options.seed,
        settings={"bootstrap": interval.replicates if interval else 0, "level": options.level},
        assumptions=ASSUMPTIONS,
        diagnostics={
            **{key: one if math.isfinite(one) else None for key, one in plain.items()},
            "dependence": _dependence(counts, table, value),
        },
        cautions=tuple(cautions),
    )  # fmt: skip


def _doubts(plain: dict[str, float], enough: bool, interval: Interval | None) -> list[Caution]:
    said = []
    if not enough:
        said.append(Caution(
            "low_coverage", Level.CARE,
            phrase(
                "The lists cover only about {share:.0%} of the population (its authors ask for 55 %): the "
                "estimator of the whole is unstable, and a one-step estimator stands in its place, which is a "
                "lower bound where lists depend positively on each other.",
                share=plain['covered'],
            ),
            {"covered": plain["covered"], "full": plain["full"] if math.isfinite(plain["full"]) else None},
        ))  # fmt: skip
    if interval and interval.lost > MOST_LOST:
        said.append(Caution(
            "lost_replicates", Level.HARD,
            phrase(
                "{share:.0%} of the bootstrap samples gave no estimate; the interval is not to be trusted.",
                share=interval.lost,
            ), {"lost": interval.lost},
        ))  # fmt: skip
    return said


def cover(counts: Numbers, k: int, masks: npt.NDArray[np.int64] | None = None) -> Cover:
    """The estimators for one table, or for each row of a matrix of tables; `masks` names the columns' histories.

    C = 1 - (1/K) sum_j Z_j / n_j with Z_j people only on list j; D = n - (1/K) sum_j Z_j; with B_ij the number of
    people on both lists and A_ij = Z_i + Z_j + 2 Z_ij (Z_ij: on exactly these two),
    N = D/C + (1/KC) sum_{i<j} A_ij g_ij(N),  g_ij(N) = N B_ij / (n_i n_j) - 1,
    solved for N (N-hat), or stepped twice from D/C (N-hat-1).
    """
    rows = np.atleast_2d(counts)
    names = np.arange(rows.shape[1]) if masks is None else masks
    bits = ((names[:, None] >> np.arange(k)) & 1).astype(float)
    size = rows @ bits
    only = rows @ (names[:, None] == (1 << np.arange(k))).astype(float)
    i, j = np.triu_indices(k, 1)
    both = rows @ (bits[:, i] * bits[:, j])
    exact = rows @ (names[:, None] == ((1 << i) | (1 << j))).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        covered = 1 - (only / size).mean(axis=1)
        combined = rows.sum(axis=1) - only.mean(axis=1)
        weight = (only[:, i] + only[:, j] + 2 * exact) / (k * covered[:, None])
        slope = (weight * both / (size[:, i] * size[:, j])).sum(axis=1)
        fall = weight.sum(axis=1)
        independent = combined / covered
        full = np.where(slope < 1, (independent - fall) / (1 - slope), np.nan)
        once = independent + slope * independent - fall
        twice = independent + slope * once - fall
    return Cover(covered, combined, independent, full, twice)


def _interval(
    counts: Numbers, table: CaptureTable, value: float, name: str, replicates: int, options: Options
) -> Interval:
    """Log-normal with the standard deviation of a bootstrap that draws round(N) people into the observed cells and the
    unseen one (Chao and Tsay 1998, section 4)."""
    masks = np.flatnonzero(counts).astype(np.int64)
    people = max(round(value), math.ceil(counts.sum()))
    shares = np.append(counts[masks], max(people - counts.sum(), 0.0))
    drawn = np.stack(
        [
            stream(options.seed, number).multinomial(people, shares / shares.sum())[:-1]
            for number in range(replicates)
        ]
    )
    found = getattr(cover(drawn.astype(float), table.k, masks), name)
    good = np.isfinite(found) & (found >= drawn.sum(axis=1)) & (found < 1000 * value)
    error = float(found[good].std(ddof=1)) if good.sum() > 1 else 0.0
    ends = log_normal(value, error, table.n, options.level)
    return Interval(
        ends.lower, ends.upper, options.level, "log-normal", replicates, float(1 - good.mean()), None
    )


def _dependence(counts: Numbers, table: CaptureTable, value: float | None) -> list[dict[str, object]]:
    """The coefficient of covariation of each pair at the estimate: 0 independent, above 0 they see the same people."""
    if value is None:
        return []
    bits = ((np.arange(len(counts))[:, None] >> np.arange(table.k)) & 1).astype(float)
    both = (bits * counts[:, None]).T @ bits
    return [
        {
            "lists": [table.lists[i], table.lists[j]],
            "covariation": float(value * both[i, j] / (both[i, i] * both[j, j]) - 1),
        }
        for i in range(table.k)
        for j in range(i + 1, table.k)
    ]

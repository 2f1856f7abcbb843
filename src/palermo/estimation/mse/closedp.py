"""The family of closed-population models with time, heterogeneity and behaviour: M0, Mt, Mh, Mth, Mb, Mbh.

log mu_w = gamma + (list effects) + (a function of how many lists saw the person); people never seen: exp(gamma).
Cormack (1989); Rivest and Baillargeon (2007), Biometrics 63:999-1006; Baillargeon and Rivest (2007), J. Stat. Softw.
19(5), whose package Rcapture these figures are held to.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse.bounds import log_normal
from palermo.estimation.mse.glm import (
    Fit,
    Numbers,
    bounded,
    deviance,
    fit_poisson,
    has_maximum,
    log_likelihood,
)
from palermo.estimation.mse.symmetric import fit_symmetric
from palermo.estimation.mse.table import CaptureTable
from palermo.estimation.problems import BadOptions
from palermo.estimation.results import Caution, Level, Result
from palermo.saying import phrase

# What heterogeneity adds to log mu for somebody seen k times; all are 0 at k = 0.
SHAPES: dict[str, Callable[[Numbers], Numbers]] = {
    "Poisson2": lambda k: 2.0**k - 1,
    "Darroch": lambda k: k**2 / 2,
    "Gamma3.5": lambda k: math.log(3.5) - np.log(3.5 + k),
}
BOUNDS = ("Mh Chao (LB)", "Mth Chao (LB)")
BEHAVIOUR = ("Mb", "Mbh")
CLOSE = 2.0  # models within this much AIC fit alike
MANY = 10  # lists from which sums over cells are computed without running over them
WIDE = 1.5  # estimates of such models that differ by more than this factor are worth a warning


@dataclass(frozen=True)
class Member:
    """One fitted model. `abundance` is None where it is no estimate, `reason` then says why; `raw` is the number
    that the formula gives all the same. `stderr` holds the number of people fixed (multinomial)."""

    name: str
    abundance: float | None
    stderr: float | None
    raw: float
    deviance: float
    df: int
    aic: float
    bic: float
    reason: str = ""

    def as_json(self) -> dict[str, object]:
        return {
            "model": self.name, "abundance": self.abundance, "stderr": self.stderr, "deviance": self.deviance,
            "df": self.df, "aic": self.aic, "bic": self.bic, "reason": self.reason,
        }  # fmt: skip


def estimate(table: CaptureTable, options: Options, *, progress: Progress | None = None) -> Result:
    """Every model of the family; the headline is the one with the least BIC among those that estimate.

    `more`: "model" names the one wanted instead; "ordered" = True lets Mb and Mbh compete, which only makes sense
    when the lists follow one another in time.
    """
    found = members(table)
    if progress:
        progress(1.0, "the models are fitted")
    ordered = bool(options.more.get("ordered", False))
    chosen = _chosen(found, options.more.get("model"), ordered)
    cautions = list(table.cautions)
    value = interval = None
    if chosen is None or chosen.abundance is None:
        reason = chosen.reason if chosen else phrase("no model of the family has an estimate")
        cautions.append(
            Caution("no_mle", Level.HARD, phrase("There is no estimate: {reason}.", reason=reason))
        )
    else:
        value = chosen.abundance
        interval = log_normal(value, chosen.stderr or 0.0, table.n, options.level)
        cautions += _doubts(chosen, found)
    return Result(
        method="closedp", family="mse", value=value, interval=interval, n_observed=table.n,
        model=chosen.name if chosen else "", data_hash=table.hash, seed=options.seed,
        settings={"model": options.more.get("model", ""), "ordered": ordered, "level": options.level},
        assumptions=ASSUMPTIONS,
        diagnostics={"models": [one.as_json() for one in found], "chosen": chosen.name if chosen else ""},
        cautions=tuple(cautions),
    )  # fmt: skip


ASSUMPTIONS = (
    phrase(
        "The lists see people independently of one another once it is allowed for that some people are easier to see."
    ),
    phrase(
        "How easily people are seen varies in the form that the chosen model supposes; other forms fit as well."
    ),
)


def members(table: CaptureTable) -> list[Member]:
    """All models that this number of lists allows: with two lists M0, Mt and Mb, else all twelve."""
    return [
        fit(table, name)
        for name in ("M0", "Mt", *_heterogeneous(table.k), "Mb", *(("Mbh",) if table.k > 2 else ()))
    ]


def _heterogeneous(k: int) -> list[str]:
    if k < 3:
        return []
    return [f"{base} {shape}" for base in ("Mh", "Mth") for shape in ("Chao (LB)", *SHAPES)]


def fit(table: CaptureTable, name: str) -> Member:
    """One model of the family by its name. Raises BadOptions when there is none of that name."""
    if name in BEHAVIOUR:
        return _member(name, table, *_fit_behaviour(table, name))
    base, _space, kind = name.partition(" ")
    k = table.k
    times = np.arange(k + 1.0)
    timed = base in ("Mt", "Mth")
    if name in BOUNDS:
        return _member(name, table, *_fit_bound(table, timed))
    if name in ("M0", "Mt"):
        return _member(name, table, *_fit_shape(table, np.zeros((k + 1, 0)), timed))
    if base in ("Mh", "Mth") and kind in SHAPES:
        return _member(name, table, *_fit_shape(table, SHAPES[kind](times)[:, None], timed))
    raise BadOptions(phrase('no model of the family is called "{name}"', name=name))


def _cells(table: CaptureTable) -> tuple[Numbers, Numbers]:
    """Lists by history (one row each, from history 1) and the counts."""
    masks = np.arange(1, len(table.counts))
    return ((masks[:, None] >> np.arange(table.k)) & 1).astype(float), table.counts[1:].astype(float)


def _fit_shape(table: CaptureTable, shape: Numbers, timed: bool) -> tuple[Fit, bool, int]:
    """The model of list effects (or one for all) and of `shape`, whose row s is added for somebody seen s times.
    Answers the fit, whether it has a finite maximum, and the number of cells."""
    bits, counts = _cells(table)
    some = counts > 0

    def design(rows: Numbers) -> Numbers:
        own = rows if timed else rows.sum(axis=1)
        return np.column_stack([np.ones(len(rows)), own, shape[rows.sum(axis=1).astype(int)]])

    if table.k >= MANY and not table.suppressed:
        found = fit_symmetric(bits[some], counts[some], shape, timed)
        exists = bounded(design(bits[some]), lambda: design(bits[~some]))
    else:
        found = fit_poisson(design(bits), counts, intervals=_hidden(table))
        exists = has_maximum(design(bits), found.counts)
    return found, exists, len(counts)


def _hidden(table: CaptureTable) -> dict[int, tuple[int, int]]:
    return {mask - 1: ends for mask, ends in table.suppressed.items()}


def _fit_bound(table: CaptureTable, timed: bool) -> tuple[Fit, bool, int]:
    """Chao's bound as a model: log mu bends upwards at 2, 3, ... sightings. Bends below 0 contradict heterogeneity and
    are taken out, the most negative first (Rivest and Baillargeon 2007, section 3)."""
    possible = table.counts > 0
    possible[[mask for mask, (_low, high) in table.suppressed.items() if high]] = True
    most = int(np.bitwise_count(np.flatnonzero(possible)).max())  # a bend above would go to minus infinity
    kept = list(range(2, most))
    times = np.arange(table.k + 1.0)
    while True:
        shape = np.maximum(times[:, None] - np.array(kept, dtype=float), 0.0)
        found = _fit_shape(table, shape, timed)
        bends = found[0].coef[-len(kept) :] if kept else np.zeros(1)
        if bends.min() >= 0:
            return found
        kept.pop(int(bends.argmin()))


def _fit_behaviour(table: CaptureTable, name: str) -> tuple[Fit, bool, int]:
    """Mb and Mbh. Columns: lists passed before the first that saw the person, sightings after it; Mbh: a first list of
    its own. Cells alike in both are one row, with their number as offset, unless counts are suppressed."""
    bits, counts = _cells(table)
    first, seen = bits.argmax(axis=1).astype(float), bits.sum(axis=1)
    design = np.column_stack([np.ones(len(bits)), first, seen - 1, first == 0][: 4 if name == "Mbh" else 3])
    if table.suppressed:
        found = fit_poisson(design, counts, intervals=_hidden(table))
        return found, has_maximum(design, found.counts), len(counts)
    kinds, index, many = np.unique(design, axis=0, return_inverse=True, return_counts=True)
    people: Numbers = np.bincount(index.ravel(), weights=counts).astype(float)
    found = fit_poisson(kinds, people, offset=np.log(many))
    mean = (found.fitted / many)[index.ravel()]
    loglik, gap = log_likelihood(counts, mean, {}), deviance(counts, mean)
    return replace(found, loglik=loglik, deviance=gap), has_maximum(kinds, people), len(counts)


def _member(name: str, table: CaptureTable, found: Fit, exists: bool, cells: int) -> Member:
    people = float(found.counts.sum())
    raw, gradient, chance = _abundance(name, people, found.coef, table.k)
    if name in BEHAVIOUR:
        variance = float(gradient @ found.covariance @ gradient) - raw
    else:  # N = n + exp(gamma): holding N fixed takes the Poisson variance of n away
        unseen = raw - people
        variance = unseen + unseen**2 * float(found.covariance[0, 0])
    reason: str = ""
    if not exists:
        reason = phrase("the model {name} has no finite maximum of its likelihood on this table", name=name)
    elif not found.converged or not math.isfinite(raw):
        reason = phrase("the fit of the model {name} did not settle", name=name)
    elif not 0 < chance < 1 or raw < people:
        reason = phrase(
            "the model {name} answers {raw:,.0f}, which is no number of people: later lists saw more new people than "
            "earlier ones, so that nothing is being used up", name=name, raw=raw,
        )  # fmt: skip
    parameters = len(found.coef)
    return Member(
        name,
        None if reason else raw,
        None if reason or variance < 0 else math.sqrt(variance),
        raw,
        found.deviance,
        cells - parameters,
        2 * parameters - 2 * found.loglik,
        parameters * math.log(people) - 2 * found.loglik,
        reason,
    )


def _abundance(name: str, people: float, coef: Numbers, lists: int) -> tuple[float, Numbers, float]:
    """N, its gradient in the coefficients (behaviour models) and the chance p of a first sighting (there, else 1/2).

    With c the chance of a later sighting: exp(b1) = (1-p)/(1-c), exp(b2) = c/(1-c),
    N = exp(b0) (1-c)^(1-K) / p; Mbh has exp(b3) + (1-p)/p in place of 1/p.
    """
    if name not in BEHAVIOUR:
        return people + math.exp(min(coef[0], 700.0)), np.zeros(len(coef)), 0.5
    again = 1 / (1 + math.exp(-coef[2]))
    miss = math.exp(coef[1]) * (1 - again)
    p = 1 - miss
    if p == 0:
        return math.inf, np.zeros(len(coef)), 0.0
    size = math.exp(coef[0]) * (1 - again) ** (1 - lists)
    first = math.exp(coef[3]) if name == "Mbh" else 1.0
    total = size * (first + miss / p)
    gradient = [
        total,
        size * miss / p**2,
        (lists - 1) * again * total - size * again * miss / p**2,
    ]
    if name == "Mbh":
        gradient.append(size * first)
    return total, np.array(gradient), p


def _chosen(found: Sequence[Member], wanted: object, ordered: bool) -> Member | None:
    if wanted:
        for one in found:
            if one.name == wanted:
                return one
        raise BadOptions(
            phrase(
                'no model of the family is called "{name}"; there are {names}',
                name=wanted, names=[one.name for one in found],
            )
        )  # fmt: skip
    able = [
        one
        for one in found
        if one.abundance is not None and one.name not in BOUNDS and (ordered or one.name not in BEHAVIOUR)
    ]
    return min(able, key=lambda one: one.bic, default=None)


def _doubts(chosen: Member, found: Sequence[Member]) -> list[Caution]:
    """Models that fit alike and answer differently: the data do not tell them apart."""
    alike = [
        one.abundance for one in found
        if one.abundance is not None and one.aic - chosen.aic <= CLOSE and one.name not in (*BOUNDS, *BEHAVIOUR)
    ]  # fmt: skip
    said = []
    if alike and max(alike) > WIDE * min(alike):
        said.append(Caution(
            "models_disagree", Level.CARE,
            phrase(
                "Models of heterogeneity that fit these lists equally well answer from {low:,.0f} to {high:,.0f}; "
                "the lists cannot say which is right. Report the range.",
                low=min(alike), high=max(alike),
            ),
            {"least": min(alike), "most": max(alike)},
        ))  # fmt: skip
    if chosen.df > 0 and chosen.deviance > chosen.df + 3 * math.sqrt(2 * chosen.df):
        said.append(Caution(
            "poor_fit", Level.CARE,
            phrase(
                "The best model of the family does not fit the overlaps: some lists depend on each other. Use a "
                "method that allows for pairs of lists."
            ),
            {"deviance": chosen.deviance, "df": chosen.df},
        ))  # fmt: skip
    return said

"""The family of closed-population models with time, heterogeneity and behaviour: M0, Mt, Mh, Mth, Mb, Mbh.

log mu_w = gamma + (list effects) + (a function of how many lists saw the person); people never seen: exp(gamma).
Cormack (1989); Rivest and Baillargeon (2007), Biometrics 63:999-1006; Baillargeon and Rivest (2007), J. Stat. Softw.
19(5), whose package Rcapture these figures are held to.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse.bounds import log_normal
from palermo.estimation.mse.glm import Fit, Numbers, fit_poisson, has_maximum
from palermo.estimation.mse.table import CaptureTable
from palermo.estimation.problems import BadOptions
from palermo.estimation.results import Caution, Level, Result

# What heterogeneity adds to log mu for somebody seen k times; all are 0 at k = 0.
SHAPES: dict[str, Callable[[Numbers], Numbers]] = {
    "Poisson2": lambda k: 2.0**k - 1,
    "Darroch": lambda k: k**2 / 2,
    "Gamma3.5": lambda k: math.log(3.5) - np.log(3.5 + k),
}
BOUNDS = ("Mh Chao (LB)", "Mth Chao (LB)")
BEHAVIOUR = ("Mb", "Mbh")
CLOSE = 2.0  # models within this much AIC fit alike
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
        reason = chosen.reason if chosen else "no model of the family has an estimate"
        cautions.append(Caution("no_mle", Level.HARD, f"There is no estimate: {reason}."))
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
    "The lists see people independently of one another once it is allowed for that some people are easier to see.",
    "How easily people are seen varies in the form that the chosen model supposes; other forms fit as well.",
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
    masks = np.arange(1, len(table.counts))
    bits = ((masks[:, None] >> np.arange(table.k)) & 1).astype(float)
    counts = table.counts[1:].astype(float)
    hidden = {mask - 1: ends for mask, ends in table.suppressed.items()}
    if name in BEHAVIOUR:
        design = _behaviour(bits, name)
    elif name in BOUNDS:
        design = _bound(_base(bits, name), bits.sum(axis=1), counts, hidden)
    else:
        design = _base(bits, name)
        shape = name.partition(" ")[2]
        if shape in SHAPES:
            design = np.column_stack([design, SHAPES[shape](bits.sum(axis=1))])
        elif shape or name not in ("M0", "Mt"):
            raise BadOptions(f'no model of the family is called "{name}"')
    found = fit_poisson(design, counts, intervals=hidden)
    exists = has_maximum(design, found.counts)
    return _member(name, table, design, found, exists)


def _base(bits: Numbers, name: str) -> Numbers:
    """Constant, and either one effect for all lists (M0, Mh) or one for each (Mt, Mth)."""
    one = np.ones(len(bits))
    timed = name.startswith("Mt")
    return np.column_stack([one, bits if timed else bits.sum(axis=1)])


def _behaviour(bits: Numbers, name: str) -> Numbers:
    """Columns: lists passed before the first that saw the person, sightings after it; Mbh: a first list of its own."""
    first = bits.argmax(axis=1).astype(float)
    columns = [np.ones(len(bits)), first, bits.sum(axis=1) - 1]
    return np.column_stack([*columns, first == 0] if name == "Mbh" else columns)


def _bound(base: Numbers, seen: Numbers, counts: Numbers, hidden: dict[int, tuple[int, int]]) -> Numbers:
    """Chao's bound as a model: log mu bends upwards at 2, 3, ... sightings. Bends below 0 contradict heterogeneity and
    are taken out, the most negative first (Rivest and Baillargeon 2007, section 3)."""
    possible = counts > 0
    possible[[row for row, (_low, high) in hidden.items() if high]] = True
    kept = list(
        range(2, int(seen[possible].max(initial=2)))
    )  # a bend above all sightings would go to -infinity
    while kept:
        bends = np.maximum(seen[:, None] - np.array(kept), 0.0)
        found = fit_poisson(np.column_stack([base, bends]), counts, intervals=hidden).coef[base.shape[1] :]
        if found.min() >= 0:
            return np.column_stack([base, bends])
        kept.pop(int(found.argmin()))
    return base


def _member(name: str, table: CaptureTable, design: Numbers, found: Fit, exists: bool) -> Member:
    people = float(found.counts.sum())
    raw, gradient, chance = _abundance(name, people, found.coef, table.k)
    if name in BEHAVIOUR:
        variance = float(gradient @ found.covariance @ gradient) - raw
    else:  # N = n + exp(gamma): holding N fixed takes the Poisson variance of n away
        unseen = raw - people
        variance = unseen + unseen**2 * float(found.covariance[0, 0])
    reason = ""
    if not exists:
        reason = f"the model {name} has no finite maximum of its likelihood on this table"
    elif not found.converged or not math.isfinite(raw):
        reason = f"the fit of the model {name} did not settle"
    elif not 0 < chance < 1 or raw < people:
        reason = (
            f"the model {name} answers {raw:,.0f}, which is no number of people: later lists saw more new "
            "people than earlier ones, so that nothing is being used up"
        )
    parameters = design.shape[1]
    return Member(
        name,
        None if reason else raw,
        None if reason or variance < 0 else math.sqrt(variance),
        raw,
        found.deviance,
        len(design) - parameters,
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
        raise BadOptions(f'no model of the family is called "{wanted}"; there are '
                         + ", ".join(one.name for one in found))  # fmt: skip
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
            "Models of heterogeneity that fit these lists equally well answer from "
            f"{min(alike):,.0f} to {max(alike):,.0f}; the lists cannot say which is right. Report the range.",
            {"least": min(alike), "most": max(alike)},
        ))  # fmt: skip
    if chosen.df > 0 and chosen.deviance > chosen.df + 3 * math.sqrt(2 * chosen.df):
        said.append(Caution(
            "poor_fit", Level.CARE,
            "The best model of the family does not fit the overlaps: some lists depend on each other. "
            "Use a method that allows for pairs of lists.",
            {"deviance": chosen.deviance, "df": chosen.df},
        ))  # fmt: skip
    return said

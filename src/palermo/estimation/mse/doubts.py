"""Doubts about an estimate that come from elsewhere: from the table alone, from replicates, from other methods, from
the linkage of records. Each gives typed cautions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from palermo.estimation.estimators import MSE, Options, mse
from palermo.estimation.mse import fitting
from palermo.estimation.mse.fitting import Fit
from palermo.estimation.mse.refitting import completed, fitting_method, total
from palermo.estimation.mse.table import LEAST_LISTS, CaptureTable
from palermo.estimation.results import Caution, Level, Result, finite, number
from palermo.saying import Sentence, phrase, phrases

OTHERS = ("main", "stepwise", "bic", "chao")
MOST_BIC_LISTS = 5  # beyond, all models take too long for a second opinion
AGREEMENT = 0.3  # of replicates that should choose the same model
APART = 1.5  # a factor between estimates that matters
MOST_PAIRS = 0.5  # of all pairs, positive: then it is the people and not the pairs
TWICE = 30  # people on two lists or more, below which a few of them decide
TOGETHER = 1.28  # one-sided 10 %: a doubt too many does less harm than one too few
PER_PAIR = 2  # and of them for each pair of lists whose dependence has to be judged


@dataclass(frozen=True)
class Other:
    """What another method answers on the same table; `value` is None where it has no answer."""

    method: str
    value: float | None
    lower: float | None = None
    upper: float | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "method": self.method, "value": finite(self.value),
            "lower": finite(self.lower), "upper": finite(self.upper),
        }  # fmt: skip

    @staticmethod
    def from_json(found: Mapping[str, Any]) -> Other:
        """What `as_json` wrote."""
        return Other(found["method"], number(found["value"]), number(found["lower"]), number(found["upper"]))


def factors(ratios: Iterable[float | None]) -> list[float]:
    """How far each ratio is from 1, as a factor; 1 where there is none."""
    return [max(one, 1 / one) for one in ratios if one] or [1.0]


def other_methods(table: CaptureTable, name: str, options: Options, others: Sequence[str]) -> Iterable[Other]:
    """Point estimates of other methods that take so many lists; Chao's bound with its range."""
    for other in others:
        fits = MSE[other].least <= table.k <= MSE[other].most
        if (
            other == fitting_method(name, table.k)
            or not fits
            or (other == "bic" and table.k > MOST_BIC_LISTS)
        ):
            continue
        if other == "chao":
            found = mse(other).estimate(table, replace(options, bootstrap=0))
            yield Other(other, found.estimate, found.lower, found.upper)
        else:
            yield Other(other, total(completed(table), other, options))


def about_table(table: CaptureTable) -> Iterable[Caution]:
    """What the table alone cannot tell, whatever the method."""
    if table.k == 2:
        yield Caution(
            "two_lists", Level.CARE,
            phrase(
                "With two lists nothing in the data can show whether being on one makes being on the other more "
                "or less likely; the estimate is off by as much as it does. Add a third list."
            ),
        )  # fmt: skip
    counts = completed(table).counts
    several = [int(count) for mask, count in enumerate(counts.tolist()) if mask.bit_count() > 1]
    twice, needed = sum(several), max(TWICE, PER_PAIR * table.k * (table.k - 1) // 2)
    if twice < needed:
        yield Caution(
            "thin_overlaps", Level.CARE,
            phrases(
                "Only {n} person was seen by more than one list. The estimate and any dependence between the "
                "{lists} lists rest on this one alone; at least {wanted} are wanted. Merge small lists or collect "
                "more.",
                "Only {n} people were seen by more than one list. The estimate and any dependence between the "
                "{lists} lists rest on them alone; at least {wanted} are wanted. Merge small lists or collect "
                "more.",
                twice, lists=table.k, wanted=needed,
            ),
            {"people": twice, "wanted": needed},
        )  # fmt: skip


def about_people(table: CaptureTable, result: Result) -> Iterable[Caution]:
    """Do people differ in how easily they are seen, beyond what the model allows for? Then all pairs of lists share
    more people than they should, each a little: a choice that looks at each pair alone may miss it.
    """
    if table.k <= LEAST_LISTS or not result.model.startswith("["):
        return
    found = fitting.fit(completed(table), result.model)
    if not found.fine:
        return
    z = common_score(found, table.k)
    pairs = [term for term in found.alphas if term.bit_count() == 2 and found.alphas[term] > 0]
    most = len(pairs) >= MOST_PAIRS * table.k * (table.k - 1) / 2
    if z > TOGETHER or most:
        why = (
            phrase("half of all pairs of lists or more share more people than by chance")
            if most
            else phrase(
                "all pairs of lists together share more people than the model expects (z = {z:.1f})", z=z
            )
        )
        yield Caution(
            "unequal_people", Level.CARE,
            phrase(
                "People seem to differ in how easily they are seen: {why}. Those hardest to see are missing from "
                "the estimate; take it for a lower bound, or divide people into more equal groups.",
                why=why,
            ),
            {"z": z, "positive_pairs": len(pairs)},
        )  # fmt: skip


def common_score(found: Fit, k: int) -> float:
    """The score statistic, N(0, 1) under the fitted model, of one more parameter: log mu_w + eta s(s - 1)/2 with s the
    number of lists in w (Darroch's quadratic heterogeneity). 0 where the model already holds it.

    U = sum (N_w - mu_w) c_w, V = sum mu c^2 - b' A^-1 b with A the information of the model and b = X' mu c.
    """
    histories = np.arange(1 << k)
    seen = np.array([int(w).bit_count() for w in histories])
    kept = (histories > 0) & (found.fitted > 0)
    mu, c = found.fitted[kept], (seen * (seen - 1) / 2)[kept]
    terms = np.array([term for term, alpha in found.alphas.items() if alpha != -math.inf])
    x = (histories[kept, None] & terms == terms).astype(float)
    b, whole = x.T @ (mu * c), float(mu @ c**2)
    variance = whole - float(b @ np.linalg.solve(x.T @ (mu[:, None] * x), b))
    if variance <= 1e-8 * whole:
        return 0.0
    return float((found.counts[kept] - mu) @ c) / math.sqrt(variance)


def about_winners(table: CaptureTable, winners: Sequence[Mapping[str, Any]]) -> Iterable[Caution]:
    """Replicates that choose many models: grave where these models differ in their answer, else worth a note."""
    if not winners or winners[0]["share"] >= AGREEMENT:
        return
    fits = [fitting.fit(completed(table), one["model"]).N for one in winners]
    found = [one for one in fits if one is not None]
    factor = max(found) / min(found) if found else 1.0
    yield Caution(
        "models_disagree", Level.CARE if factor > APART else Level.NOTE,
        phrase(
            "No model is chosen often: the first in {share:.0%} of the replicates. The {models} most frequent "
            "ones answer from {low:,} to {high:,}.",
            share=winners[0]["share"], models=len(found), low=round(min(found, default=0)),
            high=round(max(found, default=0)),
        ),
        {"share": winners[0]["share"], "factor": factor},
    )  # fmt: skip


def about_others(result: Result, others: Sequence[Other]) -> Iterable[Caution]:
    """Methods that choose among the same models must agree; no estimate may lie far below a lower bound (which is no
    bound where lists avoid each other)."""
    value, interval = result.value, result.interval
    if not value:
        return
    rivals = [one for one in others if one.method in ("bic", "stepwise", "downhill") and one.value]
    if result.method == "main" or result.method in ("chao", "closedp"):
        rivals = [one for one in rivals if one.method == "stepwise"]
    for one in rivals:
        factor = max(factors([(one.value or value) / value]))
        inside = interval is not None and interval.lower <= (one.value or value) <= interval.upper
        if factor > APART or not inside:
            yield Caution(
                "methods_disagree", Level.CARE,
                _other_answer(one, inside),
                {"method": one.method, "estimate": one.value, "factor": factor},
            )  # fmt: skip
    bound = next((one.lower for one in others if one.method == "chao"), None)
    shy = any(
        ":" in name and alpha < 0 for name, alpha in (result.diagnostics.get("coefficients") or {}).items()
    )
    if bound is not None and interval is not None and interval.upper < bound and not shy:
        yield Caution(
            "below_lower_bound", Level.CARE,
            phrase(
                "The range lies below Chao's lower bound ({bound:,} or more): people differ in how easily they "
                "are seen, and the method does not allow for it.",
                bound=round(bound),
            ), {"bound": bound},
        )  # fmt: skip


def _other_answer(one: Other, inside: bool) -> Sentence:
    found = {"method": one.method, "estimate": round(one.value or 0)}
    if inside:
        return phrase(
            "The method “{method}” answers {estimate} on the same table, inside the range. Show both, or find out "
            "which dependence divides them.", **found,
        )  # fmt: skip
    return phrase(
        "The method “{method}” answers {estimate} on the same table, outside the range. Show both, or find out "
        "which dependence divides them.", **found,
    )  # fmt: skip


def about_linkage(result: Result, linkage: Result | None) -> Iterable[Caution]:
    """The doubt about who is whom, where it was carried into the estimate."""
    if linkage is None or linkage.interval is None or result.interval is None or not result.value:
        return
    own, wide = result.interval, linkage.interval
    if math.isinf(own.upper) or math.isinf(wide.upper):
        return
    wider = (wide.upper - wide.lower) / max(own.upper - own.lower, 1e-9)
    out = not own.lower <= (linkage.value or result.value) <= own.upper
    if wider > 1.25 or out:
        yield Caution(
            "linkage_matters", Level.CARE,
            phrase(
                "With the doubt about who is whom the range goes from {low:,} to {high:,}. Use that one.",
                low=round(wide.lower), high=round(wide.upper),
            ), {"wider": wider, "lower": wide.lower, "upper": wide.upper},
        )  # fmt: skip

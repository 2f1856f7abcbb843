"""The best of all hierarchical models by BIC (or AIC).

    BIC = q log(n) - 2 l,   AIC = 2 q - 2 l

with q the number of terms (those at minus infinity count, as in the R packages), n the people seen and l the Poisson
log-likelihood with log N_w!. Up to five lists, and for pairs of six, every model is fitted (walking.py). Six lists
with higher orders have millions of models: leaps and bounds (bounding.py) finds the best of them all and every
model near it. Replicates repeat the whole choice, by leaps and bounds, or among the best `top` models as in Silverman,
Chan and Vincent (Statistics and Computing 34, 2024).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse import bounding, fitting, models
from palermo.estimation.mse.answers import answer, check
from palermo.estimation.mse.comparing import (
    CRITERIA,
    MOST_FITS,
    Field,
    OfList,
    bits_of,
    chosen_model,
    criterion_of,
    faces,
    search,
)
from palermo.estimation.mse.existence import verdict
from palermo.estimation.mse.fitting import Fit
from palermo.estimation.mse.models import Model
from palermo.estimation.mse.replicates import Outcomes, room
from palermo.estimation.mse.stepwise import candidates
from palermo.estimation.mse.table import CaptureTable, Counts
from palermo.estimation.problems import BadOptions
from palermo.estimation.results import Caution, Level, Result
from palermo.saying import phrase

TOP = 10
REPLICATES = 1_000
CLOSE, APART = (
    2.0,
    1.2,
)  # models this close in BIC are equally good; estimates this far apart are not the same


@dataclass(frozen=True)
class Best:
    """The best of all models, as a `Selector` for replicates; `hints` only save time."""

    k: int
    terms: tuple[int, ...]
    criterion: str = "bic"
    hints: tuple[int, ...] = (0,)
    width: int = field(default=1, init=False)

    def block(self, tables: Counts) -> Outcomes:
        from palermo import compiling

        totals, chosen, status = room(len(tables), 1)
        compiling.of(bounding).best_block(
            self.k, tables.astype(np.float64), np.array(self.terms, np.int64), faces(self.terms),
            CRITERIA[self.criterion], np.array(self.hints, np.int64), MOST_FITS, totals, chosen, status,
        )  # fmt: skip
        return Outcomes(totals, chosen, status)

    def model(self, chosen: Counts) -> Model:
        return chosen_model(int(chosen[0]), self.k, self.terms)


class BestOfTop(OfList):
    """The best of a list of models: the shorter list of the 2024 paper."""

    kernel: ClassVar[str] = "best_of_list"


def choose(table: CaptureTable, options: Options, progress: Progress | None = None) -> tuple[Fit, Field]:
    """The best model fitted, and all that were compared. Suppressed counts are expected under the model chosen, to the
    nearest person, until the choice stays."""
    name = criterion_of(options)
    counts = np.rint(fitting.start_of_hidden(table))
    before: Model | None = None
    while True:
        compared = search(counts, table.k, options.order, name, threads=options.threads, progress=progress)
        best = compared.order[:1]
        model = compared.model(best[0]) if len(best) else models.independence(table.k)
        found = fitting.fit(table, model)
        if (
            not table.suppressed
            or not found.fine
            or model == before
            or np.array_equal(np.rint(found.counts), counts)
        ):
            return found, compared
        before, counts = model, np.rint(found.counts)


BELIEFS = (
    phrase(
        "No group of lists acts together beyond what the terms of the model say; the model was chosen because it "
        "explains the overlaps best for its size."
    ),
    phrase(
        "Everybody's chance to be on each list is the same, or what differs leaves no trace in the overlaps."
    ),
    phrase(
        "Nobody enters or leaves the population during the period, and people are matched between "
        "lists without error."
    ),
)


def estimate(table: CaptureTable, options: Options, *, progress: Progress | None = None) -> Result:
    """The best of all models with terms of up to `options.order` lists, and BCa from repeating the whole choice.

    `more`: "criterion" ("bic" or "aic"); "top": how many of the best models replicates choose from (all by default).
    """
    name, top = criterion_of(options), top_of(options)
    many = REPLICATES if options.bootstrap is None else options.bootstrap
    check(options, many)
    found, compared = choose(table, options, progress)
    selector = _selector(table.k, options, compared, name, top)
    result = answer(
        table, options, "bic", found, selector, many, beliefs=BELIEFS, chosen=True, progress=progress,
        settings={"order": options.order, "criterion": name, "top": top}, figures=figures(table, compared, name),
    )  # fmt: skip
    return result.with_cautions(*cautions(compared, name))


def top_of(options: Options) -> int | None:
    """How many of the best models replicates choose from; None for all. Raises BadOptions."""
    top = options.more.get("top")
    if top is None or top == "all":
        return None
    if not isinstance(top, int) or top < 1:
        raise BadOptions(phrase('"top" is a number of models, 1 or more, or "all"; {top} was given', top=top))
    return top


def _selector(k: int, options: Options, compared: Field, name: str, top: int | None) -> Best | BestOfTop:
    terms = candidates(k, options.order)
    ranked = compared.order
    if top is None or not len(ranked):
        best = tuple(bits_of(compared.model(place), terms) for place in ranked[:2])
        return Best(k, terms, name, (0, *best))
    chosen = np.sort(ranked[:top])  # in the order of the tree, so that fits start from one another
    return BestOfTop(k, terms, tuple(int(one) for one in compared.numbers[chosen]), name)


def figures(table: CaptureTable, compared: Field, name: str) -> dict[str, Any]:
    """The ten best models, how many were tried and left out, those that fit better but have no estimate."""
    weights = compared.weights
    return {
        "criterion": name,
        "top": [
            {
                "model": models.text(compared.model(place)), "estimate": float(compared.totals[place]),
                name: float(compared.values[place]), "weight": float(weights[place]),
            }
            for place in compared.order[:TOP]
        ],
        "models": {
            "tried": compared.tried, "with_estimate": int(np.isfinite(compared.values).sum()),
            "left_out": compared.left_out, "proved": compared.proved,
        },
        "barred": [_barred(table, compared.model(place)) for place in compared.barred[:3]],
    }  # fmt: skip


def _barred(table: CaptureTable, model: Model) -> dict[str, Any]:
    """A model that would be preferred if it had an estimate, and why it has none."""
    found = verdict(fitting.support(table), model, k=table.k)
    why = found.certificate.sentence(table.lists) if found.certificate else ""
    return {"model": models.text(model), "why": why}


def cautions(compared: Field, name: str) -> tuple[Caution, ...]:
    """What the comparison itself gives to say."""
    said = []
    near = np.flatnonzero(compared.values <= compared.values.min(initial=np.inf) + CLOSE)
    if len(near) > 1:
        low, high = float(compared.totals[near].min()), float(compared.totals[near].max())
        if high > APART * low:
            said.append(_close(len(near), low, high, name))
    if not compared.proved:
        said.append(UNPROVED)
    return tuple(said)


def _close(many: int, low: float, high: float, name: str) -> Caution:
    return Caution(
        "close_models", Level.CARE,
        phrase(
            "{many} models explain the data about equally well (within {close:.0f} of the best {criterion}), and "
            "their estimates go from {low:,.0f} to {high:,.0f}. The data do not choose between them: report the "
            "range, or the average of all models.",
            many=many, close=CLOSE, criterion=name.upper(), low=low, high=high,
        ), {"models": many, "lower": low, "upper": high},
    )  # fmt: skip


UNPROVED = Caution(
    "search_cut_short", Level.CARE,
    phrase(
        "There are too many models to compare them all, and the search ended before it was complete. A better "
        "model may exist; choose a lower order."
    ),
)  # fmt: skip

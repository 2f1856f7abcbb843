"""Comparing hierarchical models of one table: all of them one by one, or all that are near the best.

Up to five lists, and for pairs of six, every model is fitted (walking.py). Six lists with higher orders have millions
of models: leaps and bounds (bounding.py) finds the best of them all and every model within WINDOW of it.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse import bounding, fitting, kernels, listing, models, walking
from palermo.estimation.mse.enumerate import MOST_LISTS, Models, compact, expanded, hierarchical
from palermo.estimation.mse.existence import verdict
from palermo.estimation.mse.fitting import Floats
from palermo.estimation.mse.models import Model
from palermo.estimation.mse.replicates import Outcomes, room
from palermo.estimation.mse.stepwise import candidates
from palermo.estimation.mse.table import Counts
from palermo.estimation.problems import BadOptions
from palermo.saying import phrase

CRITERIA = {"bic": 0.0, "aic": 2.0}  # the price of a parameter; 0 stands for log(n)
PIECE = 2048  # models fitted in one go: fixed, so that threads change nothing
WINDOW = 10.0  # of the criterion, within which leaps and bounds keeps models
MOST_NEAR = 20_000
MOST_FITS = 2_000_000
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Field:
    """Models with their answers: `totals` is NaN and `values` (the criterion) infinite where there is no estimate.

    `tried` counts all models that were fitted or passed over with proof; `left_out` those without an estimate, by
    reason, where every model was fitted. `proved`: no model outside is better.
    """

    k: int
    numbers: Models
    totals: Floats
    values: Floats
    tried: int | None
    left_out: dict[str, int] | None = None
    barred: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    proved: bool = True

    @property
    def order(self) -> Ints:
        """Places of the models with an estimate, best first; among equals the one met first."""
        ranked = np.argsort(self.values, kind="stable")
        return ranked[: int(np.isfinite(self.values).sum())]

    @property
    def weights(self) -> Floats:
        """exp(-difference from the best / 2), of sum 1."""
        if not len(self.values) or not np.isfinite(self.values).any():
            return np.zeros(len(self.values))
        weight = np.exp(-(self.values - self.values.min()) / 2)
        return np.asarray(weight / weight.sum())

    def model(self, place: int) -> Model:
        return expanded(int(self.numbers[place]))


def criterion_of(options: Options) -> str:
    """ "bic" or "aic". Raises BadOptions for another."""
    name = str(options.more.get("criterion", "bic")).lower()
    if name not in CRITERIA:
        raise BadOptions(phrase('the criterion is "bic" or "aic"; "{name}" was given', name=name))
    return name


def all_models(k: int, order: int) -> bool:
    """Can every model be fitted one by one?"""
    return k < MOST_LISTS or (k == MOST_LISTS and order <= 2)


def search(
    counts: npt.NDArray[Any],
    k: int,
    order: int,
    criterion: str = "bic",
    *,
    threads: int = 1,
    progress: Progress | None = None,
) -> Field:
    """The models of these counts that matter: all of them, or those near the best where they are too many."""
    terms = candidates(k, order)
    people = np.asarray(counts, dtype=np.float64)
    if all_models(k, order):
        return _walked(people, k, order, terms, criterion, threads, progress)
    return bounded(people, k, terms, criterion)


def price(criterion: str, people: float) -> float:
    """What a parameter costs."""
    return CRITERIA[criterion] or math.log(people)


def _walked(
    counts: Floats, k: int, order: int, terms: tuple[int, ...], criterion: str, threads: int,
    progress: Progress | None,
) -> Field:  # fmt: skip
    """Every model, in pieces that threads may share."""
    from palermo import compiling

    numbers = hierarchical(k, order)
    higher = np.array(terms, np.int64)
    totals, heights = np.zeros(len(numbers)), np.zeros(len(numbers))
    status = np.zeros(len(numbers), np.int64)
    walk = compiling.of(walking).walk

    def piece(at: int) -> int:
        part = slice(at, at + PIECE)
        walk(k, counts, numbers[part], higher, totals[part], heights[part], status[part])
        return at

    starts = range(0, len(numbers), PIECE)
    with ThreadPoolExecutor(threads, thread_name_prefix="models") as pool:
        for at in pool.map(piece, starts) if threads > 1 else map(piece, starts):
            if progress:
                progress(0.2 * min(1.0, (at + PIECE) / len(numbers)), "models")
    _rescue(counts, k, numbers, totals, heights, status)
    sizes = np.bitwise_count(numbers).astype(np.float64)
    whole = sizes * price(criterion, counts.sum()) - 2 * (heights - fitting.log_factorials(np.rint(counts)))
    fine = status == kernels.CONVERGED
    values = np.where(fine, whole, np.inf)
    barred = np.flatnonzero((status == kernels.DIVERGES) & (whole < values.min(initial=np.inf)))
    out = {"not_identifiable": int((status == walking.BLIND).sum())}
    out["no_mle"] = int((~fine).sum()) - out["not_identifiable"]
    best_first = barred[np.argsort(whole[barred], kind="stable")]
    return Field(k, numbers, totals, values, len(numbers), out, best_first)


def _rescue(counts: Floats, k: int, numbers: Models, totals: Floats, heights: Floats, status: Counts) -> None:
    """Where the search for a maximum was stuck, the linear programme says whether there is one, and it is found."""
    for at in np.flatnonzero(status == kernels.STUCK):
        model = expanded(int(numbers[at]))
        if verdict(np.flatnonzero(counts).tolist(), model, k=k).fine:
            state = fitting.State.of(model, k)
            heights[at] = state.fit(counts)
            totals[at], status[at] = counts.sum() + state.work.mu[0], state.status


def faces(terms: tuple[int, ...]) -> Ints:
    """For each candidate the candidates that are its parts with one list less, as bits."""
    place = {term: i for i, term in enumerate(terms)}
    return np.array(
        [sum(1 << place[t & ~(1 << j)] for j in models.members(t) if t & ~(1 << j) in place) for t in terms],
        dtype=np.int64,
    )


def bounded(
    counts: Floats, k: int, terms: tuple[int, ...], criterion: str, *, hints: tuple[int, ...] = (0,),
    most_fits: int = MOST_FITS, window: float = WINDOW,
) -> Field:  # fmt: skip
    """The models within WINDOW of the best, by leaps and bounds (k at most 6, so that models fit a number)."""
    from palermo import compiling

    found = bounding.room_for(MOST_NEAR)
    observed = fitting.margins(counts, k)
    compiled_models = compiling.of(bounding).best_models
    _best, _fits, proved = compiled_models(
        k, observed, np.array(terms, np.int64), faces(terms), price(criterion, observed[0]),
        np.array(hints, np.int64), window, most_fits, bounding.Found(*found),
    )  # fmt: skip
    many = int(found.many[0])
    _sets, first = np.unique(found.chosen[:many], return_index=True)
    first.sort()
    values = found.criterion[first] + 2 * fitting.log_factorials(np.rint(counts))
    near = first[values <= values.min(initial=np.inf) + window]
    values = values[values <= values.min(initial=np.inf) + window]
    numbers = np.array([number_of(int(one), k, terms) for one in found.chosen[near]], np.uint64)
    full = many == MOST_NEAR
    return Field(k, numbers, found.totals[near], values, None, proved=proved and not full)


def number_of(chosen: int, k: int, terms: tuple[int, ...]) -> int:
    """The compact model of a set of candidates."""
    return compact(chosen_model(chosen, k, terms))


def chosen_model(chosen: int, k: int, terms: tuple[int, ...]) -> Model:
    """The model of a set of candidates."""
    return models.closure((term for c, term in enumerate(terms) if chosen >> c & 1), k)


def bits_of(model: Model, terms: tuple[int, ...]) -> int:
    """The set of candidates in a model."""
    return sum(1 << c for c, term in enumerate(terms) if term in model)


@dataclass(frozen=True)
class OfList:
    """A `Selector` over a list of models in the order of enumerate.py; `kernel` of listing.py is what is made of it."""

    k: int
    terms: tuple[int, ...]
    numbers: tuple[int, ...]
    criterion: str = "bic"
    width: int = field(default=1, init=False)
    kernel: ClassVar[str]

    def block(self, tables: Counts) -> Outcomes:
        from palermo import compiling

        totals, chosen, status = room(len(tables), 1)
        numbers = np.array(self.numbers, np.uint64)
        getattr(compiling.of(listing), self.kernel)(
            self.k, tables.astype(np.float64), numbers, np.array(self.terms, np.int64),
            np.bitwise_count(numbers).astype(np.float64), CRITERIA[self.criterion], totals, chosen, status,
        )  # fmt: skip
        return Outcomes(totals, chosen, status)

    def model(self, chosen: Counts) -> Model:
        return expanded(self.numbers[int(chosen[0])])

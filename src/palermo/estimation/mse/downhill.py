"""The best model by BIC (or AIC) for any number of lists: downhill from many starts, then a proof where it can be had.

A descent adds or removes one term as long as that lowers the criterion (descending.py). One descent from independent
lists, as R's MultipleSystemsEstimation 1.2 makes it, may end in a model whose neighbours are all worse although
better ones exist; so there are many starts. Where the candidates fit into 62 bits, leaps and bounds (bounding.py)
then looks for anything better, and with luck proves that there is nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse import bounding, comparing, descending, exhaustive, fitting, models, stepwise
from palermo.estimation.mse.answers import answer, check
from palermo.estimation.mse.comparing import CRITERIA, criterion_of, price
from palermo.estimation.mse.fitting import Fit
from palermo.estimation.mse.models import Model
from palermo.estimation.mse.replicates import Outcomes, room, stream
from palermo.estimation.mse.table import CaptureTable, Counts
from palermo.estimation.problems import BadOptions
from palermo.estimation.results import Caution, Level, Result
from palermo.saying import phrase

STARTS = 20  # descents: independence, the stepwise choice, all terms, and random models
STARTS_OF_MANY_LISTS = 5  # beyond twelve lists, where a descent takes seconds
WORD = 62
MOST_FITS = 100_000  # of one descent; never met in practice
WORK = 2e9  # cells x terms x fits that the proof may cost (some seconds)
SAME = 1e-6
Bits = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Descents:
    """Where descents from several starts ended: models as places of candidates, criterion (infinite: none), N."""

    ends: Bits
    values: npt.NDArray[np.float64]
    totals: npt.NDArray[np.float64]
    fits: int
    proved: bool = False
    improved: bool = False  # the proof found better than every descent

    @property
    def best(self) -> int:
        return int(np.argmin(self.values))

    @property
    def reached(self) -> int:
        """How many descents came to the best."""
        if not math.isfinite(self.values[self.best]):
            return 0
        return int((self.values <= self.values[self.best] + SAME).sum())


def parts(terms: tuple[int, ...], k: int) -> npt.NDArray[np.int64]:
    """For each candidate the places of its parts with one list less; -1 where a part is a single list."""
    place = {term: c for c, term in enumerate(terms)}
    return np.array(
        [[place.get(t & ~(1 << j), -1) if t >> j & 1 else -1 for j in range(k)] for t in terms],
        dtype=np.int64,
    ).reshape(len(terms), k)


def starts_of(counts: npt.NDArray[Any], k: int, terms: tuple[int, ...], options: Options, many: int) -> Bits:
    """Independence, the stepwise choice, all terms, then random models of pairs, sparse ones and dense ones."""
    starts = np.zeros((many, len(terms)), bool)
    chosen = set(stepwise._chosen_terms(counts, stepwise.Stepwise.of(k, options)))
    starts[1:2] = [term in chosen for term in terms]
    starts[2:3] = True
    pairs = np.array([term.bit_count() == 2 for term in terms])
    for s in range(3, many):
        chance = stream(options.seed, 2**63 + s)  # streams that no replicate uses
        starts[s] = pairs & (chance.random(len(terms)) < chance.uniform(0.05, 0.6))
    return starts


def descents(counts: npt.NDArray[Any], k: int, options: Options, many: int) -> Descents:
    """Down from every start, then the proof."""
    from palermo import compiling

    terms = stepwise.candidates(k, options.order)
    starts = starts_of(counts, k, terms, options, many)
    ends, fits = np.zeros_like(starts), np.zeros(many, np.int64)
    values, totals = np.zeros(many), np.zeros(many)
    observed = fitting.margins(counts, k)
    each = price(criterion_of(options), float(observed[0]))
    compiling.of(descending).descend_all(
        k,
        observed,
        np.array(terms, np.int64),
        parts(terms, k),
        each,
        MOST_FITS,
        starts,
        ends,
        values,
        totals,
        fits,
    )
    constant = 2 * fitting.log_factorials(np.rint(counts))
    found = Descents(ends, values + constant, totals, int(fits.sum()))
    return _proof(observed, k, terms, each, found, constant)


def _proof(
    observed: npt.NDArray[np.float64], k: int, terms: tuple[int, ...], each: float, found: Descents, constant: float
) -> Descents:  # fmt: skip
    """Leaps and bounds from the best end, as far as the candidates fit and the work allows."""
    from palermo import compiling

    if not 0 < len(terms) <= bounding.MOST_CANDIDATES:
        return found
    hint = sum(1 << c for c in np.flatnonzero(found.ends[found.best]).tolist())
    place = bounding.room_for(1)
    allowed = int(WORK / ((1 << k) * k + len(terms) ** 3))
    value, fits, proved = compiling.of(bounding).best_models(
        k, observed, np.array(terms, np.int64), comparing.faces(terms), each, np.array([0, hint], np.int64), 0.0,
        allowed, bounding.Found(*place),
    )  # fmt: skip
    better = bool(value + constant < found.values[found.best] - SAME)
    found = replace(found, fits=found.fits + int(fits), proved=bool(proved), improved=better)
    if not better:
        return found
    ends, values, totals = found.ends.copy(), found.values.copy(), found.totals.copy()
    at = found.best
    ends[at] = [int(place.chosen[0]) >> c & 1 for c in range(len(terms))]
    values[at], totals[at] = value + constant, place.totals[0]
    return replace(found, ends=ends, values=values, totals=totals)


@dataclass(frozen=True)
class Downhill:
    """Descents from a few starts, as a `Selector` for replicates."""

    k: int
    terms: tuple[int, ...]
    starts: tuple[tuple[bool, ...], ...]
    criterion: str = "bic"
    width: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "width", max(1, math.ceil(len(self.terms) / WORD)))

    def block(self, tables: Counts) -> Outcomes:
        from palermo import compiling

        totals, chosen, status = room(len(tables), self.width)
        compiling.of(descending).descend_block(
            self.k, tables.astype(np.float64), np.array(self.terms, np.int64), parts(self.terms, self.k),
            CRITERIA[self.criterion], MOST_FITS, np.array(self.starts, bool), totals, chosen, status,
        )  # fmt: skip
        return Outcomes(totals, chosen, status)

    def model(self, chosen: Counts) -> Model:
        words = [int(word) for word in chosen]
        return models.closure(
            (term for c, term in enumerate(self.terms) if words[c // WORD] >> (c % WORD) & 1), self.k
        )


def choose(table: CaptureTable, options: Options, many: int) -> tuple[Fit, Descents]:
    """The best model fitted, with all descents. Suppressed counts are expected under it until the choice stays."""
    terms = stepwise.candidates(table.k, options.order)
    counts, before = np.rint(fitting.start_of_hidden(table)), None
    while True:
        found = descents(counts, table.k, options, many)
        model = models.closure(
            (t for t, held in zip(terms, found.ends[found.best], strict=True) if held), table.k
        )
        fitted = fitting.fit(table, model)
        if not table.suppressed or not fitted.fine or model == before:
            return fitted, found
        before, counts = model, np.rint(fitted.counts)


BELIEFS = exhaustive.BELIEFS


def estimate(table: CaptureTable, options: Options, *, progress: Progress | None = None) -> Result:
    """The best model found from many starts, and BCa: every replicate goes down from this model and from independence.

    `more`: "criterion" ("bic" or "aic"), "starts" (number of descents).
    """
    name, many_starts = criterion_of(options), starts_wanted(table.k, options)
    many = replicates_for(table.k) if options.bootstrap is None else options.bootstrap
    check(options, many)
    fitted, found = choose(table, options, many_starts)
    if progress:
        progress(0.1, "models")
    terms = stepwise.candidates(table.k, options.order)
    kept = tuple(bool(one) for one in found.ends[found.best])
    selector = Downhill(table.k, terms, (kept, (False,) * len(terms)), name)
    result = answer(
        table, options, "downhill", fitted, selector, many, beliefs=BELIEFS, chosen=True, progress=progress,
        settings={"order": options.order, "criterion": name, "starts": many_starts},
        figures=figures(table.k, terms, found, name),
    )  # fmt: skip
    return result if found.proved or not fitted.fine else result.with_cautions(unproved(found))


def starts_wanted(k: int, options: Options) -> int:
    """The number of descents. Raises BadOptions."""
    many = options.more.get("starts", STARTS if k <= 12 else STARTS_OF_MANY_LISTS)
    if not isinstance(many, int) or not 1 <= many <= 1_000:
        raise BadOptions(phrase('"starts" is a number from 1 to 1,000; {many} was given', many=many))
    return many


def replicates_for(k: int) -> int:
    """Replicates when nobody says how many; beyond ten lists a replicate takes seconds, and there are none."""
    if k <= 8:
        return 1_000
    return 200 if k <= 10 else 0


def figures(k: int, terms: tuple[int, ...], found: Descents, name: str) -> dict[str, Any]:
    """Where descents ended (each end once, best first), how many reached the best, whether it is proved to be best."""
    seen: dict[str, dict[str, Any]] = {}
    for s in np.argsort(found.values, kind="stable").tolist():
        if math.isfinite(found.values[s]):
            model = models.closure((t for t, held in zip(terms, found.ends[s], strict=True) if held), k)
            value, estimate = float(found.values[s]), float(found.totals[s])
            entry = {"model": models.text(model), "estimate": estimate, name: value, "descents": 0}
            seen.setdefault(models.text(model), entry)["descents"] += 1
    return {
        "criterion": name, "starts": len(found.values), "reached": found.reached, "fits": found.fits,
        "proved": found.proved, "improved_by_proof": found.improved, "top": list(seen.values())[: exhaustive.TOP],
    }  # fmt: skip


def unproved(found: Descents) -> Caution:
    """Nothing better was found, which is no proof."""
    return Caution(
        "best_not_proved", Level.NOTE,
        phrase(
            "{reached} of {searches} searches ended in this model. That nothing better exists is not proved: "
            "there are too many models to rule all of them out.",
            reached=found.reached, searches=len(found.values),
        ),
        {"reached": found.reached, "starts": len(found.values)},
    )  # fmt: skip

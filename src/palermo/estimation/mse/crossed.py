"""One log-linear model of lists and dimensions together: log mu_{s,w} for stratum s and history w.

    log mu_{s,w} = theta_s + sum_{j in w} (lambda_j + sum_d lambda_{j,d(s)}) + sum_{i,j in w} (beta_ij + beta_{ij,d(s)})

theta_s is free for each stratum, so that the people never seen there are exp(theta_s); list effects may depend on
sex, age, year, ...; pairs of lists may depend on each other, and differently by dimension. So the UNODC studies
estimate (van der Heijden, Cruyff, Smit and others 2012, JRSS-A 175:769; Cruyff, van Dijk and van der Heijden 2017,
Crime & Delinquency 63:1745). Terms are chosen by BIC. A list that did not operate has no cells there (structural).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse.glm import Fit, Numbers, fit_poisson, has_maximum
from palermo.estimation.mse.replicates import stream
from palermo.estimation.mse.strata import StratifiedTable
from palermo.estimation.mse.totals import summed
from palermo.estimation.problems import BadOptions
from palermo.estimation.results import Caution, Level, Result

Flags = npt.NDArray[np.bool_]
Term = tuple[int, ...]  # lists (one or two), then the dimension as -1 - d where it depends on one
REPLICATES = 200
SETTLED = 1e-4  # people; EM stops when no cell moves more
ASSUMPTIONS = (
    "Lists depend on each other only through the pairs in the model and through the dimensions; no dependence among "
    "three lists hides in what was never seen.",
    "Nobody belongs to two strata or moves between them.",
)


@dataclass(frozen=True)
class Crossed:
    """A fitted model. `unseen` by stratum (NaN where the lists there cannot tell), `expected` also by history."""

    terms: tuple[Term, ...]
    unseen: Numbers
    expected: Numbers
    observed: Numbers
    bic: float
    parameters: int
    deviance: float
    exists: bool


def estimate(data: StratifiedTable, options: Options, *, progress: Progress | None = None) -> Result:
    """The total over strata under the model of least BIC.

    `more`: "terms" fixes the model, in words such as "A*B", "A*sex", "A*B*sex" after the names of lists and
    dimensions; "reselect" = True repeats the choice in every replicate of the bootstrap (slow, and more honest).
    """
    wanted = options.more.get("terms")
    terms = select(data) if wanted is None else tuple(read(data, str(one)) for one in wanted)
    if progress:
        progress(0.2, "the model is chosen")
    found = fit_terms(data, terms)
    replicates = REPLICATES if options.bootstrap is None else options.bootstrap
    again = bool(options.more.get("reselect", False))
    draws = _draws(data, found, replicates, options.seed, again, progress) if found.exists else None
    values = found.observed + found.unseen
    cautions = []
    if not found.exists:
        values = np.full(len(values), np.nan)
        cautions.append(Caution(
            "no_mle", Level.HARD,
            "The chosen model has no finite maximum of its likelihood on these strata; join strata or drop terms.",
        ))  # fmt: skip
    if not again and wanted is None and draws is not None:
        cautions.append(Caution(
            "model_held", Level.NOTE,
            "The interval takes the chosen terms as given; it is wider when the choice is repeated in every replicate.",
        ))  # fmt: skip
    return summed(
        data, found.observed, values, draws, method="strata", options=options, kind="percentile",
        settings={"how": "crossed", "bootstrap": replicates, "reselect": again, "terms": list(wanted or [])},
        assumptions=ASSUMPTIONS,
        diagnostics={"bic": found.bic, "deviance": found.deviance, "parameters": found.parameters},
        cautions=cautions, model=", ".join(written(data, one) for one in found.terms),
    )  # fmt: skip


def read(data: StratifiedTable, text: str) -> Term:
    """A term from its names: "A*B*sex"."""
    lists, dims = [], []
    for part in text.split("*"):
        if part in data.lists:
            lists.append(data.lists.index(part))
        elif part in data.dimensions:
            dims.append(-1 - data.dimensions.index(part))
        else:
            raise BadOptions(f'"{part}" is neither a list nor a dimension')
    if not 1 <= len(lists) <= 2 or len(dims) > 1 or (len(lists) == 1 and not dims):
        raise BadOptions(f'"{text}": a term names two lists, or one or two lists and one dimension')
    return (*sorted(lists), *dims)


def written(data: StratifiedTable, term: Term) -> str:
    return "*".join(data.lists[one] if one >= 0 else data.dimensions[-1 - one] for one in term)


class _Cells:
    """The possible cells of all strata where somebody was seen, as rows, and the columns of terms over them."""

    def __init__(self, data: StratifiedTable, counts: Numbers) -> None:
        self.data, self.total = data, counts
        some = counts.sum(axis=1) > 0
        for s, _mask in data.suppressed:
            some[s] = True
        self.live = np.flatnonzero(some)
        self.at = np.argwhere(data.possible & some[:, None])
        self.counts = counts[self.at[:, 0], self.at[:, 1]]
        place = {(int(s), int(mask)): row for row, (s, mask) in enumerate(self.at)}
        self.hidden = {place[cell]: ends for cell, ends in data.suppressed.items()}
        self.bits = ((self.at[:, 1][:, None] >> np.arange(data.k)) & 1).astype(float)
        codes = []
        for d in range(len(data.dimensions)):
            levels = [key[d] for key in data.keys]
            size = {one: counts[[v == one for v in levels]].sum() for one in sorted(set(levels))}
            order = sorted(size, key=lambda one: -size[one])  # the largest level is the reference
            codes.append([order.index(one) for one in levels])
        self.codes = np.array(codes, dtype=int).reshape(len(data.dimensions), len(data.keys))
        self.base = np.column_stack([self.at[:, 0][:, None] == self.live[None, :], self.bits]).astype(float)
        self.block: dict[Term, Numbers] = {}

    def columns(self, term: Term) -> Numbers:
        """The columns of one term; those that are 0 in every cell are left out."""
        if term not in self.block:
            lists = [one for one in term if one >= 0]
            both = self.bits[:, lists].prod(axis=1)
            if term[-1] >= 0:
                found = both[:, None]
            else:
                code = self.codes[-1 - term[-1]][self.at[:, 0]]
                found = both[:, None] * (code[:, None] == np.arange(1, self.codes[-1 - term[-1]].max() + 1))
            self.block[term] = found[:, found.any(axis=0)]
        return self.block[term]

    def design(self, terms: Sequence[Term]) -> Numbers:
        return np.column_stack([self.base, *(self.columns(term) for term in terms)])


def _extended(design: Numbers, counts: Numbers, hidden: dict[int, tuple[int, int]]) -> tuple[Flags, Flags]:
    """Rows and columns that stay when effects with nobody in them go to minus infinity (extended likelihood)."""
    rows, columns = np.ones(len(counts), dtype=bool), np.ones(design.shape[1], dtype=bool)
    shown = counts.copy()
    shown[list(hidden)] = np.maximum(shown[list(hidden)], 0.5)
    while True:
        empty = columns & (design[rows].T @ shown[rows] == 0)
        if not empty.any():
            return rows, columns
        rows &= ~(design[:, empty] > 0).any(axis=1)
        columns &= ~empty


def _fit(
    cells: _Cells, terms: Sequence[Term], start: Numbers | None = None
) -> tuple[Fit, Flags, Flags, Numbers]:
    """The fit on the rows and columns that stay, with those rows, columns and the reduced design."""
    design = cells.design(terms)
    rows, columns = _extended(design, cells.counts, cells.hidden)
    place = np.cumsum(rows) - 1
    hidden = {int(place[row]): ends for row, ends in cells.hidden.items() if rows[row]}
    reduced = design[np.ix_(rows, columns)]
    # A column that the others make up (a level that two dimensions share) carries nothing: leave it at 0.
    own = np.abs(np.diag(np.linalg.qr(reduced, mode="r"))) > 1e-8
    if own.size == reduced.shape[1] and not own.all():
        columns[np.flatnonzero(columns)[~own]] = False
        reduced = reduced[:, own]
    if start is not None and len(start) != reduced.shape[1]:
        start = None
    fit = fit_poisson(reduced, cells.counts[rows], intervals=hidden, start=start)
    return fit, rows, columns, reduced


def _bic(fit: Fit, design_columns: int, people: float) -> float:
    return design_columns * math.log(people) - 2 * fit.loglik


def select(data: StratifiedTable) -> tuple[Term, ...]:
    """Terms by BIC: the best candidate by its score test is fitted and kept while BIC falls, then any whose loss
    lowers BIC goes. A pair by dimension needs the pair, and both lists by that dimension."""
    cells = _Cells(data, data.completed())
    people = cells.counts.sum()
    terms: list[Term] = []
    fit, rows, _columns, reduced = _fit(cells, terms)
    best = _bic(fit, cells.design(terms).shape[1], people)
    refused: set[Term] = set()
    while True:
        ranked = [(gain, term) for term in _candidates(data, terms) if term not in refused
                  for gain in [_score(cells, fit, rows, reduced, term, people)] if gain > 0]  # fmt: skip
        if not ranked:
            break
        term = max(ranked)[1]
        tried = _fit(cells, [*terms, term])
        bic = _bic(tried[0], cells.design([*terms, term]).shape[1], people)
        if bic < best and tried[0].converged and _able(tried[3], len(cells.live)):
            terms.append(term)
            best, (fit, rows, _columns, reduced) = bic, tried
        else:
            refused.add(term)
    return tuple(_without(cells, terms, best, people))


def _candidates(data: StratifiedTable, terms: Sequence[Term]) -> list[Term]:
    dims = [-1 - d for d in range(len(data.dimensions)) if len({key[d] for key in data.keys}) > 1]
    found: list[Term] = [(j, d) for j in range(data.k) for d in dims]
    pairs = list(combinations(range(data.k), 2)) if data.k > 2 else []
    found += pairs
    found += [
        (i, j, d) for i, j in pairs for d in dims if {(i, j), (i, d), (j, d)} <= set(terms)
    ]  # fmt: skip
    return [term for term in found if term not in terms]


def _score(cells: _Cells, fit: Fit, rows: Flags, reduced: Numbers, term: Term, people: float) -> float:
    """The fall of BIC that a score test promises: g' V^-1 g - q log n."""
    new = cells.columns(term)[rows]
    if not new.size:
        return 0.0
    gradient = new.T @ (fit.counts - fit.fitted)
    weighted = new * fit.fitted[:, None]
    cross = weighted.T @ reduced
    inner = weighted.T @ new - cross @ fit.covariance @ cross.T
    if np.linalg.cond(inner) > 1e10:
        return 0.0
    return float(gradient @ np.linalg.solve(inner, gradient) - new.shape[1] * math.log(people))


def _able(design: Numbers, strata: int) -> bool:
    return bool(_known(design, strata).all())


def _known(design: Numbers, strata: int) -> Flags:
    """Which theta_s the cells determine: those with no part in the null space of the design."""
    _left, sizes, right = np.linalg.svd(design, full_matrices=True)
    free = right[int((sizes > 1e-9 * sizes.max()).sum()) :]
    found: Flags = np.abs(free[:, :strata]).max(axis=0, initial=0.0) < 1e-8
    return found


def _without(cells: _Cells, terms: list[Term], best: float, people: float) -> list[Term]:
    """Terms that no other needs and whose loss lowers BIC are taken out, one at a time."""
    while True:
        loose = [one for one in terms if not any(set(one) < set(other) for other in terms if len(other) == 3)]
        tried = []
        for one in loose:
            rest = [other for other in terms if other != one]
            fit = _fit(cells, rest)[0]
            tried.append((_bic(fit, cells.design(rest).shape[1], people), rest))
        if not tried or min(tried)[0] >= best:
            return terms
        best, terms = min(tried)


def fit_terms(data: StratifiedTable, terms: Sequence[Term]) -> Crossed:
    """The model with these terms; people who lack a value are shared out by EM under the model itself."""
    cells = _Cells(data, data.completed())
    fit, rows, columns, reduced = _fit(cells, terms)
    expected = _expected(data, cells, fit, rows)
    for _round in range(100 if data.partial else 0):
        counts = data.completed(expected)
        if np.abs(counts - cells.total).max() < SETTLED:
            break
        cells = _Cells(data, counts)
        fit, rows, columns, reduced = _fit(cells, terms, fit.coef)
        expected = _expected(data, cells, fit, rows)
    unseen = np.zeros(len(data.keys))
    kept = columns[: len(cells.live)]
    unseen[cells.live[kept]] = np.exp(np.minimum(fit.coef[: kept.sum()], 700.0))
    known = _known(reduced, int(kept.sum()))
    unseen[cells.live[kept][~known]] = np.nan
    observed = np.zeros(len(data.keys))
    np.add.at(observed, cells.at[rows, 0], fit.counts)
    size = cells.design(terms).shape[1]
    return Crossed(
        tuple(terms), unseen, expected, observed, _bic(fit, size, observed.sum()), size, fit.deviance,
        fit.converged and has_maximum(reduced, fit.counts),
    )  # fmt: skip


def _expected(data: StratifiedTable, cells: _Cells, fit: Fit, rows: Flags) -> Numbers:
    found = np.zeros(data.counts.shape)
    at = cells.at[rows]
    found[at[:, 0], at[:, 1]] = fit.fitted
    return found


def _draws(
    data: StratifiedTable, found: Crossed, replicates: int, seed: int, again: bool, progress: Progress | None
) -> Numbers | None:
    """Parametric bootstrap of all strata together: round(N_s) people fall into the cells as the model expects."""
    if not replicates:
        return None
    draws = np.zeros((replicates, len(data.keys)))
    for number in range(replicates):
        sample = redrawn(data, found.expected, found.unseen, stream(seed, number))
        fitted = fit_terms(sample, select(sample) if again else found.terms)
        draws[number] = fitted.observed + fitted.unseen if fitted.exists else np.nan
        if progress and number % 20 == 19:
            progress(0.2 + 0.8 * (number + 1) / replicates, "the strata are drawn anew")
    draws[:, ~np.isfinite(found.unseen)] = 0.0
    return draws


def redrawn(
    data: StratifiedTable, expected: Numbers, unseen: Numbers, generator: np.random.Generator
) -> StratifiedTable:
    """A table as the model would have it, with as large a share of people lacking values as there was."""
    counts = np.zeros_like(data.counts)
    for s in range(len(data.keys)):
        shares = expected[s].copy()
        shares[0] = unseen[s] if math.isfinite(unseen[s]) else 0.0
        if shares.sum() > 0:
            counts[s] = generator.multinomial(round(shares.sum()), shares / shares.sum())
    counts[:, 0] = 0
    if not data.partial:
        return replace(data, counts=counts, suppressed={}, cautions=())
    out = data.shares(expected)
    whole = data.counts + out.sum(axis=0)
    partial = []
    left = counts.copy()
    for row, (key, _people) in enumerate(data.partial):
        rest = np.maximum(whole - out[:row].sum(axis=0), 1e-300)
        lacking = generator.binomial(left, np.clip(out[row] / rest, 0.0, 1.0))
        left = left - lacking
        partial.append((key, lacking.sum(axis=0)))
    return replace(data, counts=left, partial=tuple(partial), suppressed={}, cautions=())

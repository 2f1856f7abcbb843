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

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse.crossing import CellFit, Cells, Term, fit_cells, score
from palermo.estimation.mse.glm import Numbers
from palermo.estimation.mse.replicates import stream
from palermo.estimation.mse.strata import StratifiedTable
from palermo.estimation.mse.totals import summed
from palermo.estimation.problems import BadOptions
from palermo.estimation.results import Caution, Level, Result
from palermo.saying import phrase

REPLICATES = 200
SETTLED = 1e-4  # people; EM stops when no cell moves more
ASSUMPTIONS = (
    phrase(
        "Lists depend on each other only through the pairs in the model and through the dimensions; no dependence "
        "among three lists hides in what was never seen."
    ),
    phrase("Nobody belongs to two strata or moves between them."),
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
    dimensions; "reselect" = False holds the chosen terms in the bootstrap (faster, and its range too short), where
    otherwise every replicate chooses anew.
    """
    wanted = options.more.get("terms")
    terms = select(data) if wanted is None else tuple(read(data, str(one)) for one in wanted)
    if progress:
        progress(0.2, "the model is chosen")
    found = fit_terms(data, terms)
    replicates = REPLICATES if options.bootstrap is None else options.bootstrap
    again = wanted is None and bool(options.more.get("reselect", True))
    draws = _draws(data, found, replicates, options.seed, again, progress) if found.exists else None
    values = found.observed + found.unseen
    cautions = []
    if not found.exists:
        values = np.full(len(values), np.nan)
        cautions.append(Caution(
            "no_mle", Level.HARD,
            phrase(
                "The chosen model has no finite maximum of its likelihood on these strata; join strata or drop "
                "terms."
            ),
        ))  # fmt: skip
    if not again and wanted is None and draws is not None:
        cautions.append(Caution(
            "model_held", Level.CARE,
            phrase(
                "The interval takes the chosen terms as given; it is wider when the choice is repeated in every "
                "replicate."
            ),
        ))  # fmt: skip
    return summed(
        data, found.observed, values, draws, method="crossed", options=options, kind="percentile",
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
            raise BadOptions(phrase('"{part}" is neither a list nor a dimension', part=part))
    if not 1 <= len(lists) <= 2 or len(dims) > 1 or (len(lists) == 1 and not dims):
        raise BadOptions(
            phrase('"{text}": a term names two lists, or one or two lists and one dimension', text=text)
        )
    return (*sorted(lists), *dims)


def written(data: StratifiedTable, term: Term) -> str:
    return "*".join(data.lists[one] if one >= 0 else data.dimensions[-1 - one] for one in term)


def select(data: StratifiedTable) -> tuple[Term, ...]:
    """Terms by BIC: the best candidate by its score test is fitted and kept while BIC falls, then any whose loss
    lowers BIC goes. A pair by dimension needs the pair, and both lists by that dimension."""
    cells = Cells(data, data.completed())
    terms: list[Term] = []
    current = fit_cells(cells, terms)
    refused: set[Term] = set()
    while True:
        ranked = [
            (score(cells, current, term), term) for term in _candidates(data, terms) if term not in refused
        ]
        if not ranked or max(ranked)[0] <= 0:
            break
        term = max(ranked)[1]
        tried = fit_cells(cells, [*terms, term])
        if tried.bic < current.bic and tried.fit.converged and tried.known.all():
            terms.append(term)
            current = tried
        else:
            refused.add(term)
    return tuple(_without(cells, terms, current.bic))


def _candidates(data: StratifiedTable, terms: Sequence[Term]) -> list[Term]:
    dims = [-1 - d for d in range(len(data.dimensions)) if len({key[d] for key in data.keys}) > 1]
    found: list[Term] = [(j, d) for j in range(data.k) for d in dims]
    pairs = list(combinations(range(data.k), 2)) if data.k > 2 else []
    found += pairs
    found += [
        (i, j, d) for i, j in pairs for d in dims if {(i, j), (i, d), (j, d)} <= set(terms)
    ]  # fmt: skip
    return [term for term in found if term not in terms]


def _without(cells: Cells, terms: list[Term], best: float) -> list[Term]:
    """Terms that no other needs and whose loss lowers BIC are taken out, one at a time."""
    while True:
        loose = [one for one in terms if not any(set(one) < set(other) for other in terms if len(other) == 3)]
        rests = [[other for other in terms if other != one] for one in loose]
        tried = [(fit_cells(cells, rest).bic, rest) for rest in rests]
        if not tried or min(tried)[0] >= best:
            return terms
        best, terms = min(tried)


def fit_terms(data: StratifiedTable, terms: Sequence[Term]) -> Crossed:
    """The model with these terms; people who lack a value are shared out by EM under the model itself."""
    cells = Cells(data, data.completed())
    found = fit_cells(cells, terms)
    expected = _expected(data, cells, found)
    for _round in range(100 if data.partial else 0):
        counts = data.completed(expected)
        if np.abs(counts - cells.total).max() < SETTLED:
            break
        cells = cells.recounted(counts)
        found = fit_cells(cells, terms, found.fit.coef)
        expected = _expected(data, cells, found)
    unseen = np.zeros(len(data.keys))
    unseen[cells.live] = np.where(found.known, np.exp(np.minimum(found.theta, 700.0)), np.nan)
    observed = np.zeros(len(data.keys))
    observed[cells.live] = np.bincount(found.owner, weights=found.fit.counts, minlength=len(cells.live))
    return Crossed(
        tuple(terms),
        unseen,
        expected,
        observed,
        found.bic,
        found.parameters,
        found.fit.deviance,
        found.exists(),
    )


def _expected(data: StratifiedTable, cells: Cells, found: CellFit) -> Numbers:
    expected = np.zeros(data.counts.shape)
    at = cells.at[found.rows]
    expected[at[:, 0], at[:, 1]] = found.fit.fitted
    return expected


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

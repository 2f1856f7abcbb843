"""A method as a function of counts alone: the same estimator on many variants of one table, without intervals.

Methods that the compiled engine knows (stepwise, independent lists) take microseconds a table; any other is run through
the register of estimators.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from palermo.estimation.estimators import MSE, Options, mse
from palermo.estimation.mse import fitting, models
from palermo.estimation.mse.replicates import BLOCK, Floats, Selector
from palermo.estimation.mse.stepwise import Fixed, Stepwise
from palermo.estimation.mse.table import LEAST_LISTS, CaptureTable, Counts
from palermo.estimation.problems import EstimationError

ENGINE = {"main", "stepwise"}
SLOW = {"latent", "hierarchical", "closedp"}  # chains, or a dozen models: seconds for one answer
MANY_LISTS = 12


def fitting_method(name: str, k: int) -> str:
    """The method for a table with fewer lists: where there are too few for it, independent lists."""
    return name if MSE[name].least <= k <= MSE[name].most else "main"


def allowed(options: Options, k: int) -> Options:
    """The options without replicates and with no higher interaction than k lists have."""
    return replace(options, order=min(options.order, max(k - 1, 1)), bootstrap=0)


def selector(name: str, k: int, options: Options) -> Selector | None:
    """The method in the compiled engine, None where the engine does not have it."""
    name = fitting_method(name, k)
    if name == "main":
        return Fixed(k, models.independence(k))
    return Stepwise.of(k, allowed(options, k)) if name == "stepwise" else None


def total(table: CaptureTable, name: str, options: Options) -> float | None:
    """N by the method, None where it has no answer for this table."""
    found = float(totals([table], name, options)[0])
    return None if np.isnan(found) else found


def totals(tables: Sequence[CaptureTable], name: str, options: Options) -> Floats:
    """N by the method for tables that may differ in their lists; NaN where there is no answer."""
    return np.array([_total(table, name, options) for table in tables], dtype=np.float64)


def draws(usual: int, name: str, k: int) -> int:
    """How many of the usual number of drawn tables a method can be asked: a quarter where tables are large, a sixteenth
    outside the compiled engine, none where one answer takes long."""
    name = fitting_method(name, k)
    if name in SLOW:
        return 0
    return usual // (1 if name in ENGINE else 16) // (1 if k <= MANY_LISTS else 4)


def totals_of_counts(counts: Counts, lists: Sequence[str], name: str, options: Options) -> Floats:
    """N by the method for every row of counts by history; NaN where there is no answer."""
    engine = selector(name, len(lists), options)
    if engine is None:
        return totals([CaptureTable(tuple(lists), row) for row in counts], name, options)
    return through(engine, counts)


def through(engine: Selector, counts: Counts) -> Floats:
    """N for every row of counts, block by block; a row that counts nobody has no answer."""
    found = np.full(len(counts), np.nan)
    some = np.flatnonzero(counts.sum(axis=1))
    for start in range(0, len(some), BLOCK):
        rows = some[start : start + BLOCK]
        outcomes = engine.block(np.ascontiguousarray(counts[rows]))
        found[rows] = np.where(outcomes.status == 0, outcomes.totals, np.nan)
    return found


def completed(table: CaptureTable) -> CaptureTable:
    """The table with suppressed counts at what independent lists expect between their ends, to the nearest person.

    For checks that count people again: they need one count for each history.
    """
    if not table.suppressed:
        return table
    found = fitting.fit(table, models.independence(table.k))
    counts = found.counts if found.fine else fitting.start_of_hidden(table)
    return CaptureTable(table.lists, np.rint(counts).astype(np.int64), {}, table.cautions)


def _total(table: CaptureTable, name: str, options: Options) -> float:
    if table.k < LEAST_LISTS or not table.n:
        return float("nan")
    engine = selector(name, table.k, options)
    if engine is not None:
        return float(through(engine, table.counts[None, :])[0])
    try:
        value = mse(fitting_method(name, table.k)).estimate(table, allowed(options, table.k)).value
    except EstimationError:
        return float("nan")
    return float("nan") if value is None else value

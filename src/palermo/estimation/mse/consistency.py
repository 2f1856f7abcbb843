"""Internal consistency: the method asked for numbers that are known.

People on list j are a population whose size is known; the other lists see some of them. Binette and Steorts, Journal of
the Royal Statistical Society A 185 (2022) 640-676.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np

from palermo.estimation.estimators import Options
from palermo.estimation.mse import models
from palermo.estimation.mse.findings import OTHER_STREAMS, Check
from palermo.estimation.mse.refitting import completed, draws, through, total, totals_of_counts
from palermo.estimation.mse.replicates import Floats, stream
from palermo.estimation.mse.stepwise import Fixed
from palermo.estimation.mse.table import LEAST_LISTS, CaptureTable
from palermo.estimation.results import Caution, Level
from palermo.saying import phrase

BEYOND = 1e12  # people: a prediction from hardly any overlap
PREDICTIONS = 400
MISSED = 1.3  # a prediction off by less than this factor is no matter
SURE = 0.01
SHARED_PEOPLE = (
    1.25  # people on several lists are predicted several times: sums spread more than apart (simulated)
)


def internal_consistency(table: CaptureTable, method: str, options: Options, *, model: str = "") -> Check:
    """People on list j are a population of known size n_j: predict it from the other lists among them.

    Under a log-linear model the others follow, given list j, the model without j (every term t becomes t without j), so
    that with `model` exactly this is fitted; else the method itself is run. The range is a parametric bootstrap with
    n_j fixed. Rows: list, known, seen by others, predicted, relative error, lower, upper, missed; the last row, list
    None, is all predictions together (people on several lists count in each).
    """
    table = completed(table)
    if table.k <= LEAST_LISTS:
        return Check("internal_consistency")
    found = [_predicted(table, j, method, options, model) for j in range(table.k)]
    rows = [row for row, _draws in found]
    told = [(row, draws) for row, draws in found if draws is not None]
    if len(told) > 1:
        rows.append(_together([row for row, _ in told], sum(draws for _, draws in told if draws is not None)))
    return Check("internal_consistency", tuple(rows), tuple(_misses(rows)))


def _together(rows: Sequence[Mapping[str, Any]], draws: Any) -> dict[str, Any]:
    """All predictions added up: a method that misses every list a little in the same direction is found out."""
    known, seen = sum(row["known"] for row in rows), sum(row["seen"] for row in rows)
    row = {"list": None, "known": known, "seen": seen}
    return row | _judged(known, sum(row["predicted"] for row in rows), draws, len(rows) + 1, SHARED_PEOPLE)


def _judged(known: int, found: float, draws: Floats, asked: int, wider: float = 1.0) -> dict[str, Any]:
    """A prediction with its 95 % range; missed where it is off by a factor and by more than chance at 1 % for all
    `asked` lists together (Bonferroni, on the logarithm)."""
    low, high = (float(one) for one in np.quantile(draws, [0.025, 0.975]))
    away, spread = abs(math.log(found / known)), wider * float(np.std(np.log(draws)))
    chance = NormalDist().inv_cdf(1 - SURE / (2 * asked)) * spread
    return {
        "predicted": found, "error": found / known - 1, "lower": low, "upper": high,
        "missed": away > math.log(MISSED) and away > chance,
    }  # fmt: skip


def _predicted(
    table: CaptureTable, j: int, method: str, options: Options, model: str
) -> tuple[dict[str, Any], Floats | None]:
    """The row of list j, and replicates of its prediction (None where it has none)."""
    inside = within(table, j)
    known, seen = int(table.totals[j]), inside.n
    row: dict[str, Any] = {
        "list": table.lists[j], "known": known, "seen": seen, "predicted": None, "error": None, "lower": None,
        "upper": None, "missed": False,
    }  # fmt: skip
    many = draws(PREDICTIONS, "main" if model.startswith("[") else method, inside.k)
    if not seen or not many:
        return row, None
    engine = Fixed(inside.k, given(models.parse(model, table.k), j)) if model.startswith("[") else None
    found = (
        float(through(engine, inside.counts[None, :])[0])
        if engine
        else (total(inside, method, options) or math.nan)
    )
    if not found < BEYOND:
        return row, None
    drawn = _repeated(inside, found, options.seed, j, many)
    again = through(engine, drawn) if engine else totals_of_counts(drawn, inside.lists, method, options)
    fine = again[np.isfinite(again)]
    if len(fine) < len(again) // 2:
        return {**row, "predicted": found, "error": found / known - 1}, None
    # Lost replicates are replaced by others, so that those of several lists can be added.
    return row | _judged(known, found, fine, table.k + 1), np.resize(fine, len(again))


def within(table: CaptureTable, j: int) -> CaptureTable:
    """The people on list j, by the other lists; those on none of them are what is to be predicted."""
    masks = np.flatnonzero((np.arange(len(table.counts)) >> j) & 1)
    low = (1 << j) - 1
    counts = np.zeros(len(table.counts) // 2, np.int64)
    counts[(masks & low) | (masks >> (j + 1) << j)] = table.counts[masks]
    counts[0] = 0
    return CaptureTable(tuple(name for i, name in enumerate(table.lists) if i != j), counts)


def given(model: models.Model, j: int) -> models.Model:
    """The model of the other lists among the people on list j: every term without j."""
    low = (1 << j) - 1
    return frozenset((term & low) | (term >> (j + 1) << j) for term in model)


def _repeated(inside: CaptureTable, found: float, seed: int, j: int, many: int) -> Any:
    """Replicates of a sub-population of `found` people: how many are seen by others, then on which of them."""
    chance = stream(seed, OTHER_STREAMS + j)
    seen = chance.binomial(max(round(found), inside.n), inside.n / max(found, inside.n), many)
    histories = np.flatnonzero(inside.counts)
    drawn = np.zeros((many, len(inside.counts)), np.int64)
    drawn[:, histories] = chance.multinomial(seen, inside.counts[histories] / inside.n)
    return drawn


def _misses(rows: Sequence[Mapping[str, Any]]) -> Iterable[Caution]:
    missed = [row for row in rows if row["missed"]]
    if not missed:
        return
    said = [
        phrase("{known} are on {list}, predicted {predicted}", known=row["known"],
            list=row["list"] or phrase("all lists together"), predicted=round(row["predicted"])) for row in missed
    ]  # fmt: skip
    yield Caution(
        "inconsistent", Level.CARE,
        phrase(
            "Where the truth is known the method misses it: the other lists are asked how many people are on one "
            "list, and answer wrongly ({said}). It may miss those never seen as well.",
            said=said,
        ),
        {"lists": [row["list"] for row in missed], "errors": [row["error"] for row in missed]},
    )  # fmt: skip

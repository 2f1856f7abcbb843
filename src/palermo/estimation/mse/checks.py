"""Checks of an estimate against variants of its own table: lists left out, lists merged, people thinned out.

Every check gives a `Check`: its rows (plain values) and what they make it say. A check needs the estimate's range to
tell a move from noise; where there is none, only the factor counts.

Sources: lists left out and merged: Crime and Delinquency, doi 10.1177/0011128720951429; internal consistency and
trajectories: Binette and Steorts, Journal of the Royal Statistical Society A 185 (2022) 640-676.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

import numpy as np

from palermo.estimation.estimators import Options
from palermo.estimation.mse.consistency import internal_consistency
from palermo.estimation.mse.findings import OTHER_STREAMS, Check
from palermo.estimation.mse.refitting import SLOW, completed, draws, fitting_method, total, totals_of_counts
from palermo.estimation.mse.replicates import Floats, stream
from palermo.estimation.mse.table import LEAST_LISTS, CaptureTable
from palermo.estimation.results import Caution, Interval, Level, finite
from palermo.saying import Sentence, phrase

__all__ = ["Check", "internal_consistency", "leave_one_out", "merges", "trajectory"]

MOVED = 1.5  # a factor that matters whatever the range says
LITTLE = 1.2  # and one that does not, even outside the range: merged lists bring dependences of their own
STEPS = tuple(i / 10 for i in range(1, 11))
DRAWS = 64
CLIMB = 1.25  # between half of the people and all of them
TAILS = (0.1, 0.9)


def leave_one_out(
    table: CaptureTable, method: str, options: Options, *, value: float | None = None, interval: Interval | None = None
) -> Check:  # fmt: skip
    """The estimate had each list never existed. Rows: list, people seen, estimate, ratio to the whole, beyond.

    `value` and `interval` are those of the whole table; without a value it is estimated here. People seen only by the
    list that is left out are then unseen: the number estimated stays the same, so that a large move means that this
    list decides.
    """
    table = completed(table)
    value = total(table, method, options) if value is None else value
    if table.k <= LEAST_LISTS:
        return Check("leave_one_out")
    variants = [((table.lists[j],), table.without(j)) for j in range(table.k)]
    rows = [_row(names, one, method, options, value, interval) for names, one in variants]
    return Check("leave_one_out", tuple(rows), tuple(_moves(rows, "one_list_decides", _left_out)))


def merges(
    table: CaptureTable, method: str, options: Options, *, value: float | None = None, interval: Interval | None = None
) -> Check:  # fmt: skip
    """The estimate with each pair of lists counted as one. Rows as in `leave_one_out`, with two lists each;
    none where one answer of the method takes long."""
    table = completed(table)
    value = total(table, method, options) if value is None else value
    if table.k <= LEAST_LISTS or method in SLOW:
        return Check("merges")
    pairs = list(combinations(range(table.k), 2))
    rows = [
        _row((table.lists[i], table.lists[j]), table.merged((i, j)), method, options, value, interval)
        for i, j in pairs
    ]
    return Check("merges", tuple(rows), tuple(_moves(rows, "one_merge_decides", _merged)))


def _row(
    names: Sequence[str], table: CaptureTable, method: str, options: Options, value: float | None,
    interval: Interval | None,
) -> dict[str, Any]:  # fmt: skip
    found = total(table, method, options)
    ratio = found / value if found is not None and value else None
    far = ratio is not None and not 1 / MOVED <= ratio <= MOVED
    out = found is not None and interval is not None and not interval.lower <= found <= interval.upper
    return {
        "lists": list(names), "method": fitting_method(method, table.k), "people": table.n,
        "estimate": finite(found), "ratio": finite(ratio), "outside": out,
        "beyond": far or (out and (len(names) == 1 or not 1 / LITTLE <= (ratio or 1.0) <= LITTLE)),
    }  # fmt: skip


def _left_out(beyond: Sequence[Mapping[str, Any]]) -> Sentence:
    moved = [
        phrase("without {list} it is {estimate}", list=row["lists"][0], estimate=round(row["estimate"]))
        for row in beyond
    ]
    return phrase(
        "The estimate hangs on single lists: {moved}. Find out what is special about them (whom they see, how they "
        "were matched) before the figure is used.", moved=moved,
    )  # fmt: skip


def _merged(beyond: Sequence[Mapping[str, Any]]) -> Sentence:
    moved = [
        phrase("{one} and {other} as one it is {estimate}", one=row["lists"][0], other=row["lists"][1],
            estimate=round(row["estimate"])) for row in beyond
    ]  # fmt: skip
    return phrase(
        "The estimate depends on whether lists are counted as one: {moved}. Ask whether they are truly separate "
        "sources.", moved=moved,
    )  # fmt: skip


def _moves(
    rows: Sequence[Mapping[str, Any]], code: str, words: Callable[[Sequence[Mapping[str, Any]]], Sentence]
) -> Iterable[Caution]:
    """The caution that names the variants beyond the range or the factor, the furthest first."""
    beyond = [row for row in rows if row["beyond"]]
    if not beyond:
        return
    beyond.sort(key=lambda row: -abs(math.log(row["ratio"] or 1.0)))
    yield Caution(
        code, Level.CARE, words(beyond[:3]),
        {"lists": [row["lists"] for row in beyond], "ratios": [row["ratio"] for row in beyond]},
    )  # fmt: skip


def trajectory(
    table: CaptureTable, method: str, options: Options, *, value: float | None = None, many: int = DRAWS
) -> Check:
    """The estimate as data grow: 10, 20, ..., 100 % of the people seen are drawn without replacement, `many` times.

    A share f of the people stands for a share f of the population, so that the estimate is divided by f: if nothing
    but noise changes, the curve is flat. It moves where more people show dependences that fewer could not. Rows:
    share, people, estimate (median), lower and upper (10 and 90 %), lost.
    """
    many = draws(many, method, table.k)
    if not many:
        return Check("trajectory")
    table = completed(table)
    rows = [_thinned(table, method, options, share, step, many) for step, share in enumerate(STEPS)]
    if value is not None:
        rows[-1] |= {"estimate": value}
    rows = [row for row in rows if row["estimate"] is not None]
    return Check("trajectory", tuple(rows), tuple(_climbs(rows)))


def _thinned(
    table: CaptureTable, method: str, options: Options, share: float, step: int, many: int
) -> dict[str, Any]:
    histories = np.flatnonzero(table.counts)
    people = max(1, round(share * table.n))
    many = many if share < 1 else 1
    counts = np.zeros((many, len(table.counts)), np.int64)
    chance = stream(options.seed, OTHER_STREAMS + 100 + step)
    counts[:, histories] = chance.multivariate_hypergeometric(
        table.counts[histories], people, size=many, method="marginals"
    )
    found: Floats = totals_of_counts(counts, table.lists, method, options) * (table.n / people)
    kept = found[np.isfinite(found)]
    enough = len(kept) >= many / 2
    low, middle, high = (
        np.quantile(kept, [TAILS[0], 0.5, TAILS[1]]).tolist() if enough else (None, None, None)
    )
    return {
        "share": share, "people": people, "estimate": middle, "lower": low, "upper": high,
        "lost": 1 - len(kept) / many,
    }  # fmt: skip


def _climbs(rows: Sequence[Mapping[str, Any]]) -> Iterable[Caution]:
    """Still on the way up (or down) when the data end: every step of the last half, and far in all."""
    late = [row["estimate"] for row in rows if row["share"] > 0.45]
    if len(late) < len(STEPS) // 2 or not rows or rows[-1]["share"] < 1:
        return
    growth = late[-1] / late[0]
    ways = [b / a for a, b in pairwise(late)]
    up = growth > CLIMB and all(way > 0.995 for way in ways)
    down = growth < 1 / CLIMB and all(way < 1.005 for way in ways)
    if not up and not down:
        return
    told = (
        phrase(
            "The estimate still rises as people are added: from half of them to all of them by a factor {factor:.1f}. "
            "With more data it would likely go on; take it for a lower bound.", factor=growth,
        )
        if up
        else phrase(
            "The estimate still falls as people are added: from half of them to all of them by a factor {factor:.1f}. "
            "With more data it would likely go on; take it for an upper bound.", factor=1 / growth,
        )
    )  # fmt: skip
    yield Caution("still_climbing" if up else "still_falling", Level.CARE, told, {"growth": growth})

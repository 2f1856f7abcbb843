"""The rows of indicator 16.2.2 for a run, and as a table for a person."""

from __future__ import annotations

from collections.abc import Sequence

from palermo.estimating.running import Data
from palermo.estimating.showing import columns, number
from palermo.estimation import Result
from palermo.estimation.mse.strata import StratifiedTable
from palermo.estimation.populations import Populations
from palermo.estimation.sdg import Row, by_stratum, indicator


def rows(table: Data, result: Result, populations: Populations) -> tuple[Row, ...]:
    """Detected, undetected, total and rate by stratum, and of all; of the headline's method."""
    if isinstance(table, StratifiedTable):
        found = by_stratum(result)
        return indicator(found, populations.figures, table.dimensions, total=result, by=populations.by)
    return indicator({(): result}, populations.figures, ())


def text(found: Sequence[Row]) -> str:
    """One line a stratum; what needs care stands in the last column."""
    head = ("SDG 16.2.2", "detected", "undetected", "per 100,000", "range", "flags")
    lines = [
        (
            ", ".join(one.stratum.values()) or "all", number(float(one.detected)), number(one.undetected),
            _rate(one.rate), " - ".join(map(_rate, one.rate_ends or ())), ", ".join(one.flags),
        )
        for one in found
    ]  # fmt: skip
    return columns([head, *lines], right={1, 2, 3, 4})


def _rate(value: float | None) -> str:
    return number(value) if value is None or value >= 100 else f"{value:.1f}"

"""Sums of money that moved, each currency for itself, with the days between which it did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

from palermo.flows.flows import Flow
from palermo.flows.wall import Network

By = Literal["stage", "kind", "currency", "source", "target"]
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Total:
    """What moved in one group and one currency, from the first day to the last."""

    group: str
    currency: str
    amount: Decimal
    flows: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Rates:
    """How much of `to` one unit of a currency was worth, on a day, after a source. Nothing is converted without one."""

    to: str
    on: date
    source: str
    table: Mapping[str, Decimal]

    def __post_init__(self) -> None:
        """Raises ValueError without a source or for a rate that is not above nothing; TypeError for a float."""
        if not self.source.strip() or not self.to:
            raise ValueError("rates name their source and the currency they lead to")
        for rate in self.table.values():
            if not isinstance(rate, Decimal):
                raise TypeError("a rate is a decimal")
            if not rate.is_finite() or rate <= 0:
                raise ValueError("a rate is above nothing")


def totals(net: Network, by: By, *, debts: bool = False) -> list[Total]:
    """What moved by group and currency, the group in order of its name. debts: what is owed instead."""
    groups: dict[tuple[str, str], list[Flow]] = defaultdict(list)
    for flow in net.flows:
        if flow.moved is not debts:
            groups[str(getattr(flow, by)), flow.currency].append(flow)
    return [
        Total(
            group, currency, sum((flow.amount for flow in flows), Decimal(0)), len(flows),
            min(flow.start for flow in flows), max(flow.last for flow in flows),
        )
        for (group, currency), flows in sorted(groups.items())
    ]  # fmt: skip


def converted(found: Iterable[Total], rates: Rates) -> tuple[list[Total], tuple[str, ...]]:
    """Totals in one currency, to the hundredth; and the currencies for which the table has no rate."""
    sums: dict[str, list[tuple[Decimal, Total]]] = defaultdict(list)
    missing: set[str] = set()
    for one in found:
        rate = Decimal(1) if one.currency == rates.to else rates.table.get(one.currency)
        if rate is None:
            missing.add(one.currency)
        else:
            sums[one.group].append((one.amount * rate, one))
    summed = [
        Total(
            group, rates.to,
            sum((amount for amount, _one in parts), Decimal(0)).quantize(_CENT, ROUND_HALF_EVEN),
            sum(one.flows for _amount, one in parts),
            min(one.first for _amount, one in parts), max(one.last for _amount, one in parts),
        )
        for group, parts in sorted(sums.items())
    ]  # fmt: skip
    return summed, tuple(sorted(missing))

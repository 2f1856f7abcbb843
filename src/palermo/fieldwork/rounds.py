"""The interviews of one round, as the indicators ask them: weights, prices, and shares of what is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from palermo.fieldwork.estimates import Design, Real, Value
from palermo.fieldwork.facts import UNKNOWN, FacilitatorContact, Facts, Leg, Payment


@dataclass(frozen=True)
class Prices:
    """US dollars for one unit of a currency in a month, and the consumer prices of the dollar; given, never shipped."""

    fx: Mapping[tuple[str, str], float]
    cpi: Mapping[str, float]
    base: str

    def real(self, payment: Payment | None, amount: str = "paid") -> float | None:
        """In dollars of the base month; None where amount, currency, month or a rate is not known."""
        if payment is None:
            return None
        value = getattr(payment, amount).value
        rate, level = self.fx.get((payment.currency, payment.month)), self.cpi.get(payment.month)
        if value is None or rate is None or not level:
            return None
        return float(value) * rate * self.cpi[self.base] / level


@dataclass(frozen=True, eq=False)
class Round:
    """The interviews of one round, with the weights that were given (none: all one)."""

    facts: Sequence[Facts]
    name: str
    rng: np.random.Generator
    prices: Prices | None = None
    weights: Real | None = None
    replicates: int = 200

    @cached_property
    def design(self) -> Design:
        w = np.ones(len(self.facts)) if self.weights is None else np.asarray(self.weights, dtype=float)
        if len(w) != len(self.facts) or (w < 0).any() or not np.isfinite(w).all():
            raise ValueError("one weight for every interview, none below zero")
        return Design([one.interview.site for one in self.facts], w, self.rng, self.replicates)

    def share(
        self, code: str, cell: Sequence[str], rows: Iterable[tuple[int, str]], *, is_: str = "yes"
    ) -> Value:
        """The share of an answer among the answers that are known."""
        known = [(i, said == is_) for i, said in rows if said not in UNKNOWN]
        return self.design.share(code, cell, known, self.name)

    def shares(self, code: str, cell: Sequence[str], rows: Iterable[tuple[int, str]]) -> list[Value]:
        """One share for each answer that was given."""
        listed = [row for row in rows if row[1] not in UNKNOWN]
        return [
            self.share(code, (*cell, one), listed, is_=one) for one in sorted({said for _, said in listed})
        ]

    def legs(self) -> Iterable[tuple[int, Leg]]:
        return ((i, leg) for i, one in enumerate(self.facts) for leg in one.legs)

    def contacts(self) -> list[tuple[int, FacilitatorContact]]:
        return [(i, leg.contact) for i, one in enumerate(self.facts) for leg in one.legs if leg.contact]

    def single(self, name: str) -> list[tuple[int, str]]:
        return [(i, one.interview.answer(name)) for i, one in enumerate(self.facts)]

    def cost(self, one: Facts) -> float | None:
        """Fees, gifts and ransom less refunds, in real dollars; None as soon as one part of it is not known."""
        if self.prices is None or one.uses_smuggler in UNKNOWN:
            return None
        paid = [self.prices.real(leg.payment) for leg in one.legs if leg.payment]
        back = [self._refund(leg.payment) for leg in one.legs if leg.payment]
        gift = [self.prices.real(met.gift) for met in one.officials if met.paid != "no"]
        ransom = [self.prices.real(one.ransom)] if one.ransom else []
        parts = [*paid, *gift, *ransom]
        if any(p is None for p in (*parts, *back)):
            return None
        return sum(p for p in parts if p is not None) - sum(b for b in back if b is not None)

    def _refund(self, payment: Payment) -> float | None:
        """Nothing where nothing came back, whatever the currency; None where it is not known."""
        if self.prices is None or payment.refund.value == 0:
            return 0.0
        return self.prices.real(payment, "refund")

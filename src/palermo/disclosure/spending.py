"""What a differentially private release costs: zero-concentrated differential privacy, its sum, and (epsilon, delta).

Unit of account is rho (Bun and Steinke 2016, zCDP). Releases of the same persons add up: rho of both is the sum.
Releases of persons of whom nobody is in both cost nothing to one another.

A rho is told as (epsilon, delta) by the tight conversion of `synthesis.noise` (Canonne, Kamath and Steinke 2020);
the older formula, epsilon = rho + 2 sqrt(rho ln(1/delta)), is never smaller.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from palermo.disclosure.synthesis.noise import USUAL_DELTA, delta_of, epsilon_of, rho_of

STEP = Decimal("0.000001")  # the ledger counts in millionths of rho, rounded up: never less than was spent
DELTA = USUAL_DELTA  # at which totals of the ledger are told


class Overspent(ValueError):
    """What was spent and what is asked for together are more than the cap."""

    def __init__(self, spent: Decimal, asked: Decimal, cap: Decimal) -> None:
        self.spent, self.asked, self.cap = spent, asked, cap
        super().__init__(arithmetic(spent, asked, cap))


@dataclass(frozen=True)
class Account:
    """One population: the cap on its rho and what was spent of it."""

    cap: Decimal
    spent: Decimal

    @property
    def left(self) -> Decimal:
        """What may still be spent; never under 0."""
        return max(Decimal(0), self.cap - self.spent)

    def after(self, asked: Decimal) -> Account:
        """The account once `asked` was spent. Raises Overspent."""
        if self.spent + asked > self.cap:
            raise Overspent(self.spent, asked, self.cap)
        return Account(self.cap, self.spent + asked)


def counted(rho: float | Decimal) -> Decimal:
    """A rho as the ledger counts it: in millionths, rounded up. ValueError unless it is positive and finite."""
    if not math.isfinite(rho) or rho <= 0:
        raise ValueError("a rho is a positive number")
    exact = rho if isinstance(rho, Decimal) else Decimal(repr(float(rho)))
    return exact.quantize(STEP, rounding=ROUND_CEILING)


def arithmetic(spent: Decimal, asked: Decimal, cap: Decimal) -> str:
    """The sum that a refusal shows: "spent 0.30 + asked 0.21 = 0.51, cap 0.50"."""
    return f"spent {plain(spent)} + asked {plain(asked)} = {plain(spent + asked)}, cap {plain(cap)}"


def plain(rho: Decimal) -> str:
    """A rho in digits: two decimals at least, and as many more as it has."""
    text = f"{rho:.6f}".rstrip("0")
    whole, _, part = text.partition(".")
    return f"{whole}.{part.ljust(2, '0')}"


def total(rhos: Iterable[Decimal]) -> Decimal:
    """What several releases of the same persons cost together."""
    return sum(rhos, Decimal(0))


__all__ = [
    "DELTA", "STEP", "Account", "Overspent", "arithmetic", "counted", "delta_of", "epsilon_of", "plain", "rho_of",
    "total",
]  # fmt: skip

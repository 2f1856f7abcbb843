"""One movement of money, or of what is owed. Amounts are decimals; a float is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class FlowKind(StrEnum):
    """What moved."""

    PROCEEDS = "proceeds"
    PAYMENT = "payment"
    FEE = "fee"
    DEBT = "debt"
    BRIBE = "bribe"
    HAWALA = "hawala"
    PURCHASE = "purchase"


class Stage(StrEnum):
    """Where in the chain (TIP Protocol art. 3(a), and what comes after it)."""

    RECRUITMENT = "recruitment"
    TRANSPORT = "transport"
    TRANSFER = "transfer"
    HARBOURING = "harbouring"
    EXPLOITATION = "exploitation"
    LAUNDERING = "laundering"


class Certainty(StrEnum):
    """How well it is known."""

    PROVEN = "proven"
    LIKELY = "likely"
    SAID = "said"


CERTAINTIES = tuple(Certainty)


@dataclass(frozen=True, slots=True)
class Flow:
    """Amount of currency (ISO 4217, or the sign of a crypto asset) from source to target, on a day or between two."""

    key: str
    kind: FlowKind
    source: str
    target: str
    amount: Decimal
    currency: str
    stage: Stage
    start: date
    end: date | None = None
    certainty: Certainty = Certainty.LIKELY
    said_by: str = ""

    def __post_init__(self) -> None:
        """Raises TypeError for an amount that is no decimal, ValueError for one that is not above nothing."""
        if not isinstance(self.amount, Decimal):
            raise TypeError("an amount is a decimal")
        if not self.amount.is_finite() or self.amount <= 0:
            raise ValueError("an amount is above nothing")
        if self.source == self.target:
            raise ValueError("money moves from one to another")
        if self.end is not None and self.end < self.start:
            raise ValueError("the end is not before the start")

    def __repr__(self) -> str:
        return f"Flow({self.kind.value})"

    @property
    def last(self) -> date:
        return self.end or self.start

    @property
    def moved(self) -> bool:
        """Whether money moved; a debt is owed."""
        return self.kind is not FlowKind.DEBT

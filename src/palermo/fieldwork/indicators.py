"""The indicators of the observatory by their codes; each number with its people, interval and method."""

from __future__ import annotations

from collections.abc import Callable

from palermo.fieldwork import harm, journeys, money
from palermo.fieldwork.estimates import Value
from palermo.fieldwork.rounds import Round

COMPUTED: dict[str, Callable[[Round], list[Value]]] = {
    "D1": journeys.d1,
    "D2": journeys.d2,
    "D3": journeys.d3,
    "D4": journeys.d4,
    "R1": journeys.r1,
    "R2": journeys.r2,
    "R3": journeys.r3,
    "R4": journeys.r4,
    "R5": journeys.r5,
    "F1": money.f1,
    "F2": money.f2,
    "F4": money.f4,
    "F5": money.f5,
    "F6": money.f6,
    "M1": harm.m1,
    "M2": harm.m2,
    "A1": harm.a1,
    "A2": harm.a2,
    "A3": harm.a3,
    "A4": harm.a4,
    "A5": harm.a5,
    "A6": harm.a6,
    "C1": harm.c1,
}


def compute(r: Round, code: str) -> list[Value]:
    """The values of one indicator."""
    return COMPUTED[code](r)

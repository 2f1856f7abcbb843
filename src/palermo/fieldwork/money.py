"""Fees and payment (F1 to F6)."""

from __future__ import annotations

import math

import numpy as np

from palermo.fieldwork.estimates import Value, made, weighted_quantile
from palermo.fieldwork.rounds import Round


def _fees(r: Round) -> dict[tuple[str, str], list[tuple[int, float]]]:
    cells: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for i, leg in r.legs():
        fee = r.prices.real(leg.payment) if r.prices and leg.payment and leg.payment.basis == "leg" else None
        if fee is not None:
            cells.setdefault((leg.origin, leg.destination), []).append((i, fee))
    return cells


def f1(r: Round) -> list[Value]:
    return [r.design.median("F1", cell, rows, r.name) for cell, rows in sorted(_fees(r).items())]


def f2(r: Round) -> list[Value]:
    rows = [
        (i, c)
        for i, one in enumerate(r.facts)
        if one.interview.answer("completed") == "yes" and (c := r.cost(one)) is not None
    ]
    return [r.design.median("F2", (), rows, r.name)]


def price_index(before: Round, after: Round) -> Value | None:
    """F3: matched legs only, weighed by their share of the legs paid before; None with fewer than three legs."""
    old, new = _fees(before), _fees(after)
    cells = [
        c for c in sorted(old) if min(len({i for i, _ in old[c]}), len({i for i, _ in new.get(c, [])})) >= 10
    ]
    if len(cells) < 3:
        return None

    def mid(r: Round, rows: list[tuple[int, float]]) -> float:
        return weighted_quantile(np.asarray([f for _, f in rows]), r.design.weights[[i for i, _ in rows]])

    base = np.asarray([before.design.weights[[i for i, _ in old[c]]].sum() for c in cells])
    moved = np.asarray([math.log(mid(after, new[c]) / mid(before, old[c])) for c in cells])
    n = len({i for c in cells for i, _ in new[c]})
    index = 100 * math.exp(float((base / base.sum() * moved).sum()))
    return made("F3", (), index, None, None, n, float(n), "matched legs; no interval", after.name)


def f4(r: Round) -> list[Value]:
    paid = [(i, leg.payment) for i, leg in r.legs() if leg.payment]
    return [
        v
        for name in ("when", "basis", "method")
        for v in r.shares("F4", (name,), [(i, getattr(p, name)) for i, p in paid])
    ]


def f5(r: Round) -> list[Value]:
    both = [
        (i, leg.payment.paid.value, leg.payment.agreed.value)
        for i, leg in r.legs()
        if leg.payment and leg.payment.paid.known and leg.payment.agreed.value
    ]
    found = [r.share("F5", (name,), r.single(name)) for name in ("borrowed", "work_to_repay", "ransom_paid")]
    return [
        *found,
        r.design.share("F5", ("paid more than agreed",), [(i, p > a) for i, p, a in both], r.name),
        r.design.median("F5", ("overrun",), [(i, p / a) for i, p, a in both], r.name),
    ]


def f6(r: Round) -> list[Value]:
    met = [(i, x) for i, one in enumerate(r.facts) for x in one.officials]
    rows = [
        (i, sum(r.prices.real(x.gift) or 0.0 for x in one.officials), c)
        for i, one in enumerate(r.facts)
        if r.prices and (c := r.cost(one)) is not None
    ]
    asked = [(i, bool(one.officials)) for i, one in enumerate(r.facts) if one.legs]
    return [
        r.design.share("F6", ("met",), asked, r.name),
        r.share("F6", ("paid given met",), [(i, x.paid) for i, x in met]),
        r.design.ratio("F6", ("bribe share",), rows, r.name),
        *r.shares("F6", ("official",), [(i, x.kind) for i, x in met]),
    ]

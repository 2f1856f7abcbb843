"""Demand (D1 to D4) and routes (R1 to R5)."""

from __future__ import annotations

import numpy as np

from palermo.fieldwork.estimates import Value, made
from palermo.fieldwork.facts import UNKNOWN, Facts
from palermo.fieldwork.rounds import Round

LEAST_FLOW = 5


def d1(r: Round) -> list[Value]:
    return [
        r.share("D1", ("interviews",), ((i, one.uses_smuggler) for i, one in enumerate(r.facts))),
        r.share("D1", ("legs",), ((i, leg.smuggler) for i, leg in r.legs())),
    ]


def d2(r: Round) -> list[Value]:
    rows = [(i, float(len(one.services.chosen))) for i, one in enumerate(r.facts) if one.services.known]
    return [r.design.mean("D2", (), rows, r.name)]


def d3(r: Round) -> list[Value]:
    return r.shares("D3", (), ((i, one.first_contact) for i, one in r.contacts()))


def d4(r: Round) -> list[Value]:
    found = [r.share("D4", ("again",), r.single("again"))]
    for name in ("drivers", "information"):
        said = [
            (i, one.interview.choices[name]) for i, one in enumerate(r.facts) if name in one.interview.choices
        ]
        known = [(i, many.chosen - {"none"}) for i, many in said if many.known]
        for option in sorted(set().union(*(chosen for _, chosen in known)) if known else ()):
            found.append(r.design.share("D4", (name, option), [(i, option in c) for i, c in known], r.name))
    return found


def r1(r: Round) -> list[Value]:
    cells: dict[tuple[str, str], list[int]] = {}
    for i, leg in r.legs():
        if leg.origin not in UNKNOWN and leg.destination not in UNKNOWN:
            cells.setdefault((leg.origin, leg.destination), []).append(i)
    w, found = r.design.weights, []
    for cell, who in sorted(cells.items()):
        people, n_eff = r.design.by_person(np.asarray(who, dtype=np.int64))
        if people >= LEAST_FLOW:
            flow, method = float(w[who].sum()), "sum of weights; no interval"
            found.append(made("R1", cell, flow, None, None, people, n_eff, method, r.name))
    return found


def _nodes(one: Facts) -> list[str] | None:
    """The countries passed, in order; None where one is not known."""
    nodes = [one.legs[0].origin, *(leg.destination for leg in one.legs)] if one.legs else []
    return None if not nodes or any(n in UNKNOWN for n in nodes) else nodes


def r2(r: Round) -> list[Value]:
    rows = [
        (i, ">".join(dict.fromkeys(n[1:-1])) or "direct")
        for i, one in enumerate(r.facts)
        if (n := _nodes(one))
    ]
    common = {route for route in {x for _, x in rows} if sum(x == route for _, x in rows) >= 10}
    return r.shares("R2", (), [(i, x if x in common else "other") for i, x in rows])


def r3(r: Round) -> list[Value]:
    known = [(i, nodes[1:-1]) for i, one in enumerate(r.facts) if (nodes := _nodes(one))]
    found = []
    for hub in sorted({a for _, nodes in known for a in nodes}):
        found.append(r.design.share("R3", (hub,), [(i, hub in nodes) for i, nodes in known], r.name))
        waits = [(i, leg.wait.value) for i, leg in r.legs() if leg.origin == hub and leg.wait.known]
        found.append(r.design.median("R3", (hub, "wait days"), waits, r.name))
    return found


def r4(r: Round) -> list[Value]:
    days = [(i, leg.days.value) for i, leg in r.legs() if leg.days.known]
    stays = [(i, leg.wait.value > 30) for i, leg in r.legs() if leg.wait.known]
    tries = [
        (i, leg.attempts.value) for i, leg in r.legs() if leg.attempts.known and leg.crossing != "no_border"
    ]
    whole = [
        (i, sum(x.days.value + x.wait.value for x in one.legs))
        for i, one in enumerate(r.facts)
        if one.legs and all(x.days.known and x.wait.known for x in one.legs)
    ]
    return [
        r.design.median("R4", ("days per leg",), days, r.name),
        r.design.median("R4", ("days so far",), whole, r.name),
        r.design.share("R4", ("waited over 30 days",), stays, r.name),
        r.design.mean("R4", ("attempts",), tries, r.name),
    ]


def r5(r: Round) -> list[Value]:
    pairs = sorted({(leg.origin, leg.destination) for _, leg in r.legs()} - {("", "")})
    return [
        v
        for pair in pairs
        if not UNKNOWN & set(pair)
        for v in r.shares("R5", pair, [(i, x.mode) for i, x in r.legs() if (x.origin, x.destination) == pair])
    ]

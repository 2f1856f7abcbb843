"""The indicators of the observatory, from typed facts: each number with its people, interval and method."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from palermo.fieldwork.estimates import Design, Real, Value, effective, made, risk_ratio, weighted_quantile
from palermo.fieldwork.facts import UNKNOWN, FacilitatorContact, Facts, Leg, Payment

LEAST_FLOW = 5


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
        back = [
            0.0 if not leg.payment.refund.value else self.prices.real(leg.payment, "refund")
            for leg in one.legs
            if leg.payment
        ]
        gift = [self.prices.real(met.gift) for met in one.officials if met.paid != "no"]
        ransom = [self.prices.real(one.ransom)] if one.ransom else []
        parts = [*paid, *gift, *ransom]
        if any(p is None for p in (*parts, *back)):
            return None
        return sum(p for p in parts if p is not None) - sum(b for b in back if b is not None)


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
            found.append(
                made(
                    "R1",
                    cell,
                    float(w[who].sum()),
                    None,
                    None,
                    people,
                    n_eff,
                    "sum of weights; no interval",
                    r.name,
                )
            )
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
    return made(
        "F3",
        (),
        100 * math.exp(float((base / base.sum() * moved).sum())),
        None,
        None,
        n,
        float(n),
        "matched legs; no interval",
        after.name,
    )


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


def m1(r: Round) -> list[Value]:
    own = [
        (i, "yes" if c.nationality == r.facts[i].interview.answer("nationality") else "no")
        for i, c in r.contacts()
        if not UNKNOWN & {c.nationality, r.facts[i].interview.answer("nationality")}
    ]
    shares = [
        v
        for name in ("sex", "role")
        for v in r.shares("M1", (name,), [(i, getattr(c, name)) for i, c in r.contacts()])
    ]
    return [
        r.share("M1", ("same nationality",), own),
        r.share("M1", ("same person",), [(i, c.same) for i, c in r.contacts()]),
        *shares,
    ]


def m2(r: Round) -> list[Value]:
    return r.shares("M2", (), [(i, c.organisation) for i, c in r.contacts()])


def _asked(r: Round) -> list[int]:
    """Those who agreed to be asked about harm; the others are not counted as unharmed."""
    return [i for i, one in enumerate(r.facts) if one.interview.answer("abuse_consent") == "yes"]


def a1(r: Round) -> list[Value]:
    kinds = sorted({x.kind for one in r.facts for x in one.abuses} - UNKNOWN)
    own = {i: {x.kind for x in r.facts[i].abuses if x.whom == "self" or x.kind == "death"} for i in _asked(r)}
    return [r.design.share("A1", (k,), [(i, k in own[i]) for i in own], r.name) for k in kinds]


def a2(r: Round) -> list[Value]:
    rows = [
        (
            i,
            float(sum(x.whom == "self" for x in r.facts[i].abuses)),
            sum(x.days.value + x.wait.value for x in legs) / 30.4375,
        )
        for i in _asked(r)
        if (legs := r.facts[i].legs) and all(x.days.known and x.wait.known for x in legs)
    ]
    return [r.design.ratio("A2", ("events per person-month",), rows, r.name)]


def a3(r: Round) -> list[Value]:
    events = [(i, x) for i in _asked(r) for x in r.facts[i].abuses]
    return [
        v
        for k in sorted({x.kind for _, x in events} - UNKNOWN)
        for v in r.shares("A3", (k,), [(i, x.perpetrator) for i, x in events if x.kind == k])
    ]


def a4(r: Round) -> list[Value]:
    said = [
        (i, r.facts[i].interview.choices["exploitation"])
        for i in _asked(r)
        if "exploitation" in r.facts[i].interview.choices
    ]
    return [r.design.share("A4", (), [(i, bool(m.chosen - {"none"})) for i, m in said if m.known], r.name)]


def a5(r: Round) -> list[Value]:
    def aggravated(one: Facts) -> bool:
        harmed = any(
            x.danger == "yes" or x.kind in ("physical", "sexual", "deprivation")
            for x in one.abuses
            if x.smuggler == "yes"
        )
        many = one.interview.choices.get("exploitation")
        return harmed or bool(many and many.known and many.chosen - {"none"})

    return [
        r.design.share(
            "A5",
            (),
            [(i, aggravated(r.facts[i])) for i in _asked(r) if r.facts[i].uses_smuggler == "yes"],
            r.name,
        )
    ]


def a6(r: Round) -> list[Value]:
    """Any harm of one's own among those with 1-2 and with 3 or more services, against those with none."""
    harm: dict[str, list[tuple[int, bool]]] = {"0": [], "1-2": [], "3+": []}
    for i in _asked(r):
        one = r.facts[i]
        if one.services.known and one.uses_smuggler not in UNKNOWN:
            n = len(one.services.chosen)
            harm["0" if n == 0 else "1-2" if n < 3 else "3+"].append(
                (i, any(x.whom == "self" for x in one.abuses))
            )
    found = [r.design.share("A6", (group,), rows, r.name) for group, rows in harm.items()]

    def counts(rows: list[tuple[int, bool]]) -> tuple[float, float]:
        w = r.design.weights[[i for i, _ in rows]]
        n_eff = effective(w)
        return n_eff * float((w * [h for _, h in rows]).sum() / w.sum()) if n_eff else 0.0, n_eff

    for group in ("1-2", "3+"):
        n = min(len(harm[group]), len(harm["0"]))
        rr = risk_ratio(*counts(harm[group]), *counts(harm["0"])) if n else None
        found.append(
            made(
                "A6",
                ("RR", group),
                *(rr or (None, None, None)),
                n,
                float(n),
                "risk ratio; log normal",
                r.name,
            )
        )
    return found


def deaths(r: Round) -> list[tuple[str, str, float]]:
    """A7: what witnesses said, by country and month. Never summed: many may have seen the same."""
    return sorted(
        (x.country, x.month, x.deaths.value)
        for i in _asked(r)
        for x in r.facts[i].abuses
        if x.kind == "death" and x.deaths.value is not None
    )


def c1(r: Round) -> list[Value]:
    rows = [
        (i, one.interview.numbers["children_with"].value)
        for i, one in enumerate(r.facts)
        if "children_with" in one.interview.numbers
    ]
    return [
        r.design.share("C1", ("with children",), [(i, v > 0) for i, v in rows if v is not None], r.name),
        r.share("C1", ("separated",), r.single("children_separated")),
        r.share("C1", ("seen alone",), r.single("children_alone")),
    ]


COMPUTED: dict[str, Callable[[Round], list[Value]]] = {
    "D1": d1,
    "D2": d2,
    "D3": d3,
    "D4": d4,
    "R1": r1,
    "R2": r2,
    "R3": r3,
    "R4": r4,
    "R5": r5,
    "F1": f1,
    "F2": f2,
    "F4": f4,
    "F5": f5,
    "F6": f6,
    "M1": m1,
    "M2": m2,
    "A1": a1,
    "A2": a2,
    "A3": a3,
    "A4": a4,
    "A5": a5,
    "A6": a6,
    "C1": c1,
}


def compute(r: Round, code: str) -> list[Value]:
    """The values of one indicator."""
    return COMPUTED[code](r)

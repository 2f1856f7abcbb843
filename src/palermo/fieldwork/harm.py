"""Smugglers (M1, M2), abuses (A1 to A7) and children (C1)."""

from __future__ import annotations

import math

import numpy as np

from palermo.fieldwork.clustering import clustering
from palermo.fieldwork.estimates import Value, effective, made, risk_ratio
from palermo.fieldwork.facts import UNKNOWN, Facts
from palermo.fieldwork.rounds import Round


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
        told = (*counts(harm[group]), *counts(harm["0"])) if n else (0.0, 0.0, 0.0, 0.0)
        rr = risk_ratio(*told, _width(r, harm[group], harm["0"], told)) if min(told) > 0 else None
        value, low, high = rr or (None, None, None)
        method = "risk ratio; log normal"
        found.append(made("A6", ("RR", group), value, low, high, n, float(n), method, r.name))
    return found


def _width(
    r: Round, exposed: list[tuple[int, bool]], others: list[tuple[int, bool]], told: tuple[float, ...]
) -> float:
    """How many standard errors the range of the ratio reaches: more where sites differ, or are few."""
    who, parts = [], []
    for rows, sign in ((exposed, 1.0), (others, -1.0)):
        w, hit = r.design.weights[[i for i, _ in rows]], np.asarray([h for _, h in rows], dtype=float)
        share = float((w * hit).sum() / w.sum())
        who += [i for i, _ in rows]
        parts.append(sign * w * (hit - share) / (w.sum() * share))
    a, n1, c, n0 = told
    effect, z = clustering(r.design.site[who], np.concatenate(parts), 1 / a - 1 / n1 + 1 / c - 1 / n0)
    return z * math.sqrt(effect)


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

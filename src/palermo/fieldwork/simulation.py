"""Invented interviews with a planted truth, as a device would send them: whether the indicators find it again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID
from xml.sax.saxutils import escape

import numpy as np

from palermo.fieldwork.estimates import Value
from palermo.fieldwork.indicators import compute
from palermo.fieldwork.reading import read
from palermo.fieldwork.rounds import Prices, Round

PATH = ("NER", "LBY", "TUN", "ITA")
FEES = {("NER", "LBY"): 400.0, ("LBY", "TUN"): 250.0, ("TUN", "ITA"): 1500.0}
USE, HARM_WITH, HARM_WITHOUT, MET, PAID, SEA = 0.7, 0.4, 0.2, 0.58, 0.82, 0.35
PRICES = Prices(
    {("USD", "2026-01"): 1.0, ("EUR", "2026-02"): 1.25}, {"2026-01": 100.0, "2026-02": 125.0}, "2026-01"
)


def interviews(n: int, rng: np.random.Generator, sites: int = 25) -> Iterator[dict[str, Any]]:
    """`n` invented submissions. Who uses a smuggler does so on all three legs; fees are log-normal about FEES."""
    for number in range(n):
        uses, met = rng.random() < USE, rng.random() < MET
        harmed = rng.random() < (HARM_WITH if uses else HARM_WITHOUT)
        yield {
            "respondent_id": f"invented-{number}",
            "consent": "yes",
            "adult": "yes",
            "round": "1",
            "site": str(rng.integers(sites)),
            "enumerator": str(rng.integers(1, 9)),
            "start": "2026-03-01T10:00:00",
            "end": f"2026-03-01T10:{rng.integers(25, 60)}:00",
            "interview": {
                "nationality": "NER",
                "completed": "yes",
                "abuse_part": {"abuses": _abuses(bool(harmed))},
                "abuse_consent": "yes",
                "legs": [_leg(a, b, bool(uses), rng) for a, b in FEES],
                "officials": [
                    {
                        "official_type": "police",
                        "official_where": "LBY",
                        "gift_asked": "yes",
                        "gift_paid": "yes" if rng.random() < PAID else "no",
                    }
                ]
                if met
                else [],
            },
        }


def _abuses(harmed: bool) -> list[dict[str, str]]:
    return (
        [{"abuse_type": "robbery", "abuse_whom": "self", "abuse_by": "smuggler", "abuse_where": "LBY"}]
        if harmed
        else []
    )


def _leg(a: str, b: str, uses: bool, rng: np.random.Generator) -> dict[str, Any]:
    leg: dict[str, Any] = {
        "leg_from": a,
        "leg_to": b,
        "leg_smuggler": "yes" if uses else "no",
        "leg_mode": "sea" if rng.random() < SEA else "road",
    }
    if uses:
        real = FEES[a, b] * float(np.exp(rng.normal(0, 0.5)))
        # Half paid in euros a month later: 1.25 dollars each, with prices a quarter higher, so the same number.
        currency, month = ("USD", "2026-01-01") if rng.random() < 0.5 else ("EUR", "2026-02-01")
        leg["facilitator"] = {
            "fee_paid": f"{real:.6f}",
            "fee_currency": currency,
            "fee_month": month,
            "fee_basis": "leg",
            "services": "transport crossing food",
        }
    return leg


def truth() -> dict[tuple[str, tuple[str, ...]], float]:
    """What was planted, by indicator and cell."""
    return {
        ("D1", ("interviews",)): USE,
        **{("F1", cell): fee for cell, fee in FEES.items()},
        ("F6", ("met",)): MET,
        ("F6", ("paid given met",)): PAID,
        ("R5", ("TUN", "ITA", "sea")): SEA,
        ("A1", ("robbery",)): USE * HARM_WITH + (1 - USE) * HARM_WITHOUT,
        ("A6", ("RR", "3+")): HARM_WITH / HARM_WITHOUT,
    }


def recovered(
    n: int, seed: int, replicates: int = 200
) -> dict[tuple[str, tuple[str, ...]], tuple[bool, Value]]:
    """One invented round: whether each planted value lies within the interval that was computed."""
    rng = np.random.default_rng(seed)
    facts = [read(one, "S1") for one in interviews(n, rng)]
    r = Round(facts, "invented", rng, PRICES, replicates=replicates)
    found = {(v.code, v.cell): v for code in ("D1", "F1", "F6", "R5", "A1", "A6") for v in compute(r, code)}
    return {
        key: (found[key].low is not None and found[key].low <= goal <= found[key].high, found[key])  # type: ignore[operator]
        for key, goal in truth().items()
    }


def varied(n: int, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Interviews with rare answers, missing answers and questions that not all were asked: what gives people away."""
    rare = (0.5, 0.25, 0.12, 0.06, 0.04, 0.03)
    modes = ("road", "foot", "sea", "train", "air", "animal")
    harms = ("robbery", "physical", "detention", "kidnapping", "sexual", "deprivation")
    for one in interviews(n, rng, sites=6):
        told = one["interview"]
        if rng.random() < 0.04:
            told["abuse_consent"] = "no"
            told["abuse_part"]["abuses"] = []
        for leg in told["legs"]:
            leg["leg_mode"] = str(rng.choice(modes, p=rare))
            if rng.random() < 0.05:
                leg["leg_to"] = str(rng.choice(("EGY", "SDN", "TCD")))
        for abuse in told["abuse_part"]["abuses"]:
            abuse["abuse_type"] = str(rng.choice(harms, p=rare))
        for met in told["officials"]:
            met["official_type"] = str(rng.choice(("police", "border", "military"), p=(0.8, 0.15, 0.05)))
            if rng.random() < 0.1:
                met["gift_paid"] = "88"
        yield one


def as_xml(told: dict[str, Any], *, form_id: str, version: str, instance: UUID) -> bytes:
    """A submission as a device sends it."""
    body = "".join(_nested(value, key) for key, value in told.items())
    meta = f"<meta><instanceID>uuid:{instance}</instanceID></meta>"
    return f'<data id="{escape(form_id)}" version="{escape(version)}">{body}{meta}</data>'.encode()


def _nested(value: Any, name: str) -> str:
    if isinstance(value, list):
        return "".join(_nested(one, name) for one in value)
    if isinstance(value, dict):
        return f"<{name}>{''.join(_nested(one, key) for key, one in value.items())}</{name}>"
    return f"<{name}>{escape(str(value))}</{name}>"

"""Indicators that stand on more than the interviews of one round: market, practitioners, corroboration, quality."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from palermo.fieldwork.estimates import Value, made, wilson
from palermo.fieldwork.facts import UNKNOWN, Facts
from palermo.fieldwork.flags import duplicates, speeders


def market_size(arrivals: float, use: Value, fee: Value) -> tuple[float, float] | None:
    """F7: a range only, from the ends of both intervals; an estimate, and None where one of them is hidden."""
    if use.low is None or use.high is None or fee.low is None or fee.high is None:
        return None
    return arrivals * use.low * fee.low, arrivals * use.high * fee.high


def concentration(groups: Sequence[str]) -> float | None:
    """M2: the sum of squared shares of groups, which are codes and never names."""
    counts = np.unique(np.asarray(groups, dtype=str), return_counts=True)[1]
    return float(((counts / counts.sum()) ** 2).sum()) if len(groups) else None


def diffusion(answers: Sequence[str]) -> float | None:
    """P1: 100 x (P(more) + half of P(same)) among practitioners who answered; None below 10 of them."""
    known = [a for a in answers if a not in UNKNOWN]
    return 100 * (known.count("more") + 0.5 * known.count("same")) / len(known) if len(known) >= 10 else None


def corroboration(findings: Sequence[Sequence[str]]) -> float | None:
    """P2: findings with two kinds of source or more, among all."""
    return sum(len(set(kinds)) >= 2 for kinds in findings) / len(findings) if findings else None


def quality(facts: Sequence[Facts], round_: str = "") -> list[Value]:
    """Q1: refusals, speeders, repeats, and the don't-knows among the single answers."""
    n = len(facts)

    def share(cell: str, hits: int, of: int) -> Value:
        if not of:
            return made("Q1", (cell,), None, None, None, 0, 0.0, "share; Wilson", round_)
        low, high = wilson(hits / of, of)
        return made("Q1", (cell,), hits / of, low, high, of, float(of), "share; Wilson", round_)

    agreed = [f for f in facts if f.interview.answer("consent") == "yes"]
    minutes = [f.interview.minutes.value for f in agreed if f.interview.minutes.value is not None]
    unsure = sum("dont_know" in f.interview.answers.values() for f in agreed)
    middle = float(np.median(minutes)) if minutes else None
    return [
        share("refusal", n - len(agreed), n),
        share("speeders", len(speeders(agreed)), len(minutes)),
        share("repeats", len(duplicates(agreed)), len(agreed)),
        share("any don't know", unsure, len(agreed)),
        made(
            "Q1",
            ("median minutes",),
            middle,
            None,
            None,
            len(minutes),
            float(len(minutes)),
            "median; no interval",
            round_,
        ),
    ]

"""How the estimate follows its main belief, which no data can test.

Models that fit the people seen equally well give any number of unseen ones: the data end where the belief begins.
N(xi) = n + n0 xi says what the estimate becomes when those never seen are xi times as many as the model believes. For
the model with all interactions but the highest, xi = exp((-1)^K lambda) with lambda the interaction of all K lists: "no
K-way interaction" is xi = 1 (Aleshin-Guendel, Sadinle and Wakefield, Biometrics 80 (2024)).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from palermo.estimation.pictures.curves import XI, Point, xi_curve
from palermo.estimation.results import Result, finite, number


@dataclass(frozen=True)
class Reach:
    """The xi at which a number of people is reached: by the estimate, by the upper end of its range (reached first)
    and by the lower end. 0 where those seen are enough, infinity where nobody unseen is estimated, None without a
    number or a range."""

    threshold: float
    xi: float | None
    by_upper: float | None = None
    by_lower: float | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "threshold": self.threshold, "xi": finite(self.xi),
            "by_upper": finite(self.by_upper), "by_lower": finite(self.by_lower),
        }  # fmt: skip

    @staticmethod
    def from_json(found: Mapping[str, Any]) -> Reach:
        """What `as_json` wrote."""
        return Reach(
            float(found["threshold"]),
            number(found["xi"]),
            number(found["by_upper"]),
            number(found["by_lower"]),
        )


def sensitivity(result: Result, xis: Sequence[float] = XI) -> tuple[Point, ...]:
    """The curve N(xi) with the range moved alike, by default for xi from 1/4 to 4; empty without a headline number.

    Raises ValueError for a xi that is not a positive number.
    """
    if any(not (xi > 0 and math.isfinite(xi)) for xi in xis):
        raise ValueError("xi is a positive number: how many times as many are unseen")
    return tuple(xi_curve(result, xis))


def xi_for(result: Result, threshold: float) -> Reach:
    """How far the belief must be wrong for the estimate to reach `threshold`: xi = (threshold - n) / n0."""

    def reaching(end: float | None) -> float | None:
        if end is None:
            return None
        more = threshold - result.n_observed
        if more <= 0 or math.isinf(end):
            return 0.0
        unseen = end - result.n_observed
        return more / unseen if unseen > 0 else math.inf

    return Reach(threshold, reaching(result.estimate), reaching(result.upper), reaching(result.lower))


def curve_as_json(curve: Sequence[Point]) -> list[dict[str, Any]]:
    """The curve as plain values."""
    return [
        {"x": point.x, "y": point.y, "lower": finite(point.lower), "upper": finite(point.upper)}
        for point in curve
    ]


def curve_from_json(found: Sequence[Mapping[str, Any]]) -> tuple[Point, ...]:
    """The curve that `curve_as_json` wrote."""
    return tuple(
        Point(float(one["x"]), float(one["y"]), number(one["lower"]), number(one["upper"])) for one in found
    )

"""Axes: round steps, straight or logarithmic, and figures that do not run into each other."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from palermo.sheets import GREY, SMALL, Sheet, wide

STEEP = 15.0  # a largest value so many times the smallest is drawn on a logarithmic axis
TICK = 5.0


@dataclass(frozen=True)
class Scale:
    """From values `low` to `high` to places `start` to `stop` on the sheet."""

    low: float
    high: float
    start: float
    stop: float
    logarithmic: bool = False

    def __call__(self, value: float) -> float:
        value = min(max(value, self.low), self.high)
        if self.logarithmic:
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.stop - self.start)

    def ticks(self, about: int = 6) -> list[float]:
        found = log_ticks(self.low, self.high) if self.logarithmic else ticks(self.low, self.high, about)
        return [one for one in found if self.low <= one * (1 + 1e-12) and one <= self.high * (1 + 1e-12)]


def ticks(low: float, high: float, about: int = 6) -> list[float]:
    """Round values from below `low` to above `high`, in steps of 1, 2 or 5 times a power of ten."""
    if not high > low:
        high = low + 1
    rough = (high - low) / max(about - 1, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 12) for i in range(first, last + 1)]


def log_ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 times powers of ten; only the powers where there are many."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    factors = (1, 2, 5) if len(powers) <= 4 else (1,)
    return [factor * 10.0**power for power in powers for factor in factors]


def around(values: Iterable[float], start: float, stop: float, *, zero: bool = False) -> Scale:
    """A scale that holds all finite values with round ends; logarithmic where they differ very much."""
    known = [one for one in values if math.isfinite(one)] or [0.0, 1.0]
    low, high = min(known), max(known)
    if not zero and low > 0 and high / low > STEEP:
        marks = [one for one in log_ticks(low, high) if one <= low] or [low]
        above = [one for one in log_ticks(low, high) if one >= high] or [high]
        return Scale(marks[-1], above[0], start, stop, logarithmic=True)
    from_zero = zero or 0 < low < high * 0.6 or 0 < low == high
    marks = ticks(0.0 if from_zero else low, high)
    return Scale(marks[0], marks[-1], start, stop)


def across(sheet: Sheet, scale: Scale, top: float, bottom: float, title: str) -> None:
    """A horizontal axis under the picture with lines through it."""
    edge = -math.inf
    for tick in scale.ticks():
        x, said = scale(tick), sheet.look.number(tick)
        sheet.line(x, top, x, bottom, stroke_opacity="0.35")
        half = wide(said, SMALL) / 2
        if x - half > edge + 4:
            sheet.text(x, bottom + 16, said, anchor="middle", size=SMALL)
            edge = x + half
    sheet.line(scale.start, bottom, scale.stop, bottom, GREY)
    sheet.text((scale.start + scale.stop) / 2, bottom + 36, title, anchor="middle")


def upright(sheet: Sheet, scale: Scale, left: float, right: float, title: str) -> None:
    """A vertical axis at the left with lines through the picture; its title stands above it."""
    for tick in scale.ticks():
        y, said = scale(tick), sheet.look.number(tick)
        sheet.line(left, y, right, y, stroke_opacity="0.35")
        sheet.text(left - 8, y + 4, said, anchor="end", size=SMALL)
    sheet.text(4.0, scale.stop - 14, title, size=SMALL)

"""Curves: the estimate as a belief is varied, as the data grow, and before and after the data are seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from palermo.estimation.pictures.axes import Scale, across, around, upright
from palermo.estimation.results import Result
from palermo.sheets import BLUE, GREY, SMALL, VERMILLION, Look, Sheet, wide

WIDTH, TALL = 620.0, 300.0
LEFT, TOP, RIGHT = 84.0, 44.0, 28.0


@dataclass(frozen=True)
class Point:
    """An estimate `y` at `x`, with its range where one is known (an infinite end runs off the picture)."""

    x: float
    y: float
    lower: float | None = None
    upper: float | None = None


XI = tuple(4.0 ** (i / 8) for i in range(-8, 9))


def xi_curve(result: Result, xis: Sequence[float] = XI) -> list[Point]:
    """N(xi) = n + (N - n) xi with the ends of the range moved alike; nothing where no number may be shown."""
    n, middle, low, high = result.n_observed, result.estimate, result.lower, result.upper
    if middle is None or math.isinf(middle):
        return []
    return [
        Point(
            xi, n + (middle - n) * xi, *(None if end is None else n + (end - n) * xi for end in (low, high))
        )
        for xi in xis
    ]


def sensitivity(
    curve: Sequence[Point], n_observed: int, *, threshold: float | None = None, look: Look | None = None
) -> str:
    """N(xi) = n + n0 xi: what the estimate becomes when those never seen are xi times as many as the model believes.

    `threshold` is a number that a decision hangs on; it is drawn across.
    """
    look = look or Look()
    bottom = TOP + TALL
    sheet = Sheet(WIDTH, bottom + 50, look)
    xs = [point.x for point in curve]
    across_scale = Scale(min(xs), max(xs), LEFT, WIDTH - RIGHT, logarithmic=True)
    up = _upright(curve, [float(n_observed), *([threshold] if threshold is not None else [])], bottom)
    upright(sheet, up, LEFT, WIDTH - RIGHT, look.say("people"))
    _xi_axis(sheet, across_scale, bottom, look)
    _level(sheet, up, n_observed, look.told("{people} seen", people=n_observed))
    if threshold is not None:
        _level(sheet, up, threshold, look.told("{people} in question", people=threshold), VERMILLION)
    _curve(sheet, curve, across_scale, up, look, "xi")
    _here(sheet, across_scale(1.0), TOP, bottom)
    first, last = curve[0], curve[-1]
    told = look.told(
        "From {low} people (those unseen {a} times as many as the model believes) to {high} ({b} times).",
        low=round(first.y), high=round(last.y), a=first.x, b=last.x,
    )  # fmt: skip
    return sheet.svg("sensitivity", look.say("The estimate as its main belief is varied"), told)


def trajectory(curve: Sequence[Point], *, look: Look | None = None) -> str:
    """The estimate as the data grow: `x` is the number of people seen so far. A steady climb means trouble."""
    look = look or Look()
    bottom = TOP + TALL
    sheet = Sheet(WIDTH, bottom + 50, look)
    xs = [point.x for point in curve]
    across_scale = around(xs, LEFT, WIDTH - RIGHT, zero=True)
    up = _upright(curve, [0.0], bottom)
    upright(sheet, up, LEFT, WIDTH - RIGHT, look.say("people estimated"))
    across(sheet, across_scale, TOP, bottom, look.say("people seen so far"))
    _curve(sheet, curve, across_scale, up, look, "people")
    told = look.told(
        "With {few} people seen the estimate is {first}, with {many} it is {last}.",
        few=round(curve[0].x), first=round(curve[0].y), many=round(curve[-1].x), last=round(curve[-1].y),
    )  # fmt: skip
    return sheet.svg("trajectory", look.say("The estimate as the data grow"), told)


def prior_posterior(
    values: Sequence[float],
    prior: Sequence[float],
    posterior: Sequence[float],
    *,
    n_observed: int | None = None,
    look: Look | None = None,
) -> str:
    """What was believed before (dashed) and after the data (filled), as densities over the number of people."""
    look = look or Look()
    bottom = TOP + TALL
    sheet = Sheet(WIDTH, bottom + 50, look)
    scale = around([*values, *([float(n_observed)] if n_observed else [])], LEFT - 50, WIDTH - RIGHT)
    up = Scale(0.0, max([*prior, *posterior]) * 1.08, bottom, TOP)
    across(sheet, scale, TOP, bottom, look.say("people"))
    after = [(scale(x), up(y)) for x, y in zip(values, posterior, strict=True)]
    before = [(scale(x), up(y)) for x, y in zip(values, prior, strict=True)]
    middles = median(values, prior), median(values, posterior)
    sheet.mark(look.told("after the data: median {people}", people=round(middles[1])),
               {"kind": "posterior", "median": round(middles[1])})  # fmt: skip
    base = [(after[-1][0], bottom), (after[0][0], bottom)]
    sheet.add("path", d=_path([*after, *base]) + "Z", fill=BLUE, fill_opacity="0.25")
    sheet.add("path", d=_path(after), fill="none", stroke=BLUE, stroke_width=2.5)
    sheet.end()
    sheet.mark(look.told("before the data: median {people}", people=round(middles[0])),
               {"kind": "prior", "median": round(middles[0])})  # fmt: skip
    sheet.add(
        "path", d=_path(before), fill="none", stroke=VERMILLION, stroke_width=2.5, stroke_dasharray="7 4"
    )
    sheet.end()
    if n_observed:
        sheet.line(scale(n_observed), TOP, scale(n_observed), bottom, "currentColor", stroke_dasharray="2 3")
    _legend(sheet, look, middles, n_observed)
    told = look.told(
        "Median before the data {a} people, after the data {b}.", a=round(middles[0]), b=round(middles[1])
    )
    return sheet.svg("prior", look.say("Believed before and after the data"), told)


def median(values: Sequence[float], density: Sequence[float]) -> float:
    """The value with half of the area under the curve on each side (trapezoids)."""
    areas = [(density[i] + density[i + 1]) / 2 * (values[i + 1] - values[i]) for i in range(len(values) - 1)]
    half, sum_so_far = sum(areas) / 2, 0.0
    for i, area in enumerate(areas):
        if sum_so_far + area >= half and area > 0:
            return values[i] + (half - sum_so_far) / area * (values[i + 1] - values[i])
        sum_so_far += area
    return values[-1]


def _upright(curve: Sequence[Point], also: Sequence[float], bottom: float) -> Scale:
    ends = [end for point in curve for end in (point.lower, point.y, point.upper) if end is not None]
    middle = max((point.y for point in curve if math.isfinite(point.y)), default=1.0)
    # A range many times the curve would flatten it: it runs off the picture instead.
    return around([*also, *(end for end in ends if end <= 6 * middle)], bottom, TOP, zero=0.0 in also)


def _curve(sheet: Sheet, curve: Sequence[Point], x: Scale, y: Scale, look: Look, name: str) -> None:
    ranged = [point for point in curve if point.lower is not None and point.upper is not None]
    if len(ranged) > 1:
        low = [(x(point.x), y(point.lower or 0.0)) for point in reversed(ranged)]
        high = [(x(point.x), y(min(point.upper or 0.0, y.high))) for point in ranged]
        sheet.add("path", d=_path([*high, *low]) + "Z", fill=BLUE, fill_opacity="0.2")
    sheet.add("path", d=_path([(x(p.x), y(p.y)) for p in curve]), fill="none", stroke=BLUE, stroke_width=2.5)
    for point in curve:
        told = f"{look.number(point.x)}: {look.number(float(round(point.y)))}"
        if point.lower is not None and point.upper is not None:
            ends = [
                look.number(float(round(end)) if math.isfinite(end) else end)
                for end in (point.lower, point.upper)
            ]
            told += f" ({ends[0]} - {ends[1]})"
        sheet.mark(told, {"kind": "point", name: point.x, "estimate": point.y})
        sheet.add("circle", cx=x(point.x), cy=y(point.y), r=3.5, fill=BLUE)
        sheet.end()


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _level(sheet: Sheet, up: Scale, value: float, words: str, color: str = "currentColor") -> None:
    y = up(value)
    sheet.line(LEFT, y, WIDTH - RIGHT, y, color, stroke_dasharray="5 4")
    sheet.text(WIDTH - RIGHT - 6, y - 5, words, anchor="end", size=SMALL)


def _here(sheet: Sheet, x: float, top: float, bottom: float) -> None:
    sheet.line(x, top, x, bottom, "currentColor", stroke_dasharray="2 3")
    said = sheet.look.say("as the model believes")
    sheet.text(x, top - 6, said, anchor="middle", size=SMALL)


def _xi_axis(sheet: Sheet, scale: Scale, bottom: float, look: Look) -> None:
    named = {0.1: "1/10", 0.25: "1/4", 0.5: "1/2", 1.0: "1", 2.0: "2", 4.0: "4", 10.0: "10"}
    for value, said in named.items():
        if scale.low <= value <= scale.high:
            sheet.line(scale(value), TOP, scale(value), bottom, GREY, stroke_opacity="0.35")
            sheet.text(scale(value), bottom + 16, said, anchor="middle", size=SMALL)
    sheet.line(scale.start, bottom, scale.stop, bottom)
    words = look.say("those unseen, as a multiple of what the model believes (xi)")
    sheet.text((scale.start + scale.stop) / 2, bottom + 36, words, anchor="middle", size=SMALL)


def _legend(sheet: Sheet, look: Look, middles: tuple[float, float], n: int | None) -> None:
    said = (
        (look.told("before: median {people}", people=round(middles[0])), VERMILLION, "7 4"),
        (look.told("after: median {people}", people=round(middles[1])), BLUE, None),
        (look.told("{people} seen", people=n or 0), "currentColor", "2 3"),
    )
    x = LEFT - 50
    for words, color, dashes in said if n else said[:2]:
        sheet.line(x, 18, x + 26, 18, color, stroke_width=2.5, stroke_dasharray=dashes)
        sheet.text(x + 32, 22, words, size=SMALL)
        x += 32 + wide(words, SMALL) + 18

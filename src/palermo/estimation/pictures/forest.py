"""The estimates of several methods below each other, each with its range: where they agree, and where they do not."""

from __future__ import annotations

import math
from collections.abc import Sequence

from palermo.estimation.pictures.axes import Scale, across, around
from palermo.estimation.results import Result
from palermo.sheets import BLUE, GREY, SMALL, VERMILLION, Look, Sheet, cut, isolated, wide

ROW = 34.0
MIDDLE = 430.0  # width of the drawing itself
BOUNDS = ("chao",)


def forest(results: Sequence[Result], *, names: Sequence[str] = (), look: Look | None = None) -> str:
    """The picture as SVG. A withheld number is not drawn; a range without upper end ends in an arrow."""
    look = look or Look()
    called = list(names) or [one.method for one in results]
    said = [_written(one, look) for one in results]
    left = 16 + min(max(map(wide, called), default=0.0), 190.0) + 14
    right = max([*(wide(one, SMALL) for one in said), 60.0]) + 14
    top, bottom = 34.0, 34.0 + ROW * max(len(results), 1) + 6
    sheet = Sheet(left + MIDDLE + right + 12, bottom + 46, look)
    scale = _scale(results, left, left + MIDDLE - 14)
    share = any(one.quantity == "share" for one in results)
    across(sheet, scale, top - 6, bottom, look.say("share") if share else look.say("people"))
    seen = {one.n_observed for one in results}
    if not share and len(seen) == 1:
        _observed(sheet, scale(next(iter(seen))), top, bottom, next(iter(seen)))
    for row, (result, name) in enumerate(zip(results, called, strict=True)):
        y = top + ROW * (row + 0.5)
        told = f"{isolated(name)}: {said[row]}"
        data = {"kind": "estimate", "method": result.method, "estimate": _finite(result.estimate),
                "lower": _finite(result.lower), "upper": _finite(result.upper)}  # fmt: skip
        sheet.mark(told, data)
        sheet.text(left - 14, y + 4, cut(name, left - 30), anchor="end")
        _range(sheet, scale, y, result)
        sheet.text(left + MIDDLE + 12, y + 4, said[row], size=SMALL)
        sheet.end()
    return sheet.svg("forest", look.say("The estimate by method"), "; ".join(
        f"{isolated(name)}: {one}" for name, one in zip(called, said, strict=True)
    ))  # fmt: skip


def _scale(results: Sequence[Result], start: float, stop: float) -> Scale:
    values = [end for one in results for end in (one.estimate, one.lower, one.upper) if end is not None]
    if any(one.quantity == "share" for one in results):
        return around(values, start, stop, zero=True)
    return around([*values, *(float(one.n_observed) for one in results)], start, stop)


def _written(result: Result, look: Look) -> str:
    if result.estimate is None:
        return look.say("no estimate")
    number = _percent if result.quantity == "share" else look.number
    text = number(_whole(result.estimate))
    if result.lower is None or result.upper is None:
        return text
    return f"{text} ({number(_whole(result.lower))} - {number(_whole(result.upper))})"


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def _whole(value: float) -> float:
    return value if math.isinf(value) or value < 1 else float(round(value))


def _finite(value: float | None) -> float | str | None:
    return "infinity" if value is not None and math.isinf(value) else value


def _observed(sheet: Sheet, x: float, top: float, bottom: float, n: int) -> None:
    sheet.line(x, top - 8, x, bottom, "currentColor", stroke_dasharray="4 3")
    said = sheet.look.told("{people} seen", people=n)
    sheet.text(max(x - wide(said, SMALL) / 2, 4.0), top - 14, said, size=SMALL)


def _range(sheet: Sheet, scale: Scale, y: float, result: Result) -> None:
    if result.estimate is None:
        sheet.text(scale.start + 8, y + 4, "×", size=16.0)
        return
    x, color = scale(result.estimate), VERMILLION if result.forced and result.hard else BLUE
    if result.lower is not None and result.upper is not None:
        low, high = scale(result.lower), scale(result.upper)
        sheet.line(low, y, high, y, color, stroke_width=3)
        sheet.line(low, y - 6, low, y + 6, color, stroke_width=2)
        if math.isinf(result.upper):
            sheet.add("path", d=f"M{high:.1f} {y - 6:.1f}l10 6l-10 6z", fill=color)
        else:
            sheet.line(high, y - 6, high, y + 6, color, stroke_width=2)
    if result.method in BOUNDS:  # a bound points to where the truth may be
        sheet.add(
            "path", d=f"M{x - 6:.1f} {y - 8:.1f}l13 8l-13 8z", fill=color, stroke=GREY, stroke_width="0.5"
        )
    else:
        sheet.add("circle", cx=x, cy=y, r=6.0, fill=color)

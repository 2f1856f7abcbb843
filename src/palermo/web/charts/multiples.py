"""Small pictures of the same scale beside each other: how each category went over the years.

A withheld year breaks the line and leaves one flat mark under the axis, whose size says nothing. A year that nobody
counted breaks it without a mark. What is not over yet is joined by a dashed line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal
from zlib import crc32

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palermo.web.charts.canvas import Canvas, px
from palermo.web.charts.model import Words
from palermo.web.charts.scale import figure, nice_ticks
from palermo.web.charts.svg import hatch

WIDTH, HEIGHT = 240.0, 132.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 14.0, 14.0, 28.0
UNKNOWN: Literal["unknown"] = "unknown"  # nobody counted it: neither nought nor withheld

Value = float | None | Literal["unknown"]


@dataclass(frozen=True, slots=True)
class Line:
    """One category; None is a withheld value. `apart`: a whole, on a scale of its own, which its name says."""

    name: Words
    values: Sequence[Value]
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Multiples:
    """Lines over the same periods, drawn one by one on one scale. `running`: the last period is not over."""

    title: Words
    periods: Sequence[Words]
    lines: Sequence[Line]
    unit: Words = ""
    running: bool = False

    @property
    def key(self) -> str:
        said = (self.title, *self.periods, *(line.name for line in self.lines))
        return f"trend-{crc32('|'.join(map(str, said)).encode()):08x}"

    def peak(self, of: Line) -> float:
        """The highest figure on the scale of a line."""
        lines = [of] if of.apart else [line for line in self.lines if not line.apart]
        return max((v for line in lines for v in line.values if isinstance(v, int | float)), default=0)

    @property
    def withheld(self) -> int:
        return sum(value is None for line in self.lines for value in line.values)

    @property
    def is_silent(self) -> bool:
        """Whether there is no figure to draw at all."""
        return not any(isinstance(v, int | float) for line in self.lines for v in line.values)


def panels(chart: Multiples, *, rtl: bool = False) -> list[tuple[Words, SafeString]]:
    """The name of each category and its picture."""
    return [
        (
            _("%(what)s, on its own scale") % {"what": line.name} if line.apart else line.name,
            _panel(chart, place, line, rtl),
        )
        for place, line in enumerate(chart.lines)
    ]


def described(chart: Multiples, line: Line) -> str:
    """One line in sentences: where it began and ended, its highest, and how much of it is withheld."""
    known = [
        (period, value)
        for period, value in zip(chart.periods, line.values, strict=True)
        if isinstance(value, int | float)
    ]
    told = []
    if known:
        (first, began), (last, ended) = known[0], known[-1]
        high, highest = max(known, key=lambda item: item[1])
        told.append(
            _("%(first)s: %(began)s; %(last)s: %(ended)s; highest %(high)s: %(highest)s.")
            % {
                "first": first, "began": figure(began), "last": last, "ended": figure(ended), "high": high,
                "highest": figure(highest),
            }
        )  # fmt: skip
    if hidden := sum(value is None for value in line.values):
        told.append(
            ngettext("%(count)s value is withheld.", "%(count)s values are withheld.", hidden)
            % {"count": hidden}
        )
    return " ".join(told)


def _panel(chart: Multiples, place: int, line: Line, rtl: bool) -> SafeString:
    key = f"{chart.key}-{place}"
    canvas = Canvas(key, WIDTH, HEIGHT, rtl)
    floor = HEIGHT - BOTTOM
    ticks = nice_ticks(chart.peak(line), about=3)
    unit = (floor - TOP) / ticks[-1]
    for tick in ticks:
        y = floor - tick * unit
        canvas.line(LEFT, y, WIDTH - RIGHT, y, "chart-grid" if tick else "chart-axis")
        canvas.text(LEFT - 6, y + 5, figure(tick), anchor="end")
    step = (WIDTH - LEFT - RIGHT - 20) / max(len(chart.periods) - 1, 1)
    at = [LEFT + 10 + step * number for number in range(len(chart.periods))]
    canvas.text(at[0] - 10, HEIGHT - 8, str(chart.periods[0]))
    if len(chart.periods) > 1:
        canvas.text(at[-1] + 14, HEIGHT - 8, str(chart.periods[-1]), anchor="end")
    _marks(chart, line, canvas, at, floor, step)
    _pieces(chart, line, canvas, at, floor, unit)
    return format_html(
        '<svg class="chart-svg trend-svg" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-desc" '
        'direction="{}"><title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}{}</svg>',
        px(WIDTH), px(HEIGHT), key, key, "rtl" if rtl else "ltr", key, line.name, key, described(chart, line),
        hatch(key), canvas.body(),
    )  # fmt: skip


def _marks(chart: Multiples, line: Line, canvas: Canvas, at: list[float], floor: float, step: float) -> None:
    wide = min(14.0, max(step - 2, 4.0))
    for period, value, x in zip(chart.periods, line.values, at, strict=True):
        if value is None:
            canvas.withheld(x - wide / 2, floor + 1, wide, 6, f"{period}: {figure(None)}")


def _pieces(chart: Multiples, line: Line, canvas: Canvas, at: list[float], floor: float, unit: float) -> None:
    """The line between its gaps, and a dot on every value; the way to a period that is not over is dashed."""
    points = [
        (x, floor - value * unit) if isinstance(value, int | float) else None
        for x, value in zip(at, line.values, strict=True)
    ]
    last = len(points) - 1
    for number, (before, after) in enumerate(pairwise(points), 1):
        if before and after:
            open_ = chart.running and number == last
            canvas.path([before, after], "chart-line chart-l1" + (" trend-open" if open_ else ""))
    for period, value, point in zip(chart.periods, line.values, points, strict=True):
        if point and isinstance(value, int | float):
            canvas.dot(*point, "chart-s1 chart-edge", f"{period}: {figure(value)}")

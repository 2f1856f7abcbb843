"""A map of flows: curved lines from countries to one country, or from each to another one, as wide as the figure.

Withheld ones are dashed, all alike; on a map of legs an arrow tells the direction. The map is cut to where the lines
are and is never mirrored: east is east in every language.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import hypot
from zlib import crc32

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palermo.standards.world import HEIGHT, WIDTH, Point, World
from palermo.web.charts.canvas import px
from palermo.web.charts.model import Words
from palermo.web.charts.scale import figure

SHEET = 640.0  # the width of the picture
WIDEST, THINNEST, WITHHELD = 14.0, 1.0, 3.0  # of a line
NAMED = 8  # the strongest carry a number, which stands in the list below
MARGIN, LEAST = 45.0, 260.0  # around the lines, and the least part of the world that is shown
BEND = 0.16
ARROW = 5.0


@dataclass(frozen=True, slots=True)
class Flow:
    """From one country, to `to` or to the one place of the map; value None is withheld."""

    name: Words
    at: Point
    value: float | None
    to: Point | None = None


@dataclass(frozen=True, slots=True)
class FlowMap:
    """Flows to one place, or each to its own (`to` is None then), the strongest first. Those without a place on the map
    are not in it."""

    title: Words
    here: Words
    to: Point | None
    flows: Sequence[Flow]
    world: World
    unit: Words = ""

    @property
    def key(self) -> str:
        said = (self.title, self.here, *(flow.name for flow in self.flows))
        return f"flow-{crc32('|'.join(map(str, said)).encode()):08x}"

    @property
    def withheld(self) -> int:
        return sum(flow.value is None for flow in self.flows)

    @property
    def named(self) -> list[tuple[int, Flow]]:
        """The strongest, with the number that they carry on the map."""
        shown = [flow for flow in self.flows if flow.value]
        return list(enumerate(shown[:NAMED], 1))

    def description(self) -> str:
        """The map in sentences, for those who hear it."""
        count = len(self.flows)
        if self.to is None:
            told = [
                ngettext("%(count)s line between two countries.", "%(count)s lines between countries.", count)
                % {"count": count}
            ]
        else:
            told = [
                ngettext(
                    "A line from %(count)s country to %(here)s.",
                    "Lines from %(count)s countries to %(here)s.",
                    count,
                )
                % {"count": count, "here": self.here}
            ]
        if self.named:
            first = self.named[0][1]
            told.append(
                _("The widest: %(where)s, %(value)s.") % {"where": first.name, "value": figure(first.value)}
            )
        if self.withheld:
            said = ngettext("%(count)s value is withheld.", "%(count)s values are withheld.", self.withheld)
            told.append(said % {"count": self.withheld})
        told.append(_("The table below the map holds every value."))
        return " ".join(told)


def draw_flows(chart: FlowMap) -> SafeString:
    """The map as SVG with a title and a description."""
    left, top, wide, high = _cut(chart)
    unit = SHEET / wide

    def on(point: Point) -> Point:
        return (point[0] - left) * unit, (point[1] - top) * unit

    ground = format_html(
        '<g transform="scale({}) translate({} {})"><path class="map-land" d="{}"/><path class="map-border" d="{}"/>'
        '<path class="map-border map-disputed" d="{}"/></g>',
        f"{unit:.4f}", px(-left), px(-top), chart.world.land, chart.world.borders, chart.world.disputed,
    )  # fmt: skip
    most = max((flow.value or 0 for flow in chart.flows), default=0)
    # Those that are withheld lie at the bottom, thin lines above wide ones, so that none is hidden by another.
    order = sorted(chart.flows, key=lambda flow: (flow.value is not None, -(flow.value or 0)))
    ends = [(flow, on(flow.at), on(_end(flow, chart))) for flow in order]
    lines = format_html_join("", "{}", ((_line(flow, start, end, most),) for flow, start, end in ends))
    arrows = (
        format_html_join("", "{}", ((_arrow(start, end),) for _flow, start, end in ends))
        if chart.to is None
        else ""
    )
    dots = format_html_join(
        "",
        '<circle class="map-from" cx="{}" cy="{}" r="3"/>',
        ((px(x), px(y)) for x, y in _points(chart, on)),
    )
    numbers = format_html_join(
        "",
        '<text class="map-number" x="{}" y="{}" text-anchor="middle">{}</text>',
        ((px(on(flow.at)[0]), px(max(on(flow.at)[1] - 7, 18)), number) for number, flow in chart.named),
    )
    return format_html(
        '<svg class="chart-svg flow-svg" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-desc" '
        'direction="ltr"><title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}{}{}{}{}{}</svg>',
        px(SHEET), px(high * unit), chart.key, chart.key, chart.key, chart.title, chart.key, chart.description(),
        ground, lines, arrows, dots, _here(chart, on), numbers,
    )  # fmt: skip


def _end(flow: Flow, chart: FlowMap) -> Point:
    """Where a line ends: at its own place, or at that of the map."""
    return flow.to or chart.to or flow.at


def _points(chart: FlowMap, on: Callable[[Point], Point]) -> list[Point]:
    """Where a dot stands: each beginning, and each end that is not the place of the map; every place once."""
    every = [flow.at for flow in chart.flows] + [flow.to for flow in chart.flows if flow.to]
    return [on(at) for at in dict.fromkeys(every)]


def _here(chart: FlowMap, on: Callable[[Point], Point]) -> SafeString:
    if chart.to is None:
        return SafeString("")
    x, y = on(chart.to)
    return format_html('<circle class="map-to" cx="{}" cy="{}" r="7"/>', px(x), px(y))


def thickness(value: float | None, most: float) -> float:
    """How wide a line is: in proportion to the figure, but never too thin to be seen."""
    if value is None:
        return WITHHELD
    return max(WIDEST * value / most, THINNEST) if most else THINNEST


def _line(flow: Flow, start: Point, end: Point, most: float) -> SafeString:
    """A curve that bends to the north, so that lines from one direction do not lie on each other."""
    bend = _bend(start, end)
    kind = "map-flow map-withheld" if flow.value is None else "map-flow"
    return format_html(
        '<path class="{}" stroke-width="{}" d="M{} {}Q{} {} {} {}"><title>{}: {}</title></path>',
        kind, px(thickness(flow.value, most)), px(start[0]), px(start[1]), px(bend[0]), px(bend[1]), px(end[0]),
        px(end[1]), flow.name, figure(flow.value),
    )  # fmt: skip


def _bend(start: Point, end: Point) -> Point:
    """The point that a curve is drawn to."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = hypot(dx, dy)
    away = length * BEND
    side = 1 if dx > 0 else -1
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    return x + side * dy / (length or 1) * away, y - side * dx / (length or 1) * away


def _arrow(start: Point, end: Point) -> SafeString:
    """A head in the middle of the curve; the middle of a curve of this kind runs as the straight line does."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = hypot(dx, dy)
    if length < 2 * ARROW:
        return SafeString("")
    bend = _bend(start, end)
    x, y = (start[0] + 2 * bend[0] + end[0]) / 4, (start[1] + 2 * bend[1] + end[1]) / 4
    ux, uy = dx / length * ARROW, dy / length * ARROW
    corners = ((x + ux, y + uy), (x - ux - uy, y - uy + ux), (x - ux + uy, y - uy - ux))
    path = "L".join(f"{px(a)} {px(b)}" for a, b in corners)
    return format_html('<path class="map-arrow" d="M{}Z"/>', path)


def _cut(chart: FlowMap) -> tuple[float, float, float, float]:
    """Left, top, width and height of the part of the world in which everything lies."""
    every = [*(flow.at for flow in chart.flows), *(_end(flow, chart) for flow in chart.flows)]
    left, right = min(x for x, _y in every) - MARGIN, max(x for x, _y in every) + MARGIN
    top, bottom = min(y for _x, y in every) - MARGIN, max(y for _x, y in every) + MARGIN
    wide = min(max(right - left, LEAST, (bottom - top) * 1.25), WIDTH)
    high = min(max(bottom - top, wide * 0.56), HEIGHT)
    left = min(max((left + right - wide) / 2, 0), WIDTH - wide)
    top = min(max((top + bottom - high) / 2, 0), HEIGHT - high)
    return left, top, wide, high

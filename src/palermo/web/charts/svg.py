"""From a Chart to the text of one <svg>."""

from collections.abc import Callable

from django.utils.html import format_html
from django.utils.safestring import SafeString

from palermo.web.charts.bars import draw_bars
from palermo.web.charts.canvas import Canvas, px
from palermo.web.charts.lines import draw_lines
from palermo.web.charts.model import Chart
from palermo.web.charts.pyramid import draw_pyramid

DRAWN: dict[str, Callable[[Chart, bool], Canvas]] = {
    "bar": draw_bars,
    "grouped": draw_bars,
    "stacked": draw_bars,
    "line": draw_lines,
    "pyramid": draw_pyramid,
}


def draw(chart: Chart, *, rtl: bool = False) -> SafeString:
    """The chart as SVG with a title and a description; mirrored for right-to-left readers."""
    canvas = DRAWN[chart.kind](chart, rtl)
    return format_html(
        '<svg class="chart-svg" viewBox="0 0 {} {}" role="img" '
        'aria-labelledby="{}-title {}-desc" direction="{}">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}{}</svg>',
        px(canvas.width),
        px(canvas.height),
        chart.key,
        chart.key,
        "rtl" if rtl else "ltr",
        chart.key,
        chart.title,
        chart.key,
        chart.description(),
        hatch(chart.key),
        canvas.body(),
    )


def hatch(key: str) -> SafeString:
    """The pattern of suppressed values."""
    return format_html(
        '<defs><pattern id="{}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><line class="chart-hatch-line" x1="0" y1="0" x2="0" y2="6"/>'
        "</pattern></defs>",
        key,
    )

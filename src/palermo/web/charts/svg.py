"""From a Chart to the text of one <svg>."""

from collections.abc import Callable

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

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

DRAWN_AS_BARS = ("bar", "grouped", "stacked")


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
        hatch(chart.key, len(chart.series) if chart.kind in DRAWN_AS_BARS else 1),
        canvas.body(),
    )


# Shapes on the second and later series, so that they differ without colour too; the hatch is of withheld values only.
SHAPES = {
    2: '<circle cx="4" cy="4" r="1.4"/>',
    3: '<path d="M0 4h8"/>',
    4: '<path d="M4 0v8"/>',
    5: '<path d="M0 4h8M4 0v8"/>',
    6: '<circle cx="4" cy="4" r="2.6"/>',
}


def hatch(key: str, series: int = 1) -> SafeString:
    """The pattern of suppressed values, and those of the series after the first."""
    shapes = mark_safe(  # noqa: S308  made here of constants and a checksum
        "".join(
            f'<pattern id="{key}-p{n}" width="8" height="8" patternUnits="userSpaceOnUse">'
            f'<g class="chart-shape">{SHAPES[n]}</g></pattern>'
            for n in range(2, series + 1)
        )
    )
    return format_html(
        '<defs><pattern id="{}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><line class="chart-hatch-line" x1="0" y1="0" x2="0" y2="6"/>'
        "</pattern>{}</defs>",
        key,
        shapes,
    )

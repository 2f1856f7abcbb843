"""Lines over time. A suppressed value breaks the line and leaves one hatched mark under the axis."""

import math

from palermo.web.charts.bars import WIDTH, peak, said
from palermo.web.charts.canvas import Canvas
from palermo.web.charts.model import Chart
from palermo.web.charts.scale import figure, nice_ticks


def draw_lines(chart: Chart, rtl: bool) -> Canvas:
    left, right, top, bottom, height = 56.0, 22.0, 16.0, 34.0, 320.0
    canvas = Canvas(chart.key, WIDTH, height, rtl)
    floor = height - bottom
    ticks = nice_ticks(peak(chart))
    unit = (floor - top) / ticks[-1]
    for tick in ticks:
        y = floor - tick * unit
        canvas.line(left, y, WIDTH, y, "chart-grid" if tick else "chart-axis")
        canvas.text(left - 8, y + 5, figure(tick), anchor="end")
    step = (WIDTH - left - right - 24) / max(len(chart.x_labels) - 1, 1)
    places = [left + 24 + step * row for row in range(len(chart.x_labels))]
    widest = max((len(str(label)) for label in chart.x_labels), default=1)
    every = max(1, math.ceil((widest * 9 + 4) / step))
    for row, label in enumerate(chart.x_labels):
        if row % every == 0:
            canvas.text(places[row], height - 10, str(label), anchor="middle")
    for row, place in enumerate(places):
        # One flat mark for all: beside the lines it would be read as a value.
        hidden = [said(chart, row, i) for i, series in enumerate(chart.series) if series.values[row] is None]
        if hidden:
            canvas.withheld(place - 8, floor + 1, 16, 6, "; ".join(hidden))
    for i in range(len(chart.series)):
        one_line(chart, canvas, i, places, floor, unit)
    return canvas


def one_line(chart: Chart, canvas: Canvas, i: int, places: list[float], floor: float, unit: float) -> None:
    """The pieces of one line between its suppressed values, and a dot on every value."""
    piece: list[tuple[float, float]] = []
    for row, value in enumerate(chart.series[i].values):
        if value is None:
            if len(piece) > 1:
                canvas.path(piece, f"chart-line chart-l{i + 1}")
            piece = []
        else:
            piece.append((places[row], floor - value * unit))
    if len(piece) > 1:
        canvas.path(piece, f"chart-line chart-l{i + 1}")
    for row, value in enumerate(chart.series[i].values):
        if value is not None:
            canvas.dot(places[row], floor - value * unit, f"chart-s{i + 1} chart-edge", said(chart, row, i))

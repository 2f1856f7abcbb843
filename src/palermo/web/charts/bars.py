"""Bars: columns where the labels are short (years), lying bars where they are words."""

import math

from palermo.web.charts.canvas import Canvas
from palermo.web.charts.model import Chart
from palermo.web.charts.scale import figure, nice_ticks, wrap

WIDTH = 480.0  # so that 15 px letters are still read on a phone
GUTTER = 164.0  # for labels in words, at the start of lying bars
MARK = 16.0  # the length of the hatched mark of a suppressed value
LABELLED = 30  # more values than this are not written beside their bars


def peak(chart: Chart) -> float:
    """The highest value, or the highest stack."""
    if chart.kind == "stacked":
        return max((sum(v or 0 for v in values) for _label, values in chart.rows), default=0)
    return max((v for series in chart.series for v in series.values if v is not None), default=0)


def stands(chart: Chart) -> bool:
    """Whether the labels are short enough to stand under columns."""
    return all(len(str(label)) <= 5 for label in chart.x_labels)


def draw_bars(chart: Chart, rtl: bool) -> Canvas:
    return draw_columns(chart, rtl) if stands(chart) else draw_lying(chart, rtl)


def said(chart: Chart, row: int, series: int) -> str:
    """A mark in words: what the pointer shows."""
    name = (
        f"{chart.x_labels[row]}, {chart.series[series].name}"
        if len(chart.series) > 1
        else chart.x_labels[row]
    )
    return f"{name}: {figure(chart.series[series].values[row])}"


def draw_lying(chart: Chart, rtl: bool) -> Canvas:
    """One row per label, bars growing in the direction of reading."""
    beside = len(chart.series) if chart.kind != "stacked" else 1
    thick = 22.0 if beside == 1 else 16.0
    slot = max(beside * thick + 14, 58.0)
    top, bottom = 8.0, 34.0
    canvas = Canvas(chart.key, WIDTH, top + slot * len(chart.x_labels) + bottom, rtl)
    ticks = nice_ticks(peak(chart), about=4)
    unit = (WIDTH - GUTTER - 64) / ticks[-1]
    for tick in ticks:
        x = GUTTER + tick * unit
        canvas.line(x, top, x, canvas.height - bottom, "chart-grid" if tick else "chart-axis")
        canvas.text(x, canvas.height - 10, figure(tick), anchor="middle")
    for row, label in enumerate(chart.x_labels):
        middle = top + slot * row + slot / 2
        lines = wrap(str(label), 17, lines=3)
        for i, words in enumerate(lines):
            canvas.text(GUTTER - 10, middle + 5 + (i - (len(lines) - 1) / 2) * 16, words, anchor="end")
        lying_row(chart, canvas, row, middle - beside * thick / 2, thick, unit)
    return canvas


def lying_row(chart: Chart, canvas: Canvas, row: int, y: float, thick: float, unit: float) -> None:
    x = GUTTER
    for i, series in enumerate(chart.series):
        value = series.values[row]
        if chart.kind != "stacked":
            x, level = GUTTER, y + i * thick
        else:
            level = y
        length = MARK if value is None else value * unit
        if value is None:
            canvas.withheld(x, level + 1, length, thick - 2, said(chart, row, i))
        else:
            canvas.rect(x, level + 1, length, thick - 2, f"chart-s{i + 1} chart-edge", said(chart, row, i))
            canvas.shape(x, level + 1, length, thick - 2, i + 1)
        if chart.kind != "stacked" and value is not None and labelled(chart):
            canvas.text(x + length + 6, level + thick / 2 + 5, figure(value), cls="chart-value")
        x += length
    if chart.kind == "stacked" and None not in (values := chart.rows[row][1]):
        canvas.text(x + 6, y + thick / 2 + 5, figure(sum(v or 0 for v in values)), cls="chart-value")


def draw_columns(chart: Chart, rtl: bool) -> Canvas:
    """One column, or one group of columns, per label."""
    left, top, bottom, height = 56.0, 24.0, 34.0, 320.0
    canvas = Canvas(chart.key, WIDTH, height, rtl)
    floor = height - bottom
    ticks = nice_ticks(peak(chart))
    unit = (floor - top) / ticks[-1]
    for tick in ticks:
        y = floor - tick * unit
        canvas.line(left, y, WIDTH, y, "chart-grid" if tick else "chart-axis")
        canvas.text(left - 8, y + 5, figure(tick), anchor="end")
    slot = (WIDTH - left) / max(len(chart.x_labels), 1)
    every = max(1, math.ceil(46 / slot))  # where slots are narrow, not every label is written
    for row, label in enumerate(chart.x_labels):
        start = left + slot * row
        if row % every == 0:
            canvas.text(start + slot / 2, height - 10, str(label), anchor="middle")
        column(chart, canvas, row, start, slot, floor, unit)
    return canvas


def column(
    chart: Chart, canvas: Canvas, row: int, start: float, slot: float, floor: float, unit: float
) -> None:
    beside = len(chart.series) if chart.kind != "stacked" else 1
    thick = min(slot * 0.74 / beside, 56.0)
    first = start + (slot - thick * beside) / 2
    y = floor
    for i, series in enumerate(chart.series):
        value = series.values[row]
        x = first
        if chart.kind != "stacked":
            x, y = first + i * thick, floor
        length = MARK if value is None else value * unit
        if value is None:
            canvas.withheld(x, y - length, thick, length, said(chart, row, i))
        else:
            canvas.rect(x, y - length, thick, length, f"chart-s{i + 1} chart-edge", said(chart, row, i))
            canvas.shape(x, y - length, thick, length, i + 1)
        # On a phone letters are larger, and values side by side would touch.
        value_class = "chart-value" if len(chart.series) == 1 else "chart-value chart-crowded"
        if chart.kind != "stacked" and value is not None and thick >= 8 * len(figure(value)):
            canvas.text(x + thick / 2, y - length - 6, figure(value), anchor="middle", cls=value_class)
        y -= length


def labelled(chart: Chart) -> bool:
    return len(chart.series) * len(chart.x_labels) <= LABELLED

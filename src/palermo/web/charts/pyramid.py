"""A population pyramid: two series back to back, the first label (youngest) at the foot."""

from palermo.web.charts.bars import MARK, WIDTH, peak, said
from palermo.web.charts.canvas import Canvas
from palermo.web.charts.model import Chart
from palermo.web.charts.scale import figure, nice_ticks

SPINE = 92.0  # the column of labels between the two sides
ROW = 30.0


def draw_pyramid(chart: Chart, rtl: bool) -> Canvas:
    top, bottom = 28.0, 34.0
    canvas = Canvas(chart.key, WIDTH, top + ROW * len(chart.x_labels) + bottom, rtl)
    ticks = nice_ticks(peak(chart), about=3)
    left, right = (WIDTH - SPINE) / 2, (WIDTH + SPINE) / 2
    unit = (left - 44) / ticks[-1]
    floor = canvas.height - bottom
    for tick in ticks:
        for x in (left - tick * unit, right + tick * unit):
            canvas.line(x, top, x, floor, "chart-grid" if tick else "chart-axis")
            canvas.text(x, canvas.height - 10, figure(tick), anchor="middle")
    canvas.text(left, 16, str(chart.series[0].name), anchor="end", cls="chart-value")
    canvas.text(right, 16, str(chart.series[1].name), cls="chart-value")
    for row, label in enumerate(chart.x_labels):
        y = floor - ROW * (row + 1)
        canvas.text(WIDTH / 2, y + ROW / 2 + 5, str(label), anchor="middle")
        side(chart, canvas, row, 0, y, left, unit)
        side(chart, canvas, row, 1, y, right, unit)
    return canvas


def side(chart: Chart, canvas: Canvas, row: int, i: int, y: float, edge: float, unit: float) -> None:
    """One bar: series 0 grows towards the start of the line, series 1 towards its end."""
    value = chart.series[i].values[row]
    length = MARK if value is None else value * unit
    x = edge - length if i == 0 else edge
    if value is None:
        canvas.withheld(x, y + 3, length, ROW - 6, said(chart, row, i))
        return
    canvas.rect(x, y + 3, length, ROW - 6, f"chart-s{i + 1} chart-edge", said(chart, row, i))
    if i == 0:
        canvas.text(x - 6, y + ROW / 2 + 5, figure(value), anchor="end", cls="chart-value")
    else:
        canvas.text(x + length + 6, y + ROW / 2 + 5, figure(value), cls="chart-value")

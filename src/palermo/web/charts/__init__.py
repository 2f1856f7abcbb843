"""Charts drawn at the server as SVG: no script, no inline style, the same on paper and in the dark.

    Chart("bar", title, x_labels, [Series(name, values)], unit="persons", note="...")

Kinds: bar, grouped, stacked, line, pyramid (two series, by age). A value of None is suppressed: it is
drawn as a hatched mark of fixed size that says nothing about the value. Values are
counts or shares: never negative.

Beside them: `Multiples` (one small line for each category, on one scale) and `FlowMap` (lines on a map).
"""

from palermo.web.charts.flows import Flow, FlowMap, draw_flows
from palermo.web.charts.model import Chart, Series
from palermo.web.charts.multiples import Line, Multiples, panels
from palermo.web.charts.svg import draw

__all__ = ["Chart", "Flow", "FlowMap", "Line", "Multiples", "Series", "draw", "draw_flows", "panels"]

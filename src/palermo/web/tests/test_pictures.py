"""Small pictures and maps of flows say what was published, and of what is withheld only that it is."""

import re

from palermo.standards.world import world
from palermo.web.charts import Flow, FlowMap, Line, Multiples, draw_flows, panels
from palermo.web.charts.flows import THINNEST, WIDEST, WITHHELD, thickness
from palermo.web.charts.multiples import UNKNOWN, described

YEARS = ["2021", "2022", "2023", "2024"]
PLACES = world().places
FLOWS = [
    Flow("Nigeria", PLACES["NG"], 200),
    Flow("Viet Nam", PLACES["VN"], 50),
    Flow("Ghana", PLACES["GH"], None),
    Flow("Chad", PLACES["TD"], None),
]


def flows(*given: Flow) -> FlowMap:
    return FlowMap("By citizenship", "Palermia", (530.0, 95.0), given or FLOWS, world(), "persons")


def test_a_withheld_year_breaks_the_line_and_leaves_a_mark_of_one_size() -> None:
    chart = Multiples("By sex", YEARS, [Line("Women", (100, None, 80, 90)), Line("Men", (None, None, 7, 8))])
    women, men = (str(svg) for _name, svg in panels(chart))
    assert (women.count('class="chart-line'), women.count("<circle")) == (1, 3)
    marks = re.findall(r'<rect class="chart-withheld"[^>]*width="([\d.]+)" height="([\d.]+)"', women + men)
    assert len(marks) == 3
    assert len(set(marks)) == 1
    assert "2022: withheld" in women
    assert "1 value is withheld" in described(chart, chart.lines[0])
    assert "2021: 100; 2024: 90; highest 2021: 100" in described(chart, chart.lines[0])


def test_a_year_that_nobody_counted_is_neither_nought_nor_withheld() -> None:
    chart = Multiples("By sex", YEARS, [Line("Women", (5, UNKNOWN, 6, 0))])
    ((_name, svg),) = panels(chart)
    assert "chart-withheld" not in svg
    assert (svg.count("<circle"), svg.count("chart-line")) == (3, 1)
    assert chart.withheld == 0


def test_pictures_share_a_scale_but_for_the_whole() -> None:
    lines = [
        Line("Total", (400, 400, 400, 400), apart=True),
        Line("Women", (10, 10, 10, 9)),
        Line("Men", (3, 3, 3, 3)),
    ]
    total, women, men = panels(Multiples("By sex", YEARS, lines))
    ticks = [re.findall(r'text-anchor="end">([\d,]+)<', str(svg)) for _name, svg in (total, women, men)]
    assert ticks[1] == ticks[2] != ticks[0]
    assert "own scale" in str(total[0])


def test_the_running_period_is_joined_by_dashes() -> None:
    chart = Multiples("By sex", YEARS, [Line("Women", (1, 2, 3, 1))], running=True)
    assert str(panels(chart)[0][1]).count("trend-open") == 1
    assert "trend-open" not in str(panels(Multiples("By sex", YEARS, chart.lines))[0][1])


def test_a_line_is_as_wide_as_the_count_and_withheld_ones_are_all_alike() -> None:
    assert thickness(200, 200) == WIDEST
    assert thickness(50, 200) == WIDEST / 4
    assert thickness(1, 5000) == THINNEST
    assert thickness(None, 200) == thickness(None, 7) == WITHHELD
    svg = draw_flows(flows())
    hidden = re.findall(r'<path class="map-flow map-withheld" stroke-width="([\d.]+)"', svg)
    assert hidden == ["3", "3"]
    assert "Nigeria: 200" in svg
    assert "Chad: withheld" in svg
    # Thin lines lie above wide ones, and withheld ones below all.
    assert svg.index("Chad") < svg.index("Nigeria: 200") < svg.index("Viet Nam: 50")


def test_the_map_is_told_in_words_and_never_mirrored() -> None:
    told = flows().description()
    assert "4 countries to Palermia" in told
    assert "The widest: Nigeria, 200." in told
    assert "2 values are withheld" in told
    assert 'direction="ltr"' in draw_flows(flows())
    assert [number for number, _flow in flows().named] == [1, 2]


def test_the_map_is_cut_to_where_the_lines_are() -> None:
    def shown(svg: str) -> float:
        return float(re.findall(r"scale\(([\d.]+)\)", svg)[0])

    near = flows(Flow("Romania", PLACES["RO"], 9), Flow("Albania", PLACES["AL"], None))
    far = flows(Flow("Japan", PLACES["JP"], 9), Flow("Chile", PLACES["CL"], 9))
    assert shown(draw_flows(near)) > 2 * shown(draw_flows(far))


def test_where_all_is_withheld_nothing_stands_out() -> None:
    chart = flows(Flow("Ghana", PLACES["GH"], None))
    assert chart.named == []
    assert "widest" not in chart.description()
    assert "map-number" not in draw_flows(chart)

"""Charts: round axes, marks that say what they mean, nothing inline, mirrored for right-to-left readers."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.template import Context, Template
from django.utils import translation

from palermo.web.charts import Chart, Series, draw
from palermo.web.charts.bars import WIDTH
from palermo.web.charts.scale import figure, nice_ticks, wrap

SVG = "{http://www.w3.org/2000/svg}"
WORDS = ["Sexual exploitation", "Forced labour", "Removal of organs"]
YEARS = ["2019", "2020", "2021", "2022"]


def parsed(chart: Chart, *, rtl: bool = False) -> ET.Element:
    text = str(draw(chart, rtl=rtl)).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return ET.fromstring(text)


def rects(root: ET.Element, cls: str) -> list[dict[str, float]]:
    found = [r for r in root.iter(f"{SVG}rect") if cls in r.get("class", "").split()]
    return [{k: float(r.get(k, "0")) for k in ("x", "y", "width", "height")} for r in found]


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (0, [0, 1]),
        (3, [0, 1, 2, 3]),
        (7, [0, 2, 4, 6, 8]),
        (99, [0, 20, 40, 60, 80, 100]),
        (1412, [0, 500, 1000, 1500]),
        (0.9, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
    ],
)
def test_axis_steps_are_round_and_reach_the_highest_value(highest: float, ticks: list[float]) -> None:
    assert nice_ticks(highest) == ticks


def test_lying_bars_are_in_proportion_to_their_values() -> None:
    long, short = rects(parsed(Chart("bar", "T", WORDS[:2], [Series("n", [1000, 250])])), "chart-s1")
    assert long["width"] == pytest.approx(4 * short["width"], rel=0.01)
    assert long["x"] == short["x"]


def test_columns_stand_on_the_same_floor() -> None:
    columns = rects(parsed(Chart("grouped", "T", YEARS, [Series("a", [4, 8, 2, 6])])), "chart-s1")
    assert len({round(c["y"] + c["height"], 1) for c in columns}) == 1
    assert columns[1]["height"] == pytest.approx(2 * columns[0]["height"], rel=0.01)


def test_stacked_segments_lie_on_each_other() -> None:
    chart = Chart("stacked", "T", YEARS[:1], [Series("a", [10]), Series("b", [5])])
    (low,), (high,) = rects(parsed(chart), "chart-s1"), rects(parsed(chart), "chart-s2")
    assert high["y"] + high["height"] == pytest.approx(low["y"], abs=0.2)


@pytest.mark.parametrize("kind", ["bar", "grouped", "stacked", "line"])
@pytest.mark.parametrize("labels", [WORDS, YEARS[:3]])
def test_a_suppressed_value_is_one_hatched_mark_whose_size_says_nothing(kind: str, labels: list[str]) -> None:
    marks = []
    for visible in (20, 2000):
        root = parsed(Chart(kind, "T", labels, [Series("n", [visible, None, 7])]))
        (mark,) = rects(root, "chart-withheld")
        marks.append((mark["width"], mark["height"]))
        title = next(r for r in root.iter(f"{SVG}rect") if r.get("class") == "chart-withheld")[0]
        assert title.text == f"{labels[1]}: withheld"
    assert marks[0] == marks[1]


def test_a_stack_with_a_suppressed_part_does_not_print_its_sum() -> None:
    chart = Chart("stacked", "T", WORDS[:1], [Series("a", [40]), Series("b", [None])])
    assert "40" not in [t.text for t in parsed(chart).iter(f"{SVG}text") if t.get("class") == "chart-value"]


def test_a_line_breaks_at_a_suppressed_value() -> None:
    root = parsed(Chart("line", "T", ["1", "2", "3", "4", "5"], [Series("n", [5, 6, None, 7, 8])]))
    assert len(list(root.iter(f"{SVG}path"))) == 2
    assert len(list(root.iter(f"{SVG}circle"))) == 4


def test_a_pyramid_grows_both_ways_from_the_middle() -> None:
    root = parsed(Chart("pyramid", "T", ["0-17", "18+"], [Series("F", [10, 20]), Series("M", [10, 20])]))
    left, right = rects(root, "chart-s1")[0], rects(root, "chart-s2")[0]
    assert left["x"] + left["width"] < WIDTH / 2 < right["x"]
    assert left["width"] == right["width"]


def test_right_to_left_mirrors_every_bar() -> None:
    chart = Chart("bar", "T", WORDS, [Series("n", [30, 20, 10])])
    for ltr, rtl in zip(
        rects(parsed(chart), "chart-s1"), rects(parsed(chart, rtl=True), "chart-s1"), strict=True
    ):
        assert rtl["x"] == pytest.approx(WIDTH - ltr["x"] - ltr["width"], abs=0.2)
        assert rtl["width"] == ltr["width"]


def test_a_range_keeps_its_order_from_right_to_left() -> None:
    chart = Chart("bar", "T", ["18–25"], [Series("n", [3])])
    assert "\u206618–25\u2069" in [t.text for t in parsed(chart, rtl=True).iter(f"{SVG}text")]


def test_a_chart_has_a_title_and_a_description_and_nothing_inline() -> None:
    chart = Chart(
        "grouped", "Persons & cases", YEARS, [Series("a", [1, 2, 3, 9]), Series("<b>", [4, None, 6, 7])]
    )
    text = str(draw(chart))
    root = parsed(chart)
    names = root.get("aria-labelledby", "").split()
    assert root.get("role") == "img"
    assert [e.get("id") for e in root[:2]] == names
    assert root[0].text == "Persons & cases"
    assert "Highest: 2022, a, 9." in (root[1].text or "")
    assert "1 value is withheld." in (root[1].text or "")
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=", text)


def test_the_structure_of_a_small_chart() -> None:
    root = parsed(Chart("bar", "T", WORDS, [Series("n", [4, None, 2])]))
    kinds = [(e.tag.removeprefix(SVG), e.get("class", "")) for e in root if e.tag != f"{SVG}text"]
    grid = [("line", "chart-axis")] + [("line", "chart-grid")] * 4
    bars = [("rect", "chart-s1 chart-edge"), ("rect", "chart-withheld"), ("rect", "chart-s1 chart-edge")]
    assert kinds == [("title", ""), ("desc", ""), ("defs", ""), *grid, *bars]


@pytest.mark.parametrize(
    ("kind", "series", "problem"),
    [
        ("pie", [Series("n", [1])], "a chart is one of"),
        ("bar", [], "1 to 6 series"),
        ("bar", [Series("n", [1, 2])], "2 values for 1 labels"),
        ("bar", [Series("n", [-1])], "negative"),
        ("pyramid", [Series("n", [1])], "two series"),
    ],
)
def test_a_chart_that_would_mislead_is_refused(kind: str, series: list[Series], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Chart(kind, "T", ["x"], series)


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "12,345"), ("fr", "12\u202f345"), ("ar", "12\u202f345")]
)
def test_figures_are_written_as_the_reader_writes_them(language: str, expected: str) -> None:
    with translation.override(language):
        assert figure(12345).replace("\xa0", "\u202f") == expected


def test_long_labels_are_wrapped_and_cut() -> None:
    assert wrap("Forced labour, servitude and slavery", 20) == ["Forced labour,", "servitude and slavery"]
    assert wrap("one two three four five six seven", 9)[-1].endswith("…")


def test_a_chart_of_withheld_values_alone_is_said_in_words() -> None:
    """An axis from 0 to 1 with a row of hatched marks looked like figures."""
    page = Template("{% load palermo %}{% chart it %}")
    silent = page.render(Context({"it": Chart("bar", "By sex", WORDS, [Series("n", [None, None, None])])}))
    assert "There is nothing to draw." in silent
    assert "<svg" not in silent
    assert "<details" not in silent
    one = page.render(Context({"it": Chart("bar", "By sex", WORDS, [Series("n", [None, 7, None])])}))
    assert "<svg" in one
    assert "<details" in one
    nothing = Chart("bar", "T", [], [Series("n", [])])
    assert nothing.is_empty
    assert not nothing.is_silent

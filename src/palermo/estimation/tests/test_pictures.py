"""Pictures are well-formed, say what they show, keep every word on the sheet, and never draw a withheld number."""

import math
import random
import re
import xml.etree.ElementTree as ET
from itertools import combinations

import numpy as np
import pytest

from palermo.estimation import MSE, CaptureTable, Caution, Interval, Level, Result
from palermo.estimation.pictures.axes import around, log_ticks, ticks
from palermo.estimation.pictures.curves import (
    Point,
    median,
    prior_posterior,
    sensitivity,
    trajectory,
    xi_curve,
)
from palermo.estimation.pictures.forest import forest
from palermo.estimation.pictures.overlap import overlap
from palermo.estimation.pictures.recruitment import recruitment_tree
from palermo.estimation.pictures.residuals import residual, residual_map
from palermo.estimation.pictures.steps import Taken, model_path
from palermo.estimation.rds.sample import RecruitmentSample
from palermo.sheets import Look, cut, plain_number, wide

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = ['<script>alert("1")</script>', "A & B's", "مركز الحماية", "\x00\x07bell", "x" * 90]
UK = Result("stepwise", "mse", 11_418.0, Interval(9_267.0, 14_307.0), 2_744)


def table_of(k, seed=1, names=None):
    chance = random.Random(seed)
    names = tuple(names or (f"List {j + 1}" for j in range(k)))
    counts = {1 << j: 900 + 13 * j for j in range(k)}
    counts |= {chance.randrange(1, 1 << k) | 1: 5 + i for i in range(40)}
    return CaptureTable.from_counts(names, counts)


def sample(n=120, levels=6):
    return RecruitmentSample.from_columns(
        [f"p{i}" for i in range(n)], ["seed" if i < 3 else f"p{(i - 3) // 2}" for i in range(n)],
        [2 + i % 7 for i in range(n)], {"group": ["" if i == 7 else f"g{i % levels}" for i in range(n)]},
    )  # fmt: skip


def curve(upper=lambda x: 2744 + 12_000 * x):
    return [Point(x, 2744 + 8600 * x, 2744 + 6000 * x, upper(x)) for x in (0.25, 0.5, 1.0, 2.0, 4.0)]


def density():
    xs = [500.0 + 50 * i for i in range(80)]
    return (
        xs,
        [math.exp(-(((x - 1500) / 900) ** 2)) for x in xs],
        [math.exp(-(((x - 1200) / 200) ** 2)) for x in xs],
    )


WITHHELD = UK.with_cautions(Caution("no_mle", Level.HARD, "No."))
DRAWN = {
    "overlap": lambda look: overlap(table_of(6), look=look),
    "overlap of 2": lambda look: overlap(table_of(2), look=look),
    "overlap of 16": lambda look: overlap(table_of(16), look=look),
    "overlap hidden": lambda look: overlap(
        CaptureTable.from_counts(("A", "B"), {"10": 3, "01": 9}, suppressed={"11": (1, 4)}), look=look
    ),
    "overlap hostile": lambda look: overlap(table_of(5, names=HOSTILE), look=look),
    "forest": lambda look: forest(
        [UK, WITHHELD, Result("chao", "mse", 3e6, Interval(3e4, math.inf), 2744)], look=look
    ),
    "forest of none": lambda look: forest([WITHHELD], look=look),
    "forest of nothing": lambda look: forest([], look=look),
    "forest of shares": lambda look: forest(
        [Result("rds-ii", "rds", 0.2, Interval(0.1, 0.4), 300, quantity="share")], look=look
    ),
    "forest hostile": lambda look: forest([UK] * 5, names=HOSTILE, look=look),
    "path": lambda look: model_path(
        [
            Taken("independent lists", 12_209.0),
            Taken("A and B", 9_000.0, "p = 0.001"),
            Taken("A and C", None),
        ],
        2744,
        look=look,
    ),
    "path hostile": lambda look: model_path([Taken(one, 5000.0) for one in HOSTILE], 10, look=look),
    "residuals": lambda look: residual_map(table_of(6), np.full(64, 7.0), look=look),
    "residuals of 2": lambda look: residual_map(table_of(2), [0, 5, 5, 5], look=look),
    "residuals of 16": lambda look: residual_map(table_of(16), np.full(1 << 16, 0.2), look=look),
    "residuals hostile": lambda look: residual_map(table_of(5, names=HOSTILE), np.zeros(32), look=look),
    "sensitivity": lambda look: sensitivity(curve(), 2744, threshold=20_000, look=look),
    "sensitivity without end": lambda look: sensitivity(curve(lambda _x: math.inf), 2744, look=look),
    "trajectory": lambda look: trajectory(
        [Point(100.0 * i, 900.0 + i, 500.0, 9000.0 / i) for i in range(1, 9)], look=look
    ),
    "prior": lambda look: prior_posterior(*density(), n_observed=500, look=look),
    "recruitment": lambda look: recruitment_tree(sample(), "group", look=look),
    "recruitment plain": lambda look: recruitment_tree(sample(), look=look),
}


@pytest.fixture(params=sorted(DRAWN))
def drawn(request):
    return DRAWN[request.param](None)


def texts(svg):
    for one in ET.fromstring(svg).iter(f"{SVG}text"):
        if one.text:
            yield one


def box(one):
    """Where a text stands: left, top, right, bottom; half the estimated width of a letter is forgiven."""
    size, x, y = float(one.get("font-size")), float(one.get("x")), float(one.get("y"))
    long = 0.85 * wide(one.text, size)
    if one.get("transform"):
        return x - size, y - long, x, y
    left = x - {"start": 0, "middle": long / 2, "end": long}[one.get("text-anchor")]
    return left, y - 0.8 * size, left + long, y


def test_it_is_xml_with_a_title_a_description_and_no_style(drawn):
    root = ET.fromstring(drawn)
    named = [root.find(f"{SVG}{part}") for part in ("title", "desc")]
    assert all(one is not None and one.text for one in named)
    assert root.get("aria-labelledby") == " ".join(one.get("id") for one in named)
    assert root.get("role") == "img"
    assert root.get("direction") == "ltr"
    assert "style" not in drawn
    assert "<script" not in drawn
    assert not re.search(r"\b(nan|inf|None)\b", drawn)


def test_every_word_stands_on_the_sheet(drawn):
    root = ET.fromstring(drawn)
    _x, _y, width, height = map(float, root.get("viewBox").split())
    for one in texts(drawn):
        left, top, right, bottom = box(one)
        assert left >= 0, one.text
        assert top >= 0, one.text
        assert right <= width, one.text
        assert bottom <= height, one.text


def test_no_word_lies_on_another(drawn):
    boxes = [(one.text, box(one)) for one in texts(drawn) if not one.get("transform")]
    for (a, first), (b, second) in combinations(boxes, 2):
        beside = min(first[2], second[2]) - max(first[0], second[0])
        above = min(first[3], second[3]) - max(first[1], second[1])
        assert beside <= 1 or above <= 2, (a, b)


def test_every_mark_has_a_tooltip_and_data(drawn):
    marks = [one for one in ET.fromstring(drawn).iter(f"{SVG}g") if one.get("class") == "picture-mark"]
    assert marks or "no estimate" not in drawn
    for one in marks:
        assert one[0].tag == f"{SVG}title"
        assert one[0].text
        assert one.get("data-kind")


def test_standalone_brings_paper_and_ink():
    for draw in DRAWN.values():
        found = draw(Look(standalone=True))
        assert "prefers-color-scheme:dark" in found
        ET.fromstring(found)


def test_words_and_figures_can_be_translated():
    look = Look(say=lambda text: f"«{text}»", number=lambda value: f"#{value:.0f}", key="here")
    for name, draw in DRAWN.items():
        found = draw(look)
        assert 'id="here-title"' in found
        assert "«" in found
        if name == "overlap":
            assert "#900" in found or "#9" in found


def test_a_withheld_number_is_nowhere():
    found = forest([WITHHELD])
    assert "no estimate" in found
    for number in ("11418", "11,418", "9267", "14307", "14,307"):
        assert number not in found
    assert xi_curve(WITHHELD) == []
    assert "11,418" in forest([WITHHELD.insist()])


def test_no_person_is_named_in_a_tree():
    found = recruitment_tree(sample(), "group")
    assert not re.search(r"\bp\d+\b", found)
    assert "data-wave" in found


def test_of_a_very_large_sample_the_largest_trees_are_drawn():
    n = 5000
    big = RecruitmentSample.from_columns(
        [f"p{i}" for i in range(n)], ["seed" if i % 50 == 0 else f"p{i - 1}" for i in range(n)], [3] * n, {}
    )
    found = recruitment_tree(big)
    assert found.count('data-kind="person"') == 2000
    assert "without \u20683,000\u2069 people" in found


def test_the_rarest_combinations_are_counted_and_not_drawn():
    table = table_of(9)
    found = overlap(table, most=5)
    assert found.count('data-kind="history"') == 5
    assert "not drawn" in found


def test_an_infinite_upper_end_is_an_arrow_and_a_sign():
    found = forest([Result("main", "mse", 500.0, Interval(300.0, math.inf), 100)])
    assert "∞" in found
    assert 'data-upper="infinity"' in found


@pytest.mark.parametrize("name", sorted({*MSE, "LA + NG + PFNCA", "Police"}))
def test_a_name_that_has_room_is_not_cut(name):
    assert f">{name}</text>" in forest([UK], names=[name])
    assert f">{name}</text>" in overlap(CaptureTable.from_counts((name, "B"), {"10": 3, "01": 9, "11": 2}))


def test_xi_moves_those_unseen():
    points = xi_curve(UK, (0.5, 1.0, 2.0))
    assert [point.y for point in points] == [2744 + 8674 / 2, 11_418, 2744 + 8674 * 2]
    assert points[1].lower == 9267


@pytest.mark.parametrize(
    ("observed", "expected", "r"), [(9, 4, 2.5), (0, 0, 0), (3, 0, math.inf), (0, 4, -2)]
)
def test_residuals(observed, expected, r):
    assert residual(observed, expected) == r


def test_a_suppressed_cell_differs_only_outside_its_interval():
    table = CaptureTable.from_counts(("A", "B"), {"10": 3, "01": 9}, suppressed={"11": (1, 4)})
    assert 'data-history="3" data-observed="1.0" data-expected="2.0" data-residual="0.0"' in residual_map(
        table, [0, 3, 9, 2]
    )


def test_the_median_of_a_density():
    assert median([0, 1, 2], [1, 1, 1]) == 1
    assert median([0, 2, 4], [0, 1, 0]) == 2


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [(0, 10, [0, 2, 4, 6, 8, 10]), (3, 3, [3, 3.2, 3.4, 3.6, 3.8, 4]), (0, 0.9, [0, 0.2, 0.4, 0.6, 0.8, 1])],
)
def test_round_steps(low, high, found):
    assert ticks(low, high) == pytest.approx(found)


def test_steep_values_stand_on_a_logarithmic_axis():
    scale = around([100, 90_000], 0, 300)
    assert scale.logarithmic
    assert (scale(scale.low), scale(scale.high)) == (0, 300)
    assert log_ticks(100, 1000)[:4] == [100, 200, 500, 1000]
    assert scale(1e12) == 300


def test_texts_are_cut_to_their_room():
    assert cut("short", 200) == "short"
    assert cut("a very long name of a list", 60).endswith("…")
    assert wide(cut("a very long name of a list", 60)) <= 60


@pytest.mark.parametrize(("value", "said"), [(12_345.6, "12,346"), (3, "3"), (0.25, "0.25"), (math.inf, "∞")])
def test_figures(value, said):
    assert plain_number(value) == said

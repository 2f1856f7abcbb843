"""Pictures of risk are well-formed, say what they show, keep every word on the sheet, and need no colour."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations

import numpy as np
import pytest

from palermo.disclosure.microdata import Rows, aligned
from palermo.disclosure.risk.controls import bootstrap
from palermo.disclosure.risk.figures import Losses
from palermo.disclosure.risk.harness import assess
from palermo.disclosure.risk.pairs import by_pair
from palermo.disclosure.risk.pictures import error_by_length, guesses, risk_map
from palermo.disclosure.risk.tests.people import three
from palermo.sheets import Look, cut, plain_number, wide

SVG = "{http://www.w3.org/2000/svg}"
MEMBERS, HOLDOUT, RELEASE = three(900)
COPY = bootstrap(MEMBERS, np.random.default_rng(1))
LOSSES = Losses(
    error={1: 0.01, 2: 0.25, 3: 0.47, 4: 0.61}, lost={3: 0.07, 4: 0.2}, fabricated={2: 0.46, 3: 0.54, 4: 0.57}
)
HOSTILE = ('<b>"x"</b>', "A & B's", "جنسية", "\x00\x07bell", "x" * 90)


def hostile(rows):
    few = rows.only(rows.columns[:5])
    return Rows(HOSTILE, few.codes, few.categories)


def pairs_of(release, names=lambda rows: rows):
    return by_pair(*aligned(names(release), names(MEMBERS), names(HOLDOUT)))


FRESH, COPIED, NAMED = pairs_of(RELEASE), pairs_of(COPY), pairs_of(COPY, hostile)
JUDGED = assess(RELEASE, MEMBERS, HOLDOUT, rng=np.random.default_rng(2))
LEAKY = assess(COPY, MEMBERS, HOLDOUT, rng=np.random.default_rng(2), prove=False)
DRAWN = {
    "map": lambda look: risk_map(FRESH, look=look),
    "map of a copy": lambda look: risk_map(COPIED, look=look),
    "map hostile": lambda look: risk_map(NAMED, look=look),
    "map of nothing": lambda look: risk_map([], look=look),
    "error": lambda look: error_by_length(LOSSES, look=look),
    "error of one": lambda look: error_by_length(Losses(error={1: 3.87}), look=look),
    "error of nothing": lambda look: error_by_length(Losses(), look=look),
    "guesses": lambda look: guesses(JUDGED, look=look),
    "guesses of a copy": lambda look: guesses(LEAKY, look=look),
}


@pytest.fixture(params=sorted(DRAWN))
def drawn(request):
    return DRAWN[request.param](None)


def texts(svg):
    return [one for one in ET.fromstring(svg).iter(f"{SVG}text") if one.text]


def box(one):
    """Where a text stands: left, top, right, bottom; some of the estimated width of its letters is forgiven."""
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
    assert "style" not in drawn
    assert "<script" not in drawn
    assert "<b>" not in drawn
    assert not re.search(r"\b(nan|inf|None)\b", drawn)


def test_every_word_stands_on_the_sheet(drawn):
    _x, _y, width, height = map(float, ET.fromstring(drawn).get("viewBox").split())
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
    for one in ET.fromstring(drawn).iter(f"{SVG}g"):
        assert one[0].tag == f"{SVG}title"
        assert one[0].text
        assert one.get("data-kind")


def test_words_and_figures_can_be_translated():
    look = Look(
        say=lambda text: f"«{text}»", number=lambda value: f"#{value:.2f}", key="here", standalone=True
    )
    for draw in DRAWN.values():
        found = draw(look)
        ET.fromstring(found)
        assert 'id="here-title"' in found
        assert "«" in found
        assert "prefers-color-scheme:dark" in found


def test_the_map_carries_a_plus_where_members_are_found_more_often():
    cells = len(MEMBERS.columns) * (len(MEMBERS.columns) - 1) // 2
    fresh, copied = risk_map(FRESH), risk_map(COPIED)
    assert fresh.count('data-kind="pair"') == cells
    assert re.search(r">\+\d\d</text>", copied)
    assert not re.search(r">\+\d+</text>", fresh)
    filled = [
        one for one in ET.fromstring(copied).iter(f"{SVG}rect") if float(one.get("fill-opacity") or 0) > 0
    ]
    assert len(filled) == len(re.findall(r">\+\d*</text>", copied))  # never the tone alone
    assert "No pair of columns shows more" in fresh
    assert "citizenship" in ET.fromstring(copied).find(f"{SVG}desc").text


def test_a_pair_with_few_lonely_people_is_not_judged():
    few = next(one for one in FRESH if one.alone < 20)
    assert "too few people are alone" in risk_map([few])
    assert "data-excess" not in risk_map([few])


def test_pairs_count_lonely_people():
    pair = next(one for one in COPIED if (one.first, one.second) == ("citizenship", "country"))
    codes = MEMBERS.only(["citizenship", "country"]).codes.tolist()
    alone = [tuple(one) for one in codes if codes.count(one) == 1]
    there = {tuple(one) for one in COPY.only(["citizenship", "country"]).codes.tolist()}
    assert pair.alone == len(alone)
    assert pair.found.members == pytest.approx(sum(one in there for one in alone) / len(alone))
    assert pair.people == 900


def test_each_attack_stands_beside_the_controls():
    found = guesses(JUDGED)
    assert found.count('data-kind="guess"') == 9
    assert len(re.findall(r"<circle", found)) == 3
    assert "a copy of the records with repetition" in found
    assert guesses(LEAKY).count('data-verdict="failed"') == 3


def test_bars_are_as_high_as_their_shares():
    marks = [one for one in ET.fromstring(error_by_length(LOSSES)).iter(f"{SVG}g")]
    heights = {float(one.get("data-share")): float(one[1].get("height")) for one in marks}
    assert len(marks) == 9
    assert heights[0.61] / heights[0.47] == pytest.approx(0.61 / 0.47, rel=0.01)


def test_letters():
    assert cut("short", 200) == "short"
    assert cut("a very long name of a column", 60).endswith("…")
    assert (plain_number(12_345.6), plain_number(0.25), plain_number(3)) == ("12,346", "0.25", "3")

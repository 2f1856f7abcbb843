"""Indicator 16.2.2: rates with the uncertainty of both numbers, totals that add up, nothing withheld let through."""

import json
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from palermo.estimation import BadInput, Caution, Interval, Level, Options, Result
from palermo.estimation.mse.strata import StratifiedTable
from palermo.estimation.mse.stratified import estimate
from palermo.estimation.populations import read_populations
from palermo.estimation.sdg import Population, by_stratum, indicator, row, summed, together

WOMEN = Result("stepwise", "mse", 3_000.0, Interval(2_400.0, 4_200.0), 800)
MEN = Result("stepwise", "mse", 1_000.0, Interval(700.0, 1_600.0), 300)
HARD = Caution("no_mle", Level.HARD, "No.")


def test_a_rate_and_its_parts():
    found = row({"sex": "f"}, WOMEN, Population(6_000_000))
    assert (found.detected, found.undetected, found.total) == (800, 2_200, 3_000)
    assert found.undetected_ends == (1_600, 3_400)
    assert found.rate == pytest.approx(50)
    assert found.rate_ends == pytest.approx((40, 70))
    assert found.detected_rate == pytest.approx(800 / 60)
    assert found.flags == ()


def test_an_uncertain_population_widens_the_range():
    exact = row({}, WOMEN, Population(6e6))
    vague = row({}, WOMEN, Population(6e6, 5e6, 7.2e6))
    assert vague.rate == exact.rate
    assert vague.rate_ends[0] < exact.rate_ends[0]
    assert vague.rate_ends[1] > exact.rate_ends[1]


def test_the_range_agrees_with_simulation():
    """Log-normal figures: the closed form against a million draws of the ratio."""
    chance = np.random.default_rng(7)
    n, p = 3_000.0, 6e6
    s, t = 0.12, 0.08
    z = 1.959963984540054
    drawn = (
        1e5
        * n
        * np.exp(s * chance.standard_normal(1_000_000))
        / (p * np.exp(t * chance.standard_normal(1_000_000)))
    )
    result = replace(WOMEN, interval=Interval(n * math.exp(-z * s), n * math.exp(z * s)))
    found = row({}, result, Population(p, p * math.exp(-z * t), p * math.exp(z * t)))
    assert found.rate_ends == pytest.approx(tuple(np.quantile(drawn, (0.025, 0.975))), rel=0.005)


def test_an_infinite_upper_end_stays_infinite():
    found = row({}, replace(WOMEN, interval=Interval(2_000.0, math.inf)), Population(6e6, 5e6, 7e6))
    assert math.isinf(found.rate_ends[1])
    assert "no_upper_end" in found.flags
    assert found.as_json()["per_100000_range"][1] == "infinity"


def test_a_withheld_estimate_leaves_only_what_was_detected():
    found = row({}, WOMEN.with_cautions(HARD), Population(6e6))
    assert (found.detected, found.total, found.rate, found.rate_ends) == (800, None, None, None)
    assert {"no_mle", "no_estimate"} <= set(found.flags)
    assert "3000" not in json.dumps(found.as_json())


def test_strata_add_up_and_their_errors_partly_cancel():
    rows = indicator(
        {("f",): WOMEN, ("m",): MEN}, {("f",): Population(6e6), ("m",): Population(6e6)}, ["sex"]
    )
    assert [dict(one.stratum) for one in rows] == [{"sex": "f"}, {"sex": "m"}, {}]
    total = rows[-1]
    assert (total.detected, total.total, total.population) == (1_100, 4_000, 12e6)
    assert total.rate == pytest.approx(100_000 * 4_000 / 12e6)
    assert total.total_ends == pytest.approx((4_000 - math.hypot(600, 300), 4_000 + math.hypot(1_200, 600)))
    assert "strata_added" in total.flags


def test_no_total_where_a_stratum_has_no_estimate():
    rows = indicator({("f",): WOMEN.with_cautions(HARD), ("m",): MEN}, {}, ["sex"])
    assert rows[-1].total is None
    assert rows[-1].detected == 1_100
    assert "no_population" in rows[-1].flags


def test_a_total_that_knows_the_strata_is_preferred():
    whole = Result("strata", "mse", 4_100.0, Interval(3_500.0, 5_000.0), 1_100)
    rows = indicator({("f",): WOMEN, ("m",): MEN}, {("f",): Population(6e6)}, ["sex"], total=whole)
    assert rows[-1].total == 4_100
    assert "strata_added" not in rows[-1].flags


def test_a_population_that_does_not_know_a_dimension_stands_for_all_its_values():
    results = {("f", "labour"): WOMEN, ("f", "sexual"): MEN, ("m", "labour"): MEN}
    rows = indicator(results, {("f",): Population(2e6), ("m",): Population(1e6)}, ["sex", "form"], by=["sex"])
    assert [one.population for one in rows] == [2e6, 2e6, 1e6, 3e6]


def test_flags_of_small_and_impossible_figures():
    few = row({}, Result("main", "mse", 40.0, Interval(10.0, 90.0), 3), Population(20))
    assert {"few", "more_than_live_there"} <= set(few.flags)
    assert "no_range" in row({}, replace(WOMEN, interval=None), None).flags


def test_the_harshest_verdict_is_that_of_the_sum():
    rows = [row({}, replace(one, verdict=None), None) for one in (WOMEN, MEN)]
    rows = [replace(rows[0], verdict="publish"), replace(rows[1], verdict="publish with care")]
    assert summed(rows, None).verdict == "publish with care"


def test_populations_together():
    found = together([Population(100, 90, 110), Population(200, 200, 200)])
    assert (found.people, found.lower, found.upper) == (300, 290, 310)
    assert together([]) is None


def test_from_a_stratified_estimate():
    counts = {"100": 40, "010": 35, "001": 20, "110": 9, "101": 6, "011": 5}
    rows = [
        ((sex,), history, count * (2 if sex == "f" else 1))
        for sex in "fm"
        for history, count in counts.items()
    ]
    result = estimate(
        StratifiedTable.from_rows(("A", "B", "C"), ("sex",), rows),
        Options(bootstrap=30, more={"estimator": "main"}),
    )
    strata = by_stratum(result)
    assert [one.n_observed for one in strata.values()] == [230, 115]
    assert all(one.verdict for one in strata.values())
    last = indicator(strata, {("f",): Population(1e6), ("m",): Population(1e6)}, ["sex"], total=result)[-1]
    assert last.total == result.value
    assert last.rate == pytest.approx(result.value / 20)


def lines(text):
    return text.splitlines(keepends=True)


def test_population_figures_are_read():
    found = read_populations(
        lines("\ufeffsex;population;lower;upper\nf;100;90;120\nm;80;;\n"), ["sex", "form"]
    )
    assert found.by == ("sex",)
    assert found.figures == {("f",): Population(100, 90, 120), ("m",): Population(80)}
    assert read_populations(lines("population\n500\n"), []).figures == {(): Population(500)}


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("", ["empty"]),
        ("population\n", ["empty"]),
        ("sex,people\nf,3\n", ["header", "header"]),
        ("sex,population,lower\nf,3,2\n", ["header"]),
        ("sex,population\nf,-3\nm,many\nf\nx,\n", ["population", "population", "ragged", "population"]),
        ("sex,population\nf,3\nf,4\n", ["twice"]),
        ("sex,population,lower,upper\nf,3,4,5\nm,3,,5\n", ["range", "range"]),
    ],
)
def test_population_figures_that_are_wrong(text, rules):
    with pytest.raises(BadInput) as caught:
        read_populations(lines(text), ["sex"])
    assert [one.rule for one in caught.value.problems] == rules


def test_the_example_of_the_page():
    text = " ".join((Path(__file__).resolve().parents[4] / "docs/methods/sdg-16-2-2.md").read_text().split())
    said = re.search(r"Answer: ([\d,]+) undetected \(([\d,]+) to ([\d,]+)\); ([\d.]+) detected and ([\d.]+) in all per "
                     r"100,000 \(([\d.]+) to ([\d.]+)\)", text)  # fmt: skip
    assert said
    found = row({}, WOMEN, Population(6_000_000, 5_700_000, 6_300_000))
    figures = [found.undetected, *found.undetected_ends, found.detected_rate, found.rate, *found.rate_ends]
    written = [float(one.replace(",", "")) for one in said.groups()]
    assert [round(one, 1) for one in figures] == written

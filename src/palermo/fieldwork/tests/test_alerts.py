"""Alerts: hardly ever without a change, nearly always with one, and never of fewer than ten persons."""

from dataclasses import replace

import numpy as np
import pytest

from palermo.fieldwork.alerts import FEE, HARM, ROUTE, Thresholds, Told, alerts, looks, shift, told
from palermo.fieldwork.enumerators import effects
from palermo.fieldwork.reading import read
from palermo.fieldwork.simulation import PRICES, interviews

LEGS = (("NER", "LBY"), ("LBY", "TUN"), ("TUN", "ITA"), ("NER", "DZA"), ("DZA", "TUN"))
HARMS = ("robbery", "physical", "detention", "death")


def period(rng, n, share=0.5, harm=0.2, fee=400.0, new=0.0, rare=0.02):
    """Persons who take each of five legs, the last one rarely; with `new`, some take a leg that nobody took before."""
    taken = rng.random((n, 5)) < [share, share, share, share, rare]
    legs = [frozenset(leg for leg, yes in zip(LEGS, row, strict=True) if yes) for row in taken]
    legs = [
        one | {("LBY", "MLT")} if add else one for one, add in zip(legs, rng.random(n) < new, strict=True)
    ]
    harms = [
        frozenset(h for h, yes in zip(HARMS, row, strict=True) if yes) for row in rng.random((n, 4)) < harm
    ]
    fees = [{leg: fee * float(np.exp(rng.normal(0, 0.5))) for leg in one} for one in legs]
    return Told(legs, fees, harms, n)


@pytest.mark.parametrize("rare", [0.005, 0.05])
def test_without_a_change_false_alerts_are_at_most_what_is_allowed(rare):
    rng, runs = np.random.default_rng(7), 120
    limits = Thresholds(error=0.1, rise=0.0, fee=1.0001)
    false = {ROUTE: 0, FEE: 0, HARM: 0}
    for _ in range(runs):
        kinds = {one.kind for one in alerts(period(rng, 200, rare=rare), period(rng, 160, rare=rare), limits)}
        for kind in kinds:
            false[kind] += 1
    assert max(false.values()) <= 0.1 * runs
    assert false[FEE] > 0  # the test can alarm at all


@pytest.mark.parametrize(
    ("planted", "kind", "cell"),
    [
        ({"new": 0.15}, ROUTE, ("LBY", "MLT")),
        ({"fee": 640.0}, FEE, LEGS[0]),
        ({"harm": 0.42}, HARM, ("robbery",)),
    ],
)
def test_what_was_planted_is_found_nine_times_in_ten(planted, kind, cell):
    rng, runs = np.random.default_rng(11), 60
    found = sum(
        (kind, cell)
        in {(one.kind, one.cell) for one in alerts(period(rng, 200), period(rng, 160, **planted))}
        for _ in range(runs)
    )
    assert found >= 0.9 * runs


def test_looking_often_finds_what_looking_once_finds():
    rng = np.random.default_rng(3)
    before, after = period(rng, 200), period(rng, 160, harm=0.5, fee=800.0)
    at_the_end = {(one.kind, one.cell): one for one in alerts(before, after)}
    seen = {}
    for n in range(1, 161):
        part = Told(after.legs[:n], after.fees[:n], after.harms[:n], n)
        for one in alerts(before, part):
            seen.setdefault((one.kind, one.cell), one)
    assert seen == at_the_end
    assert at_the_end


def test_the_error_of_all_looks_together_is_what_is_allowed():
    assert list(looks(170)) == [(1, 20), (2, 40), (3, 80), (4, 160)]
    assert sum(1 / (k * (k + 1)) for k, _ in looks(10**9)) < 1


def test_nine_persons_are_no_alert():
    old = Told([frozenset({LEGS[0]})] * 500, [{}] * 500, [frozenset()] * 500, 500)
    for hits, there in ((9, False), (10, True)):
        legs = [frozenset({("LBY", "MLT")})] * hits + [frozenset({LEGS[0]})] * (20 - hits)
        harms = [frozenset({"robbery"})] * hits + [frozenset()] * (20 - hits)
        found = alerts(old, Told(legs, [{}] * 20, harms, 20))
        assert {one.kind for one in found} == ({ROUTE, HARM} if there else set())
    with pytest.raises(ValueError, match="threshold"):
        Thresholds(persons=9)


def test_without_earlier_interviews_nothing_is_new():
    rng = np.random.default_rng(5)
    assert alerts(period(rng, 9), period(rng, 200, harm=0.9, new=0.9)) == []


def test_a_shift_is_the_ratio_that_was_planted():
    rng = np.random.default_rng(2)
    x, y = rng.normal(6, 0.5, 300), rng.normal(6, 0.5, 300) + np.log(1.5)
    ratio, low, high = shift(x, y)
    assert low < 1.5 < high
    assert ratio == pytest.approx(1.5, rel=0.15)
    assert shift(x, x)[0] == pytest.approx(1)


def test_interviews_are_read_as_the_comparisons_ask_them():
    facts = [read(one, "S1") for one in interviews(60, np.random.default_rng(1))]
    said = told(facts, PRICES)
    assert said.n == 60
    assert said.legs[0] == {("NER", "LBY"), ("LBY", "TUN"), ("TUN", "ITA")}
    assert sum(bool(one) for one in said.fees) == sum(one.uses_smuggler == "yes" for one in facts)
    refused = replace(facts[0], interview=replace(facts[0].interview, answers={"consent": "no"}))
    assert told([refused], PRICES).n == 0


def asked(n, seed, biased=0.0):
    """Interviews of four enumerators at two sites; the second of them hears of harm more often by `biased`."""
    rng = np.random.default_rng(seed)
    facts = []
    for one in interviews(n, rng, sites=2):
        one["enumerator"] = str(rng.integers(1, 5))
        if one["enumerator"] == "2" and rng.random() < biased:
            one["interview"]["abuse_part"]["abuses"] = [
                {"abuse_type": "robbery", "abuse_whom": "self", "abuse_by": "smuggler", "abuse_where": "LBY"}
            ]
        facts.append(read(one, "S1"))
    return facts


def test_an_enumerator_who_hears_more_is_named_and_nobody_else_is():
    found = {one.group: one for one in effects(asked(240, 4, biased=0.8), np.random.default_rng(0))}
    assert [name for name, one in found.items() if one.flagged] == ["harm"]
    harm = found["harm"]
    assert (harm.who, harm.enumerators) == ("2", 4)
    assert harm.there > harm.others + 0.3


def test_enumerators_alike_are_flagged_at_most_once_in_twenty():
    flagged = sum(
        any(one.flagged for one in effects(asked(100, seed), np.random.default_rng(seed)))
        for seed in range(40)
    )
    assert flagged <= 2


def test_one_enumerator_to_a_site_cannot_be_told_from_the_site():
    facts = [
        replace(one, interview=replace(one.interview, site=str(one.interview.enumerator.value)))
        for one in asked(100, 9, biased=0.9)
    ]
    assert effects(facts, np.random.default_rng(0)) == []

"""T11: indicators against figures computed by hand, and against a planted truth."""

import math

import numpy as np
import pytest

from palermo.fieldwork import estimates, flags, others, simulation
from palermo.fieldwork.facts import DONT_KNOW, MISSING, REFUSED
from palermo.fieldwork.harm import deaths
from palermo.fieldwork.indicators import COMPUTED, compute
from palermo.fieldwork.money import price_index
from palermo.fieldwork.reading import Unreadable, read
from palermo.fieldwork.rounds import Prices, Round

PRICES = Prices(
    {("USD", "2026-01"): 1.0, ("EUR", "2026-02"): 1.2}, {"2026-01": 100.0, "2026-02": 120.0}, "2026-01"
)


def one(fee="100", smuggler="yes", currency="USD", month="2026-01-01", **more):
    leg = {
        "leg_from": "NER",
        "leg_to": "LBY",
        "leg_smuggler": smuggler,
        "leg_mode": "road",
        "facilitator": {
            "fee_paid": fee,
            "fee_agreed": "100",
            "fee_currency": currency,
            "fee_month": month,
            "fee_basis": "leg",
            "services": "transport food",
            "first_contact": "migrant",
        },
    }
    return {"consent": "yes", "adult": "yes", "site": "1", "legs": [leg], **more}


def round_of(answers, **more):
    return Round([read(a, "S1") for a in answers], "1", np.random.default_rng(7), PRICES, **more)


def by_cell(r, code):
    return {v.cell: v for v in compute(r, code)}


def test_the_share_and_its_interval_are_those_computed_by_hand():
    answers = [one()] * 24 + [one(smuggler="no")] * 16 + [one(smuggler="88")] * 5
    value = by_cell(round_of(answers), "D1")["interviews",]
    # Wilson (1927) for 24 of 40: centre (0.6 + 3.8415/80)/(1 + 3.8415/40); the five who do not know are in neither.
    assert value.n == 40
    assert value.value == pytest.approx(0.6)
    assert (value.low, value.high) == pytest.approx((0.44600, 0.73653), abs=1e-4)
    assert value.strength == "usual"
    assert not value.representative


def test_fees_are_real_dollars_and_unknown_is_not_zero():
    answers = (
        [one(str(f)) for f in range(100, 111)]
        + [one("-88")] * 20
        + [one("105", currency="EUR", month="2026-02-01")]
    )
    value = by_cell(round_of(answers), "F1")["NER", "LBY"]
    assert value.n == 12
    assert value.value == pytest.approx(105)
    assert value.strength == "weak"
    assert value.low <= 105 <= value.high


def test_a_refund_that_is_not_known_is_not_nothing():
    answers = [one(completed="yes", smuggler_used="yes") for _ in range(3)]
    for answer, back in zip(answers, ("0", "30", "-88"), strict=True):
        answer["legs"][0]["facilitator"]["fee_refund"] = back
    r = round_of(answers)
    assert [r.cost(one) for one in r.facts] == [pytest.approx(100), pytest.approx(70), None]


def test_below_ten_people_nothing_is_shown_however_many_legs():
    answers = [one() for _ in range(9)]
    for answer in answers:
        answer["legs"] = answer["legs"] * 4
    for code in COMPUTED:
        for value in compute(round_of(answers), code):
            assert (value.value, value.low) == (None, None), value


def test_weights_count():
    r = round_of([one()] * 20 + [one(smuggler="no")] * 20, weights=np.r_[np.full(20, 3.0), np.ones(20)])
    value = by_cell(r, "D1")["interviews",]
    assert value.value == pytest.approx(0.75)
    assert value.n_eff == pytest.approx(80**2 / 200)


def test_unknown_refused_and_missing_are_three_things():
    facts = read(one(borrowed="88", work_to_repay="99"), "S1")
    said = [facts.interview.answer(name) for name in ("borrowed", "work_to_repay", "ransom_paid")]
    assert said == [DONT_KNOW, REFUSED, MISSING]
    assert read(one("-99"), "S1").legs[0].payment.paid.why == REFUSED
    assert read(one("0"), "S1").legs[0].payment.paid.value == 0


def test_cleaning_is_logged():
    facts = read(one("-5", month="2026-01-17", drivers="none work"), "S1")
    assert {c.why for c in facts.changes} >= {
        "not a number that can be",
        "days are not kept",
        "none beside other answers",
    }


def test_the_xml_itself_is_read_and_entities_are_refused():
    legs = "<legs><leg_from>NER</leg_from></legs><legs/>"
    xml = f"<data xmlns='x'><consent>yes</consent><adult>yes</adult><interview>{legs}</interview></data>"
    assert [leg.origin for leg in read(xml, "S3").legs] == ["NER"]
    with pytest.raises(Unreadable):
        read("<!DOCTYPE d [<!ENTITY a 'b'>]><data>&a;</data>", "S1")


def test_without_consent_nothing_is_read():
    assert read(one(consent="no"), "S1").legs == ()


def test_flags():
    rows = [
        one(str(n), start="2026-01-01T10:00:00", end=f"2026-01-01T10:{m}:00")
        for n, m in enumerate([40, 42, 39, 10])
    ]
    facts = [read(row, "S1") for row in [*rows, rows[0]]]
    assert flags.duplicates(facts) == [4]
    assert flags.speeders(facts) == [3]
    # Groups (1, 3) and (5, 7): between 16, within 2, so (16 - 2)/(16 + 2).
    assert flags.enumerator_effect([1, 3, 5, 7], ["a", "a", "b", "b"]) == pytest.approx(14 / 18)


def test_figures_by_hand_beside_the_rounds():
    # 40 of 100 against 20 of 100: 2, with exp(1.96 sqrt(1/40 - 1/100 + 1/20 - 1/100)).
    rr, low, high = estimates.risk_ratio(40, 100, 20, 100)
    assert rr == 2
    assert high == pytest.approx(2 * math.exp(1.959964 * math.sqrt(0.055)))
    assert low * high == pytest.approx(4)
    assert others.diffusion(["more"] * 5 + ["same"] * 4 + ["fewer"] + [DONT_KNOW]) == 70
    assert others.concentration(["a", "a", "b", "c"]) == pytest.approx(0.375)
    assert others.corroboration([["S1", "S2"], ["S1", "S1"]]) == 0.5
    # Krippendorff: units aa, ab, bb: 1 - 5 x 2/(36 - 18).
    assert estimates.alpha(["aa", "ab", "bb"]) == pytest.approx(1 - 10 / 18)


def test_deaths_are_listed_and_never_summed():
    told = one(
        abuse_consent="yes",
        abuses=[
            {"abuse_type": "death", "abuse_where": "LBY", "abuse_month": "2026-01-01", "abuse_deaths": "3"}
        ],
    )
    assert deaths(round_of([told, told])) == [("LBY", "2026-01", 3.0)] * 2


def test_a_price_index_needs_three_matched_legs():
    assert price_index(round_of([one()] * 20), round_of([one()] * 20)) is None

    def three(fee):
        legs = [{**one(fee)["legs"][0], "leg_to": to} for to in ("LBY", "TUN", "DZA")]
        return {**one(), "legs": legs}

    assert price_index(round_of([three("100")] * 12), round_of([three("110")] * 12)).value == pytest.approx(
        110
    )


def test_a_planted_truth_comes_back():
    # Seeded; at 95 % about one of twenty may lie outside, so three of the ten are left room.
    found = simulation.recovered(600, seed=11, replicates=100)
    assert sum(inside for inside, _ in found.values()) >= len(found) - 3
    again = simulation.recovered(600, seed=11, replicates=100)
    assert found == again
    for key, goal in simulation.truth().items():
        assert found[key][1].value == pytest.approx(goal, rel=0.35), key

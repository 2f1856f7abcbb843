"""Two published counts, of one release or of two, never differ by one to four people: nobody is told by subtraction."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.fieldwork.estimates import Value
from palermo.fieldwork.publishing import SHARES, publishable
from palermo.fieldwork.rounding import mark, may_follow, rounded, to_base
from palermo.fieldwork.simulation import PRICES, varied
from palermo.fieldwork.subtracting import counts, differs_by_few, proved, small, trial
from palermo.fieldwork.tests.test_publishing import shares


def test_counts_go_to_the_nearest_five():
    assert [to_base(n) for n in (0, 2, 3, 7, 8, 12, 13)] == [0, 0, 5, 5, 10, 10, 15]


def test_a_share_and_its_range_are_made_of_rounded_counts_alone():
    one, other = (
        rounded([Value("D1", ("interviews",), k / n, 0.1, 0.9, n, float(n), SHARES)])[0]
        for k, n in ((24, 41), (26, 42))
    )
    assert one == other
    assert one.value == 25 / 40
    assert one.low < 25 / 40 < one.high


def test_a_risk_ratio_is_withheld_with_either_of_its_groups():
    groups = [
        Value("A6", (name,), k / n, 0.0, 1.0, n, float(n), SHARES)
        for name, k, n in (("0", 2, 30), ("1-2", 9, 30), ("3+", 40, 70))
    ]
    ratio = Value("A6", ("RR", "3+"), (40 / 70) / (2 / 30), 2.0, 30.0, 30, 30.0, "risk ratio; log normal")
    found = rounded(publishable([*groups, ratio]))
    assert found[0].value is None
    assert found[-1].value is found[-1].low is found[-1].high is None


def test_a_study_comes_out_anew_as_it_was_or_with_ten_more():
    assert may_follow(50, "a", [])
    assert may_follow(50, "a", [(50, "a")])
    assert not may_follow(50, "b", [(50, "a")])
    assert not may_follow(55, "b", [(50, "a")])
    assert not may_follow(60, "b", [(45, "a"), (55, "c")])
    assert may_follow(60, "b", [(50, "a")])
    assert mark([{"a": 1, "b": 2}]) == mark([{"b": 2, "a": 1}]) != mark([{"a": 1, "b": 3}])


questions = st.lists(st.lists(st.integers(0, 40), min_size=2, max_size=6), min_size=1, max_size=4)


@settings(max_examples=150, deadline=None)
@given(questions, questions)
def test_no_difference_of_two_counts_is_small(before, after):
    told = []
    for asked in (before, after):
        values = [
            one for at, counted in enumerate(asked) if sum(counted) for one in shares(counted, name=f"q{at}")
        ]
        told += counts(rounded(publishable(values)), 2)
    for one in told:
        assert not small(one), one
        for other in told:
            assert not differs_by_few(one, other), (one, other)
            assert not proved(one, other), (one, other)


@pytest.mark.parametrize("protected", [True, False])
def test_an_attacker_who_subtracts_learns_nobody(protected):
    """The same attacker finds plenty where nothing is rounded: the test can fail."""
    found = trial(np.random.default_rng(3), studies=3, queries=300, protected=protected)
    assert found.queries == 600
    assert (found.small, found.few, found.proved) == (0, 0, 0) if protected else found.few > 20
    assert protected or found.proved > 20


def test_invented_studies_have_rare_answers():
    told = list(varied(60, np.random.default_rng(1)))
    assert len(told) == 60
    assert PRICES.base
    assert len({leg["leg_mode"] for one in told for leg in one["interview"]["legs"]}) > 3

"""Raking: margins met, bounds kept, contradictions said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.estimation.problems import BadInput
from palermo.estimation.rds.raking import rake

COLUMNS = {"sex": list("ffffmmmm"), "age": ["child", "adult"] * 4}


def test_two_margins_by_hand() -> None:
    """Half children, sexes 3:1: with independent starting weights each cell becomes the product of its margins."""
    found = rake([1] * 8, COLUMNS, {"sex": {"f": 0.75, "m": 0.25}, "age": {"child": 500, "adult": 500}})
    assert found.converged
    assert found.weights[:4] == pytest.approx([1.5] * 4)
    assert found.weights[4:] == pytest.approx([0.5] * 4)
    assert found.factors == pytest.approx((0.5, 1.5))
    assert found.design_effect == pytest.approx(1.25)
    assert max(abs(miss) for margin in found.misses.values() for miss in margin.values()) < 1e-8


def test_bounds_are_kept_and_what_they_cost_is_said() -> None:
    found = rake([1] * 8, COLUMNS, {"sex": {"f": 0.98, "m": 0.02}}, bounds=(0.5, 1.6))
    assert not found.converged
    assert found.weights.max() / found.weights.min() <= 1.6 / 0.5 + 1e-9
    assert {caution.code for caution in found.cautions} == {"margins_missed", "weights_bounded"}


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(BadInput) as found:
        rake([1, 0], {"sex": ["f", "x"]}, {"sex": {"f": 1, "m": 1}, "age": {"child": 1}}, bounds=(2, 1))
    assert {problem.rule for problem in found.value.problems} == {
        "weight", "bounds", "margin_missing", "margin_empty", "column",
    }  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_margins_are_met_whatever_the_weights(seed: int) -> None:
    draw = np.random.default_rng(seed)
    sex, age = draw.choice(["f", "m"], 300), draw.choice(["a", "b", "c"], 300)
    margins = {"sex": {"f": 0.55, "m": 0.45}, "age": {"a": 0.3, "b": 0.3, "c": 0.4}}
    found = rake(draw.uniform(0.5, 2.0, 300).tolist(), {"sex": sex.tolist(), "age": age.tolist()}, margins)
    assert found.converged
    assert found.weights.sum() == pytest.approx(300)
    assert found.weights[sex == "f"].sum() == pytest.approx(165, abs=1e-4)
    assert found.weights[age == "c"].sum() == pytest.approx(120, abs=1e-4)

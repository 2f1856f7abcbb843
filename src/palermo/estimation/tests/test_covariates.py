"""The doubly robust estimator: right where a covariate makes lists depend, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from palermo.estimation import BadInput, BadOptions, Options
from palermo.estimation.mse import covariates
from palermo.estimation.mse.people import People

TRUE = 3000


def drawn(seed: int, lists: int = 2, people: int = TRUE, tie: float = 0.0) -> tuple[People, dict]:
    """Lists depend on each other only through x and sex; `tie` adds a dependence of A and B beyond them."""
    generator = np.random.Generator(np.random.Philox(key=seed))
    x, woman = generator.standard_normal(people), generator.random(people) < 0.4
    base = np.array([-0.5, -0.8, -1.1])[:lists]
    odds = base + 1.0 * x[:, None] + 0.8 * woman[:, None]
    seen = generator.random((people, lists)) < 1 / (1 + np.exp(-odds))
    seen[:, 1] |= seen[:, 0] & (generator.random(people) < tie)
    kept = seen.any(axis=1)
    arrays = {"x": x[kept], "sex": np.where(woman[kept], "f", "m")}
    return People.from_arrays("ABC"[:lists], seen[kept], arrays), {"seen": seen[kept], **arrays}


def test_the_naive_estimate_is_biased_and_this_one_is_not():
    naive, ours, held = [], [], 0
    for seed in range(12):
        found = covariates.estimate(drawn(seed)[0], Options())
        naive.append(found.diagnostics["pairs"][0]["chapman"])
        ours.append(found.value)
        held += found.lower <= TRUE <= found.upper
    assert np.mean(naive) < 0.85 * TRUE
    assert np.mean(ours) == pytest.approx(TRUE, rel=0.06)
    assert held >= 10


def test_three_lists_are_more_exact_than_two():
    two, three = (covariates.estimate(drawn(3, lists)[0], Options()) for lists in (2, 3))
    assert three.diagnostics["standard_error"] < two.diagnostics["standard_error"]
    assert len(three.diagnostics["pairs"]) == 3
    named = covariates.estimate(drawn(3, 3)[0], Options(more={"pair": ["C", "A"]}))
    assert named.diagnostics["pairs"][0]["lists"] == ["A", "C"]


def test_pairs_that_depend_beyond_the_covariates_are_noticed():
    found = covariates.estimate(drawn(1, 3, tie=0.5)[0], Options())
    assert "pairs_disagree" in {one.code for one in found.cautions}


def test_neither_the_order_of_people_nor_a_second_run_changes_anything():
    people, arrays = drawn(2)
    order = np.random.Generator(np.random.Philox(key=9)).permutation(people.n)
    moved = People.from_arrays(
        "AB", arrays["seen"][order], {"x": arrays["x"][order], "sex": arrays["sex"][order]}
    )
    assert covariates.estimate(moved, Options()).as_json() == covariates.estimate(people, Options()).as_json()


def test_without_covariates_it_is_lincoln_and_petersen():
    generator = np.random.Generator(np.random.Philox(key=4))
    seen = generator.random((4000, 2)) < 0.3
    seen = seen[seen.any(axis=1)]
    found = covariates.estimate(People.from_arrays("AB", seen, {}), Options())
    first, second, both = seen[:, 0].sum(), seen[:, 1].sum(), (seen[:, 0] & seen[:, 1]).sum()
    assert found.value == pytest.approx(first * second / both, rel=0.01)


def test_a_doubly_wrong_square_is_mended_by_degree_two():
    people, _arrays = drawn(5)
    assert covariates.estimate(people, Options(more={"degree": 2})).value == pytest.approx(TRUE, rel=0.15)
    with pytest.raises(BadOptions):
        covariates.estimate(people, Options(more={"degree": 3}))
    with pytest.raises(BadOptions):
        covariates.estimate(people, Options(more={"pair": ["A", "Z"]}))


def test_no_overlap_is_no_estimate():
    seen = np.array([[1, 0], [0, 1]] * 40)
    found = covariates.estimate(People.from_arrays("AB", seen, {"x": np.arange(80.0)}), Options())
    assert found.estimate is None
    assert found.hard


def test_everything_wrong_is_said_at_once():
    with pytest.raises(BadInput) as raised:
        People.from_arrays(
            "AB", np.array([[1, 0], [0, 0]]), {"x": [1.0, np.nan], "y": [1.0], "z": np.array(["a", ""])}
        )
    assert [one.rule for one in raised.value.problems] == ["nobody", "missing", "shape", "missing"]
    with pytest.raises(BadInput, match="0 and 1"):
        People.from_arrays("AB", np.array([[2, 0]]), {})

"""Homophily, recruitment and convergence against RDS for R and by hand; the layout of trees; what is warned of."""

from __future__ import annotations

import re

import numpy as np
import pytest

from palermo.estimation.estimators import Options, rds
from palermo.estimation.rds import diagnostics
from palermo.estimation.rds.sample import RecruitmentSample
from palermo.estimation.rds.shares import moves
from palermo.estimation.rds.tests.samples import measured, shared_sample, small


def test_recruitment_matrices_are_those_of_r() -> None:
    for row in measured("transitions"):
        sample = shared_sample(row["data"])
        outcome = sample.outcome(row["outcome"])
        assert list(outcome.levels) == row["levels"]
        assert moves(sample, outcome).tolist() == row["counts"]


def test_homophily_is_that_of_r() -> None:
    for row in measured("homophily"):
        theirs = next(
            float(found[1]) for line in row["text"] if (found := re.match(r"Homophily = ([\d.]+)", line))
        )
        sample = shared_sample(row["data"])
        found = diagnostics.homophily(moves(sample, sample.outcome(row["outcome"])))
        assert found["all"] == pytest.approx(theirs, rel=1e-6)


def test_mixing_of_a_chain_known_by_hand() -> None:
    """P = (0.9 0.1; 0.3 0.7): the eigenvalues are 1 and 0.6; 0.6 to the 8th is below 0.02."""
    found = diagnostics.mixing(np.array([[90, 10], [30, 70]]))
    assert found["second_eigenvalue"] == pytest.approx(0.6)
    assert found["waves_needed"] == 8
    assert diagnostics.mixing(np.array([[5, 0], [0, 5]]))["waves_needed"] is None
    assert diagnostics.mixing(np.array([[5, 1], [0, 0]]))["second_eigenvalue"] is None


def test_activity_of_a_sample_by_hand() -> None:
    """With weights 1/d the mean degree of a group is its harmonic mean: 2 and 6."""
    sample = RecruitmentSample.from_columns(
        "abcd", ["seed", "a", "a", "b"], [2, 2, 6, 6], {"x": list("mmnn")}
    )
    assert diagnostics.activity(sample, sample.outcome("x"), None) == pytest.approx([1 / 3, 3.0])


def test_the_curve_of_convergence_ends_at_the_estimate() -> None:
    sample = shared_sample("fauxmadrona")
    for population, name in ((None, "rds-ii"), (1000.0, "rds-ss")):
        curve = diagnostics.convergence(sample, sample.outcome("disease"), 1, population)
        options = Options(bootstrap=0, more={"population": population} if population else {})
        assert curve["share"][-1] == pytest.approx(rds(name).estimate(sample, options).value)
        assert curve["people"][-1] == 500
        assert len(curve["people"]) <= 50


def test_the_layout_puts_recruiters_above_their_recruits() -> None:
    nodes, edges = diagnostics.tree_layout(small())
    place = {node.row: node for node in nodes}
    assert len(nodes) == 12
    assert len(edges) == 10
    for above, below in edges:
        assert place[below].wave == place[above].wave + 1
        assert place[below].seed == place[above].seed
    leaves = sorted(node.x for node in nodes if node.row in (4, 5, 6, 9, 10, 11))
    assert leaves == pytest.approx(np.linspace(0, 1, 6))
    mine = [place[below].x for above, below in edges if above == 0]
    assert place[0].x == pytest.approx(sum(mine) / 2)


def test_no_two_people_of_a_wave_share_a_place() -> None:
    nodes, _edges = diagnostics.tree_layout(shared_sample("fauxmadrona"))
    assert len({(node.wave, round(node.x, 9)) for node in nodes}) == 500


def test_a_layout_of_one_long_chain_does_not_recurse() -> None:
    names = [str(i) for i in range(5000)]
    nodes, _edges = diagnostics.tree_layout(
        RecruitmentSample.from_columns(names, ["seed", *names[:-1]], [2] * 5000)
    )
    assert {node.x for node in nodes} == {0.0}


def codes(sample: RecruitmentSample, **more: object) -> set[str]:
    return {one.code for one in rds("rds-ii").estimate(sample, Options(bootstrap=0, more=more)).cautions}


def test_one_seed_and_seeds_not_forgotten_are_said() -> None:
    assert {"one_seed", "seed_dependence"} <= codes(shared_sample("faux"), outcome="Y")
    assert "seed_dependence" not in codes(shared_sample("faux"), outcome="X")


def test_few_waves_and_one_large_tree_are_said() -> None:
    names = [str(i) for i in range(60)]
    bosses = ["seed", "seed", *["0"] * 40, *["1"] * 18]
    sample = RecruitmentSample.from_columns(names, bosses, [5] * 60, {"x": ["p", "q"] * 30})
    assert {"few_waves", "one_tree"} <= codes(sample)


def test_trees_that_differ_and_an_estimate_still_moving_are_said() -> None:
    names = [str(i) for i in range(120)]
    bosses = ["seed", *names[:59], "seed", *names[60:119]]
    answers = ["p"] * 55 + ["q"] * 5 + ["q"] * 55 + ["p"] * 5
    sample = RecruitmentSample.from_columns(names, bosses, [5] * 120, {"x": answers})
    assert {"trees_differ", "not_converged", "seed_dependence"} <= codes(sample)


def test_a_population_mostly_seen_is_said_where_the_method_ignores_it() -> None:
    assert "large_part_seen" in codes(shared_sample("fauxmadrona"), population=1000)
    assert "large_part_seen" not in codes(shared_sample("fauxmadrona"), population=50_000)


def test_guessed_network_sizes_are_said() -> None:
    names = [str(i) for i in range(50)]
    sample = RecruitmentSample.from_columns(
        names, ["seed", *names[:-1]], [10, 20, 50, 100, 12] * 10, {"x": ["p", "q"] * 25}
    )
    assert diagnostics.heaping(sample) == pytest.approx(0.8)
    assert "degrees_heaped" in codes(sample)

"""RDS-I, RDS-II and successive sampling: against RDS for R, against a known network, and what they must refuse."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.estimation.estimators import RDS, Options, rds
from palermo.estimation.problems import BadOptions
from palermo.estimation.rds.sample import RecruitmentSample
from palermo.estimation.rds.shares import salganik_heckathorn, tabulate
from palermo.estimation.rds.tests.network import network, recruited
from palermo.estimation.rds.tests.samples import measured, shared_sample, small
from palermo.estimation.rds.weights import classes, inclusion, person_weights
from palermo.estimation.results import Result

NAMES = {"rds1": "rds-i", "rds1ds": "rds-i", "rds2": "rds-ii", "ss": "rds-ss"}


def shares(result: Result) -> dict[str, float]:
    return {row["value"]: row["share"] for row in result.diagnostics["shares"]}


@pytest.mark.parametrize(
    ("method", "tolerance"), [("rds1", 1e-9), ("rds1ds", 1e-9), ("rds2", 1e-9), ("ss", 5e-4)]
)
def test_every_share_equals_r(method: str, tolerance: float) -> None:
    """Gile's estimator is simulated in R and moves with its seed; the others are the same formula."""
    rows = measured(method)
    assert len(rows) == 3
    for row in rows:
        options = Options(bootstrap=0, more={"outcome": row["outcome"], "population": 1000})
        found = shares(rds(NAMES[method]).estimate(shared_sample(row["data"]), options))
        assert found == pytest.approx(row["estimate"], abs=tolerance, rel=0 if method == "ss" else 1e-6)


def test_successive_sampling_weights_follow_those_of_r() -> None:
    for row in measured("ss"):
        sample = shared_sample(row["data"])
        weights = person_weights(sample, 1000.0) * 1000 / sample.n
        assert weights[:10] == pytest.approx(row["weights_first10"], rel=0.01)


def test_inclusion_probabilities_solve_their_equations() -> None:
    counts = np.array([[40.0, 30.0, 20.0, 10.0]])
    degree = np.array([1.0, 3.0, 7.0, 20.0])
    pi = inclusion(counts, degree, 260.0)[0]
    size = counts[0] / pi * 260 / (counts[0] / pi).sum()
    tau = -np.log1p(-pi) / degree
    assert tau == pytest.approx(np.full(4, tau[0]))
    assert (size * pi).sum() == pytest.approx(100)


def test_inclusion_agrees_with_sampling_by_hand() -> None:
    """Draw a population one after the other by network size and see who was drawn."""
    draw = np.random.default_rng(3)
    degree = np.repeat([1.0, 2.0, 4.0, 8.0], [200, 150, 100, 50])
    seen = np.zeros(500)
    for _ in range(400):  # the order of E/degree with E exponential is successive sampling
        seen[np.argsort(draw.exponential(size=500) / degree)[:150]] += 1
    truth = np.array([seen[degree == k].mean() / 400 for k in (1, 2, 4, 8)])
    counts = truth * [200, 150, 100, 50]
    pi = inclusion(counts[None], np.array([1.0, 2.0, 4.0, 8.0]), 500.0)[0]
    assert pi == pytest.approx(truth, abs=0.01)


def test_a_huge_population_makes_successive_sampling_volz_heckathorn() -> None:
    few = Options(bootstrap=0, more={"outcome": "disease", "population": 1e9})
    sample = shared_sample("fauxmadrona")
    assert rds("rds-ss").estimate(sample, few).value == pytest.approx(
        rds("rds-ii").estimate(sample, few).value, rel=1e-5
    )


def test_a_population_seen_whole_makes_it_the_share_of_the_sample() -> None:
    sample = small()
    found = rds("rds-ss").estimate(sample, Options(bootstrap=0, more={"population": 12, "value": "b"}))
    assert found.value == pytest.approx(5 / 12)


def test_smoothing_changes_no_share() -> None:
    """The mean of recruitment with its mirror image has the same stationary law: see docs/methods/rds.md."""
    sample = shared_sample("faux")
    outcome = sample.outcome("Y")
    kinds = classes(sample)
    table, moved = tabulate(sample, outcome, kinds)
    law = moved[0] / moved[0].sum(axis=1, keepdims=True)
    values, vectors = np.linalg.eig(law.T)
    q = np.real(vectors[:, np.argmax(values.real)])
    flow = (q / q.sum())[:, None] * law
    smoothed = (flow + flow.T)[None]
    assert salganik_heckathorn(table, smoothed, kinds) == pytest.approx(
        salganik_heckathorn(table, moved, kinds)
    )


@pytest.mark.parametrize(("method", "bias"), [("rds-i", 0.035), ("rds-ii", 0.035), ("rds-ss", 0.02)])
def test_the_share_of_a_known_network_is_recovered(method: str, bias: float) -> None:
    """1,200 people, three in ten in the group, who know twice as many: the plain share is far off."""
    world = network(1200, 0.3, 8.0, 2.0, 1.2, seed=4)
    samples = [recruited(world, 350, 6, 2, seed) for seed in range(24)]
    options = Options(bootstrap=0, more={"population": 1200, "value": "yes"})
    found = np.array([rds(method).estimate(sample, options).value for sample in samples], dtype=float)
    plain = np.mean([sample.outcomes["member"].codes.mean() for sample in samples])
    assert plain > 0.38
    assert found.mean() == pytest.approx(0.3, abs=bias)


def test_a_size_that_matters_is_said() -> None:
    """Half of fauxmadrona's thousand were recruited: were there 500, 0.26 would be diseased; were there many, 0.16."""
    found = rds("rds-ss").estimate(
        shared_sample("fauxmadrona"), Options(bootstrap=0, more={"population": 1000})
    )
    told = {row["population"]: row["share"] for row in found.diagnostics["by_population"]}
    assert told[500.0] == pytest.approx(129 / 500)
    assert told[1000.0] == found.value
    assert told[10_000.0] == pytest.approx(0.166, abs=0.002)
    assert "population_matters" in {caution.code for caution in found.cautions}


def test_groups_that_never_recruit_one_another_have_no_rds_i() -> None:
    sample = RecruitmentSample.from_columns(
        range(40),
        ["seed" if i < 2 else str(i - 2) for i in range(40)],
        [5] * 40,
        {"side": ["left", "right"] * 20},
    )
    found = rds("rds-i").estimate(sample, Options(bootstrap=50))
    assert found.value is None
    assert "groups_not_joined" in {caution.code for caution in found.cautions if caution.level == "hard"}
    assert rds("rds-ii").estimate(sample, Options(bootstrap=50)).estimate == pytest.approx(0.5)


def test_a_group_that_recruited_nobody_is_named() -> None:
    sample = RecruitmentSample.from_columns(
        "abcdefgh", ["seed", "a", "a", "b", "b", "d", "d", "f"], [3] * 8, {"x": list("mmnmnmnm")}
    )
    found = rds("rds-i").estimate(sample, Options(bootstrap=0))
    assert found.estimate is None
    assert "Nobody of n recruited" in " ".join(caution.message for caution in found.cautions)


def test_given_weights_count() -> None:
    columns: dict[str, Any] = {
        "ids": "abcdef",
        "recruiters": ["seed", "a", "a", "b", "b", "c"],
        "degrees": [2] * 6,
    }
    plain = RecruitmentSample.from_columns(**columns, outcomes={"x": list("ppppqq")})
    heavy = RecruitmentSample.from_columns(
        **columns, outcomes={"x": list("ppppqq")}, weights=[1, 1, 1, 1, 2, 2]
    )
    assert rds("rds-ii").estimate(plain, Options(bootstrap=0)).value == pytest.approx(2 / 6)
    assert rds("rds-ii").estimate(heavy, Options(bootstrap=0)).value == pytest.approx(4 / 8)


def test_missing_answers_are_left_out_and_said() -> None:
    sample = small()
    answers = ["a" if code == 0 else "b" for code in sample.outcomes["group"].codes]
    bosses = [sample.ids[row] if row >= 0 else "seed" for row in sample.recruiter]
    less = RecruitmentSample.from_columns(
        sample.ids, bosses, sample.degree.tolist(), {"group": [None, *answers[1:]]}
    )
    found = rds("rds-ii").estimate(less, Options(bootstrap=30))
    assert "answers_missing" in {caution.code for caution in found.cautions}
    assert sum(row["people"] for row in found.diagnostics["shares"]) == 11


def test_results_go_to_json_and_back_and_explain_themselves() -> None:
    sample = shared_sample("faux")
    more = {"outcome": "Y", "value": "green", "population": 1000, "prior_median": 1000}
    for name in RDS:
        if name == "time-location":
            continue
        found = rds(name).estimate(sample, Options(bootstrap=100, more=more))
        said = found.as_json()
        assert Result.from_json(json.loads(json.dumps(said))).as_json() == said
        assert len(json.dumps(said)) < 12_000
        assert found.explain()
        assert found.verdict is not None


@pytest.mark.parametrize(
    "more",
    [{}, {"outcome": "W"}, {"outcome": "X", "value": "mauve"}, {"outcome": "X", "population": 300},
        {"outcome": "X", "population": "many"},
     {"outcome": "X"}, {"outcome": "X", "population": 1000, "uncertainty": "prayer"},
     {"outcome": "X", "population": 1000, "ends": "open"}],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_in_words(more: dict[str, Any]) -> None:
    with pytest.raises(BadOptions):
        rds("rds-ss").estimate(shared_sample("faux"), Options(bootstrap=40, more=more))


def test_the_order_of_rows_changes_no_share() -> None:
    whole = shared_sample("fauxmadrona")
    order = np.random.default_rng(1).permutation(whole.n)
    outcome = whole.outcomes["disease"]
    moved = RecruitmentSample.from_columns(
        [whole.ids[i] for i in order],
        [whole.ids[whole.recruiter[i]] if whole.recruiter[i] >= 0 else "seed" for i in order],
        whole.degree[order].tolist(), {"disease": [outcome.levels[outcome.codes[i]] for i in order]},
    )  # fmt: skip
    options = Options(bootstrap=0, more={"population": 1000})
    for name in ("rds-i", "rds-ii", "rds-ss"):
        assert rds(name).estimate(moved, options).value == pytest.approx(
            rds(name).estimate(whole, options).value
        )


@st.composite
def forests(draw: st.DrawFn) -> RecruitmentSample:
    """Small samples of any shape: everybody recruited by an earlier one or a seed, answers missing here and there."""
    n = draw(st.integers(1, 25))
    bosses = [
        "seed",
        *(draw(st.one_of(st.just("seed"), st.integers(0, i - 1).map(str))) for i in range(1, n)),
    ]
    answers = draw(st.lists(st.sampled_from(["p", "q", "r", ""]), min_size=n, max_size=n))
    answers[0] = "p"
    degrees = draw(st.lists(st.integers(1, 60), min_size=n, max_size=n))
    return RecruitmentSample.from_columns([str(i) for i in range(n)], bosses, degrees, {"x": answers})


@settings(max_examples=60, deadline=None)
@given(
    forests(),
    st.sampled_from(["chain", "tree", "population"]),
    st.integers(0, 40),
    st.sampled_from(["logit", "percentile"]),
)
def test_any_sample_gets_shares_that_add_up_or_a_reason(
    sample: RecruitmentSample, uncertainty: str, more: int, ends: str
) -> None:
    asked = {"outcome": "x", "population": sample.n + more, "uncertainty": uncertainty, "ends": ends}
    for name in ("rds-i", "rds-ii", "rds-ss"):
        found = rds(name).estimate(sample, Options(bootstrap=25, more=asked))
        if found.value is None:
            assert found.hard
            continue
        assert sum(shares(found).values()) == pytest.approx(1)
        for row in found.diagnostics["shares"]:
            assert -1e-12 <= row["share"] <= 1 + 1e-12
            if "lower" in row:
                assert 0 <= row["lower"] <= row["upper"] <= 1
        assert "NaN" not in json.dumps(found.as_json())

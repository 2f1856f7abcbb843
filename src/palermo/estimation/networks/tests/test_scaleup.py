"""Network scale-up: by hand, on a population known to the last tie, and what must be refused or said."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.estimation.estimators import NSUM, Options, nsum
from palermo.estimation.networks.scaleup import known_population, rescaled
from palermo.estimation.networks.survey import Acquaintances, read
from palermo.estimation.problems import BadInput, BadOptions
from palermo.estimation.results import Result

PEOPLE = 30_000
SIZES = {f"group {j}": float(60 * (j + 2)) for j in range(10)}


def tiny() -> Acquaintances:
    return Acquaintances.from_columns(
        {"twins": [2, 0, 1], "nurses": [3, 1, 3]}, {"twins": 100, "nurses": 300}, [1, 0, 1], 10_000
    )


def survey(seed: int, tau: float = 1.0, delta: float = 1.0, asked: int = 600) -> Acquaintances:
    """A population of 30,000 with 450 hidden members: ties by chance, members with `delta` times the acquaintances,
    of whom a part `tau` is aware; respondents in 60 villages of three regions."""
    draw = np.random.default_rng(seed)
    degree = draw.gamma(5.0, 40.0, asked)
    known = {name: draw.poisson(degree * size / PEOPLE).tolist() for name, size in SIZES.items()}
    hidden = draw.poisson(degree * 450 * delta * tau / PEOPLE)
    village = np.arange(asked) % 60
    return Acquaintances.from_columns(
        known, SIZES, hidden.tolist(), PEOPLE, strata=(village % 3).tolist(), units=village.tolist()
    )


def test_by_hand() -> None:
    """Degrees: 10,000 x (5, 1, 4) / 400 = 125, 25, 100; the hidden group 10,000 x 2 / 250 = 80."""
    assert known_population(tiny()).tolist() == [125, 25, 100]
    found = nsum("nsum").estimate(tiny(), Options(bootstrap=0))
    assert found.value == pytest.approx(80)
    assert found.diagnostics["mean_of_ratios"] == pytest.approx(10_000 * (1 / 125 + 0 + 1 / 100) / 3)
    twins = found.diagnostics["known_groups"][0]
    assert twins["estimate"] == pytest.approx(300 * 3 / 7)


def test_a_known_population_is_recovered_and_held() -> None:
    found = [nsum("nsum").estimate(survey(seed), Options(bootstrap=300, seed=seed)) for seed in range(40)]
    values = np.array([result.value for result in found], dtype=float)
    assert values.mean() == pytest.approx(450, rel=0.02)
    held = sum(1 for one in found if one.interval and one.interval.lower <= 450 <= one.interval.upper)
    assert held >= 35


def test_unawareness_halves_the_basic_estimate_and_is_corrected_by_the_generalised_one() -> None:
    data = survey(3, tau=0.5, delta=0.8, asked=3000)
    plain = nsum("nsum").estimate(data, Options(bootstrap=0))
    assert plain.value == pytest.approx(450 * 0.4, rel=0.1)
    assert "all_aware" in {caution.code for caution in plain.cautions}
    general = nsum("nsum-generalised").estimate(data, Options(bootstrap=200, more={"tau": 0.5, "delta": 0.8}))
    assert general.value == pytest.approx(450, rel=0.1)
    mean = general.diagnostics["mean_degree"]
    seen = nsum("nsum-generalised").estimate(data, Options(bootstrap=0, more={"visibility": mean * 0.4}))
    assert seen.value == pytest.approx(general.value)


def test_a_known_group_with_a_wrong_size_is_found() -> None:
    data = survey(1)
    wrong = Acquaintances.from_columns(
        {name: data.known[:, j].tolist() for j, name in enumerate(data.names)}, {**SIZES, "group 4": 2000.0},
        data.hidden.tolist(), PEOPLE,
    )  # fmt: skip
    found = nsum("nsum").estimate(wrong, Options(bootstrap=0))
    far = next(caution for caution in found.cautions if caution.code == "known_groups_disagree")
    assert far.values["groups"] == ["group 4"]
    mended = nsum("nsum").estimate(wrong, Options(bootstrap=0, more={"drop": ["group 4"]}))
    assert "known_groups_disagree" not in {caution.code for caution in mended.cautions}
    assert abs((mended.value or 0) - 450) < abs((found.value or 0) - 450)


def test_large_groups_that_are_forgotten_and_clusters_are_said() -> None:
    draw = np.random.default_rng(2)
    degree = draw.gamma(5.0, 40.0, 800)
    known = {name: draw.poisson(degree * size**0.5 * 15 / PEOPLE).tolist() for name, size in SIZES.items()}
    hidden = np.where(np.arange(800) < 40, draw.poisson(60, 800), 0)
    found = nsum("nsum").estimate(
        Acquaintances.from_columns(known, SIZES, hidden.tolist(), PEOPLE), Options(bootstrap=0)
    )
    assert {"recall", "barriers"} <= {caution.code for caution in found.cautions}


def test_degrees_by_summation() -> None:
    data = Acquaintances.from_columns(
        {"twins": [2, 0]}, {"twins": 100}, [1, 1], 10_000, parts={"family": [20, 10], "work": [30, 40]}
    )
    found = nsum("nsum").estimate(data, Options(bootstrap=0, more={"degrees": "summation"}))
    assert found.value == pytest.approx(10_000 * 2 / 100)
    assert "one_known_group" in {caution.code for caution in found.cautions}
    with pytest.raises(BadOptions):
        nsum("nsum").estimate(tiny(), Options(more={"degrees": "summation"}))


def test_nobody_known_gives_an_upper_limit() -> None:
    data = Acquaintances.from_columns(
        {"twins": [2, 5], "nurses": [4, 6]}, {"twins": 100, "nurses": 300}, [0, 0], 10_000
    )
    found = nsum("nsum").estimate(data, Options())
    assert found.value == 0
    assert found.interval is not None
    assert found.interval.upper == pytest.approx(10_000 * 3.689 / (10_000 * 17 / 400), rel=1e-3)


def test_more_than_everybody_is_no_estimate() -> None:
    found = nsum("nsum-generalised").estimate(tiny(), Options(bootstrap=0, more={"tau": 0.001}))
    assert found.estimate is None
    assert found.insist().estimate == pytest.approx(80_000)


def test_the_rescaled_bootstrap_has_the_error_of_the_ratio() -> None:
    """Without strata: the linearised standard error of a ratio, sqrt(n s^2(y - R d)) / sum d."""
    data = survey(5)
    flat = Acquaintances.from_columns(
        {name: data.known[:, j].tolist() for j, name in enumerate(data.names)},
        SIZES,
        data.hidden.tolist(),
        PEOPLE,
    )
    degree = known_population(flat)
    ratio = flat.hidden.sum() / degree.sum()
    linear = np.sqrt(flat.n * np.var(flat.hidden - ratio * degree, ddof=1)) / degree.sum()
    found = rescaled(flat, flat.hidden, degree, 2000, 1)
    assert found.std() == pytest.approx(linear, rel=0.08)
    assert (rescaled(flat, flat.hidden, degree, 300, 1) == found[:300]).all()


def test_strata_narrow_the_range_where_they_differ() -> None:
    draw = np.random.default_rng(1)
    degree = np.full(300, 100)
    rate = np.repeat([0.2, 3.0], 150)
    columns = ({"all": degree.tolist()}, {"all": 5000.0}, draw.poisson(rate).tolist(), 10_000)
    plain = Acquaintances.from_columns(*columns)
    strata = Acquaintances.from_columns(*columns, strata=["poor"] * 150 + ["rich"] * 150)
    ends = [nsum("nsum").estimate(one, Options(bootstrap=800)).interval for one in (plain, strata)]
    widths = [one.upper - one.lower for one in ends if one is not None]
    assert widths[1] < 0.85 * widths[0]


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(BadInput) as found:
        Acquaintances.from_columns(
            {"a": [1, -1, 2.5], "b": ["many", None, 0]},
            {"a": 10, "b": 20},
            [0, 1, float("nan")],
            100,
            weights=[1, 0, 1],
        )
    assert len(found.value.problems) == 6
    with pytest.raises(BadInput) as found:
        Acquaintances.from_columns({"a": [1], "b": [1, 2]}, {"a": 200}, [0], 100)
    assert {problem.rule for problem in found.value.problems} == {"size", "length"}
    for more in ({"tau": 2}, {"delta": 0}, {}, {"visibility": -1}, {"tau": 0.5, "drop": ["c"]}):
        with pytest.raises(BadOptions):
            nsum("nsum-generalised").estimate(tiny(), Options(bootstrap=0, more=more))


def test_a_survey_is_read_from_lines() -> None:
    lines = ["twins,nurses,victims,weight,remark\n", "2,3,1,1,x\n", "\n", "0,1,0,1,y\n", "1,3,1,1,z\n"]
    data = read(lines, sizes={"twins": 100, "nurses": 300}, hidden="victims", population=10_000)
    assert nsum("nsum").estimate(data, Options(bootstrap=0)).value == pytest.approx(80)
    lines[3] = "0,one,0,1,y\n"
    with pytest.raises(BadInput) as found:
        read(lines, sizes={"twins": 100, "nurses": 300}, hidden="victims", population=10_000)
    assert [(problem.row, problem.column) for problem in found.value.problems] == [(4, "nurses")]


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(60)))
def test_the_order_of_respondents_changes_nothing(order: list[int]) -> None:
    data = survey(7, asked=60)
    moved = Acquaintances.from_columns(
        {name: data.known[order, j].tolist() for j, name in enumerate(data.names)}, SIZES, data.hidden[order].tolist(),
        PEOPLE, strata=data.stratum[order].tolist(), units=data.unit[order].tolist(),
    )  # fmt: skip
    one, two = (nsum("nsum").estimate(each, Options(bootstrap=0)) for each in (data, moved))
    assert one.value == pytest.approx(two.value)
    assert data.hash == moved.hash


def test_results_go_to_json_and_back_and_explain_themselves() -> None:
    for name in NSUM:
        found = nsum(name).estimate(survey(1), Options(bootstrap=100, more={"tau": 0.7}))
        said = found.as_json()
        assert Result.from_json(json.loads(json.dumps(said))).as_json() == said
        assert "600 people were asked" in found.explain()

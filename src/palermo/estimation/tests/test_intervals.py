"""Intervals against R within Monte Carlo error, and where their formulae break down."""

import math

import numpy as np
import pytest

from palermo.estimation import CaptureTable, Options, mse
from palermo.estimation.mse import fitting, intervals, models, replicates, stepwise
from palermo.estimation.mse.replicates import Jackknife, Outcomes
from palermo.estimation.tests.shared import reference, shared_table

PROFILES = (
    "artificial_3list", "australia_4list", "hiv_rome_4list", "korea_palembang_3list", "lesbian_allegheny_4list",
    "netherlands_5list", "netherlands_6list", "new_orleans_5list", "new_orleans_8list", "uk_2013_5list",
    "uk_2013_6list",
)  # fmt: skip
BOOTSTRAPPED = (
    "australia_4list", "korea_palembang_3list", "netherlands_5list", "netherlands_6list", "new_orleans_5list",
    "uk_2013_5list", "uk_2013_6list",
)  # fmt: skip


def outcomes_of(totals: list[float] | np.ndarray) -> Outcomes:
    values = np.array(totals, float)
    return Outcomes(values, np.zeros((len(values), 1), np.int64), np.zeros(len(values), np.int64))


def jack_of(totals: list[float], weights: list[int]) -> Jackknife:
    return Jackknife(outcomes_of(totals), np.array(weights))


@pytest.mark.parametrize("name", PROFILES)
def test_profile_ends_are_those_of_rcapture(name: str) -> None:
    row = reference("rcapture_ci", name)[0]["profile"]
    table = shared_table(name)
    found, top = intervals.profile(fitting.fit(table, models.independence(table.k)))
    assert found.lower == pytest.approx(row["lower"], abs=0.05)
    assert found.upper == pytest.approx(row["upper"], abs=0.05)
    assert top == pytest.approx(row["abundance"], abs=0.05)


@pytest.mark.parametrize("name", PROFILES)
def test_wald_ends_are_those_of_sparsemse(name: str) -> None:
    """glm stops at a deviance change of 1e-8, so R's standard errors hold six digits, not more."""
    row = next(r for r in reference("sparsemse_point", name) if r["settings"]["pthresh"] == 0)["wald_log_ci"]
    table = shared_table(name)
    found = intervals.wald(fitting.fit(table, models.independence(table.k)))
    assert found.lower == pytest.approx(row["2.5%"], rel=3e-5)
    assert found.upper == pytest.approx(row["97.5%"], rel=3e-5)


def test_a_profile_without_an_upper_end_says_infinity() -> None:
    """No overlap: no estimate, no upper end, and still a number below which the truth is not believed to be."""
    table = CaptureTable.from_counts(("A", "B"), {"10": 30, "01": 30})
    found = fitting.fit(table, models.independence(2))
    assert found.N is None
    interval, top = intervals.profile(found)
    assert interval.upper == top == math.inf
    # nobody in common: (1 - a)(1 - b) + ... the overlap expected at the lower end is about half the quantile
    assert 30 * 30 / (interval.lower - 0) == pytest.approx(3.84 / 2, rel=0.3)
    result = mse("main").estimate(table)
    assert result.value is None
    assert result.as_json()["diagnostics"]["not_excluded"] == [pytest.approx(interval.lower), "infinity"]


def test_a_list_that_saw_everybody_leaves_only_an_upper_end() -> None:
    table = CaptureTable.from_counts(("A", "B"), {"10": 40, "11": 20})
    found = fitting.fit(table, models.independence(2))
    assert not found.exists
    interval, top = intervals.profile(found)
    assert interval.lower == 60
    assert top == pytest.approx(60, abs=0.01)
    assert 60 < interval.upper < 70


def test_the_profile_is_the_likelihood_of_rcaptures_papers() -> None:
    """Against a brute maximum: two lists, where the best p_w at a given N are known."""
    table = CaptureTable.from_counts(("A", "B"), {"10": 40, "01": 30, "11": 20})
    found = fitting.fit(table, models.independence(2))
    interval, top = intervals.profile(found)

    def likelihood(total: float) -> float:
        a, b = 60 / total, 50 / total
        p = {(1, 0): a * (1 - b), (0, 1): (1 - a) * b, (1, 1): a * b}
        value = math.lgamma(total + 1) - math.lgamma(total - 89)
        value += 40 * math.log(p[1, 0]) + 30 * math.log(p[0, 1]) + 20 * math.log(p[1, 1])
        return value + (total - 90) * math.log((1 - a) * (1 - b))

    grid = np.arange(90.5, 700, 0.05)
    values = np.array([likelihood(float(one)) for one in grid])
    inside = grid[2 * (values.max() - values) <= 3.841458820694124]
    assert interval.lower == pytest.approx(inside[0], abs=0.06)
    assert interval.upper == pytest.approx(inside[-1], abs=0.06)
    assert top == pytest.approx(grid[values.argmax()], abs=0.06)


def test_the_falling_factorial_is_exact_for_any_number_of_people() -> None:
    from palermo.estimation.mse.profile import Curve

    for scale, far in ((1, 1.3), (100, 1.0001), (30_000, 50.0)):
        table = CaptureTable.from_counts(("A", "B"), {"10": 40 * scale, "01": 30 * scale, "11": 20 * scale})
        curve = Curve(fitting.fit(table, models.independence(2)))
        total = table.n * far
        each = np.arange(table.n)
        assert curve._falling(total) == pytest.approx(np.log1p(-each / total).sum(), rel=1e-12, abs=1e-7)


@pytest.mark.parametrize("name", BOOTSTRAPPED)
def test_bca_ends_are_those_of_r_within_monte_carlo_error(name: str) -> None:
    """R's ends lie within three standard deviations of what as many replicates as R drew give here."""
    table = shared_table(name)
    selector = stepwise.Stepwise.of(table.k, Options())
    estimate = stepwise.choose(table, selector).fit.N
    assert estimate is not None
    drawn = replicates.bootstrap(table, selector, 10_000, seed=11)
    jack = replicates.jackknife(table, selector)
    for row in [r for r in reference("mse_step", name) if "bca" in r]:
        assert intervals.acceleration(jack) == pytest.approx(row["ahat"], rel=1e-6)
        many = row["settings"]["nboot"]
        ends = np.array(
            [
                (found.lower, found.upper)
                for start in range(0, 10_000, many)
                if (found := _part(estimate, drawn, jack, start, many)) is not None
            ]
        )
        for end, theirs in ((0, row["bca"]["0.025"]), (1, row["bca"]["0.975"])):
            spread = max(ends[:, end].std(ddof=1), 1e-3 * theirs)
            assert abs(theirs - ends[:, end].mean()) <= 3.2 * spread


def _part(
    estimate: float, drawn: Outcomes, jack: Jackknife, start: int, many: int
) -> intervals.Interval | None:
    part = slice(start, start + many)
    some = Outcomes(drawn.totals[part], drawn.chosen[part], drawn.status[part])
    return intervals.bca(estimate, some, jack).interval


def test_bca_without_bias_or_skewness_is_the_percentile_interval() -> None:
    values = np.arange(1.0, 1000.0)
    jack = jack_of([1.0, 2.0, 3.0], [1, 1, 1])
    found = intervals.bca(500.0, outcomes_of(values), jack)
    plain = intervals.percentile(outcomes_of(values))
    assert found.interval is not None
    assert plain.interval is not None
    assert found.figures["z0"] == pytest.approx(0, abs=1e-12)
    assert found.interval.lower == pytest.approx(plain.interval.lower)
    assert found.interval.upper == pytest.approx(plain.interval.upper)


def test_an_estimate_outside_its_replicates_is_told() -> None:
    found = intervals.bca(5000.0, outcomes_of(np.arange(1.0, 1000.0)), jack_of([1.0, 2.0, 3.0], [1, 1, 1]))
    assert "estimate_outside_replicates" in {one.code for one in found.cautions}
    assert found.interval is not None


def test_a_formula_that_breaks_down_gives_way_to_quantiles() -> None:
    jack = jack_of([0.0, 0.0, -1000.0], [1000, 1000, 1])
    jack.outcomes.totals[2] = -1e9
    values = np.arange(1.0, 1000.0)
    found = intervals.bca(20.0, outcomes_of(values), jack)
    assert intervals.acceleration(jack) > 0.3 or found.interval is not None
    steep = Jackknife(outcomes_of([0.0, -1.0]), np.array([100_000, 1]))
    found = intervals.bca(999.0, outcomes_of(values), steep)
    assert found.interval is not None
    assert math.isfinite(found.interval.upper)


def test_equal_replicates_count_half() -> None:
    values = np.array([1.0, 2.0, 2.0, 3.0])
    assert intervals.below(2.0, values) == 0.5


def test_quantiles_of_type_8() -> None:
    """R: quantile(c(1, 3, 4, 10, 20), c(.1, .25, .5, .9), type = 8)"""
    values = np.array([1.0, 3.0, 4.0, 10.0, 20.0])
    found = [intervals.quantile(values, q) for q in (0.1, 0.25, 0.5, 0.9)]
    assert found == pytest.approx([1.0, 2 + 1 / 3, 4.0, 20.0])


def test_the_monte_carlo_error_is_what_repeating_shows() -> None:
    chance = np.random.Generator(np.random.Philox(key=3))
    jack = jack_of([1.0, 2.0, 3.0, 9.0], [40, 30, 20, 10])
    ends, errors = [], []
    for _ in range(200):
        found = intervals.bca(105.0, outcomes_of(100 + 20 * chance.standard_normal(2000)), jack).interval
        assert found is not None
        assert found.error is not None
        ends.append((found.lower, found.upper))
        errors.append(found.error)
    assert np.mean(errors, axis=0) == pytest.approx(np.std(ends, axis=0), rel=0.25)


def test_without_replicates_a_chosen_model_carries_a_caution() -> None:
    table = shared_table("uk_2013_6list")
    result = mse("stepwise").estimate(table, Options(bootstrap=0))
    assert result.interval is not None
    assert result.interval.kind == "profile"
    assert "conditional_on_model" in {one.code for one in result.cautions}
    plain = mse("main").estimate(table)
    assert "conditional_on_model" not in {one.code for one in plain.cautions}
    assert plain.as_json()["model"] == "[1,2,3,4,5,6]"


def test_main_effects_with_replicates() -> None:
    result = mse("main").estimate(shared_table("hiv_rome_4list"), Options(bootstrap=2000))
    assert result.interval is not None
    assert result.interval.kind == "bca"
    assert result.lower == pytest.approx(9530, rel=0.03)
    assert result.upper == pytest.approx(13100, rel=0.04)

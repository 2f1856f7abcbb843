"""Averaging over hierarchical models: against a computation of another kind, conting's weights, planted truth."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from palermo.estimation.estimators import Options, mse
from palermo.estimation.mse import hierarchical, models
from palermo.estimation.mse.posterior import in_own_order, weighted_quantiles
from palermo.estimation.mse.table import CaptureTable
from palermo.estimation.problems import BadOptions
from palermo.estimation.results import Level, Result
from palermo.estimation.tests.shared import reference, shared_table

PAGE = Path(__file__).resolve().parents[4] / "docs/methods/mse-hierarchical.md"


def simulated(people: int, seed: int) -> CaptureTable:
    """Four lists; the second follows the first."""
    random = np.random.Generator(np.random.Philox(seed))
    seen = random.random((people, 4)) < (0.35, 0.3, 0.4, 0.25)
    seen[:, 1] |= seen[:, 0] & (random.random(people) < 0.5)
    masks = seen @ (1 << np.arange(4))
    return CaptureTable.from_histories(("A", "B", "C", "D"), masks[masks > 0])


def by_other_means(table: CaptureTable, prior: str) -> tuple[dict[str, float], float]:
    """Weights of all models to order 2 and the median, with design matrices, numpy and a general optimiser."""
    from scipy import optimize, stats

    k, random = table.k, np.random.default_rng(4)
    cells = np.arange(1, 1 << k)
    logs, medians = {}, []
    for number in hierarchical.enumerated.hierarchical(k, 2):
        terms = [t for t in range(1 << k) if int(number) >> t & 1]
        signs = np.array([[(-1.0) ** (t & w).bit_count() for t in terms] for w in range(1 << k)])
        free = prior == "sbh"

        def minus(theta: np.ndarray, signs: np.ndarray = signs, free: bool = free) -> np.ndarray:
            theta = np.atleast_2d(theta)
            beta, s = (theta[:, :-1], theta[:, -1]) if free else (theta, np.zeros(len(theta)))
            eta = beta @ signs.T
            q = beta.shape[1] - 1
            value = eta[:, 1:] @ table.counts[cells] - np.exp(eta[:, 1:]).sum(axis=1)
            value -= (q * (s + np.log(2 * np.pi)) + np.exp(-s) * (beta[:, 1:] ** 2).sum(axis=1)) / 2
            return -(value + (stats.invgamma(5e-4, scale=5e-4).logpdf(np.exp(s)) + s if free else 0.0))

        start = np.zeros(len(terms) + free)
        start[0] = np.log(table.n / len(cells))
        best = optimize.minimize(lambda one: minus(one)[0], start, method="BFGS")
        spread = 2.5 * (best.hess_inv + best.hess_inv.T) / 2
        proposal = stats.multivariate_t(best.x, spread, df=4, seed=random)
        drawn = proposal.rvs(50_000)
        weights = -minus(drawn) - proposal.logpdf(drawn)
        name = models.text(frozenset(terms))
        logs[name] = np.log(np.exp(weights - weights.max()).mean()) + weights.max()
        unseen = random.poisson(np.exp((drawn[:, : len(terms)] @ signs[0]).clip(max=30)))
        medians.append((unseen, np.exp(weights - weights.max()), logs[name]))
    top = max(logs.values())
    total = sum(np.exp(one - top) for one in logs.values())
    mixed = [w / w.sum() * np.exp(height - top) for _unseen, w, height in medians]
    median = weighted_quantiles(
        np.concatenate([one[0] for one in medians]).astype(float), np.concatenate(mixed), (0.5,)
    )
    return {name: float(np.exp(one - top) / total) for name, one in logs.items()}, table.n + median[0]


@pytest.mark.parametrize("prior", ["uip", "sbh"])
def test_weights_and_median_equal_those_of_another_computation(prior: str) -> None:
    table = CaptureTable.from_counts(
        ("A", "B", "C"), {"100": 60, "010": 50, "001": 35, "110": 22, "101": 9, "011": 8, "111": 5}
    )
    result = mse("hierarchical").estimate(table, Options(more={"prior": prior}))
    weights, median = by_other_means(table, prior)
    ours = {one["model"]: one["weight"] for one in result.diagnostics["top_models"]}
    for name, weight in weights.items():
        assert ours[name] == pytest.approx(weight, rel=0.06, abs=0.005)
    assert result.value == pytest.approx(median, rel=0.01)


@pytest.mark.parametrize("name", ["australia_4list", "korea_palembang_3list", "lesbian_allegheny_4list"])
def test_models_weigh_what_conting_found(name: str) -> None:
    """conting's chain of 20,000 steps is short: its own weights are good to a few hundredths."""
    row = reference("conting", name)[0]
    result = mse("hierarchical").estimate(shared_table(name))
    ours = {one["model"]: one["weight"] for one in result.diagnostics["top_models"]}
    for one in row["top_models"][:2]:
        pairs = re.findall(r"L(\d):L(\d)", one["model_formula"])
        model = models.text(models.parse(",".join(a + b for a, b in pairs), shared_table(name).k))
        assert ours[model] == pytest.approx(one["prob.Freq"], abs=0.06)


def test_what_a_single_chain_missed_is_found() -> None:
    """On the UK table of five lists conting never left the neighbourhood of one model; another weighs as much."""
    result = mse("hierarchical").estimate(shared_table("uk_2013_5list"))
    ours = {one["model"]: one["weight"] for one in result.diagnostics["top_models"]}
    assert ours["[12,13,23,25,34]"] > 0.1
    assert ours["[12,13,25,35,45]"] > 0.1
    assert result.upper > 25_000
    assert "two_answers" in {one.code for one in result.cautions}


def test_the_interval_holds_a_planted_truth() -> None:
    held, named = 0, 0
    for seed in range(30):
        result = mse("hierarchical").estimate(simulated(1500, seed), Options(more={"draws": 2000}))
        held += result.lower <= 1500 <= result.upper
        named += result.model == "[12,3,4]"
    assert held >= 26
    assert named >= 18


def test_no_maximum_likelihood_estimate_is_no_obstacle_but_is_felt() -> None:
    result = mse("hierarchical").estimate(shared_table("artificial_3list"))
    assert result.interval.upper > 1e6
    assert "prior_sensitive" in {one.code for one in result.cautions}


def test_draws_that_miss_the_posterior_are_refused() -> None:
    table = simulated(400, 1)
    own, _lists = in_own_order(table)
    found = hierarchical.averaged(own, 2, "sbh", 1000, Options())
    lopsided = hierarchical.Averaged(
        found.unseen,
        np.where(np.arange(len(found.weights)) == 3, 1.0, 1e-6),
        found.which,
        found.models,
        found.laplace,
    )
    said = list(hierarchical._cautions(table, lopsided, [{"model": "[1,2,3,4]"}], 1.0, 1.0))
    assert said[0].code == "uneven_draws"
    assert said[0].level is Level.HARD


def test_neither_threads_nor_the_order_of_lists_change_a_digit() -> None:
    table = simulated(700, 3)
    one = mse("hierarchical").estimate(table)
    assert one.as_json() == mse("hierarchical").estimate(table, Options(threads=3)).as_json()
    order = [2, 0, 3, 1]
    moved = CaptureTable.from_counts(
        [table.lists[j] for j in order],
        {
            sum(1 << new for new, old in enumerate(order) if mask >> old & 1): count
            for mask, count in table.cells()
        },
    )
    other = mse("hierarchical").estimate(moved)
    assert other.value == one.value
    named = {
        frozenset(order[int(digit) - 1] for digit in term) for term in other.model.strip("[]").split(",")
    }
    assert named == {frozenset(int(digit) - 1 for digit in term) for term in one.model.strip("[]").split(",")}


def test_higher_orders_and_settings_repeat() -> None:
    table = simulated(700, 5)
    result = mse("hierarchical").estimate(table, Options(order=3, seed=4, more={"draws": 3000}))
    assert result.diagnostics["models"] == 113
    again = mse("hierarchical").estimate(
        table, Options(order=result.settings["order"], seed=4, more=result.settings)
    )
    assert again.as_json() == result.as_json()
    assert Result.from_json(result.as_json()).as_json() == result.as_json()


@pytest.mark.parametrize("more", [{"prior": "flat"}, {"draws": 10}])
def test_nonsense_is_refused(more: dict[str, object]) -> None:
    with pytest.raises(BadOptions):
        mse("hierarchical").estimate(simulated(300, 1), Options(more=more))


def test_worked_example_of_the_page() -> None:
    page = PAGE.read_text()
    table = CaptureTable.from_counts(
        ("police", "shelters", "health"),
        {"100": 120, "010": 90, "001": 60, "110": 40, "101": 12, "011": 10, "111": 6},
    )
    result = mse("hierarchical").estimate(table)
    told = re.search(r"median ([\d,]+), interval ([\d,]+) to ([\d,]+)", page)
    assert told
    median, lower, upper = (int(one.replace(",", "")) for one in told.groups())
    found = [result.value, result.interval.lower, result.interval.upper]
    assert found == pytest.approx([median, lower, upper], rel=0.01)
    assert f"`{result.model}`" in page

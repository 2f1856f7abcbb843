"""Averaging over decomposable graphs: the graphs, R's figures to the last digit, planted truth, what must be said."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln

from palermo.estimation.estimators import Options, mse
from palermo.estimation.mse import decomposable, graphs
from palermo.estimation.mse.posterior import Grid
from palermo.estimation.mse.table import CaptureTable
from palermo.estimation.problems import BadOptions
from palermo.estimation.results import Result
from palermo.estimation.tests.shared import reference, shared_table

PAGE = Path(__file__).resolve().parents[4] / "docs/methods/mse-decomposable.md"


@pytest.mark.parametrize(("k", "count"), [(2, 2), (3, 8), (4, 61), (5, 822), (6, 18_154)])
def test_every_decomposable_graph_is_there_once(k: int, count: int) -> None:
    found = graphs.decomposable(k)
    assert len(found) == count == len(np.unique(found, axis=0))
    assert graphs.named(found[-1]) == "[" + "123456"[:k] + "]"
    lists = np.array([one.bit_count() for one in range(1 << k)])
    assert (found @ lists == k).all()  # each list once: cliques less separators


def test_the_four_cycle_is_no_decomposable_graph() -> None:
    names = {graphs.named(row) for row in graphs.decomposable(4)}
    assert "[12,14,23,34]" not in names
    assert {"[123,134]", "[123,14]", "[12,34]"} <= names


@pytest.mark.parametrize("case", range(21))
def test_equal_to_dga_on_its_own_grid(case: int) -> None:
    row = reference("dga")[case]
    table, given_ = shared_table(row["data"]), row["settings"]
    every = len(graphs.decomposable(table.k))
    result = mse("decomposable").estimate(
        table,
        Options(more={
            "delta": given_["delta"], "saturated": given_["n_graphs"] == every,
            "grid": {"start": 1, "stop": given_["Nmissing_max"], "points": given_["grid"]},
        }),
    )  # fmt: skip
    assert result.value == row["estimate"]
    assert result.interval is not None
    assert [result.interval.lower, result.interval.upper] == [
        row["quantiles"]["2.5%"],
        row["quantiles"]["97.5%"],
    ]
    assert result.interval.kind == "credible"
    ours = [one["weight"] for one in result.diagnostics["top_graphs"][: len(row["top_graphs"])]]
    assert ours == pytest.approx([one["weight"] for one in row["top_graphs"]], rel=1e-9)


def simulated(people: int, seed: int, sees: tuple[float, ...] = (0.35, 0.3, 0.4, 0.25)) -> CaptureTable:
    """Lists that see independently, but that the second follows the first."""
    random = np.random.Generator(np.random.Philox(seed))
    seen = random.random((people, len(sees))) < sees
    seen[:, 1] |= seen[:, 0] & (random.random(people) < 0.5)
    masks = seen @ (1 << np.arange(len(sees)))
    return CaptureTable.from_histories([f"list {j}" for j in range(len(sees))], masks[masks > 0])


def test_the_interval_holds_a_planted_truth() -> None:
    held, named = 0, 0
    for seed in range(40):
        result = mse("decomposable").estimate(simulated(1500, seed))
        held += result.lower <= 1500 <= result.upper
        named += result.model == "[12,3,4]"
    assert held >= 36
    assert named >= 28


def test_the_grid_that_extends_itself_agrees_with_all_whole_numbers() -> None:
    table = simulated(900, 1)
    free = mse("decomposable").estimate(table)
    every = mse("decomposable").estimate(
        table, Options(more={"grid": {"start": 0, "stop": 20_000, "points": 20_001}})
    )
    assert free.diagnostics["tail_mass"] < 1e-6
    assert free.value == pytest.approx(every.value, rel=2e-3)
    assert free.interval.upper == pytest.approx(every.interval.upper, rel=2e-3)


def test_the_grid_goes_on_until_nothing_is_left() -> None:
    found = decomposable.averaged(shared_table("artificial_3list"), 1 / 8)
    assert found.grid.points[-1] > 30 * 96
    assert found.tail < 1e-6


def test_saturated_graph_left_out_unless_asked() -> None:
    table = simulated(900, 2)
    with_it = mse("decomposable").estimate(table, Options(more={"delta": 0.5, "saturated": True}))
    assert with_it.diagnostics["graphs"] == mse("decomposable").estimate(table).diagnostics["graphs"] + 1


def test_sensitivity_to_the_prior_is_always_there_and_said_when_it_matters() -> None:
    result = mse("decomposable").estimate(shared_table("uk_2013_5list"))
    medians = {name: one["median"] for name, one in result.diagnostics["sensitivity_to_delta"].items()}
    assert list(medians) == ["2^-K", "1/2", "1"]
    assert medians["1/2"] == pytest.approx(4612, rel=0.002)
    assert {"prior_sensitive", "two_answers"} <= {one.code for one in result.cautions}
    calm = mse("decomposable").estimate(simulated(3000, 3))
    assert not {"prior_sensitive", "two_answers"} & {one.code for one in calm.cautions}


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(4)), st.integers(0, 10_000))
def test_order_of_lists_changes_nothing(order: list[int], seed: int) -> None:
    table = simulated(400, seed)
    moved = CaptureTable.from_counts(
        [table.lists[j] for j in order],
        {
            sum(1 << new for new, old in enumerate(order) if mask >> old & 1): count
            for mask, count in table.cells()
        },
    )
    one, other = mse("decomposable").estimate(table), mse("decomposable").estimate(moved)
    assert one.value == pytest.approx(other.value, rel=1e-9)
    assert one.value >= table.n


def test_log_ratio_is_exact_where_lgamma_is_not() -> None:
    from fractions import Fraction
    from math import log

    near = np.array([10.0, 99_999.0])
    assert decomposable.log_ratio(near, np.array([3.5])) == pytest.approx(
        (gammaln(near + 3.5) - gammaln(near + 1))[None, :]
    )
    far = 10**11  # lgamma(x + 3) - lgamma(x + 1) = log((x + 1)(x + 2)), in whole numbers
    exact = log(Fraction((far + 1) * (far + 2)))
    assert decomposable.log_ratio(np.array([float(far)]), np.array([3.0]))[0, 0] == pytest.approx(
        exact, abs=1e-9
    )


def test_cells_of_the_grid_leave_no_number_out() -> None:
    grid = Grid.growing(2000, 1e6)
    assert grid.points[0] == 0
    assert grid.widths.sum() == pytest.approx(grid.upper[-1] - 0.5 + 1)
    assert (grid.lower[1:] >= grid.upper[:-1]).all()


@pytest.mark.parametrize(
    "more", [{"delta": 0}, {"delta": -1}, {"grid": {"start": 5, "stop": 1, "points": 9}}, {"grid": 3}]
)
def test_nonsense_is_refused(more: dict[str, object]) -> None:
    with pytest.raises(BadOptions):
        mse("decomposable").estimate(simulated(300, 1), Options(more=more))


def test_two_lists_are_refused() -> None:
    table = CaptureTable.from_counts(("A", "B"), {"10": 5, "01": 5, "11": 5})
    with pytest.raises(BadOptions, match="3 to 6"):
        mse("decomposable").estimate(table)


def test_to_json_and_back() -> None:
    result = mse("decomposable").estimate(simulated(500, 4))
    assert Result.from_json(result.as_json()).as_json() == result.as_json()


def test_worked_example_of_the_page() -> None:
    page = PAGE.read_text()
    table = CaptureTable.from_counts(
        ("police", "shelters", "health"),
        {"100": 120, "010": 90, "001": 60, "110": 40, "101": 12, "011": 10, "111": 6},
    )
    result = mse("decomposable").estimate(table)
    median, lower, upper = (
        int(one.replace(",", ""))
        for one in re.search(r"median ([\d,]+), interval ([\d,]+) to ([\d,]+)", page).groups()
    )
    assert [round(result.value), round(result.interval.lower), round(result.interval.upper)] == [
        median,
        lower,
        upper,
    ]
    assert f"`{result.model}`" in page

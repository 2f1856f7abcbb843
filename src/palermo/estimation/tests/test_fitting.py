"""Fits: against the closed form, against R's models, where no estimate exists, with suppressed counts."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo import compiling
from palermo.estimation import CaptureTable
from palermo.estimation.mse import fitting, kernels, models
from palermo.estimation.mse.enumerate import expanded, hierarchical
from palermo.estimation.mse.existence import verdict
from palermo.estimation.tests.shared import TABLES, reference, shared_table


@pytest.mark.parametrize("name", TABLES)
def test_independence_is_the_root_of_one_equation(name: str) -> None:
    """prod(1 - n_j/N) = 1 - n/N; the general fitter, started far away, finds the same N."""
    table = shared_table(name)
    found = fitting.fit(table, models.independence(table.k))
    assert found.N is not None
    assert math.prod(1 - n / found.N for n in table.totals) == pytest.approx(1 - table.n / found.N, rel=1e-9)
    state = fitting.State.of(models.independence(table.k), table.k)
    state.alpha[:] = [math.log(4 * table.n), *[-3.0] * table.k]
    state.started = True
    state.fit(table.counts.astype(float))
    assert table.n + state.work.mu[0] == pytest.approx(found.N, rel=1e-9)


@pytest.mark.parametrize("name", TABLES)
def test_the_margins_of_the_model_are_met(name: str) -> None:
    table = shared_table(name)
    found = fitting.fit(table, [0b101, 0b110])
    seen = found.fitted.copy()
    seen[0] = 0
    fitted, observed = fitting.margins(seen, table.k), fitting.margins(table.counts, table.k)
    for term in found.model:
        assert fitted[term] == pytest.approx(observed[term], rel=1e-8, abs=1e-8)


def test_models_that_r_lists_as_best_have_its_numbers() -> None:
    rows = [(row["data"], one) for row in reference("mse_bic") for one in row["top10"]]
    assert len(rows) > 50
    for name, one in rows:
        found = fitting.fit(shared_table(name), one["model"])
        assert pytest.approx(one["estimate"], rel=1e-6) == found.N
        assert found.bic == pytest.approx(one["bic"], rel=1e-6)


def test_the_artificial_table_has_its_three_verdicts() -> None:
    table = shared_table("artificial_3list")
    fits = [fitting.fit(table, written) for written in ("[12,13,23]", "[12,3]", "[13,23]")]
    assert [(one.exists, one.identifiable) for one in fits] == [(True, False), (False, True), (True, True)]
    assert [one.fine for one in fits] == [False, False, True]
    assert pytest.approx(296) == fits[2].N
    assert [one.flags for one in fits] == [(), (), ()]


@pytest.mark.parametrize(
    "name", ["artificial_3list", "korea_palembang_3list", "australia_4list", "new_orleans_5list"]
)
def test_the_search_fails_exactly_where_no_estimate_exists(name: str) -> None:
    """The kernel's own signs (a pivot, a step that does not shrink) against the linear programme, model by model."""
    table = shared_table(name)
    observed, using = fitting.margins(table.counts, table.k), compiling.of(kernels)
    every = [expanded(int(one)) for one in hierarchical(table.k, 2 if table.k == 5 else table.k - 1)]
    failures = 0
    for number, model in enumerate(every):
        if table.k == 5 and number % 4:
            continue
        terms = np.array(models.ordered(model), np.int64)
        work = using.workspace(table.k, len(terms))
        status, _ = using.fit_from_independence(
            table.k, observed, terms, len(terms), np.zeros(len(terms)), work
        )
        assert (status == kernels.CONVERGED) == verdict(table, model).fine, models.text(model)
        failures += status != kernels.CONVERGED
    assert failures or name == "new_orleans_5list" or table.k == 3


def test_eight_lists_with_tiny_expected_cells_have_an_estimate() -> None:
    """Expected counts far below 1e-7 are no sign of trouble where lists are many and small."""
    table = shared_table("new_orleans_8list")
    found = fitting.fit(table, models.independence(8))
    assert found.fitted.min() < 1e-7
    assert found.fine


def test_compiled_and_interpreted_are_one() -> None:
    table = shared_table("uk_2013_6list")
    model = models.parse("[12,13,24,25,35,36,45]", 6)
    observed, terms = fitting.margins(table.counts, 6), np.array(models.ordered(model), np.int64)
    found = []
    for using in (kernels, compiling.of(kernels)):
        alpha, work = np.zeros(len(terms)), kernels.workspace(6, len(terms))
        status, value = using.fit_from_independence(6, observed, terms, len(terms), alpha, work)
        found.append((status, value, *alpha))
    assert found[0] == pytest.approx(found[1], rel=1e-12)


def suppressed(name: str, least: int = 5) -> CaptureTable:
    """The table as it is published where counts from 1 to 4 are withheld."""
    table = shared_table(name)
    shown = {w: c for w, c in table.cells() if c >= least}
    hidden = {w: (1, least - 1) for w, c in table.cells() if c < least}
    return CaptureTable.from_counts(table.lists, shown, suppressed=hidden)


def test_suppressed_counts_are_a_maximum_of_the_likelihood_of_their_ends() -> None:
    """No nearby parameters make what is known more likely."""
    table, model = suppressed("uk_2013_5list"), models.parse("[12,25]", 5)
    found = fitting.fit(table, model)
    assert found.N is not None

    def likelihood(moved: np.ndarray) -> float:
        total = -sum(moved[1:]) - fitting.log_factorials(table.counts, leave=table.suppressed)
        for w in range(1, 32):
            if w in table.suppressed:
                total += fitting.log_between(moved[w], *table.suppressed[w]) + moved[w]
            else:
                total += table.counts[w] * math.log(moved[w])
        return total

    best = likelihood(found.fitted)
    assert best == pytest.approx(found.loglik, rel=1e-8)
    for term in found.model:
        for shift in (-0.01, 0.01):
            factor = np.array([math.exp(shift) if w & term == term else 1.0 for w in range(32)])
            assert likelihood(found.fitted * factor) < best


def test_suppression_costs_little_and_is_told() -> None:
    whole = fitting.fit(shared_table("uk_2013_6list"), models.independence(6))
    hidden = fitting.fit(suppressed("uk_2013_6list"), models.independence(6))
    assert pytest.approx(whole.N, rel=0.05) == hidden.N


def test_an_interval_of_one_number_is_a_count() -> None:
    table = shared_table("australia_4list")
    shown = {w: c for w, c in table.cells() if w != 3}
    same = CaptureTable.from_counts(table.lists, shown, suppressed={3: (int(table.counts[3]),) * 2})
    one, two = fitting.fit(table, "[12,23,24]"), fitting.fit(same, "[12,23,24]")
    assert pytest.approx(one.N, rel=1e-9) == two.N
    assert two.bic == pytest.approx(one.bic, rel=1e-9)


@given(st.floats(1e-6, 60), st.integers(0, 6), st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_expectations_between_ends(mean: float, low: int, more: int) -> None:
    from scipy.stats import poisson

    values = np.arange(low, low + more + 1)
    mass = poisson.pmf(values, mean)
    expected = fitting.expected_between(mean, low, low + more)
    assert low <= expected <= low + more
    if mass.sum() > 1e-200:
        assert expected == pytest.approx(float(values @ mass / mass.sum()), rel=1e-6, abs=1e-9)
        assert fitting.log_between(mean, low, low + more) == pytest.approx(math.log(mass.sum()), abs=1e-8)


@given(
    st.integers(2, 5).flatmap(
        lambda k: st.tuples(st.just(k), st.lists(st.integers(0, 9), min_size=2**k, max_size=2**k))
    )
)
def test_margins_are_sums_over_supersets(drawn: tuple[int, list[int]]) -> None:
    k, counts = drawn
    found = fitting.margins(np.array(counts), k)
    loops = np.array(counts, float)
    kernels.superset_sums(loops, k)
    for t in range(1 << k):
        assert found[t] == loops[t] == sum(c for w, c in enumerate(counts) if w & t == t)


def test_suppressed_counts_settle_in_few_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    fits: list[float] = []
    real = fitting.State.fit

    def counted(self: fitting.State, *given: object) -> float:
        fits.append(1.0)
        return real(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(fitting.State, "fit", counted)
    assert fitting.fit(suppressed("new_orleans_8list"), models.independence(8)).fine
    assert len(fits) < 30


def test_an_overlap_that_may_be_empty_says_next_to_nothing() -> None:
    """Whoever is on both lists is hidden: the likelihood hardly falls as their number goes to zero and N grows."""
    from palermo.estimation import mse

    table = CaptureTable.from_counts(("A", "B"), {"10": 30, "01": 20}, suppressed={"11": (0, 4)})
    result = mse("main").estimate(table)
    assert "not_converged" not in {one.code for one in result.cautions}
    assert result.interval is not None
    assert result.interval.upper > 1000 * result.interval.lower

"""The stepwise choice against R on every published table, and what must hold on any table."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from palermo import compiling
from palermo.estimation import BadOptions, CaptureTable, Options, mse
from palermo.estimation.mse import fitting, kernels, models, stepping, stepwise
from palermo.estimation.tests.shared import TABLES, reference, shared_table

WITH_REFERENCE = [name for name in TABLES if name != "hare_6occasion" and name != "new_orleans_v186_5list"]


def chosen(table: CaptureTable, p: float, order: int = 2) -> stepwise.Choice:
    return stepwise.choose(table, stepwise.Stepwise.of(table.k, Options(p=p, order=order)))


@pytest.mark.parametrize("name", [n for n in WITH_REFERENCE if "v186" not in n])
def test_sparsemse_agrees_at_six_thresholds(name: str) -> None:
    rows = reference("sparsemse_point", name)
    assert len({row["settings"]["pthresh"] for row in rows}) == 6
    table = shared_table(name)
    for row in rows:
        found = chosen(table, row["settings"]["pthresh"]).fit
        assert pytest.approx(row["estimate"], rel=1e-6) == found.N
        assert found.aic == pytest.approx(row["aic"], rel=1e-6)
        ours = fitting.coefficients(found, table.lists)
        for term, theirs in row["coefficients"].items():
            name = ":".join(term.split(":")) if term != "(Intercept)" else "(unseen)"
            mine = ours[name] if name in ours else ours[":".join(reversed(name.split(":")))]
            if not isinstance(theirs, float):  # R writes -Inf as null or as text
                assert mine == -math.inf
            else:
                assert mine == pytest.approx(theirs, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", WITH_REFERENCE)
def test_multiplesystemsestimation_agrees(name: str) -> None:
    table, rows = shared_table(name), reference("mse_step", name)
    assert rows
    for row in rows:
        found = chosen(table, row["settings"]["pthresh"]).fit
        assert models.text(found.model) == row["model"]
        assert pytest.approx(row["estimate"], rel=1e-6) == found.N
        assert found.aic == pytest.approx(row["aic"], rel=1e-6)
        assert found.bic == pytest.approx(row["bic"], rel=1e-6)
        for place, theirs in row["coefficients"].items():
            mine = found.alphas[int(place) - 1]
            if theirs is None:  # R's -Inf
                assert mine == -math.inf
            else:
                assert mine == pytest.approx(theirs, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", WITH_REFERENCE)
def test_the_choice_is_the_same_compiled(name: str) -> None:
    """The table's own choice runs interpreted, its replicates compiled: one definition, two ways to run."""
    table = shared_table(name)
    selector = stepwise.Stepwise.of(table.k, Options())
    outcome = selector.block(table.counts[None, :].copy())
    plain = stepwise.choose(table, selector).fit
    assert outcome.status.tolist() == [0]
    assert outcome.totals[0] == pytest.approx(plain.N, rel=1e-11)
    assert selector.model(outcome.chosen[0]) == plain.model


def test_a_candidate_without_an_estimate_is_passed_over() -> None:
    """Artificial data of Chan, Silverman and Vincent (2021), table 2: [12,3] has no maximum, [13,23] is fine."""
    table = shared_table("artificial_3list")
    path = chosen(table, 1.0).path
    assert [models.term_text(step.term) for step in path] == ["13", "23"]


def test_triples_enter_only_over_their_pairs() -> None:
    table = shared_table("australia_4list")
    found = chosen(table, 0.5, order=3)
    assert models.is_hierarchical(found.fit.model)
    seen: set[int] = set()
    for step in found.path:
        if step.term.bit_count() == 3:
            assert {part for part in models.parts(step.term) if part.bit_count() == 2} <= seen
        seen.add(step.term)
    assert any(term.bit_count() == 3 for term in seen)


def test_an_order_beyond_the_lists_is_the_highest_there_is() -> None:
    table = shared_table("korea_palembang_3list")
    result = mse("stepwise").estimate(table, Options(order=9, bootstrap=0))
    assert result.settings["order"] == 2
    assert result.model == "[12,3]"


def test_ties_go_to_the_first_pair() -> None:
    """Three lists that are the same in all but name: every pair has the same p-value."""
    table = CaptureTable.from_counts(
        ("A", "B", "C"),
        {"100": 60, "010": 60, "001": 60, "110": 30, "101": 30, "011": 30, "111": 2},
    )
    path = chosen(table, 0.5).path
    assert models.term_text(path[0].term) == "12"


@pytest.mark.parametrize(
    ("x", "mean"), [(0, 0.3), (3, 2.5), (2, 9.0), (40, 90.0), (400, 90.0), (9000, 8000.0)]
)
def test_tails_of_the_poisson_law(x: int, mean: float) -> None:
    from scipy.stats import poisson

    theirs = min(poisson.logcdf(x, mean), poisson.logsf(x - 1, mean))
    assert kernels.log_tail(float(x), mean) == pytest.approx(theirs, rel=1e-9, abs=1e-12)
    assert compiling.of(kernels).log_tail(float(x), mean) == pytest.approx(theirs, rel=1e-9, abs=1e-12)


def test_tails_do_not_underflow() -> None:
    assert kernels.log_tail(0.0, 2000.0) == pytest.approx(-2000)  # where scipy's tail is 0
    assert kernels.log_tail(10_000.0, 10.0) < kernels.log_tail(9_999.0, 10.0) < -50_000


def test_where_r_cannot_tell_pairs_apart_the_smallest_p_value_enters() -> None:
    """R computes four p-values as 0 and takes the first pair, 12; here the most extreme one enters first."""
    from scipy.stats import poisson

    table = CaptureTable.from_counts(
        ("A", "B", "C", "D"),
        {"1000": 3600, "0100": 3600, "0010": 3600, "0001": 3600, "1100": 4400, "0011": 5200, "1010": 36, "0101": 40,
         "1001": 38, "0110": 39},
    )  # fmt: skip
    main = fitting.fit(table, models.independence(4))
    seen = main.fitted.copy()
    seen[0] = 0
    expected, observed = fitting.margins(seen, 4), fitting.margins(table.counts, 4)
    theirs, ours = {}, {}
    for pair in models.pairs(4):
        x, mean = observed[pair], expected[pair]
        theirs[models.term_text(pair)] = min(poisson.cdf(x, mean), poisson.sf(x - 1, mean))
        ours[models.term_text(pair)] = kernels.log_tail(x, mean)
    assert next(name for name, p in theirs.items() if p == 0) == "12"
    assert len(set(ours.values())) == 6
    first = models.term_text(chosen(table, 0.02).path[0].term)
    assert first == min(ours, key=lambda name: ours[name]) != "12"


@pytest.mark.parametrize(
    "options",
    [Options(p=-0.1), Options(p=2), Options(order=0), Options(level=1.0), Options(threads=0),
     Options(bootstrap=-1)],
)  # fmt: skip
def test_options_that_make_no_sense_are_refused(options: Options) -> None:
    with pytest.raises(BadOptions):
        mse("stepwise").estimate(shared_table("korea_palembang_3list"), options)


def test_no_overlap_is_no_estimate() -> None:
    table = CaptureTable.from_counts(("A", "B", "C"), {"100": 10, "010": 20, "001": 30})
    result = mse("stepwise").estimate(table)
    assert result.value is None
    assert result.interval is None
    assert {"no_mle"} <= {one.code for one in result.cautions}
    assert result.as_json()["estimate"] is None


@st.composite
def tables(draw: st.DrawFn) -> CaptureTable:
    """Tables of 3 or 4 lists with an estimate under independence."""
    k = draw(st.integers(3, 4))
    size = (1 << k) - 1
    counts = draw(st.lists(st.integers(0, 40), min_size=size, max_size=size))
    counts = [0, *(count * 3 if w.bit_count() == 1 else count for w, count in enumerate(counts, 1))]
    singles = [sum(c for w, c in enumerate(counts) if w >> j & 1) for j in range(k)]
    assume(all(singles) and any(c for w, c in enumerate(counts) if w & (w - 1)))
    return CaptureTable.from_counts([f"L{j}" for j in range(k)], dict(enumerate(counts)))


@given(tables(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_of_lists_changes_nothing(table: CaptureTable, chance: object) -> None:
    """Where no two p-values are equal: among equals the first pair counts, and the first is a matter of order."""
    order = list(range(table.k))
    chance.shuffle(order)  # type: ignore[attr-defined]
    moved = {
        sum(1 << new for new, old in enumerate(order) if w >> old & 1): count for w, count in table.cells()
    }
    other = CaptureTable.from_counts([table.lists[old] for old in order], moved)
    one, two = chosen(table, 0.02), chosen(other, 0.02)
    tied = [models.term_text(a.term) for a in one.path] and _ties(table, one)
    assume(not tied)
    assert (one.fit.N is None) == (two.fit.N is None)
    if one.fit.N is not None:
        assert pytest.approx(one.fit.N, rel=1e-9) == two.fit.N
        assert table.n <= one.fit.N


def _ties(table: CaptureTable, found: stepwise.Choice) -> bool:
    """Was there a step at which two candidates had nearly the same p-value?"""
    k, terms = table.k, [step.term for step in found.path]
    for number in range(len(terms) + 1):
        fit = fitting.fit(table, models.closure(terms[:number], k))
        seen = fit.fitted.copy()
        seen[0] = 0
        expected, observed = fitting.margins(seen, k), fitting.margins(table.counts, k)
        tails = sorted(
            kernels.log_tail(observed[t], expected[t]) for t in models.pairs(k) if t not in fit.model
        )
        if any(b - a < 1e-6 for a, b in pairwise(tails)):
            return True
    return False


def test_the_order_of_rows_changes_nothing() -> None:
    table = shared_table("uk_2013_5list")
    again = CaptureTable.from_counts(table.lists, dict(reversed(table.cells())))
    options = Options(bootstrap=200)
    assert mse("stepwise").estimate(table, options) == mse("stepwise").estimate(again, options)


def test_sixteen_lists_are_fitted() -> None:
    chance = np.random.Generator(np.random.Philox(key=7))
    people = chance.random((3000, 16)) < 0.08
    histories = (people << np.arange(16)).sum(axis=1)
    table = CaptureTable.from_histories([f"L{j}" for j in range(16)], histories[histories > 0].tolist())
    result = mse("stepwise").estimate(table, Options(bootstrap=0, p=0.001))
    assert result.value == pytest.approx(3000, rel=0.1)
    assert result.lower is not None
    assert result.lower < 3000 < (result.upper or 0)


def test_the_words_of_a_choice_hold_many_candidates() -> None:
    """More than 62 candidates need two words."""
    selector = stepwise.Stepwise.of(12, Options())
    assert selector.width == 2
    assert selector.model(np.array([1, 1 << 3])) == models.closure(
        [selector.terms[0], selector.terms[stepping.WORD + 3]], 12
    )

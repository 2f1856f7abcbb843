"""What every registered estimator keeps, whoever wrote it: the public contract of the library.

A new line in the register is taken up by itself. A family that is not known here fails until it has data to try.
"""

import json
import math
import threading
from pathlib import Path

import numpy as np
import pytest

from palermo.estimation import BadOptions, CaptureTable, EstimationError, Level, Options, Result
from palermo.estimation.estimators import MSE, NSUM, RDS, Estimator
from palermo.estimation.networks.survey import Acquaintances
from palermo.estimation.rds.sample import RecruitmentSample
from palermo.estimation.rds.timelocation import VenueSample
from palermo.estimation.sentences import rounded, share

REGISTERED = {**MSE, **RDS, **NSUM}
SAMPLED = {
    "latent": 0.1,
    "hierarchical": 0.05,
}  # another order of the data draws other numbers: how far they may go
QUICK = Options(bootstrap=40, seed=7)
MORE = {
    "rds-ss": {"population": 900},
    "rds-size": {"prior_median": 800},
    "latent": {
        "chains": 6,
        "warmup": 400,
        "sweeps": 1500,
    },  # few, for time: what it says is tested in test_latent.py
    "nsum-generalised": {"tau": 0.8, "delta": 0.9},
}
COUNTS = {
    "1000": 620, "0100": 480, "0010": 350, "0001": 240, "1100": 88, "1010": 71, "1001": 44, "0110": 52, "0101": 37,
    "0011": 29, "1110": 16, "1101": 9, "1011": 7, "0111": 6, "1111": 3,
}  # fmt: skip


def table(order=(0, 1, 2, 3), names="ABCD"):
    return CaptureTable.from_counts(
        [names[j] for j in order], {"".join(key[j] for j in order): count for key, count in COUNTS.items()}
    )


def recruited(n=180, order=None):
    order = range(n) if order is None else order
    rows = [
        (f"p{i}", "seed" if i < 4 else f"p{(i - 4) // 2}", 2 + (i * 7) % 11, "yx"[i % 3 == 1])
        for i in range(n)
    ]
    ids, bosses, degrees, said = zip(*(rows[i] for i in order), strict=True)
    return RecruitmentSample.from_columns(ids, bosses, degrees, {"said": said})


def met():
    events = [f"e{i % 12}" for i in range(150)]
    return VenueSample.from_columns(
        events, [1 + i % 5 for i in range(150)], ["yes" if i % 3 else "no" for i in range(150)],
        {f"e{i}": 0.1 + 0.05 * i for i in range(12)}, {f"e{i}": 40.0 + i for i in range(12)},
    )  # fmt: skip


def asked(n=200):
    chance = np.random.default_rng(5)
    sizes = {"nurses": 20_000, "twins": 12_000, "Anna": 30_000, "drivers": 45_000}
    known = {name: chance.poisson(300 * size / 1e6, n) for name, size in sizes.items()}
    return Acquaintances.from_columns(known, sizes, chance.poisson(300 * 4_000 / 1e6, n), 1_000_000)


def data_for(estimator: Estimator):
    if estimator.family == "mse":
        return table()
    if estimator.family == "rds":
        return met() if estimator.name == "time-location" else recruited()
    assert estimator.family == "nsum", f"the contract has no data for the family {estimator.family}"
    return asked()


def options_for(name, **changed):
    return Options(**{"bootstrap": 40, "seed": 7, "more": MORE.get(name, {}), **changed})


@pytest.fixture(scope="module")
def results():
    """Each estimator once, on ordinary data."""
    return {}


@pytest.fixture(params=sorted(REGISTERED))
def name(request):
    return request.param


@pytest.fixture
def result(name, results):
    if name not in results:
        results[name] = REGISTERED[name].estimate(data_for(REGISTERED[name]), options_for(name))
    return results[name]


def same(a, b):
    return a.as_json() == b.as_json()


def test_it_says_who_it_is_and_what_it_stands_on(name, result):
    estimator = REGISTERED[name]
    assert (result.method, result.family) == (name, estimator.family)
    assert result.data_hash == data_for(estimator).hash
    assert result.seed == 7
    assert result.version
    assert result.settings
    assert result.assumptions
    assert result.verdict is not None
    assert result.n_observed > 0
    assert estimator.title
    assert all(one.code.replace("_", "").isalnum() and one.code.islower() for one in result.cautions)
    assert all(one.message.endswith((".", "!", "?")) for one in result.cautions)


def test_it_has_a_page(name):
    pages = (Path(__file__).resolve().parents[4] / "docs" / "methods").glob("*.md")
    assert any(f"`{name}`" in page.read_text(encoding="utf-8") for page in pages)


def test_it_goes_to_json_and_back_to_the_last_digit(result):
    text = json.dumps(result.as_json(), allow_nan=False)
    assert same(Result.from_json(json.loads(text)), result)
    assert len(text) < 60_000


def test_on_ordinary_data_it_answers_within_the_possible(result):
    assert result.value is not None
    assert math.isfinite(result.value)
    assert result.interval is not None
    assert result.interval.lower <= result.interval.upper
    if result.quantity == "share":
        assert 0 <= result.interval.lower <= result.value <= result.interval.upper <= 1
    else:
        assert result.value > 0
    if result.family == "mse":
        assert result.n_observed == 2052
        assert result.value >= result.n_observed
        assert result.interval.lower >= result.n_observed


def test_the_same_seed_gives_the_same_answer(name, result):
    again = REGISTERED[name].estimate(data_for(REGISTERED[name]), options_for(name))
    assert same(again, result)


def test_threads_change_nothing(name, result):
    again = REGISTERED[name].estimate(data_for(REGISTERED[name]), options_for(name, threads=3))
    assert same(again, result)


def test_it_draws_from_no_common_source_of_chance(name):
    np.random.seed(11)
    before = np.random.get_state()[1].tolist()
    REGISTERED[name].estimate(data_for(REGISTERED[name]), options_for(name))
    assert np.random.get_state()[1].tolist() == before


def test_it_leaves_the_data_as_they_were(name):
    data = data_for(REGISTERED[name])
    before = data.hash
    REGISTERED[name].estimate(data, options_for(name))
    data.__dict__.pop("hash", None)  # kept when first asked for
    assert data.hash == before


def test_progress_goes_from_0_to_1(name):
    told = []
    guard = threading.Lock()

    def step(done, what):
        with guard:
            told.append((done, what))

    REGISTERED[name].estimate(data_for(REGISTERED[name]), options_for(name, threads=2), progress=step)
    assert all(0 <= done <= 1 for done, _what in told)
    assert all(isinstance(what, str) for _done, what in told)


def test_it_explains_itself(result):
    text = result.explain()
    assert f"{result.n_observed:,}" in text
    if result.estimate is not None:
        assert said(result) in text
    assert len(text) > 300


def test_a_number_is_never_told_when_it_is_withheld(result):
    from palermo.estimation import Caution

    withheld = result.with_cautions(Caution("test_only", Level.HARD, "Withheld."))
    found = withheld.as_json()
    assert found["estimate"] is found["lower"] is found["upper"] is None
    doubts = " ".join(one.message for one in result.cautions)
    number = said(result)
    assert number not in withheld.explain() or number in doubts or number == f"{result.n_observed:,}"


def said(result):
    """The number as the paragraph writes it."""
    if result.quantity == "share":
        return share(result.value)
    return rounded(result.value, width=result.interval.upper - result.interval.lower)


@pytest.mark.parametrize("name", sorted(MSE))
def test_the_order_of_the_lists_changes_nothing(name):
    order = (2, 0, 3, 1)
    first = MSE[name].estimate(table(), options_for(name, bootstrap=0))
    other = MSE[name].estimate(table(order), options_for(name, bootstrap=0))
    assert other.value == pytest.approx(first.value, rel=SAMPLED.get(name, 1e-6))


@pytest.mark.parametrize("name", sorted({"rds-i", "rds-ii", "rds-ss"}))
def test_the_order_of_people_changes_nothing(name):
    order = np.random.default_rng(3).permutation(180).tolist()
    first = RDS[name].estimate(recruited(), options_for(name, bootstrap=0))
    other = RDS[name].estimate(recruited(order=order), options_for(name, bootstrap=0))
    assert other.value == pytest.approx(first.value, rel=1e-9)
    assert other.data_hash == first.data_hash


@pytest.mark.parametrize("name", sorted(MSE))
def test_lists_that_never_met_give_no_number(name):
    apart = CaptureTable.from_counts("ABCD", {"1000": 40, "0100": 30, "0010": 20, "0001": 10})
    found = MSE[name].estimate(apart, options_for(name))
    assert found.estimate is None
    assert found.hard
    assert str(found.verdict.word) == "do not publish"
    assert "no estimate" in found.explain()


@pytest.mark.parametrize("name", sorted(MSE))
def test_a_copied_list_gives_no_number(name):
    copied = CaptureTable.from_counts("ABCD", {f"{key[:3]}{key[0]}": 0 for key in COUNTS} | _copied())
    found = MSE[name].estimate(copied, options_for(name))
    assert found.estimate is None
    assert "duplicated_list" in [one.code for one in found.cautions]


def _copied():
    found: dict[str, int] = {}
    for key, count in COUNTS.items():
        if key[:3] != "000":
            found[key[:3] + key[0]] = found.get(key[:3] + key[0], 0) + count
    return found


@pytest.mark.parametrize("name", sorted(MSE))
def test_the_cautions_of_the_table_reach_the_reader(name):
    lone = CaptureTable.from_counts("ABCDE", {f"{key}0": count for key, count in COUNTS.items()})
    found = MSE[name].estimate(lone, options_for(name, bootstrap=0))
    assert "empty_list" in [one.code for one in found.cautions]


@pytest.mark.parametrize("name", sorted(MSE))
def test_too_few_and_too_many_lists_are_refused_in_words(name):
    estimator = MSE[name]
    for k in (estimator.least - 1, estimator.most + 1):
        if 2 <= k <= 16:
            counts = {1 << j: 50 + j for j in range(k)} | {(1 << k) - 1: 9}
            with pytest.raises(BadOptions, match=f"this table has {k}"):
                estimator.estimate(CaptureTable.from_counts([f"L{j}" for j in range(k)], counts), QUICK)


@pytest.mark.parametrize("name", sorted(MSE))
@pytest.mark.parametrize("seed", range(3))
def test_on_sparse_tables_there_is_an_answer_or_a_reason(name, seed):
    chance = np.random.default_rng(seed)
    k = max(MSE[name].least, 3 + seed % 2)
    counts = {mask: int(chance.poisson(6.0 / mask.bit_count() ** 3)) for mask in range(1, 1 << k)}
    counts |= {1 << j: 3 for j in range(k)}
    found = MSE[name].estimate(
        CaptureTable.from_counts([f"L{j}" for j in range(k)], counts), options_for(name)
    )
    if found.estimate is None:
        assert found.hard
    else:
        assert found.estimate >= found.n_observed
    json.dumps(found.as_json(), allow_nan=False)


@pytest.mark.parametrize(
    "change", [{"bootstrap": -1}, {"level": 1.5}, {"threads": 0}, {"level": float("nan")}]
)
def test_impossible_options_are_refused(name, change):
    with pytest.raises(EstimationError):
        REGISTERED[name].estimate(data_for(REGISTERED[name]), options_for(name, **change))

"""Latent classes: the sampler against its own prior, R's figures, planted truth, chains that must be refused."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from palermo.estimation.estimators import Options, mse
from palermo.estimation.mse.table import CaptureTable
from palermo.estimation.problems import BadOptions
from palermo.estimation.results import Level, Result
from palermo.estimation.tests.shared import reference, shared_table

PAGE = Path(__file__).resolve().parents[4] / "docs/methods/mse-latent.md"
SHORT = {"chains": 6, "sweeps": 2000, "warmup": 600}


def run(table: CaptureTable, seed: int = 1, threads: int = 1, **more: float) -> Result:
    return mse("latent").estimate(table, Options(seed=seed, threads=threads, more={**SHORT, **more}))


def simulated(people: int, seed: int) -> CaptureTable:
    """Two kinds of people: seen easily and seen hardly, by four lists."""
    random = np.random.Generator(np.random.Philox(seed))
    chances = np.where(random.random((people, 1)) < 0.35, [0.6, 0.5, 0.7, 0.55], [0.12, 0.15, 0.1, 0.2])
    masks = (random.random((people, 4)) < chances) @ (1 << np.arange(4))
    return CaptureTable.from_histories(("A", "B", "C", "D"), masks[masks > 0])


def from_prior(random: np.random.Generator, many: int, classes: int, k: int) -> tuple[np.ndarray, ...]:
    alpha = random.gamma(2.0, 0.5, many)
    sticks = np.concatenate([random.beta(1, alpha[:, None], (many, classes - 1)), np.ones((many, 1))], axis=1)
    left = np.cumprod(np.concatenate([np.ones((many, 1)), 1 - sticks[:, :-1]], axis=1), axis=1)
    return alpha, sticks * left, random.random((many, classes, k))


def figures(alpha: np.ndarray, nu: np.ndarray, chance: np.ndarray) -> np.ndarray:
    none = (nu * np.prod(1 - chance, axis=-1)).sum(axis=-1)
    return np.stack(
        [np.log(alpha), nu[..., 0], nu.max(axis=-1), (nu**2).sum(axis=-1), none, np.log(none), chance[..., 0, 0],
         (nu * chance[..., 1]).sum(axis=-1)], axis=-1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("slides", "births", "steps"), [(0, 0, 0), (10, 0, 0), (0, 6, 0), (0, 0, 8), (4, 3, 5)]
)
def test_sweeps_and_new_data_in_turn_give_back_the_prior(slides: int, births: int, steps: int) -> None:
    """Geweke 2004 (JASA 99): any mistake in a move, a Jacobian or a prior shows as a drift of these means."""
    from palermo.estimation.mse.draws import stream
    from palermo.estimation.mse.latent_kernel import chain

    k, classes, people, turns = 3, 4, 40, 5000
    random = np.random.Generator(np.random.Philox(11))
    bits = ((np.arange(1, 8)[:, None] >> np.arange(k)) & 1).astype(bool)
    wanted = figures(*from_prior(random, 60_000, classes, k))
    alpha, nu, chance = (one[0] for one in from_prior(random, 1, classes, k))
    odds, s, found = chance / (1 - chance), stream(3, 3), []
    for _turn in range(turns):
        chance = odds / (1 + odds)
        cells = (nu[:, None] * np.prod(np.where(bits, chance[:, None], 1 - chance[:, None]), axis=-1)).sum(
            axis=0
        )
        counts = random.multinomial(people, cells / cells.sum())
        trace = np.array([[0.0, alpha]])
        seen = counts > 0
        chain(
            bits[seen],
            counts[seen],
            np.array([2.0, 2.0]),
            np.array([1, slides, 0, births, steps]),
            s,
            odds,
            nu,
            trace,
        )
        alpha = trace[0, 1]
        found.append(figures(alpha, nu, odds / (1 + odds)))
    blocks = np.array(found).reshape(25, -1, len(found[0])).mean(axis=1)
    error = np.hypot(blocks.std(axis=0, ddof=1) / 5, wanted.std(axis=0) / 60_000**0.5)
    assert (np.abs(blocks.mean(axis=0) - wanted.mean(axis=0)) < 4.5 * error).all()


@pytest.mark.parametrize(
    "name", ["artificial_3list", "korea_palembang_3list", "hiv_rome_4list", "new_orleans_5list"]
)
def test_median_within_two_percent_of_lcmcr_where_its_chains_agree(name: str) -> None:
    row = reference("lcmcr", name)[0]
    assert row["rhat"] < 1.01
    result = run(shared_table(name), sweeps=6000)
    assert result.estimate == pytest.approx(row["estimate"], rel=0.02)
    assert result.lower == pytest.approx(row["quantiles"]["2.5%"], rel=0.03)


def by_importance(counts: np.ndarray, bits: np.ndarray, many: int) -> tuple[np.ndarray, np.ndarray]:
    """n_0 and weights from draws of the prior of two classes: no chain, none of the moves. Given everything else the
    number seen has the same chance everywhere under the prior 1/N, and n_0 is negative binomial."""
    random = np.random.Generator(np.random.Philox(5))
    alpha = random.gamma(0.25, 4.0, many)
    first = -np.expm1(np.log(random.random(many)) / alpha)
    nu = np.stack([first, 1 - first], axis=1)
    chance = random.random((many, 2, bits.shape[1]))
    none = (nu * np.prod(1 - chance, axis=2)).sum(axis=1)
    log = -counts.sum() * np.log1p(-none)
    for history, count in zip(bits, counts, strict=True):
        log += count * np.log((nu * np.prod(np.where(history, chance, 1 - chance), axis=2)).sum(axis=1))
    return random.negative_binomial(counts.sum(), 1 - none), np.exp(log - log.max())


@pytest.mark.parametrize("steps", [0, 20])
def test_a_tiny_table_against_brute_force(steps: int) -> None:
    from palermo.estimation.mse.latent import Plan, sampled

    counts = {"100": 7, "010": 5, "001": 4, "110": 3, "101": 2, "111": 2}
    table = CaptureTable.from_counts("ABC", counts)
    plan = Plan(classes=2, chains=4, warmup=500, sweeps=40_000 if not steps else 60_000, steps=steps)
    unseen = sampled(table, plan, Options(seed=2)).unseen.ravel()
    bits = np.array([[letter == "1" for letter in history] for history in counts])
    wanted, weights = by_importance(np.array(list(counts.values())), bits, 400_000)
    for ceiling in (2, 5, 10, 20, 50, 200):
        truth = weights @ (wanted <= ceiling) / weights.sum()
        assert (unseen <= ceiling).mean() == pytest.approx(truth, abs=0.02)


def test_lcmcr_holds_n0_under_twenty_times_those_seen() -> None:
    """R's LCMCR 0.4.14 draws n_0 again until it is at most 20 n (its sam_n0). Under the same limit both agree."""
    from palermo.estimation.mse.latent import Plan, sampled

    table, row = shared_table("australia_4list"), reference("lcmcr", "australia_4list")[0]
    unseen = sampled(table, Plan(chains=12, sweeps=6000), Options(seed=1)).unseen.ravel()
    kept = table.n + unseen[unseen <= 20 * table.n]
    assert 0.01 < (unseen > 20 * table.n).mean() < 0.1
    assert np.median(kept) == pytest.approx(row["estimate"], rel=0.02)
    assert np.quantile(kept, 0.975) == pytest.approx(row["quantiles"]["97.5%"], rel=0.02)
    assert np.quantile(kept, 0.9) == pytest.approx(row["quantiles"]["90%"], rel=0.03)
    assert np.quantile(table.n + unseen, 0.975) > 1.2 * row["quantiles"]["97.5%"]


def test_netherlands_is_refused_in_words() -> None:
    result = run(shared_table("netherlands_5list"), chains=10, sweeps=1000, warmup=300)
    refusal = next(one for one in result.cautions if one.code == "chains_disagree")
    assert refusal.level is Level.HARD
    assert result.estimate is None
    assert result.lower is None
    assert result.diagnostics["rhat"] > 1.05
    assert "tell different stories" in result.explain()
    assert result.insist().estimate == result.value


def test_the_interval_holds_a_planted_truth() -> None:
    held = 0
    for seed in range(6):
        result = run(simulated(1200, seed), chains=3, sweeps=1000, warmup=400)
        assert result.value is not None
        assert result.value >= result.n_observed
        held += result.interval is not None and result.interval.lower <= 1200 <= result.interval.upper
    assert held >= 5


def test_neither_threads_nor_the_order_of_lists_change_a_digit() -> None:
    table = simulated(600, 3)
    one, two = run(table, sweeps=300), run(table, sweeps=300, threads=3)
    assert one.as_json() == two.as_json()
    order = [2, 0, 3, 1]
    moved = CaptureTable.from_counts(
        [table.lists[j] for j in order],
        {
            sum(1 << new for new, old in enumerate(order) if mask >> old & 1): count
            for mask, count in table.cells()
        },
    )
    assert run(moved, sweeps=300).value == one.value
    assert run(table, sweeps=300, seed=2).value != one.value


def test_every_result_says_that_the_prior_decides() -> None:
    result = run(simulated(600, 4), sweeps=300)
    assert "prior_identified" in {one.code for one in result.cautions}
    assert Result.from_json(result.as_json()).as_json() == result.as_json()


def test_settings_repeat_the_result() -> None:
    result = run(simulated(600, 5), sweeps=300)
    again = mse("latent").estimate(simulated(600, 5), Options(seed=result.seed, more=result.settings))
    assert again.as_json() == result.as_json()


def test_progress_is_told_to_the_end() -> None:
    told: list[float] = []
    mse("latent").estimate(
        simulated(300, 1),
        Options(more={**SHORT, "sweeps": 100}),
        progress=lambda share, _what: told.append(share),
    )
    assert told == sorted(told)
    assert len(told) >= 6


@pytest.mark.parametrize("more", [{"classes": 1}, {"chains": 1}, {"sweeps": 3}, {"a": 0}, {"b": -1}])
def test_nonsense_is_refused(more: dict[str, float]) -> None:
    with pytest.raises(BadOptions):
        run(simulated(300, 1), **more)


def test_worked_example_of_the_page() -> None:
    page = PAGE.read_text()
    table = CaptureTable.from_counts(
        ("police", "shelters", "health"),
        {"100": 120, "010": 90, "001": 60, "110": 40, "101": 12, "011": 10, "111": 6},
    )
    result = mse("latent").estimate(table)
    told = re.search(r"median ([\d,]+), interval ([\d,]+) to ([\d,]+)", page)
    assert told
    median, lower, upper = (int(one.replace(",", "")) for one in told.groups())
    found = [result.value, result.interval.lower, result.interval.upper]
    assert found == pytest.approx([median, lower, upper], rel=0.03)  # another processor, another last digit

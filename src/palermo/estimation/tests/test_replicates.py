"""Replicates: the same whatever the threads, drawn as they should be, lost ones counted."""

import numpy as np
import pytest

from palermo.estimation import CaptureTable, Level, Options, mse
from palermo.estimation.mse import fitting, models, replicates, stepwise
from palermo.estimation.mse.replicates import Outcomes, room
from palermo.estimation.tests.shared import shared_table


def stepwise_of(table: CaptureTable) -> stepwise.Stepwise:
    return stepwise.Stepwise.of(table.k, Options())


def test_threads_and_the_number_of_replicates_change_nothing() -> None:
    table = shared_table("uk_2013_5list")
    selector = stepwise_of(table)
    one = replicates.bootstrap(table, selector, 300, seed=5)
    two = replicates.bootstrap(table, selector, 300, seed=5, threads=2)
    many = replicates.bootstrap(table, selector, 1000, seed=5, threads=3)
    assert one.totals.tolist() == two.totals.tolist() == many.totals[:300].tolist()
    assert one.chosen.tolist() == two.chosen.tolist()
    other = replicates.bootstrap(table, selector, 300, seed=6)
    assert one.totals.tolist() != other.totals.tolist()


def test_a_whole_result_does_not_know_its_threads() -> None:
    table = shared_table("australia_4list")
    found = [
        mse("stepwise").estimate(table, Options(bootstrap=500, seed=3, threads=threads))
        for threads in (1, 2, 4)
    ]
    assert found[0].as_json() == found[1].as_json() == found[2].as_json()


def test_replicate_tables_are_multinomial() -> None:
    table = shared_table("australia_4list")
    histories = np.flatnonzero(table.counts)
    drawn = np.concatenate([replicates.draw(table, histories, 1, number, 64) for number in range(100)])
    assert (drawn.sum(axis=1) == table.n).all()
    assert not drawn[:, table.counts == 0].any()
    share = table.counts / table.n
    spread = np.sqrt(table.n * share * (1 - share))
    assert (np.abs(drawn.mean(axis=0) - table.counts) <= 5 * spread / 80 + 1e-9).all()
    assert drawn.var(axis=0) == pytest.approx(spread**2, rel=0.15, abs=0.02)


def test_a_replicate_is_the_estimate_of_its_table() -> None:
    """What the compiled block says of a drawn table is what the estimator says of that table."""
    table = shared_table("new_orleans_5list")
    selector = stepwise_of(table)
    outcomes = replicates.bootstrap(table, selector, 20, seed=2)
    tables = replicates.draw(table, np.flatnonzero(table.counts), 2, 0, 20)
    for number in range(20):
        again = CaptureTable.from_counts(table.lists, dict(enumerate(tables[number].tolist())))
        found = stepwise.choose(again, stepwise_of(again)).fit
        if again.k == table.k:
            assert outcomes.totals[number] == pytest.approx(found.N, rel=1e-10)
            assert selector.model(outcomes.chosen[number]) == found.model


def test_the_jackknife_takes_one_person_at_a_time() -> None:
    table = shared_table("korea_palembang_3list")
    jack = replicates.jackknife(table, stepwise_of(table))
    assert jack.weights.sum() == table.n
    for place, (history, count) in enumerate(table.cells()):
        less = dict(table.cells()) | {history: count - 1}
        found = stepwise.choose(CaptureTable.from_counts(table.lists, less), stepwise_of(table)).fit
        assert jack.outcomes.totals[place] == pytest.approx(found.N, rel=1e-10)


def test_winners_are_models_with_their_shares() -> None:
    table = shared_table("uk_2013_6list")
    outcomes = replicates.bootstrap(table, stepwise_of(table), 500)
    found = replicates.winners(outcomes, stepwise_of(table), most=5)
    assert len(found) == 5
    assert found[0]["share"] >= found[-1]["share"] > 0
    assert sum(
        one["share"] for one in replicates.winners(outcomes, stepwise_of(table), 10**6)
    ) == pytest.approx(1)
    assert models.text(models.parse(found[0]["model"], 6)) == found[0]["model"]


def test_progress_reaches_its_end() -> None:
    told: list[float] = []
    table = shared_table("korea_palembang_3list")
    replicates.bootstrap(
        table, stepwise_of(table), 200, threads=2, progress=lambda share, _what: told.append(share)
    )
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_many_lost_replicates_take_the_number_away() -> None:
    """Two lists that share one person: in a third of the replicates nobody is on both."""
    table = CaptureTable.from_counts(("A", "B"), {"10": 30, "01": 25, "11": 1})
    result = mse("main").estimate(table, Options(bootstrap=1000))
    lost = next(one for one in result.cautions if one.code == "lost_replicates")
    assert lost.level is Level.HARD
    assert 0.3 < lost.values["lost"] < 0.45
    assert result.value == pytest.approx(31 * 26)
    assert result.estimate is None
    assert result.insist().estimate == result.value


def test_suppressed_counts_are_drawn_anew_between_their_ends() -> None:
    table = shared_table("uk_2013_5list")
    shown = {w: c for w, c in table.cells() if c >= 5}
    hidden = {w: (1, 4) for w, c in table.cells() if c < 5}
    known = CaptureTable.from_counts(table.lists, shown, suppressed=hidden)
    found = fitting.fit(known, models.independence(5))
    drawn = fitting.hidden_counts(known, found.fitted)
    histories = np.array(sorted([*shown, *hidden]))
    tables = replicates.draw(known, histories, 1, 0, 64, drawn)
    low, high = sum(shown.values()) + len(hidden), sum(shown.values()) + 4 * len(hidden)
    assert ((low <= tables.sum(axis=1)) & (tables.sum(axis=1) <= high)).all()
    assert len(set(tables.sum(axis=1).tolist())) > 3
    assert (tables[:10] == replicates.draw(known, histories, 1, 0, 10, drawn)).all()
    result = mse("stepwise").estimate(known, Options(bootstrap=300))
    assert result.interval is not None
    assert result.lower is not None
    assert result.lower < 12_000 < (result.upper or 0)
    assert "suppressed_counts" in {one.code for one in result.cautions}


def test_nothing_asked_for_is_nothing() -> None:
    table = shared_table("korea_palembang_3list")
    found = replicates.bootstrap(table, stepwise_of(table), 0)
    assert len(found.totals) == 0
    assert found.lost == 0


def test_shares_of_the_lost() -> None:
    outcomes = Outcomes(*room(4, 1))
    outcomes.status[:2] = 2
    assert outcomes.lost == 0.5
    assert len(outcomes.kept) == 2

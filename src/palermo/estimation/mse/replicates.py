"""Bootstrap and jackknife of a whole selection: every replicate chooses its model anew.

The interface for a selection (stepwise, exhaustive, downhill, an average, one fixed model) is `Selector`:

    class MySelector:
        width = 1                                   # whole numbers that say what was chosen (62 bits each are plenty)
        def block(self, tables):                    # int64 array (b, 2**K), row = counts of one table, cell 0 empty
            totals, chosen, status = room(len(tables), self.width)
            compiling.of(my_kernels).my_block(..., tables, totals, chosen, status)    # nogil: threads run beside it
            return Outcomes(totals, chosen, status)
        def model(self, chosen):                    # the Model behind one row of `chosen`
            ...

`block` is called from several threads at once and must depend on nothing but its tables. totals[b] is N (NaN where
status[b] is not 0: that replicate is lost).

    outcomes = bootstrap(table, selector, 10_000, seed=1, threads=2)
    jack = jackknife(table, selector)
    interval, notes = intervals.bca(estimate, outcomes, jack, level=0.95)

Random numbers: replicates come in blocks of 64; block i draws from Philox with the key (seed, i). So a replicate's
table depends on the seed and its own number only, whatever the threads and however many replicates follow.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from palermo.estimation.estimators import Progress
from palermo.estimation.mse import models
from palermo.estimation.mse.table import CaptureTable, Counts

Floats = npt.NDArray[np.float64]
BLOCK = 64


@dataclass(frozen=True)
class Outcomes:
    """What a selection answered for many tables: N, what was chosen (words of bits), status (0: an estimate)."""

    totals: Floats
    chosen: Counts
    status: Counts

    @property
    def kept(self) -> Floats:
        """The estimates of the tables that have one."""
        kept: Floats = self.totals[self.status == 0]
        return kept

    @property
    def lost(self) -> float:
        """The share of tables without an estimate."""
        return float(np.mean(self.status != 0)) if len(self.status) else 0.0


class Selector(Protocol):
    """A whole selection, as a function of counts alone."""

    @property
    def width(self) -> int: ...

    def block(self, tables: Counts) -> Outcomes: ...

    def model(self, chosen: Counts) -> models.Model: ...


def room(many: int, width: int) -> tuple[Floats, Counts, Counts]:
    """Empty totals, choices and statuses for a block."""
    return np.zeros(many), np.zeros((many, width), np.int64), np.zeros(many, np.int64)


def stream(seed: int, number: int) -> np.random.Generator:
    """The random numbers of one block of work: a counter-based generator, its key the seed and the block."""
    return np.random.Generator(np.random.Philox(key=np.array([seed % 2**64, number], np.uint64)))


@dataclass(frozen=True)
class Hidden:
    """A count known to lie in low..high whose expectation under the fitted model is `mean`."""

    history: int
    low: int
    high: int
    mean: float


def bootstrap(
    table: CaptureTable,
    selector: Selector,
    many: int,
    *,
    seed: int = 1,
    threads: int = 1,
    hidden: Sequence[Hidden] = (),
    progress: Progress | None = None,
) -> Outcomes:
    """`many` replicate tables, n people drawn with the observed shares, each put through the selection.

    With `hidden` counts each replicate first draws these from its Poisson law between their ends, so that not knowing
    them widens the spread too.
    """
    histories = _histories(table, hidden)

    def replicate(number: int) -> Outcomes:
        size = min(BLOCK, many - number * BLOCK)
        return selector.block(draw(table, histories, seed, number, size, hidden))

    return _gathered(replicate, math.ceil(many / BLOCK), threads, selector.width, progress)


def draw(
    table: CaptureTable,
    histories: Counts,
    seed: int,
    number: int,
    size: int,
    hidden: Sequence[Hidden] = (),
) -> Counts:
    """The tables of block `number`, one a row. A block that is cut short is drawn whole: its rows stay the same."""
    chance = stream(seed, number)
    counts: Any = table.counts[histories]
    if hidden:
        counts = np.tile(counts, (BLOCK, 1))
        for one in hidden:
            counts[:, np.searchsorted(histories, one.history)] = _within(one, chance)
    people = counts.sum(axis=-1)
    shares = counts / np.maximum(people, 1)[..., None]
    drawn = chance.multinomial(people, shares, size=None if hidden else BLOCK)
    tables = np.zeros((size, len(table.counts)), np.int64)
    tables[:, histories] = drawn[:size]
    return tables


def _histories(table: CaptureTable, hidden: Sequence[Hidden]) -> Counts:
    seen = set(np.flatnonzero(table.counts).tolist()) | {one.history for one in hidden}
    return np.array(sorted(seen), np.int64)


def _within(one: Hidden, chance: np.random.Generator) -> Counts:
    """Draws of a Poisson count between its ends."""
    values = np.arange(one.low, one.high + 1)
    log_mass = values * math.log(max(one.mean, 1e-300)) - np.array([math.lgamma(v + 1) for v in values])
    mass = np.exp(log_mass - log_mass.max())
    return chance.choice(values, size=BLOCK, p=mass / mass.sum())


@dataclass(frozen=True)
class Jackknife:
    """The selection with one person less: one table for each distinct history, which stands for `weights` people."""

    outcomes: Outcomes
    weights: Counts


def jackknife(
    table: CaptureTable, selector: Selector, *, threads: int = 1, progress: Progress | None = None
) -> Jackknife:
    """One person taken from each distinct history in turn, the whole selection repeated."""
    histories = np.flatnonzero(table.counts)

    def without_one(number: int) -> Outcomes:
        taken = histories[number * BLOCK : (number + 1) * BLOCK]
        tables = np.tile(table.counts, (len(taken), 1))
        tables[np.arange(len(taken)), taken] -= 1
        return selector.block(tables)

    blocks = math.ceil(len(histories) / BLOCK)
    found = _gathered(without_one, blocks, threads, selector.width, progress)
    return Jackknife(found, table.counts[histories])


def winners(outcomes: Outcomes, selector: Selector, most: int = 10) -> list[dict[str, Any]]:
    """The models that replicates chose, most frequent first, with their share of the replicates that have one."""
    kept = outcomes.chosen[outcomes.status == 0]
    found = Counter(map(tuple, kept.tolist())).most_common(most)
    return [
        {"model": models.text(selector.model(np.array(words, np.int64))), "share": count / len(kept)}
        for words, count in found
    ]


def _gathered(
    work: Callable[[int], Outcomes], blocks: int, threads: int, width: int, progress: Progress | None
) -> Outcomes:
    """The blocks in their order, worked on by so many threads; the first alone, so that compiling happens once."""
    if progress:
        progress(0.0, "replicates")  # the first block may have to wait for the compiler
    done = [Outcomes(*room(0, width))]
    for number, outcome in enumerate(_answers(work, blocks, threads)):
        done.append(outcome)
        if progress:
            progress((number + 1) / blocks, "replicates")
    return Outcomes(
        np.concatenate([one.totals for one in done]),
        np.concatenate([one.chosen for one in done]),
        np.concatenate([one.status for one in done]),
    )


def _answers(work: Callable[[int], Outcomes], blocks: int, threads: int) -> Iterator[Outcomes]:
    if blocks:
        yield work(0)
    if threads <= 1:
        yield from map(work, range(1, blocks))
        return
    with ThreadPoolExecutor(threads, thread_name_prefix="replicates") as pool:
        yield from pool.map(work, range(1, blocks))

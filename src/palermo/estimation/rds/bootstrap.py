"""Samples made from a sample, for the uncertainty of shares: chains (Salganik), trees (Baraff), populations (Gile).

Every fifty replicates draw from a Philox stream of their own, keyed by the seed and the number of the fifty: neither
threads nor the number of replicates change one. Only counts are kept (people by group and class, and who recruited
whom), in blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from palermo.estimation.estimators import Progress
from palermo.estimation.rds.recruiting import People, Rules, recruit
from palermo.estimation.rds.sample import Outcome, RecruitmentSample, Whole
from palermo.estimation.rds.shares import moves, tabulate
from palermo.estimation.rds.weights import Classes, Real, inclusion

CHUNK = 50  # replicates of one stream
BLOCK = 10 * CHUNK
MOST_NUMBERS = 4_000_000
ENDLESS = 25  # a population of so many times the sample is as good as endless (so takes RDS for R it, too)
Tables = tuple[Real, Real]  # the table and the moves of a block of replicates
Draw = Callable[[range, int], Tables]


@dataclass(frozen=True, eq=False)
class Base:
    """What every bootstrap needs to know of the sample."""

    sample: RecruitmentSample
    outcome: Outcome
    kinds: Classes
    population: float | None = None

    @property
    def g(self) -> int:
        return len(self.outcome.levels)


class Streams:
    """The random numbers of a block of replicates, which begins with a chunk."""

    def __init__(self, seed: int, block: range) -> None:
        first, last = block.start // CHUNK, (block.stop - 1) // CHUNK
        self.block = block
        self.makers = [
            np.random.Generator(np.random.Philox(key=(seed % (1 << 64), chunk)))
            for chunk in range(first, last + 1)
        ]

    def uniform(self, *shape: int) -> Real:
        """Numbers on [0, 1), (replicates, *shape); whole chunks are drawn, so that the last is like the others."""
        drawn = np.concatenate([maker.random((CHUNK, *shape)) for maker in self.makers])
        return drawn[: len(self.block)]

    def each(self) -> Iterator[np.random.Generator]:
        """The generator for each replicate in turn."""
        return (self.makers[(one - self.block.start) // CHUNK] for one in self.block)


def replicates(
    draw: Draw,
    shares: Callable[[Real, Real], Real],
    count: int,
    seed: int,
    threads: int = 1,
    progress: Progress | None = None,
    width: int = 1,
) -> Real:
    """`count` vectors of shares: `draw` makes the tables of a block, `shares` estimates from them.

    `width` is how many numbers a replicate takes; blocks are smaller where it is large, so that memory is bounded.
    """
    size = max(CHUNK, min(BLOCK, MOST_NUMBERS // width // CHUNK * CHUNK))
    blocks = [range(start, min(start + size, count)) for start in range(0, count, size)]
    done = 0

    def one(block: range) -> Real:
        nonlocal done
        found = shares(*draw(block, seed))
        done += len(block)
        if progress:
            progress(done / count, "replicates")
        return found

    if threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            return np.concatenate(list(pool.map(one, blocks)))
    return np.concatenate([one(block) for block in blocks])


def chain(base: Base) -> Draw:
    """Salganik (2006), Journal of Urban Health 83, i98-i112: one chain as long as the sample.

    The first person is of the group of a person of the sample, the next of a group drawn from the recruits of the
    group before; each has the network size of a person of the same group.
    """
    known = base.outcome.codes >= 0
    codes, kinds = base.outcome.codes[known], base.kinds.of[known]
    # As many steps as recruits with an answer, and the first: as RDS for R counts them.
    steps = int((known & (base.sample.recruiter >= 0)).sum()) + 1
    law = moves(base.sample, base.outcome).astype(np.float64)
    law[law.sum(axis=1) == 0] = law.sum(axis=0)
    law[law.sum(axis=1) == 0] = np.bincount(codes, minlength=base.g)
    ahead = np.cumsum(law / law.sum(axis=1, keepdims=True), axis=1)[:, :-1]
    by_group = np.argsort(codes, kind="stable")
    size = np.bincount(codes, minlength=base.g)
    start = np.concatenate([[0], np.cumsum(size)[:-1]])

    def draw(block: range, seed: int) -> Tables:
        numbers = Streams(seed, block).uniform(2, steps)
        path = np.empty((len(block), steps), dtype=np.int64)
        path[:, 0] = codes[(numbers[:, 0, 0] * len(codes)).astype(np.int64)]
        for t in range(1, steps):
            path[:, t] = (numbers[:, 0, t, None] >= ahead[path[:, t - 1]]).sum(axis=1)
        person = by_group[start[path] + (numbers[:, 1] * size[path]).astype(np.int64)]
        return _counted(path, kinds[person], base), _moved(path[:, :-1], path[:, 1:], base.g)

    return draw


def tree(base: Base) -> Draw:
    """Baraff, McCormick, Raftery (2016), PNAS 113, 14668-14673: seeds with replacement, then the recruits of each.

    Waves are drawn for all replicates of a block at once; the numbers of a replicate are used in the order in which
    its people come, so that a block is nothing but a way to be quick.
    """
    sample, codes = base.sample, base.outcome.codes
    start, below = sample.children
    born = sample.recruits

    def draw(block: range, seed: int) -> Tables:
        b = len(block)
        streams = Streams(seed, block)
        numbers = streams.uniform(2 * sample.n)
        used = np.full(b, len(sample.seeds))
        owner = np.repeat(np.arange(b), len(sample.seeds))
        at = sample.seeds[(numbers[:, : len(sample.seeds)].ravel() * len(sample.seeds)).astype(np.int64)]
        people, froms, tos, owners = [at], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [owner]
        while len(at):
            parent = np.repeat(at, born[at])
            owner = np.repeat(owner, born[at])
            count = np.bincount(owner, minlength=b)
            place = used[owner] + np.arange(len(owner)) - (np.cumsum(count) - count)[owner]
            used = used + count
            while used.max() > numbers.shape[1]:
                numbers = np.hstack([numbers, streams.uniform(2 * sample.n)])
            at = below[start[parent] + (numbers[owner, place] * born[parent]).astype(np.int64)]
            people.append(at)
            owners.append(owner)
            froms.append(parent)
            tos.append(at)
        return _trees(base, b, np.concatenate(people), np.concatenate(owners),
                      np.concatenate(froms), np.concatenate(tos), len(sample.seeds) * b, codes)  # fmt: skip

    return draw


def _trees(
    base: Base, b: int, people: Whole, owners: Whole, froms: Whole, tos: Whole, seeds: int, codes: Whole
) -> Tables:
    g, k = base.g, base.kinds.k
    known = codes[people] >= 0
    flat = (owners[known] * g + codes[people[known]]) * k + base.kinds.of[people[known]]
    table = np.bincount(flat, minlength=b * g * k).reshape(b, g, k).astype(np.float64)
    pair = (codes[froms] >= 0) & (codes[tos] >= 0)
    step = (owners[seeds:][pair] * g + codes[froms[pair]]) * g + codes[tos[pair]]
    return table, np.bincount(step, minlength=b * g * g).reshape(b, g, g).astype(np.float64)


def population(base: Base) -> Draw:
    """Gile (2011), JASA 106, 135-146, section 4: a population is built from the estimate and sampled again.

    It has as many people of each group and network size as successive sampling estimates, and ties between groups
    in proportion to the recruitment seen. Recruitment then runs through it without replacement: the recruiter's group
    draws the recruit's group by the ties that are left, and the person by network size.
    """
    assert base.population is not None
    table, moved = tabulate(base.sample, base.outcome, base.kinds)
    size, ties = built(base, table, moved)
    known = base.outcome.codes >= 0
    seeds = max(1, int((known & (base.sample.recruiter < 0)).sum()))
    hands = base.sample.recruits[base.sample.recruits > 0]
    rules = Rules(ties, int(known.sum()), seeds, hands if len(hands) else np.ones(1, dtype=np.int64))
    people = People.of(size, base.kinds.degree)

    def draw(block: range, seed: int) -> Tables:
        return recruit(people, rules, list(Streams(seed, block).each()), base.kinds.k)

    return draw


def built(base: Base, table: Real, moved: Real) -> tuple[Whole, Real]:
    """The population of Gile's bootstrap: people in each (group, class), and the symmetric ties between groups."""
    assert base.population is not None
    n = int(table.sum())
    whole = max(n, min(round(base.population), ENDLESS * n))
    pi = inclusion(table.sum(axis=1), base.kinds.degree, whole)
    weight = table[0] * (base.kinds.factor / pi)[0]
    weight = weight / weight.sum()
    exact = (weight * whole).ravel()
    size = np.floor(exact).astype(np.int64)
    size[np.argsort(-(exact - size), kind="stable")[: whole - int(size.sum())]] += 1
    size = size.reshape(weight.shape)
    share = weight.sum(axis=1)
    mean = (weight * base.kinds.degree).sum(axis=1) / share
    sums = moved[0].sum(axis=1, keepdims=True)
    rate = np.divide(moved[0], sums, out=np.zeros_like(moved[0]), where=sums > 0)
    ties = rate * (mean * share * whole)[:, None]
    ties = (ties + ties.T) / 2
    for alone in np.flatnonzero(ties.sum(axis=1) == 0):
        ties[alone] = ties[:, alone] = share
    return size, ties


def _counted(path: Whole, kind: Whole, base: Base) -> Real:
    b, g, k = len(path), base.g, base.kinds.k
    flat = (np.arange(b)[:, None] * g + path) * k + kind
    return np.bincount(flat.ravel(), minlength=b * g * k).reshape(b, g, k).astype(np.float64)


def _moved(before: Whole, after: Whole, g: int) -> Real:
    b = len(before)
    flat = (np.arange(b)[:, None] * g + before) * g + after
    return np.bincount(flat.ravel(), minlength=b * g * g).reshape(b, g, g).astype(np.float64)

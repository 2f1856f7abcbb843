"""Linkage without names: how far it falls behind the same lists in clear, what it costs, what an attack wins.

Processor seconds are measured, not the clock's: machines are shared.
"""

import time

import numpy as np
from bench_measure import Figure, scaled, tell

SEED = 23
RECORDS = 20_000
TITLE = "without names: "


def figures(scale: float) -> list[Figure]:
    found = []
    for noise in (0.5, 1.0):
        tell(f"without names, noise {noise}")
        found += _accuracy(scaled(RECORDS, scale, least=3_000), noise)
    tell("without names, attack and speed")
    return [
        *found,
        *_attacks(scaled(8_000, scale, least=1_400)),
        _comparisons(scaled(8_000, scale, least=2_000)),
    ]


def _key(first: int = 1):
    from palermo.linkage.private import keys

    return keys.join(
        [keys.draw_share("bench", body, (), bytes([first + n]) * 32) for n, body in enumerate("ab")]
    )


def _encoded(lists, persons, first: int = 1):
    """Encoded lists, who each row is, and the processor seconds of encoding."""
    from palermo.linkage.private import encoding
    from palermo.linkage.private.parameters import Parameters

    made, truth, began = [], [], time.process_time()
    for one, whose in zip(lists, persons, strict=True):
        numbers = np.random.default_rng(len(made)).permutation(len(one)).astype(np.uint64)
        encoded, order = encoding.encode(one, _key(first), Parameters(), numbers, small=True)
        made.append(encoded)
        truth.append(np.asarray(whose)[order])
    return made, np.concatenate(truth), time.process_time() - began


def _right(cluster, person) -> tuple[float, float]:
    """Precision and recall of pairs."""

    def pairs(labels):
        sizes = np.unique(labels, return_counts=True)[1].astype(np.int64)
        return int((sizes * (sizes - 1) // 2).sum())

    both = np.unique(np.stack([cluster, person]), axis=1, return_inverse=True)[1]
    return pairs(both) / max(1, pairs(cluster)), pairs(both) / max(1, pairs(person))


def _f1(cluster, person) -> float:
    precision, recall = _right(cluster, person)
    return 2 * precision * recall / max(1e-9, precision + recall)


def _accuracy(records: int, noise: float) -> list[Figure]:
    from palermo.linkage.engine import link
    from palermo.linkage.generator import sized
    from palermo.linkage.private import matching

    invented = sized(records, noise=noise, seed=SEED)
    clear = _f1(
        np.asarray(link(invented.lists).cluster), np.concatenate([np.asarray(p) for p in invented.persons])
    )
    _encoded(invented.lists[:1], invented.persons[:1])  # compiles
    lists, person, seconds = _encoded(invented.lists, invented.persons)
    began = time.process_time()
    done = matching.match(lists)
    matched = time.process_time() - began
    mine = _f1(done.cluster, person)
    rate = len(person) / seconds
    precision, recall = _right(done.cluster, person)
    off = max(abs(done.precision.value - precision), abs(done.recall.value - recall))
    found = [
        Figure(
            f"{TITLE}estimated precision and recall off the truth, noise {noise}", "<= 0.05", off, "", off <= 0.05,
            beside=f"said {done.precision.value:.3f} and {done.recall.value:.3f}, true {precision:.3f} and "
            f"{recall:.3f}; matched in {matched:.0f} processor seconds",
        ),
        Figure(
            f"{TITLE}F1 behind that in clear, noise {noise}", "<= 0.05", clear - mine, "", clear - mine <= 0.05,
            beside=f"F1 {mine:.3f} without names, {clear:.3f} in clear, the same {len(person):,} records",
        )
    ]  # fmt: skip
    if noise == 0.5:
        found.append(
            Figure(
                f"{TITLE}encoding",
                ">= 8,000 a second",
                rate,
                "records/s",
                rate >= 8_000,
                beside="one processor",
            )
        )
        other, _who, _s = _encoded(invented.lists[1:2], invented.persons[1:2], first=9)
        forced = matching.match([lists[0], other[0]], force=True)
        found.append(
            Figure(
                f"{TITLE}pairs under a wrong key", "chance", float(forced.pairs), "pairs",
                forced.pairs < 0.01 * sum(forced.sizes), beside=f"{sum(forced.sizes):,} records, two lists",
            )
        )  # fmt: skip
    return found


def _attacks(records: int) -> list[Figure]:
    from palermo.linkage.generator import invent
    from palermo.linkage.private import attack
    from palermo.linkage.private.tokens import name_sounds

    people, others = (invent(5 * records, noise=0.5, seed=seed).lists[at] for seed, at in ((21, 0), (99, 1)))
    rng, truth = np.random.default_rng(1), [name_sounds(record) for record in people.rows()]
    naive = attack.attack(attack.naive(people, b"key"), attack.known(others, attack.single_facts), truth, rng)
    (ours,), order, _seconds = _encoded([people], [np.arange(len(people))])
    truth = [truth[at] for at in order]
    tries = attack.tried(ours.filters, others, truth, rng)
    best = max(tries, key=lambda name: tries[name].won)
    won = tries[best].won
    return [
        Figure(
            f"{TITLE}records that a frequency attack names", "< 1 %", 100 * won, "%", won < 0.01,
            beside=f"best of {len(tries)} tries ({best}), above chance; a naive encoding of the same {len(people):,}: "
            f"{100 * naive.won:.0f} %",
        )
    ]  # fmt: skip


def _comparisons(rows: int) -> Figure:
    from palermo.linkage.generator import sized
    from palermo.linkage.private.comparing import nearest
    from palermo.linkage.private.parameters import BITS

    invented = sized(rows, noise=0.5, seed=SEED)
    lists, _person, _seconds = _encoded(invented.lists, invented.persons)
    filters = np.concatenate([one.filters for one in lists])
    nearest(filters[:50])
    began = time.process_time()
    nearest(filters)
    rate = len(filters) * (len(filters) - 1) / 2 / (time.process_time() - began) / 1e6
    return Figure(
        f"{TITLE}comparisons", ">= 40 million a second", rate, "M/s", rate >= 40,
        beside=f"{len(filters):,} filters of {BITS:,} bits, each with each in every segment, one processor",
    )  # fmt: skip

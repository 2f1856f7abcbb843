"""Learns the weights that palermo ships for linkage without names, from invented lists that are encoded first.

    .venv/bin/python tools/train_private.py            writes src/palermo/linkage/private/weights.json

Seeds 101 and up are for learning; tests and benchmarks use others. As in train_linkage.py, what a body writes under
"place" differs from body to body.
"""

import json
from pathlib import Path

import numpy as np
from scipy import sparse
from train_linkage import PLACES, with_places

from palermo.linkage import generator
from palermo.linkage.people import PersonList
from palermo.linkage.private import encoding, keys, scoring
from palermo.linkage.private.comparing import nearest
from palermo.linkage.private.parameters import Parameters
from palermo.linkage.training import fitted

OUT = Path(scoring.__file__).with_name("weights.json")
RECORDS = 10_000
NOISES = (0.5, 0.7, 1.0)
SEEDS = range(101, 107)
KEPT = 0.1  # the share of pairs of different persons that is learnt from


def encoded(
    lists: list[PersonList], persons: tuple[np.ndarray, ...], seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Filters of all lists, their row numbers, and the person of each."""
    key = keys.join(
        [keys.draw_share("train", body, (), bytes([seed + n]) * 32) for n, body in enumerate("ab")]
    )
    filters, numbers, who = [], [], []
    for at, (one, whose) in enumerate(zip(lists, persons, strict=True)):
        drawn = np.random.default_rng([seed, at]).permutation(len(one)).astype(np.uint64)
        made, order = encoding.encode(one, key, Parameters(), drawn, small=True)
        filters.append(made.filters)
        numbers.append(made.numbers)
        who.append(np.asarray(whose)[order])
    return np.concatenate(filters), np.concatenate(numbers), np.concatenate(who)


def pairs_of(seed: int, noise: float, how: str) -> tuple[sparse.csr_array, np.ndarray, np.ndarray]:
    """Rows to learn from, whether each pair is one person, and what each counts for."""
    rng = np.random.default_rng(seed)
    invented = generator.sized(RECORDS, noise=noise, seed=seed)
    filters, numbers, who = encoded(with_places(invented.lists, how, rng), invented.persons, seed)
    near = nearest(filters)
    left, right = near.pairs()
    same = who[left] == who[right]
    kept = same | (rng.random(len(same)) < KEPT)
    pairs = scoring.evidence(filters, near, left[kept], right[kept], scoring.strangers(numbers))
    return scoring.design(pairs), same[kept], np.where(same[kept], 1.0, 1.0 / KEPT)


def main() -> None:
    parts = [
        pairs_of(seed, NOISES[at % len(NOISES)], PLACES[(at + at // 3) % len(PLACES)])
        for at, seed in enumerate(SEEDS)
    ]
    rows = sparse.vstack([part[0] for part in parts], format="csr")
    same, weight = (np.concatenate([part[at] for part in parts]) for at in (1, 2))
    what = f"{len(same):,} pairs of invented lists, noise {NOISES[0]} to {NOISES[-1]}, seeds {SEEDS[0]} to {SEEDS[-1]}"
    OUT.write_text(json.dumps(scoring.from_weights(fitted(rows, same, weight=weight), what).to_json()) + "\n")
    print(what)


if __name__ == "__main__":
    main()

"""Learns the weights that palermo ships for linkage, from invented lists (palermo.linkage.generator).

    .venv/bin/python tools/train_linkage.py            writes src/palermo/linkage/data/weights.json
    .venv/bin/python tools/train_linkage.py --check    leaves cultures out and says what that costs

Seeds 101 and up are for learning; tests and benchmarks use others. What a body writes under "place" (a home, an office)
differs from body to body, so a third of the lists have it as invented, a third at random, a third by the list.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from palermo.linkage import generator
from palermo.linkage.blocking import candidates
from palermo.linkage.comparing import Comparison, compared
from palermo.linkage.people import PersonList
from palermo.linkage.prepare import prepare
from palermo.linkage.rarity import rarity
from palermo.linkage.training import learn

OUT = Path(__file__).parent.parent / "src" / "palermo" / "linkage" / "data" / "weights.json"
NOISES = (0.3, 0.5, 0.7, 1.0, 1.3)
RECORDS = 24_000
PLACES = ("home", "random", "office")
KEPT = 0.2  # the share of pairs of different persons that is learnt from


def with_places(lists: tuple[PersonList, ...], how: str, rng: np.random.Generator) -> list[PersonList]:
    """The lists with another meaning of their places."""
    if how == "home":
        return list(lists)
    known = sorted({place for one in lists for place in one.columns["place"] if place})
    made = []
    for number, one in enumerate(lists):
        offices = known[number * 3 : number * 3 + 3]
        drawn = rng.choice(offices if how == "office" else known, len(one))
        written = rng.random(len(one)) < 0.6
        made.append(
            PersonList(
                one.name,
                {**one.columns, "place": [str(p) if w else "" for p, w in zip(drawn, written, strict=True)]},
            )
        )
    return made


def pairs_of(
    noise: float, seed: int, how: str, cultures: tuple[str, ...]
) -> tuple[Comparison, np.ndarray, np.ndarray]:
    """Compared pairs of one set of lists, whether each is one person, and what each counts for."""
    rng = np.random.default_rng(seed)
    invented = generator.sized(RECORDS, noise=noise, seed=seed, cultures=cultures)
    people = prepare(with_places(invented.lists, how, rng))
    found = candidates(people)
    whose = np.concatenate(invented.persons)
    same = whose[found.left] == whose[found.right]
    kept = same | (rng.random(len(same)) < KEPT)
    pairs = compared(people, rarity(people), found.left[kept], found.right[kept])
    return pairs, same[kept], np.where(same[kept], 1.0, 1.0 / KEPT)


def gathered(cultures: tuple[str, ...], first_seed: int) -> tuple[Comparison, np.ndarray, np.ndarray]:
    """The pairs of every noise and meaning of places."""
    parts = [
        pairs_of(noise, first_seed + at, how, cultures)
        for at, (noise, how) in enumerate((noise, how) for noise in NOISES for how in PLACES)
    ]
    levels = np.concatenate([pairs.levels for pairs, _same, _weight in parts])
    bits = np.concatenate([pairs.bits for pairs, _same, _weight in parts])
    return (
        Comparison(levels, bits),
        np.concatenate([same for _pairs, same, _weight in parts]),
        np.concatenate([weight for _pairs, _same, weight in parts]),
    )


def log_loss(model, pairs: Comparison, same: np.ndarray, weight: np.ndarray) -> float:
    odds = np.clip(model.score(pairs), -30, 30)
    return float(np.average(np.log1p(np.exp(np.where(same, -odds, odds))), weights=weight))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    if given.check:
        every = tuple(generator.ALL)
        for turn in range(4):
            left_out = every[turn::4]
            kept = tuple(one for one in every if one not in left_out)
            model = learn(*_first(gathered(kept, 101)))
            own = learn(*_first(gathered(left_out, 301)))
            pairs, same, weight = pairs_of(0.7, 401 + turn, "home", left_out)
            theirs, ours = (log_loss(one, pairs, same, weight) for one in (model, own))
            print(
                f"{', '.join(left_out)}: log loss {theirs:.4f} with weights of the others, {ours:.4f} with their own"
            )
        return
    pairs, same, weight = gathered(tuple(generator.ALL), 101)
    last = 100 + len(NOISES) * len(PLACES)
    what = f"{len(same):,} pairs of invented lists, noise {NOISES[0]} to {NOISES[-1]}, seeds 101 to {last}"
    model = learn(pairs, same, weight=weight, learnt_from=what)
    OUT.write_text(json.dumps(model.to_json(), indent=1) + "\n")
    print(what, f"log loss {log_loss(model, pairs, same, weight):.4f}")


def _first(found: tuple[Comparison, np.ndarray, np.ndarray]) -> tuple[Comparison, np.ndarray]:
    return found[0], found[1]


if __name__ == "__main__":
    main()

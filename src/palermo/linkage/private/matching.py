"""Encoded lists into persons without names: the linkage unit's side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import numpy.typing as npt

from palermo.linkage import clustering
from palermo.linkage.private import chances
from palermo.linkage.private.comparing import nearest
from palermo.linkage.private.files import Encoded
from palermo.linkage.private.parameters import Unusable

THRESHOLD = -1.5  # mean log odds within a person: what gave the best F1 on invented lists at both noises
HIGHEST = 4.0  # log odds: the lists alone do not tell chances of 1 in 50 from smaller ones
Step = Callable[[float, str], None]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Matched:
    """Persons found. cluster and probability: one per record, the lists one after another, each in its own order.

    probability: that the record belongs with the others of its person, or for a record alone that it belongs to
    nobody else. precision and recall are what the probabilities themselves let expect of the pairs.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    cluster: Longs = field(repr=False)
    probability: npt.NDArray[np.float64] = field(repr=False)
    comparisons: int
    pairs: int
    precision: float | None
    recall: float | None

    def histories(self) -> Mapping[tuple[int, ...], int]:
        """How many persons are in exactly these lists."""
        lists = np.repeat(np.arange(len(self.names)), self.sizes)
        seen = np.zeros((int(self.cluster.max(initial=-1)) + 1, len(self.names)), np.int8)
        seen[self.cluster, lists] = 1
        return Counter(tuple(map(int, row)) for row in seen)


def problems(lists: Sequence[Encoded]) -> tuple[str, ...]:
    """Why these lists cannot be matched with one another, in sentences; nothing where they can."""
    found = []
    if len(lists) < 2:
        found.append("matching needs the encoded lists of at least two bodies")
    for one, other in combinations(lists, 2):
        both = f"{one.name} and {other.name}"
        if one.name == other.name:
            found.append(f"two encoded lists are called {one.name}; give one another name when it is encoded")
        if one.parameters.fingerprint != other.parameters.fingerprint:
            found.append(
                f"{both}: these two files were made with different parameters (fields, bits or flips)"
            )
        elif one.key_fingerprint != other.key_fingerprint:
            found.append(
                f"{both}: these two files were made with different secrets, or for different projects"
            )
        elif len(one) and one.digest == other.digest:
            found.append(f"{both}: these two files hold the same list")
    return tuple(found)


def match(
    lists: Sequence[Encoded], *, threads: int = 1, force: bool = False, step: Step | None = None
) -> Matched:
    """Who is whom, as far as the filters tell. Raises Unusable where `problems` has any.

    force: match in spite of different secrets (to see that nothing comes of it); different lengths never.
    """
    wrong = problems(lists)
    widths = {one.filters.shape[1] for one in lists}
    if wrong and not (force and len(widths) == 1 and len(lists) > 1):
        raise Unusable("; ".join(wrong))
    found, comparisons = _compared(lists, threads, step)
    learnt = chances.learn(dict(enumerate(found.values())))
    begins = np.concatenate([[0], np.cumsum([len(one) for one in lists])]).astype(np.int64)
    left = np.concatenate([one.left + begins[a] for (a, _b), one in found.items()])
    right = np.concatenate([one.right + begins[b] for (_a, b), one in found.items()])
    odds = np.concatenate([learnt.odds(group, one) for group, one in enumerate(found.values())])
    odds = np.minimum(odds, HIGHEST)
    records = int(begins[-1])
    keys = np.concatenate([one.numbers for one in lists]).astype(np.int64)
    graph = clustering.graph(
        records, left.astype(np.int32), right.astype(np.int32), odds.astype(np.float32), keys
    )
    cluster = clustering.partition(graph, THRESHOLD).astype(np.int64)
    together = cluster[left] == cluster[right]
    chance = 1 / (1 + np.exp(-odds))
    return Matched(
        tuple(one.name for one in lists), tuple(map(len, lists)), cluster,
        _belonging(records, left, right, chance, together), comparisons, *_quality(cluster, chance, together),
    )  # fmt: skip


def _compared(
    lists: Sequence[Encoded], threads: int, step: Step | None
) -> tuple[dict[tuple[int, int], chances.Candidates], int]:
    """Every list with every other, and with itself: somebody may be in it twice."""
    work = [*combinations(range(len(lists)), 2), *((at, at) for at in range(len(lists)))]
    total = max(1, sum(len(lists[a]) * len(lists[b]) for a, b in work))
    found, done = {}, 0
    for a, b in work:
        share, before = len(lists[a]) * len(lists[b]), done
        tell: Callable[[float], None] | None = None
        if step:
            words = f"{lists[a].name} with {lists[b].name}" if a != b else f"within {lists[a].name}"

            def tell(part: float, words: str = words, share: int = share, before: int = before) -> None:
                step((before + part * share) / total, words)

        rows, columns = nearest(lists[a].filters, lists[b].filters, same=a == b, threads=threads, step=tell)
        found[a, b] = chances.candidates(rows, columns, same=a == b)
        done += share
    return found, done


def _belonging(
    records: int, left: Longs, right: Longs, chance: npt.NDArray[np.float64], together: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """With others: the best chance among its pairs inside. Alone: that none of its pairs is one person."""
    inside, outside = np.zeros(records), np.zeros(records)
    for side in (left, right):
        np.maximum.at(inside, side[together], chance[together])
        np.maximum.at(outside, side[~together], chance[~together])
    return np.where(inside > 0, inside, 1 - outside)


def _quality(
    cluster: Longs, chance: npt.NDArray[np.float64], together: npt.NDArray[np.bool_]
) -> tuple[int, float | None, float | None]:
    """Pairs inside persons, and what share of them, and of all true pairs, the chances let expect to be right."""
    sizes = np.bincount(cluster) if len(cluster) else np.zeros(0, np.int64)
    pairs = int((sizes * (sizes - 1) // 2).sum())
    right, all_right = float(chance[together].sum()), float(chance.sum())
    compared = int(together.sum())
    return pairs, right / compared if compared else None, right / all_right if all_right else None

"""Reciprocal rank fusion: several orders of the same things made one (Cormack, Clarke, Buettcher 2009)."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

K = 60
Key = TypeVar("Key", bound=Hashable)


def fuse(orders: Iterable[tuple[float, Sequence[Key]]], k: int = K) -> dict[Key, float]:
    """The score of each thing: the sum of weight / (k + rank) over the orders in which it stands, rank from 1."""
    scores: dict[Key, float] = defaultdict(float)
    for weight, order in orders:
        for rank, key in enumerate(order, 1):
            scores[key] += weight / (k + rank)
    return dict(scores)

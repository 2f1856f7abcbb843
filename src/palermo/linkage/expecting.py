"""What is expected to be right and wrong in a partition, from partitions drawn out of the same doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palermo.linkage.clustering import Graph, partition

THRESHOLDS = (-1.5, -1.0, -0.6, -0.3, 0.0, 0.4, 0.8, 1.3, 2.0, 3.0)

Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Share:
    """A share with an interval of about 95 %."""

    value: float
    lower: float
    upper: float

    def to_json(self) -> dict[str, float]:
        return {"value": round(self.value, 4), "lower": round(self.lower, 4), "upper": round(self.upper, 4)}


@dataclass(frozen=True, slots=True)
class Expected:
    """precision, recall: of the links. of_record: for each record the probability that it belongs with the others of
    its person."""

    precision: Share
    recall: Share
    of_record: NDArray[np.float32]


def expected(cluster: Numbers, draws: Sequence[Numbers], compared: float, compared_error: float) -> Expected:
    """What the draws say of the links of `cluster`. compared: the share of true pairs that are in the graph."""
    left, right = together(cluster)
    right_links = np.array([(one[left] == one[right]).sum() for one in draws], float)
    existing = np.array([pairs_of(one) for one in draws], float)
    shares = np.zeros(len(cluster))
    for one in draws:
        same = (one[left] == one[right]).astype(float)
        shares += np.bincount(left, same, len(cluster)) + np.bincount(right, same, len(cluster))
    partners = np.bincount(left, minlength=len(cluster)) + np.bincount(right, minlength=len(cluster))
    of_record = np.where(partners > 0, shares / np.maximum(partners * len(draws), 1), 1.0)
    precision = _share(right_links / max(len(left), 1) if len(left) else np.ones(len(draws)), 0.01)
    recalled = right_links / np.maximum(existing, 1) * compared
    recall = _share(recalled if existing.sum() else np.ones(len(draws)), 0.01 + compared_error)
    return Expected(precision, recall, of_record.astype(np.float32))


def threshold_for(graph: Graph, draws: Sequence[Numbers], compared: float, least: float) -> float:
    """The log odds at which precision and recall are together best (F1), among those of enough expected precision."""
    existing = float(np.mean([pairs_of(one) for one in draws])) / max(compared, 1e-6)
    best, chosen = -1.0, THRESHOLDS[-1]
    for threshold in THRESHOLDS:
        left, right = together(partition(graph, threshold))
        if not len(left):
            continue
        true = float(np.mean([(one[left] == one[right]).sum() for one in draws]))
        if true / len(left) < least:
            continue
        f1 = 2 * true / (len(left) + existing)
        if f1 > best:
            best, chosen = f1, threshold
    return chosen


def together(cluster: Numbers) -> tuple[Numbers, Numbers]:
    """All pairs of records that stand for one person."""
    order = np.argsort(cluster, kind="stable")
    sizes = np.bincount(cluster)
    ends = np.cumsum(sizes)
    left, right = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for size in np.unique(sizes[sizes > 1]):
        members = order[(ends[sizes == size] - size)[:, None] + np.arange(size)]
        one, other = np.triu_indices(int(size), 1)
        left.append(members[:, one].ravel())
        right.append(members[:, other].ravel())
    return np.concatenate(left).astype(np.int32), np.concatenate(right).astype(np.int32)


def pairs_of(cluster: NDArray[np.integer]) -> int:
    """How many pairs a partition puts together."""
    sizes = np.bincount(cluster).astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


def _share(values: NDArray[np.float64], doubt: float) -> Share:
    """The mean of the draws; its interval is theirs and what the calibration adds."""
    middle, spread = float(values.mean()), 1.96 * float(np.sqrt(values.var() + doubt**2))
    return Share(middle, max(0.0, middle - spread), min(1.0, middle + spread))

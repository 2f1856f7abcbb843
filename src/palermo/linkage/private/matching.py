"""Encoded lists into persons without names: the linkage unit's side.

nearest partners -> evidence by segment -> score -> calibrate -> persons and draws of persons -> what is expected to be
wrong. What follows the score is the engine of linkage with names (palermo.linkage), which never needed them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import numpy.typing as npt

from palermo.linkage import clustering
from palermo.linkage.calibrating import calibrated
from palermo.linkage.expecting import Share, expected, pairs_of, threshold_for
from palermo.linkage.histories import History, as_histories, completed, counted, patterns
from palermo.linkage.odds import FORGOTTEN, chance
from palermo.linkage.private import scoring
from palermo.linkage.private.comparing import nearest
from palermo.linkage.private.files import Encoded
from palermo.linkage.private.missing import share_compared
from palermo.linkage.private.parameters import Unusable

PRECISION = 0.85  # the least expected share of right pairs; F1 decides above it
DRAWS, SEED = 30, 20001215
AT_ONCE = 200_000
Step = Callable[[float, str], None]
Longs = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Matched:
    """Persons found. cluster and probability: one per record, the lists one after another, each in its own order.

    probability: that the record belongs with the others of its person (1 for one alone). precision, recall: what is
    expected of the pairs. compared: the share of all true pairs that was looked at closely. calibrated: whether the
    lists themselves told how far scores are to be believed.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    cluster: Longs = field(repr=False)
    probability: npt.NDArray[np.float32] = field(repr=False)
    comparisons: int
    precision: Share
    recall: Share
    compared: float
    calibrated: bool
    graph: clustering.Graph = field(repr=False)

    @property
    def pairs(self) -> int:
        """How many pairs of records are put together."""
        return pairs_of(self.cluster)

    @property
    def source(self) -> npt.NDArray[np.int16]:
        return np.repeat(np.arange(len(self.names), dtype=np.int16), self.sizes)

    def histories(self) -> Mapping[History, int]:
        """How many persons are in exactly these lists."""
        lists = len(self.names)
        return as_histories(counted(patterns(self.cluster.astype(np.int32), self.source), lists), lists)

    def draws(self, number: int, seed: int) -> Iterator[Mapping[History, int]]:
        """Tables of histories drawn from all that the links leave open, the pairs never compared among it."""
        lists, rng = len(self.names), np.random.default_rng(seed)
        missed = 1.0 / max(self.compared, 0.2) - 1.0
        for cluster in clustering.drawn(self.graph, self.cluster.astype(np.int32), number, seed):
            counts = counted(patterns(cluster, self.source), lists)
            yield as_histories(completed(counts, lists, missed, rng), lists)


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
            found.append(f"{both}: these two files were made with different parameters (fields or flips)")
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

    force: match in spite of different secrets (to see that nothing comes of it); a single list never. The same lists
    in another order give the same persons.
    """
    wrong = problems(lists)
    if wrong and not (force and len(lists) > 1):
        raise Unusable("; ".join(wrong))
    tell = step or (lambda _part, _words: None)
    begins = np.cumsum([0, *map(len, lists)])
    sorted_lists = sorted(range(len(lists)), key=lambda at: lists[at].name)
    order = np.concatenate([np.arange(begins[at], begins[at + 1]) for at in sorted_lists]).astype(np.int32)
    found = _evidence([lists[at] for at in sorted_lists], threads, tell)
    left, right = order[found.left], order[found.right]
    numbers = np.concatenate([one.numbers for one in lists]).astype(np.int64)
    graph = clustering.graph(
        len(order), np.minimum(left, right), np.maximum(left, right), found.odds, numbers
    )
    tell(0.93, "putting persons together")
    draws = list(clustering.drawn(graph, clustering.partition(graph, 0.0), DRAWS, SEED))
    cluster = clustering.partition(graph, threshold_for(graph, draws, found.compared, PRECISION))
    wrong_ones = expected(cluster, draws, found.compared, found.compared_error)
    tell(1.0, "done")
    return Matched(
        tuple(one.name for one in lists), tuple(map(len, lists)), cluster.astype(np.int64),
        wrong_ones.of_record, len(order) * (len(order) - 1) // 2, wrong_ones.precision, wrong_ones.recall,
        found.compared, found.calibrated, graph,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    """What the filters say of each pair that matters, in log odds; and how much was looked at."""

    left: Places
    right: Places
    odds: npt.NDArray[np.float32]
    compared: float
    compared_error: float
    calibrated: bool


def _evidence(lists: Sequence[Encoded], threads: int, tell: Step) -> _Found:
    filters = np.concatenate([one.filters for one in lists])
    numbers = np.concatenate([one.numbers for one in lists])
    near = nearest(filters, threads=threads, step=lambda part: tell(0.85 * part, "comparing"))
    tell(0.85, "weighing")
    left, right = near.pairs()
    sample, model = scoring.strangers(numbers), scoring.shipped()
    score = np.empty(len(left), np.float32)
    documents = np.empty(len(left), np.float32)
    for first in range(0, len(left), AT_ONCE):
        some = slice(first, first + AT_ONCE)
        pairs = scoring.evidence(filters, near, left[some], right[some], sample)
        score[some] = model.score(pairs)
        documents[some] = pairs.likeness[:, scoring.NAMES.index("document")]
    sizes = [len(one) for one in lists]
    source = np.repeat(np.arange(len(lists)), sizes)
    inside = source[left] == source[right]
    within = sum(size * (size - 1) / 2 for size in sizes)
    learnt = calibrated(score, inside, within, len(filters) * (len(filters) - 1) / 2 - within)
    odds = learnt.log_odds(score, inside)
    compared, error = share_compared(filters, near, left, right, documents, chance(odds))
    kept = odds > FORGOTTEN
    return _Found(left[kept], right[kept], odds[kept], compared, error, learnt.learnt)

"""Lists of people in, persons out: the whole way from records to links whose doubt is known.

prepare -> candidates -> compare -> score -> calibrate -> persons and draws of persons -> what is expected to be wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from palermo.linkage import clustering, pairs_kernel
from palermo.linkage.blocking import Candidates, candidates, crowded, indexed
from palermo.linkage.calibrating import Calibration, calibrate
from palermo.linkage.comparing import Comparison, compared
from palermo.linkage.deciding import Decisions, decided
from palermo.linkage.expecting import Share, expected, threshold_for
from palermo.linkage.histories import History, as_histories, by_stratum, completed, counted, patterns
from palermo.linkage.missed import share_compared
from palermo.linkage.model import Model
from palermo.linkage.odds import FORGOTTEN, chance, log_odds
from palermo.linkage.ordering import in_order
from palermo.linkage.people import PersonList
from palermo.linkage.prepare import Prepared, prepare
from palermo.linkage.rarity import Rarity, rarity
from palermo.linkage.spreading import Spread, here

VERSION = "1"
AT_ONCE = 400_000

Progress = Callable[[float, str], None]
Key = tuple[str, str]

__all__ = ["Decisions", "LinkOptions", "Linkage", "Pairs", "Share", "link", "shipped"]


@dataclass(frozen=True)
class LinkOptions:
    """threshold: None to choose it by the expected errors, or the probability that a pair needs. precision: the least
    expected share of right links, where the threshold is chosen. draws: how many partitions tell the doubt."""

    threshold: float | None = None
    precision: float = 0.945
    draws: int = 30
    seed: int = 20001215
    model: Model | None = None


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of record numbers with their probability of being one person, and their weight (log odds, base 2)."""

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    probability: NDArray[np.float32]
    weight: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.left)


@dataclass(frozen=True)
class Linkage:
    """Who is whom, and how sure that is. Records are numbered over all lists, in the order of the lists.

    cluster: the person of each record. probability: that the record belongs with the others of its person (1 for one
    alone). precision, recall: what is expected of the links, with an interval of 95 %. compared: the share of all true
    pairs that was looked at. notes: what a reader must know, as codes with a number each.
    """

    sources: tuple[str, ...]
    record_ids: tuple[str, ...]
    source: NDArray[np.int16]
    cluster: NDArray[np.int32]
    probability: NDArray[np.float32]
    pairs: Pairs
    threshold: float
    precision: Share
    recall: Share
    compared: float
    calibration: Calibration
    notes: tuple[tuple[str, int], ...]
    graph: clustering.Graph = field(repr=False)
    options: LinkOptions = field(default_factory=LinkOptions, repr=False)
    version: str = VERSION

    def __repr__(self) -> str:
        return f"Linkage({len(self.record_ids)} records, {self.persons} persons)"

    @property
    def persons(self) -> int:
        return int(self.cluster.max(initial=-1)) + 1

    def histories(
        self, stratum: NDArray[np.int32] | None = None
    ) -> dict[History, int] | dict[int, dict[History, int]]:
        """How many persons are in exactly which lists; with a number of stratum for each record, for each stratum."""
        lists = len(self.sources)
        if stratum is None:
            return as_histories(counted(patterns(self.cluster, self.source), lists), lists)
        tables = by_stratum(self.cluster, self.source, lists, stratum)
        return {number: as_histories(counts, lists) for number, counts in tables.items()}

    def draws(self, number: int = 30, seed: int | None = None) -> Iterator[dict[History, int]]:
        """Tables of histories drawn from all that the links leave open, the pairs never compared among it.

        An estimate made from each of them, and their spread, carry the errors of linkage.
        """
        lists = len(self.sources)
        seed = self.options.seed if seed is None else seed
        rng = np.random.default_rng(seed)
        for cluster in self.partitions(number, seed):
            counts = counted(patterns(cluster, self.source), lists)
            yield as_histories(completed(counts, lists, self.missed, rng), lists)

    def partitions(self, number: int, seed: int) -> Iterator[NDArray[np.int32]]:
        """For each record its person, drawn from all that the links leave open."""
        return clustering.drawn(self.graph, self.cluster, number, seed)

    @property
    def missed(self) -> float:
        """How many true pairs were never compared for each that was; `histories.completed` puts them back."""
        return 1.0 / max(self.compared, 0.2) - 1.0

    def to_json(self) -> dict[str, Any]:
        """Counts, threshold and expected errors; nothing of any record."""
        _person, size = np.unique(self.cluster, return_counts=True)
        sizes, times = np.unique(size, return_counts=True)
        return {
            "sources": list(self.sources),
            "records": len(self.record_ids),
            "persons": self.persons,
            "pairs_compared": len(self.pairs),
            "linked_records": int(size[size > 1].sum()),
            "sizes": {str(s): int(t) for s, t in zip(sizes, times, strict=True)},
            "threshold": round(self.threshold, 4),
            "estimated_precision": self.precision.to_json(),
            "estimated_recall": self.recall.to_json(),
            "true_pairs_compared": round(self.compared, 4),
            "calibrated_from_lists": self.calibration.learnt,
            "notes": [{"code": code, "number": number} for code, number in self.notes],
            "version": self.version,
        }


@cache
def shipped() -> Model:
    """The weights that palermo ships (tools/train_linkage.py)."""
    text = (resources.files("palermo.linkage") / "data" / "weights.json").read_text("utf-8")
    return Model.from_json(json.loads(text))


def link(
    lists: Sequence[PersonList],
    options: LinkOptions | None = None,
    *,
    decisions: Decisions | None = None,
    progress: Progress | None = None,
    spread: Spread = here,
) -> Linkage:
    """Which records of the lists are of one person.

    decisions: pairs that people have settled; they hold whatever the records say. spread: who looks for candidates and
    compares them (spreading.py). Raises ValueError where two lists
    have one name. The same lists, options and decisions give the same answer.
    """
    options, decisions, tell = (
        options or LinkOptions(),
        decisions or Decisions(),
        progress or (lambda _s, _w: None),
    )
    names = [one.name for one in lists]
    if len(set(names)) < len(names):
        raise ValueError("every list needs a name of its own")
    tell(0.0, "reading the names")
    ordered, order, keys = in_order(lists)
    found = _evidence(ordered, options.model or shipped(), tell, spread)
    record_ids = tuple(text for one in lists for text in one.columns["record_id"])
    source = np.repeat(np.arange(len(lists), dtype=np.int16), [len(one) for one in lists])
    one, other = order[found.left], order[found.right]
    # Each pair in one way before decisions are looked up among them: else a settled pair stands there twice.
    left, right, odds, contradictions = decided(
        np.minimum(one, other), np.maximum(one, other), found.odds, names, record_ids, source, decisions
    )
    tell(0.8, "putting persons together")
    graph = clustering.graph(len(keys), left, right, odds, keys)
    begin = clustering.partition(graph, 0.0)
    # Only their means are asked for: neighbours that resemble one another a little cost nothing.
    draws = list(clustering.drawn(graph, begin, max(options.draws, 2), options.seed, between=2))
    tell(0.92, "weighing what may be wrong")
    if options.threshold is None:
        threshold = threshold_for(graph, draws, found.compared, options.precision)
    else:
        threshold = log_odds(options.threshold)
    cluster = clustering.partition(graph, threshold)
    wrong = expected(cluster, draws, found.compared, found.compared_error)
    tell(1.0, "done")
    return Linkage(
        sources=tuple(names),
        record_ids=record_ids,
        source=source,
        cluster=cluster,
        probability=wrong.of_record,
        pairs=Pairs(
            left, right, chance(odds).astype(np.float32), (odds / np.float32(np.log(2))).astype(np.float32)
        ),
        threshold=float(chance(threshold)),
        precision=wrong.precision,
        recall=wrong.recall,
        compared=found.compared,
        calibration=found.calibration,
        notes=_notes(found, contradictions),
        graph=graph,
        options=options,
    )


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the records say of each pair that matters, in log odds; and how much was looked at."""

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    odds: NDArray[np.float32]
    calibration: Calibration
    compared: float
    compared_error: float
    nameless: int
    alike: int


def _evidence(lists: Sequence[PersonList], model: Model, tell: Progress, spread: Spread) -> _Evidence:
    """From records to log odds."""
    people = prepare(lists, progress=_part(tell, 0.0, 0.25, "reading the names"))
    tell(0.25, "looking for candidates")
    index = indexed(people)
    near = candidates(index, progress=_part(tell, 0.3, 0.6, "looking for candidates"), spread=spread)
    tell(0.6, "comparing")
    known = (people, rarity(people), near, model)
    score, documents = _scored(known, spread, _part(tell, 0.6, 0.8, "comparing"))
    inside = people.source[near.left] == people.source[near.right]
    alike = crowded(index)
    calibration = calibrate(people, score, inside, near, alike)
    odds = calibration.log_odds(score, inside)
    compared_share, error = share_compared(index, near, documents, chance(odds).astype(np.float32))
    kept = odds > FORGOTTEN
    nameless = int((np.diff(people.name_starts) == 0).sum())
    return _Evidence(
        near.left[kept],
        near.right[kept],
        odds[kept],
        calibration,
        compared_share,
        error,
        nameless,
        int(alike.sum()),
    )


_Known = tuple[Prepared, Rarity, Candidates, Model]


def _scored(
    known: _Known, spread: Spread, progress: Callable[[int, int], None]
) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """The score of every pair, some at a time, and how their documents compare."""
    total = len(known[2])
    score, documents, begin = np.empty(total, np.float32), np.empty(total, np.int8), 0
    for last, (scores, papers) in spread(_compared, known, total, AT_ONCE):
        score[begin:last], documents[begin:last], begin = scores, papers, last
        progress(last, total)
    return score, documents


def _compared(known: _Known, first: int, last: int) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    people, rare, pairs, model = known
    found: Comparison = compared(people, rare, pairs.left[first:last], pairs.right[first:last])
    return model.score(found), found.levels[:, pairs_kernel.DOCUMENT].copy()


def _notes(found: _Evidence, contradictions: int) -> tuple[tuple[str, int], ...]:
    told = {
        "records_without_name": found.nameless,
        "records_too_alike": found.alike,
        "not_calibrated": int(not found.calibration.learnt),
        "contradicting_decisions": contradictions,
    }
    return tuple((code, number) for code, number in told.items() if number)


def _part(tell: Progress, first: float, last: float, doing: str) -> Callable[[int, int], None]:
    """A step's own progress as a part of the whole."""
    return lambda done, of: tell(first + (last - first) * done / max(of, 1), doing)

"""One linkage from lists to files: link, say how well and what was left, write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from palermo import __version__
from palermo.linkage.engine import Decisions, Linkage, LinkOptions, Share, link
from palermo.linkage.expecting import pairs_of
from palermo.linkage.histories import History
from palermo.linkage.spreading import Spread, here
from palermo.linking.cautions import cautions
from palermo.linking.files import table, written
from palermo.linking.inputs import Source
from palermo.linking.leftover import reasons
from palermo.linking.quality import Quality, judged

Step = Callable[[float, str], None]


@dataclass(frozen=True)
class Run:
    """found: what a program gets to read; histories: how many persons are in exactly these lists."""

    sources: tuple[Source, ...]
    linkage: Linkage
    histories: Mapping[History, int]
    quality: tuple[Quality, ...]
    found: Mapping[str, Any]


def run(
    sources: Sequence[Source], options: LinkOptions, decisions: Decisions, step: Step, spread: Spread = here
) -> Run:
    """Links the lists and describes the result."""
    lists = [source.people for source in sources]
    linkage = link(lists, options, decisions=decisions, progress=step, spread=spread)
    quality = tuple(judged(one) for one in lists)
    histories = tables_of(linkage)
    found = _found(sources, linkage, histories, options)
    found["quality"] = [one.as_json() for one in quality]
    found["cautions"] = cautions(sources, found)
    return Run(tuple(sources), linkage, histories, quality, found)


def tables_of(linkage: Linkage) -> Mapping[History, int]:
    found = linkage.histories()
    return {
        history: count
        for history, count in found.items()
        if isinstance(history, tuple) and isinstance(count, int)
    }


def _found(
    sources: Sequence[Source],
    linkage: Linkage,
    histories: Mapping[History, int],
    options: LinkOptions,
) -> dict[str, Any]:
    """What a program gets to read: counts, threshold, how right the links are, what was left."""
    lists = [source.people for source in sources]
    where = linkage.source.astype(np.int64)
    _names, person, sizes = np.unique(linkage.cluster, return_inverse=True, return_counts=True)
    alone = sizes[person] == 1
    twice = _twice(person, where, len(lists))
    return {
        "version": __version__,
        "seed": options.seed,
        "counts": {
            "sources": len(lists),
            "records": len(where),
            "persons": len(sizes),
            "in_several_lists": sum(n for history, n in histories.items() if sum(history) > 1),
            "records_linked": int((~alone).sum()),
            "pairs_linked": pairs_of(person),
            "pairs_compared": len(linkage.pairs.left),
        },
        "sources": {one.name: len(one) for one in lists},
        "threshold": _threshold(linkage, options),
        "compared": round(linkage.compared, 4),
        "notes": dict(linkage.notes),
        "precision": _measure(linkage.precision),
        "recall": _measure(linkage.recall),
        "sizes": {int(size): count for size, count in sorted(Counter(sizes.tolist()).items())},
        "twice": {one.name: int(twice[at]) for at, one in enumerate(lists)},
        "not_linked": reasons(lists, alone, _likeliest(linkage, len(where))),
    }


def _twice(person: NDArray[np.int64], where: NDArray[np.int64], lists: int) -> NDArray[np.int64]:
    """How many records of each list are of a person whom the list already has."""
    several = person * lists + where
    values, counts = np.unique(several, return_counts=True)
    return np.bincount(values % lists, weights=counts - 1, minlength=lists).astype(np.int64)


def _likeliest(linkage: Linkage, records: int) -> NDArray[np.float64]:
    """For each record the probability of its best pair."""
    best = np.zeros(records)
    for side in (linkage.pairs.left, linkage.pairs.right):
        np.maximum.at(best, side, linkage.pairs.probability)
    return best


def files(done: Run, folder: Path, *, draws: int, seed: int, report: str, step: Step) -> list[str]:
    """Writes clusters.csv, histories.csv, report.html and, where draws are asked for, draws.csv: all or none."""
    names = [source.people.name for source in done.sources]
    contents = {
        "clusters.csv": table(("source", "record_id", "cluster_id", "probability"), _clusters(done)),
        "histories.csv": table((*names, "count"), _histories(done.histories)),
        "report.html": iter([report]),
    }
    if draws:
        contents["draws.csv"] = table(("draw", *names, "count"), _draws(done, draws, seed, step))
    return written(folder, contents)


def _clusters(done: Run) -> Iterator[tuple[str, str, int, float]]:
    """A person has the number of its first record."""
    at = 0
    for source in done.sources:
        for record_id in source.people.columns["record_id"]:
            yield (
                source.people.name, record_id, int(done.linkage.cluster[at]) + 1,
                round(float(done.linkage.probability[at]), 4),
            )  # fmt: skip
            at += 1


def _histories(histories: Mapping[History, int]) -> Iterator[tuple[int, ...]]:
    return ((*history, count) for history, count in sorted(histories.items(), reverse=True))


def _draws(done: Run, draws: int, seed: int, step: Step) -> Iterator[tuple[int, ...]]:
    for number, histories in enumerate(done.linkage.draws(draws, seed), start=1):
        step(number / draws, "draws of who is whom")
        for row in _histories(histories):
            yield number, *row


def _measure(one: Share) -> dict[str, float | None]:
    """An estimate with its interval."""
    values = {"estimate": one.value, "lower": one.lower, "upper": one.upper}
    return {name: round(float(value), 4) for name, value in values.items()}


def _threshold(linkage: Linkage, options: LinkOptions) -> dict[str, Any]:
    return {"probability": round(float(linkage.threshold), 4), "chosen": options.threshold is None}

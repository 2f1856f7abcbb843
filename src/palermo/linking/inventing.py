"""Invented lists as files: to try `palermo link` on, to teach with, to measure any other linker by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from palermo.linkage.generator import FIVE, Invented, sized
from palermo.linkage.people import FIELDS
from palermo.linking.files import table, written


def invent(folder: Path, *, records: int, noise: float, seed: int, lists: int = len(FIVE)) -> dict[str, Any]:
    """Writes a file for each list, truth.csv (source, record_id, person) and true_histories.csv; says what they are."""
    made = sized(records, noise=noise, seed=seed, lists=FIVE[:lists])
    names = [one.name for one in made.lists]
    contents = {
        f"{one.name}.csv": table(FIELDS, zip(*(one.columns[field] for field in FIELDS), strict=True))
        for one in made.lists
    }
    contents["truth.csv"] = table(("source", "record_id", "person"), _truth(made))
    contents["true_histories.csv"] = table(
        (*names, "count"), ((*history, count) for history, count in sorted(made.histories.items(), reverse=True))
    )  # fmt: skip
    return {
        "population": made.population, "persons": sum(made.histories.values()), "records": len(made),
        "sources": {one.name: len(one) for one in made.lists}, "noise": noise, "seed": seed,
        "files": written(folder, contents),
    }  # fmt: skip


def _truth(made: Invented) -> Iterator[tuple[str, str, int]]:
    for one, whose in zip(made.lists, made.persons, strict=True):
        for record_id, person in zip(one.columns["record_id"], whose.tolist(), strict=True):
            yield one.name, record_id, person


def text(found: dict[str, Any]) -> str:
    lists = ", ".join(f"{name} {count:,}" for name, count in found["sources"].items())
    return (
        f"{found['records']:,} records of {found['persons']:,} persons, from a population of "
        f"{found['population']:,}: {lists}.\nNobody in them exists. Who is who stands in truth.csv, how many are in "
        "which lists in true_histories.csv.\n" + "\n".join(found["files"])
    )

"""What somebody must hear before a figure from this linkage is used, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from palermo.linking.inputs import Source

LEAST_PRECISION, LEAST_RECALL = 0.90, 0.75
FAT = 12  # records of one person


def cautions(sources: Sequence[Source], found: Mapping[str, Any]) -> list[str]:
    """`found`: what is known of the linkage."""
    told = [f"{source.people.name} {text}" for source in sources for text in source.warnings if _grave(text)]
    told += [*_of_size(sources), *_of_notes(found), *_of_errors(found), *_of_persons(found)]
    return told


def _grave(text: str) -> bool:
    return any(
        word in text for word in ("says the same", "code page", "letters were lost", "holds no record")
    )


def _of_size(sources: Sequence[Source]) -> list[str]:
    if len(sources) < 2:
        return [
            "One list alone: this finds who stands in it more than once, and nothing about who is in no list."
        ]
    return []


def _of_notes(found: Mapping[str, Any]) -> list[str]:
    notes = found["notes"]
    told = []
    if "not_calibrated" in notes and found["counts"]["records"]:
        told.append(
            "These lists are too small, too few or too much alike to tell by themselves how far a likeness can be "
            "trusted; what was learnt from invented lists is used instead. Look at the links one by one."
        )
    if alike := notes.get("records_too_alike"):
        told.append(
            f"{alike:,} records say the same of so many that nothing tells whether they are one person or many: they "
            "were left as they are. Look at them before anything is counted."
        )
    if contradicted := notes.get("contradicting_decisions"):
        told.append(f"{contradicted:,} pairs were decided both ways; they count as different.")
    return told


def _of_errors(found: Mapping[str, Any]) -> list[str]:
    precision, recall = (found[name]["estimate"] for name in ("precision", "recall"))
    told = []
    if precision < LEAST_PRECISION:
        told.append(
            f"About {100 * (1 - precision):.0f} of a hundred pairs put together are of two people. Merge nobody's "
            "records without looking."
        )
    if recall < LEAST_RECALL:
        told.append(
            f"About {100 * (1 - recall):.0f} of a hundred pairs of records that are of one person were not found. An "
            "estimate from these histories alone is too high: use the draws (palermo link --draws 30, then palermo "
            "estimate mse draws.csv), which carry what is not known about the links."
        )
    return told


def _of_persons(found: Mapping[str, Any]) -> list[str]:
    most = max(map(int, found["sizes"]), default=0)
    if most > max(FAT, 2 * found["counts"]["sources"]):
        return [
            f"One person is made of {most:,} records. It may be a list full of the same entry: look at it before "
            "anything is counted."
        ]
    return []

"""What a person asked for on the command line, checked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from palermo.estimating.inputs import Refused
from palermo.estimation import Problem
from palermo.linkage.engine import Decisions, LinkOptions
from palermo.linking.deciding import read_decisions
from palermo.linking.inputs import Source
from palermo.linking.mapping import Mapping, read_mapping

AUTO = "auto"


def options(threshold: str, seed: int) -> LinkOptions:
    """Raises Refused where the threshold is neither "auto" nor a probability."""
    if threshold == AUTO:
        return LinkOptions(seed=seed)
    try:
        value = float(threshold)
    except ValueError:
        value = -1.0
    if not 0 < value < 1:
        told = "it is auto, or a probability between 0 and 1"
        raise Refused.inside("", [Problem("options", told, column="--threshold", value=threshold)])
    return LinkOptions(threshold=value, seed=seed)


def mappings(said: Sequence[str]) -> dict[str, Mapping]:
    """Mapping files by the name of their list; "" for that of all lists."""
    found: dict[str, Mapping] = {}
    for word in said:
        name, between, file = word.partition("=")
        found[name if between else ""] = read_mapping(Path(file if between else word))
    return found


def decisions(file: str | None, sources: Sequence[Source]) -> Decisions:
    return read_decisions(file, sources) if file else Decisions()

"""Blocks of a report as the templates draw them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from palermo.rooms.reports import actions


def shown(told: Mapping[str, Any]) -> dict[str, Any]:
    """The report with its charts ready to be drawn, and a name of its own for each part that a reader can jump to."""
    seen: Counter[tuple[str, str]] = Counter()
    return {**told, "blocks": [_shown(block, seen) for block in told.get("blocks", [])]}


def _shown(block: Mapping[str, Any], seen: Counter[tuple[str, str]]) -> Mapping[str, Any]:
    kind = block["kind"]
    if kind == "plot":
        drawn = actions.plotted(block)
        return {**block, "chart": replace(drawn, title=_named(kind, str(drawn.title), seen))}
    if kind == "table":
        return {**block, "region": _named(kind, block["caption"], seen)}
    return block


def _named(kind: str, name: str, seen: Counter[tuple[str, str]]) -> str:
    seen[kind, name] += 1
    times = seen[kind, name]
    return name if times == 1 else f"{name} ({times})"

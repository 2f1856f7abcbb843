"""Blocks of a report as the templates draw them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from palermo.rooms.reports import actions
from palermo.web.charts.ground import boundaries

PICTURES = ("plot", "map")


def shown(told: Mapping[str, Any]) -> dict[str, Any]:
    """The report with its charts ready to be drawn, and a name of its own for each part that a reader can jump to."""
    seen: Counter[tuple[str, str]] = Counter()
    blocks = [_shown(block, seen) for block in told.get("blocks", [])]
    maps = any(block.get("chart") for block in blocks if block["kind"] == "map")
    return {**told, "blocks": blocks, "steps": _steps(blocks), "ground": boundaries() if maps else None}


def _steps(blocks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A story step by step: words on one side, what there is to see on the other. A heading or a picture begins one."""
    steps: list[dict[str, Any]] = []
    for block in blocks:
        picture = block["kind"] in PICTURES
        if block["kind"] == "sources":
            continue
        if (
            not steps
            or block["kind"] == "heading"
            or (picture and any(map(_pictured, steps[-1]["pictures"])))
        ):
            steps.append({"words": [], "pictures": []})
        steps[-1]["pictures" if picture or block["kind"] == "table" else "words"].append(block)
    return steps


def _pictured(block: Mapping[str, Any]) -> bool:
    return block["kind"] in PICTURES


def _shown(block: Mapping[str, Any], seen: Counter[tuple[str, str]]) -> Mapping[str, Any]:
    kind = block["kind"]
    if kind == "plot":
        drawn = actions.plotted(block)
        return {**block, "chart": replace(drawn, title=_named(kind, str(drawn.title), seen))}
    if kind == "map":
        drawn_map = actions.mapped(block)
        named = drawn_map and replace(drawn_map, title=_named(kind, str(drawn_map.title), seen))
        return {**block, "chart": named}
    if kind == "table":
        return {**block, "region": _named(kind, block["caption"], seen)}
    return block


def _named(kind: str, name: str, seen: Counter[tuple[str, str]]) -> str:
    seen[kind, name] += 1
    times = seen[kind, name]
    return name if times == 1 else f"{name} ({times})"

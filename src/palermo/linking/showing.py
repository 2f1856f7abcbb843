"""A linkage for a person at a terminal: what was found, how sure it is, what to mind, where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from textwrap import fill

from palermo.linking.running import Run

WIDTH = 96


def text(done: Run, paths: Iterable[str]) -> str:
    found = done.found
    counts = found["counts"]
    lists = ", ".join(f"{name} {count:,}" for name, count in found["sources"].items())
    said = (
        f"{counts['records']:,} records ({lists}) are taken to be of {counts['persons']:,} persons; "
        f"{counts['in_several_lists']:,} of them are in more than one list."
    )
    threshold = found["threshold"]
    sure = (
        f"Two records are called one person from a probability of {threshold['probability']:.2f}"
        f"{' (chosen from these lists)' if threshold['chosen'] else ''}. Of the pairs put together, "
        f"{_share(found['precision'])} are right; of the pairs that are one person, {_share(found['recall'])} were "
        "found. Both are estimated."
    )
    parts = [fill(said, WIDTH), fill(sure, WIDTH)]
    parts += [fill(f"Mind: {told}", WIDTH) for told in found["cautions"]]
    for source in done.sources:
        parts += [fill(f"{source.people.name} {told}.".replace("..", "."), WIDTH) for told in source.warnings]
    return "\n\n".join([*parts, "\n".join(paths)])


def _share(one: Mapping[str, float]) -> str:
    return f"about {100 * one['estimate']:.0f} % ({100 * one['lower']:.0f} to {100 * one['upper']:.0f})"

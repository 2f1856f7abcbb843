"""Tables made for the tests: no count in them comes from anywhere."""

from __future__ import annotations

from itertools import product
from math import prod

from hypothesis import strategies as st

from palermo.disclosure import Dimension, Published, Table


def dimensions(shape: tuple[int, ...]) -> tuple[Dimension, ...]:
    return tuple(
        Dimension(f"d{axis}", tuple(f"{'abc'[axis]}{n}" for n in range(size)))
        for axis, size in enumerate(shape)
    )


def made(shape: tuple[int, ...], counts: list[int]) -> Table:
    dims = dimensions(shape)
    places = product(*(d.categories for d in dims))
    return Table.from_counts(dims, dict(zip(places, counts, strict=True)))


@st.composite
def random_tables(draw: st.DrawFn, shapes: list[tuple[int, ...]], most: int = 12) -> Table:
    shape = draw(st.sampled_from(shapes))
    counts = st.lists(st.one_of(st.just(0), st.integers(0, most)), min_size=prod(shape), max_size=prod(shape))
    return made(shape, draw(counts))


def integer_possibilities(published: Published) -> dict[tuple[str, ...], set[int]]:
    """By trying all whole numbers: the values each withheld cell can have. Independent of every solver.

    Leaf cells are tried one after the other up to a cap; margins follow. Capped values stand for "or more".
    """
    dims, cap = published.dimensions, 24
    leaves = list(product(*(d.categories for d in dims)))
    sums = {at: [leaf for leaf in leaves if _under(at, leaf)] for at in published.cells}
    last = {at: max(leaves.index(leaf) for leaf in parts) for at, parts in sums.items()}
    closing: dict[int, list[tuple[str, ...]]] = {}
    for at, place in last.items():
        closing.setdefault(place, []).append(at)
    found: dict[tuple[str, ...], set[int]] = {at: set() for at, n in published.cells.items() if n is None}
    values: dict[tuple[str, ...], int] = {}

    def walk(place: int) -> None:
        if place == len(leaves):
            for at in found:
                found[at].add(sum(values[leaf] for leaf in sums[at]))
            return
        leaf = leaves[place]
        shown = published.cells[leaf]
        room = [published.cells[at] for at, parts in sums.items() if leaf in parts]
        most = min([n for n in room if n is not None], default=cap)
        for value in [shown] if shown is not None else range(most + 1):
            values[leaf] = value
            if all(_agrees(published, at, sums[at], values) for at in closing.get(place, [])):
                walk(place + 1)
        values.pop(leaf, None)

    walk(0)
    return found


def _under(at: tuple[str, ...], leaf: tuple[str, ...]) -> bool:
    return all(code in ("Total", part) for code, part in zip(at, leaf, strict=True))


def _agrees(published: Published, at: tuple[str, ...], parts: list[tuple[str, ...]], values: dict) -> bool:
    return published.cells[at] is None or published.cells[at] == sum(values[leaf] for leaf in parts)

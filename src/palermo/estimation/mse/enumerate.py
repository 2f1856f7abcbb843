"""All hierarchical models that keep every list, up to an order, as compact arrays.

A model is one unsigned 64-bit number whose bit t says that the term with mask t is in it (up to six lists there are 64
masks). Models come in the order of a walk through a tree: each is its parent with one term more, and the parent is
met first, so that a fit can start where its parent's ended.

Counts with all single lists kept (sequences of the literature on closed hierarchical models): 3 lists 8; 4 lists 113;
5 lists 1,024 to order 2, 6,212 to order 3, 6,893 to order 4; 6 lists 32,768 to order 2. The saturated model is never
among them: with it the unseen cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
import numpy.typing as npt

from palermo.estimation.mse.models import Model, terms_of_size
from palermo.estimation.problems import BadOptions
from palermo.saying import phrase

MOST_LISTS = 6
Models = npt.NDArray[np.uint64]


def terms_up_to(k: int, order: int) -> list[int]:
    """Masks of two lists and more up to `order`, small ones first, then in the order of the lists (12, 13, 23, ...)."""
    return [term for size in range(2, order + 1) for term in terms_of_size(size, k)]


def highest_order(k: int, order: int) -> int:
    """The order that will be used: at least 1, and below the number of lists."""
    return max(1, min(order, k - 1))


@cache
def hierarchical(k: int, order: int) -> Models:
    """Every hierarchical model of k lists with terms of up to `order` lists. Read only; remembered.

    Raises BadOptions for more than six lists, and for six lists beyond pairs (3.7 million models to order 3).
    """
    order = highest_order(k, order)
    if not 2 <= k <= MOST_LISTS:
        raise BadOptions(
            phrase(
                'all models can be tried for 2 to {most_lists} lists, not {k}; use "downhill"',
                most_lists=MOST_LISTS,
                k=k,
            )
        )
    if k == MOST_LISTS and order > 2:
        raise BadOptions(
            phrase(
                'six lists have millions of models beyond pairs of lists; use order 2, or "downhill" for higher orders'
            )
        )
    found = _pairs(k) if order >= 2 else np.array([_base(k)], dtype=np.uint64)
    if order >= 3:
        found = _with_higher(found, terms_up_to(k, order)[len(terms_up_to(k, 2)) :])
    found.setflags(write=False)
    return found


def _base(k: int) -> int:
    return sum(1 << t for t in (0, *(1 << j for j in range(k))))


def _pairs(k: int) -> Models:
    """All graphs. Number g = 0, 1, 2, ... holds pair i where its bit P-1-i is set: parent of g = g without its
    lowest bit, and in between come only models that hold the parent."""
    pairs = terms_up_to(k, 2)
    number = np.arange(1 << len(pairs), dtype=np.uint64)
    found = np.full(len(number), _base(k), dtype=np.uint64)
    for i, term in enumerate(pairs):
        bit = (number >> np.uint64(len(pairs) - 1 - i)) & np.uint64(1)
        found |= bit << np.uint64(term)
    return found


def _with_higher(graphs: Models, higher: list[int]) -> Models:
    """Below each graph the tree of its models with higher terms, a term only where all its faces are there."""
    faces = [sum(1 << (term & ~(1 << j)) for j in range(MOST_LISTS) if term >> j & 1) for term in higher]
    grown = list(zip(higher, faces, strict=True))
    return np.array([model for graph in graphs for model in _grown(int(graph), grown, 0)], dtype=np.uint64)


def _grown(model: int, grown: list[tuple[int, int]], start: int) -> Iterable[int]:
    yield model
    for i in range(start, len(grown)):
        term, faces = grown[i]
        if model & faces == faces:
            yield from _grown(model | 1 << term, grown, i + 1)


def expanded(model: int) -> Model:
    """The terms of a compact model."""
    return frozenset(t for t in range(64) if int(model) >> t & 1)


def compact(model: Iterable[int]) -> int:
    """The compact form of a model."""
    return sum(1 << t for t in set(model))

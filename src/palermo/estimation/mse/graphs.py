"""All decomposable graphs over the lists: the models whose likelihood is a product over cliques and separators.

A graph joins lists that may depend on each other. It is decomposable (chordal) when its vertices can be removed one
by one, each with neighbours that are all joined to one another; then, with v the vertex removed and S(v) its
neighbours still there, the likelihood of a table is the product of M(S(v) + v) / M(S(v)) over the vertices, where M
is the likelihood of one margin (Dawid and Lauritzen 1993, Annals of Statistics 21, section 3). Terms that are not
cliques or separators cancel. There are 2, 8, 61, 822 and 18,154 such graphs over 2 to 6 lists.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
import numpy.typing as npt

from palermo.estimation.mse import models

Weights = npt.NDArray[np.int8]
MOST_LISTS = 6


@cache
def decomposable(k: int) -> Weights:
    """One row a graph, one column a set of lists: how often its margin counts (1 clique, -1 or less separator).

    The first row is the graph without edges, the last the saturated one. Made once a process, on first use.
    Raises ValueError outside 2 to 6 lists.
    """
    if not 2 <= k <= MOST_LISTS:
        raise ValueError(f"graphs are enumerated for 2 to {MOST_LISTS} lists, not {k}")
    pairs = list(combinations(range(k), 2))
    graphs = np.arange(1 << len(pairs))
    joined = np.zeros((len(graphs), k), dtype=np.int64)
    for place, (i, j) in enumerate(pairs):
        edge = graphs >> place & 1
        joined[:, i] |= edge << j
        joined[:, j] |= edge << i
    weights = np.zeros((len(graphs), 1 << k), dtype=np.int8)
    chordal = _eliminate(joined, weights, k)
    weights[:, 0] = 0  # the empty margin is certain
    found = weights[chordal]
    found.flags.writeable = False
    return found


def _eliminate(joined: npt.NDArray[np.int64], weights: Weights, k: int) -> npt.NDArray[np.bool_]:
    """Remove, in all graphs at once, one vertex after the other; False where at some step none could go."""
    here = np.full(len(joined), (1 << k) - 1)
    chordal = np.ones(len(joined), dtype=bool)
    for _step in range(k):
        waiting = np.ones(len(joined), dtype=bool)
        left = here.copy()
        for v in range(k):
            near = joined[:, v] & here
            simplicial = waiting & (here >> v & 1 == 1)
            for u in range(k):
                simplicial &= (near >> u & 1 == 0) | (near & ~(joined[:, u] | 1 << u) == 0)
            rows = np.flatnonzero(simplicial)
            weights[rows, near[rows] | 1 << v] += 1
            weights[rows, near[rows]] -= 1
            left[rows] &= ~(1 << v)
            waiting[rows] = False
        chordal &= ~waiting
        here = left
    return chordal


def cliques(row: Weights) -> list[int]:
    """The cliques of a graph as sets of lists (bit masks)."""
    return [int(one) for one in np.flatnonzero(row > 0)]


def named(row: Weights) -> str:
    """A graph by its cliques: "[123,34,5]", which is also the log-linear model that says the same."""
    found = cliques(row)
    return models.text(models.closure(found, max(found).bit_length()))

"""How good a linkage of invented lists is: the pairs that it puts together against the pairs that are one person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from palermo.linkage.expecting import pairs_of
from palermo.linkage.generator import Invented


@dataclass(frozen=True)
class Score:
    """Pairwise, over all pairs of records of all lists. Without any pair to find or found, a share is 1."""

    found: int
    true: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        both = self.found + self.true
        return 2 * self.right / both if both else 1.0


def score(made: Invented, cluster: ArrayLike) -> Score:
    """`cluster`: for each record, in the order of the lists, the person it was taken to be of."""
    persons = people(made)
    if len(np.asarray(cluster)) != len(persons):
        raise ValueError("One cluster is needed for each record of the lists, in their order.")
    return against(cluster, persons)


def against(cluster: ArrayLike, persons: ArrayLike) -> Score:
    """One partition of the records against another that is held to be true."""
    labels, persons = (np.unique(np.asarray(one), return_inverse=True)[1] for one in (cluster, persons))
    both = labels.astype(np.int64) * (int(persons.max(initial=0)) + 1) + persons
    return Score(pairs_of(labels), pairs_of(persons), pairs_of(np.unique(both, return_inverse=True)[1]))


def people(made: Invented) -> NDArray[np.int64]:
    """The true person of each record, in the order of the lists."""
    return np.concatenate([np.zeros(0, np.int64), *made.persons])

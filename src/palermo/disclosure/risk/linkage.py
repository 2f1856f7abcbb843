"""Do two files about the same people find each other through the release?

One attacker's file has half of the columns, another's the other half, and no name in either. He takes the rows of the
release that are nearest to a record of the first and those nearest to a record of the second; where they are the same
row, and there are few of them, he joins the two records (after Giomi and others, PoPETs 2023; our own implementation,
with ties counted in place of broken). Counted is how often the two halves of one person are joined.
"""

from __future__ import annotations

import numpy as np

from palermo import compiling
from palermo.disclosure.microdata import Rows
from palermo.disclosure.risk import distance_kernels
from palermo.disclosure.risk.comparing import Excess, drawn, excess
from palermo.disclosure.risk.membership import distinct

FEW = 5  # with more candidates than this the attacker has found nobody
PEOPLE = 2_000


def linked(
    release: Rows, members: Rows, holdout: Rows, *, rng: np.random.Generator, most: int = PEOPLE
) -> Excess:
    """The share of members, and of people held out, whose halves are joined; columns are divided by chance."""
    if release.d < 2 or release.n == 0:
        return Excess(0.0, 0.0, 0.0, 0)
    order = rng.permutation(release.d)
    names = [release.columns[j] for j in order]
    kind = np.uint8 if max(release.sizes) <= 256 else np.uint16
    columns = np.ascontiguousarray(release.only(names).codes.T.astype(kind))
    kernel = compiling.of(distance_kernels).joined
    met = []
    for people in (drawn(members, most, rng), drawn(holdout, most, rng)):
        targets, back = distinct(people.only(names))
        found = np.zeros(len(targets), np.int32)
        kernel(targets, columns, release.d // 2, FEW, found)
        met.append(found[back])
    return excess(*met)

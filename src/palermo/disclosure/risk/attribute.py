"""Does the release give away a value of somebody whose other values are known?

DiSCO ("disclosive in synthetic, correct in original", Raab, Nowok and Dibben 2025; NIST's SDNist): the attacker
knows the keys of a person. Where all rows of the release with these keys have one and the same value in another
column, he takes it for true. The share of pairs (person, other column) in which he is right, for members and
for people held out.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from palermo.disclosure.microdata import MISSING, Rows
from palermo.disclosure.risk.comparing import Excess, Ids, Reals, excess, together

KEYS = 5


def given_away(
    release: Rows,
    members: Rows,
    holdout: Rows,
    keys: Sequence[str],
    *,
    known: Sequence[int] = (),
    recorded: bool = False,
) -> Excess:
    """DiSCO over the columns that are no keys, for an attacker who knows so many of the keys (by default all).

    `recorded`: only values that are recorded of the person count as given away; else that nothing is recorded counts
    like any other value, which in records with many blanks makes up most of it.

    Every choice of that many keys is tried and a person's shares averaged, which makes the error of the comparison
    less than that of one choice.
    """
    places = [release.columns.index(name) for name in keys]
    asked = [j for j in range(release.d) if j not in places]
    choices = [one for many in (known or [len(places)]) for one in combinations(places, many)]
    if not asked or not choices:
        return Excess(0.0, 0.0, 0.0, 0)
    shares: list[Reals] = [np.zeros(members.n), np.zeros(holdout.n)]
    lists = [release.categories[j] for j in asked]
    blank = np.array([one.index(MISSING) if MISSING in one else -1 for one in lists])
    for chosen in choices:
        (out, *sides), bound = together(chosen, release, members, holdout)
        values = one_valued(out, release.codes[:, asked], bound)
        for share, ids, people in zip(shares, sides, (members, holdout), strict=True):
            right = values[ids] == people.codes[:, asked]
            if recorded:
                right &= people.codes[:, asked] != blank
            share += right.mean(axis=1) / len(choices)
    return excess(*shares)


def one_valued(ids: Ids, codes: npt.NDArray[np.int32], bound: int) -> npt.NDArray[np.int32]:
    """For each group and column the one value that all its rows have; -1 where they differ or there is no row."""
    found = np.full((bound, codes.shape[1]), -1, dtype=np.int32)
    if not len(ids):
        return found
    order = np.argsort(ids, kind="stable")
    starts = np.flatnonzero(np.diff(ids[order], prepend=-1))
    sorted_codes = codes[order]
    low, high = (np.asarray(pick.reduceat(sorted_codes, starts)) for pick in (np.minimum, np.maximum))
    found[ids[order][starts]] = np.where(low == high, low, -1)
    return found


def likely_keys(rows: Rows, most: int = KEYS) -> tuple[str, ...]:
    """The columns that tell most about who somebody is: those of greatest entropy. For when nobody declared keys."""
    told = []
    for j in range(rows.d):
        shares = np.bincount(rows.codes[:, j]) / max(rows.n, 1)
        shares = shares[shares > 0]
        told.append(float(-(shares * np.log(shares)).sum()))
    order = sorted(range(rows.d), key=lambda j: -told[j])
    return tuple(rows.columns[j] for j in sorted(order[: min(most, max(rows.d - 1, 1))]))

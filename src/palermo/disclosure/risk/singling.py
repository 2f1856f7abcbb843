"""Is there a row in the release that fits exactly one person?

`unique_found`: records that no two people share, found exactly in the release ("unique exact matches", NIST's
SDNist). `singled_out`: the attacker reads guesses off the release - a few values that one row alone has there -
and wins where they fit exactly one person (Giomi and others, PoPETs 2023, the multivariate attack; our own
implementation). The control is the same guesses against as many people held out.
"""

from __future__ import annotations

import math

import numpy as np

from palermo.disclosure.microdata import Rows
from palermo.disclosure.risk.comparing import Excess, Reals, excess, together

MOST_COLUMNS = 5
GUESSES = 20  # read off each set of columns
SETS = 200


def unique_found(release: Rows, members: Rows, holdout: Rows) -> Excess:
    """Of the people whose record nobody else on their side has, the share whose record stands in the release."""
    (out, ours, theirs), bound = together(tuple(range(members.d)), release, members, holdout)
    there = np.bincount(out, minlength=bound) > 0
    found = [there[ids[np.bincount(ids, minlength=bound)[ids] == 1]] for ids in (ours, theirs)]
    return excess(*found)


def singled_out(
    release: Rows,
    members: Rows,
    holdout: Rows,
    *,
    rng: np.random.Generator,
    most_columns: int = MOST_COLUMNS,
    sets: int = SETS,
) -> Excess:
    """The share of guesses that fit exactly one member, and exactly one person held out.

    Sets of one to `most_columns` columns are drawn by chance, each once, and up to twenty guesses for each. The
    standard error takes the sets as the units, because guesses of one set resemble each other; and it is never smaller
    than with as many guesses as there are rows that they were read off: who is alone with two values is alone with
    these and a third, which is no guess of its own.
    """
    hits: list[tuple[float, float, float]] = []
    read_off: set[int] = set()
    for columns in _drawn_sets(release.d, min(most_columns, release.d), sets, rng):
        (out, ours, theirs), bound = together(columns, release, members, holdout)
        rows = np.flatnonzero(np.bincount(out, minlength=bound)[out] == 1)
        if len(rows) > GUESSES:
            rows = rng.choice(rows, GUESSES, replace=False)
        if len(rows):
            one, other = (np.bincount(ids, minlength=bound)[out[rows]] == 1 for ids in (ours, theirs))
            hits.append((len(rows), float(one.sum()), float(other.sum())))
            read_off.update(map(int, rows))
    return _pooled(np.array(hits).reshape(-1, 3), len(read_off))


def _drawn_sets(columns: int, most: int, sets: int, rng: np.random.Generator) -> list[tuple[int, ...]]:
    """Different sets of columns; fewer than asked for where there are not so many."""
    found: dict[tuple[int, ...], None] = {}
    for _ in range(sets):
        many = int(rng.integers(1, most + 1))
        found[tuple(sorted(map(int, rng.choice(columns, many, replace=False))))] = None
    return list(found)


def _pooled(hits: Reals, rows: int) -> Excess:
    """Shares over all guesses, and the error of their difference as that of a ratio over sets of columns, but at least
    that of one guess for each of so many rows."""
    if not len(hits):
        return Excess(0.0, 0.0, 0.0, 0)
    tried, ours, theirs = hits.sum(axis=0)
    apart = hits[:, 1] - hits[:, 2] - hits[:, 0] * (ours - theirs) / tried
    clustered = math.sqrt(float(apart @ apart)) / tried
    single = math.sqrt(sum(p * (1 - p) for p in (ours / tried, theirs / tried)) / rows)
    return Excess(ours / tried, theirs / tried, max(clustered, single), int(tried))

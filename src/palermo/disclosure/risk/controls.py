"""Two ways to make a file that look safe and are not. They exist so that the attacks can prove that they see.

`bootstrap` copies people's rows. `k_synthetic` keeps only values whose combinations of up to three columns are
shared by at least k people - the idea of k-anonymous synthetic data in Microsoft's Synthetic Data Showcase (our
own small implementation) - and still tells members from others. Neither is private, and neither may be
published: `refused`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations

import numpy as np
import numpy.typing as npt

from palermo.disclosure.microdata import MISSING, Rows, with_missing
from palermo.disclosure.risk.comparing import together

K = 10
ORDERS = 24  # so many orders in which columns are tried, shared out among the rows


def bootstrap(rows: Rows, rng: np.random.Generator) -> Rows:
    """As many rows, drawn from the people themselves with repetition."""
    return rows.take(rng.integers(0, rows.n, rows.n)) if rows.n else rows


def k_synthetic(rows: Rows, rng: np.random.Generator, *, k: int = K) -> Rows:
    """Every person's row with values blanked until each pair and triple left in it is shared by at least k people.

    Columns are tried in an order of chance; a value stays if it and its combinations with what stayed before are
    frequent. The rows come out in an order of chance.
    """
    blank = Rows(rows.columns, rows.codes, rows.categories).recoded(
        tuple(with_missing(known) for known in rows.categories)
    )
    empty = np.array([known.index(MISSING) for known in blank.categories], dtype=np.int32)
    frequent = _frequent(blank, k)
    codes = np.tile(empty, (rows.n, 1))
    for group in np.array_split(rng.permutation(rows.n), ORDERS):
        keep = _kept(blank.codes[group] != empty, group, rng.permutation(rows.d), frequent)
        codes[group] = np.where(keep, blank.codes[group], empty)
    return Rows(rows.columns, rng.permutation(codes), blank.categories)


Frequent = Mapping[tuple[int, ...], npt.NDArray[np.bool_]]
CONTROLS: Mapping[str, Callable[[Rows, np.random.Generator], Rows]] = {
    "bootstrap": bootstrap,
    "k-synthetic": k_synthetic,
}


def refused(method: str) -> bool:
    """Whether a file made in this way may never be published, whatever the attacks say."""
    return method in CONTROLS


def _frequent(rows: Rows, k: int) -> Frequent:
    """For every set of up to three columns, which rows share their values there with k people or more."""
    found = {}
    for size in (1, 2, 3):
        for columns in combinations(range(rows.d), size):
            (ids,), bound = together(columns, rows)
            found[columns] = np.bincount(ids, minlength=bound)[ids] >= k
    return found


def _kept(
    recorded: npt.NDArray[np.bool_],
    group: npt.NDArray[np.intp],
    order: npt.NDArray[np.intp],
    frequent: Frequent,
) -> npt.NDArray[np.bool_]:
    """Which values of these rows stay, the columns tried in this order; what is not recorded stands in nobody's
    way."""
    keep = np.zeros_like(recorded)
    before: list[int] = []
    for j in map(int, order):
        stays = recorded[:, j] & frequent[(j,)][group]
        for i in before:
            stays &= ~keep[:, i] | frequent[_sorted(i, j)][group]
        for a, b in combinations(before, 2):
            stays &= ~(keep[:, a] & keep[:, b]) | frequent[_sorted(a, b, j)][group]
        keep[:, j] = stays
        before.append(j)
    return keep


def _sorted(*columns: int) -> tuple[int, ...]:
    return tuple(sorted(columns))
